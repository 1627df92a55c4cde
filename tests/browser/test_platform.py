"""What a platform offers besides texts: its own pages, and pictures and cards that leave after another look."""

import pytest
from playwright.async_api import Page, expect

from copilot.sdk.testing.page import picture
from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

PNG = {"name": "cup.png", "mimeType": "image/png", "buffer": picture()}


@pytest.mark.feature("F045")
async def test_a_picture_and_an_orders_card_leave_after_another_look(page: Page, desk: Desk) -> None:
    offers = desk.mock.offers
    offers.files, offers.cards = ["image"], ["order"]
    await open_desk(page, desk, "c-damaged")
    attach, sheet = page.locator("#attach"), page.locator("#sending")
    await expect(attach).to_be_visible()
    async with page.expect_file_chooser() as asked:
        await attach.press("Enter")
    await (await asked.value).set_files([PNG])
    await expect(sheet).to_contain_text("小满不吃辣")
    await expect(sheet.locator("img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    assert offers.sent == []

    async with page.expect_file_chooser() as asked:
        await attach.press("Enter")
    await (await asked.value).set_files([PNG])
    await expect(page.locator("#sending-go")).to_be_focused()
    await page.keyboard.press("Enter")
    await until(page, lambda: offers.sent, "the picture")
    assert offers.sent == [("c-damaged", "cup.png image/png", picture())]
    await expect(sheet).to_be_hidden()

    await page.locator("order-panel").get_by_role("button", name="发送订单卡片").first.press("Enter")
    await expect(page.locator("#sending-go")).to_be_focused()
    await page.keyboard.press("Enter")
    await until(page, lambda: len(offers.sent) == 2, "the card")
    (order,) = desk.mock.conversations["c-damaged"]["orders"]["orders"]
    assert offers.sent[1] == ("c-damaged", "order", order["id"])
    # On its way it is shown as what it is.
    waits = {"id": "o9", "source": "typed", "source_id": "o9", "text": "", "sendable": "image", "state": "queued"}
    desk.mock.conversations["c-damaged"]["replies"].append({**waits, "error": None, "at": "", "by": "林晓"})
    desk.mock.emit("reply.queued", "c-damaged", "o9")
    await expect(page.locator("message-thread .line-pending")).to_contain_text("[图片]")
    # Where the platform takes nothing there is nothing to press.
    assert desk.mock.decisions == desk.mock.replies == []


@pytest.mark.feature("F014")
async def test_the_platforms_own_pages_are_a_press_away(page: Page, desk: Desk) -> None:
    (order,) = desk.mock.conversations["c-damaged"]["orders"]["orders"]
    pages = desk.mock.offers.pages
    pages.update(conversation="https://shop.example/im/1", orders={order["id"]: "https://shop.example/o/1"})
    await open_desk(page, desk, "c-damaged")
    for link, address in (
        (page.locator("#thread-link"), "https://shop.example/im/1"),
        (page.locator("order-panel a.icon-button"), "https://shop.example/o/1"),
    ):
        await expect(link).to_have_attribute("href", address)
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(page.locator("#attach")).to_be_hidden()
    pages.update(conversation=None, orders={})
    await page.locator("conversation-list [data-key=c-hostile]").click()
    await expect(page.locator("#buyer")).to_contain_text("怪")
    await expect(page.locator("#thread-link")).to_be_hidden()
