"""Writing first: where nobody is found for an order's number, and on an order of a conversation that is over."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

NUMBER = "6938999999999999999"


async def test_a_number_that_nobody_is_found_for_opens_its_buyers_conversation(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    offer = page.locator("#write-first button")
    await page.keyboard.press("/")
    await page.keyboard.type("炒锅")
    await expect(page.locator("conversation-list [role=option]")).to_have_count(0)
    await expect(offer).to_have_count(0)
    await page.locator("#search").fill(NUMBER)
    # Only where the platform lets anybody write first, and only when nobody was found.
    await expect(offer).to_have_text(f"写给订单 {NUMBER} 的买家（南山陶物）")
    await page.locator("#search").fill("6938215504471120385")
    await expect(page.locator("conversation-list [role=option]")).to_have_count(2)
    await expect(offer).to_be_hidden()
    await page.locator("#search").fill(NUMBER)
    refused = {"code": "contact_not_allowed", "message": "这个订单太早，平台不允许主动联系。"}
    desk.mock.faults["/api/shops/shop-dy/conversations"] = (409, refused)
    await offer.click()
    await expect(page.locator("#toast")).to_have_text("这个订单太早，平台不允许主动联系。")
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")
    desk.mock.faults.clear()
    await offer.click()
    await expect(page.locator("#buyer")).to_have_text("新买家")
    await expect(page.locator("draft-card textarea")).to_be_focused()
    assert desk.mock.first == [("shop-dy", NUMBER)]
    assert desk.mock.replies == []
    await page.keyboard.type("您好，您的订单今天发出。")
    await page.wait_for_timeout(450)
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "a reply")
    assert desk.mock.replies[0]["conversation"] == "c-first"


async def test_an_order_of_a_conversation_that_is_over_leads_back_into_it(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    button = page.locator("order-panel").get_by_role("button", name="就这个订单联系买家")
    await expect(page.locator("order-panel .order")).to_have_count(1)
    await expect(button).to_have_count(0)
    desk.mock.ended.add("c-damaged")
    desk.mock.emit("conversation.ended", "c-damaged")
    await button.click()
    await expect(page.locator("draft-card textarea")).to_be_focused()
    assert desk.mock.first == [("shop-dy", "6938215504471120385")]


async def test_who_may_not_reply_is_offered_nothing(page: Page, desk: Desk) -> None:
    desk.mock.can = ["read"]
    await page.goto(desk.url)
    await expect(page.locator("conversation-list [role=option]").first).to_be_visible()
    await page.locator("#search").fill(NUMBER)
    await expect(page.locator("conversation-list [role=option]")).to_have_count(0)
    await page.wait_for_timeout(500)
    await expect(page.locator("#write-first button")).to_have_count(0)
