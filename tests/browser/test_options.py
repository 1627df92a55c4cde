"""The buyer's options on the card: a key or a press leaves one out or includes it again, and the last one stays."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import SETTLED, open_desk, press_raw, until

CHIPS = "draft-card .dc-option"


def choices(desk: Desk) -> list[list[str]]:
    """What was left out by each choice."""
    return [one["rejection"]["without"] for one in desk.mock.decisions]


async def test_a_key_leaves_an_option_out_and_includes_it_again(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await expect(page.locator(f"{CHIPS} .dc-cost")).to_have_text(["成本未知", "¥29.95"])
    await page.keyboard.press("Alt+1")
    await until(page, lambda: choices(desk) == [["reship"]], "the first option was left out")
    await expect(page.locator("draft-card .dc-text")).to_have_text("部分退款,货留下")
    # Both still stand there, in their old order: the key means the same option as before.
    await expect(page.locator(f"{CHIPS} strong")).to_have_text(["补寄整套", "部分退款,货留下"])
    pressed = [await one.get_attribute("aria-pressed") for one in await page.locator(f"{CHIPS} button").all()]
    assert pressed == ["false", "true"]
    await expect(page.locator(SETTLED)).to_be_visible()
    # The last one stays.
    await page.keyboard.press("Alt+2")
    await page.locator(f"{CHIPS} button").nth(1).click(force=True)
    await page.wait_for_timeout(200)
    assert choices(desk) == [["reship"]]
    await page.keyboard.press("Alt+1")
    await until(page, lambda: choices(desk) == [["reship"], []], "it is included again")
    await expect(page.locator(SETTLED)).to_be_visible()
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions[-1]["kind"] == "accept", "an acceptance")
    assert desk.mock.decisions[-1]["revision"] == 3


async def test_a_choice_is_made_once_and_only_by_a_plain_press(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    for more in ({"isComposing": True}, {"repeat": True}):
        await press_raw(page, "1", altKey=True, code="Digit1", **more)
    # A digit alone, and one while somebody writes, is no choice.
    await page.keyboard.press("1")
    await page.keyboard.press("w")
    await page.keyboard.press("Alt+1")
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(200)
    assert desk.mock.decisions == []
    # The page reads what it shows again once its stream stands, and a card that was just drawn takes no key.
    await expect(page.locator(SETTLED)).to_be_visible()
    await page.keyboard.press("Alt+2")
    await page.keyboard.press("Alt+2")
    await page.keyboard.press("Enter")
    await until(page, lambda: choices(desk) == [["refund_keep"]], "one choice")
    await page.wait_for_timeout(300)
    assert len(desk.mock.decisions) == 1


@pytest.mark.parametrize("can", [["reply", "check", "read"], ["read"]])
async def test_who_may_not_decide_chooses_nothing(page: Page, desk: Desk, can: list[str]) -> None:
    desk.mock.can = can
    await page.goto(f"{desk.url}/#c-damaged")
    await expect(page.locator(CHIPS)).to_have_count(2)
    await expect(page.locator(f"{CHIPS} button")).to_have_count(0)
    await page.locator("draft-card").focus()
    await page.keyboard.press("Alt+1")
    await page.wait_for_timeout(200)
    assert desk.mock.decisions == []


@pytest.mark.feature("F048")
async def test_a_key_can_be_changed_switched_off_and_restored(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("?")
    key = page.locator("#help [data-line='option1 page']")
    await expect(key.locator("kbd")).to_have_text("Alt 1")
    await key.click()
    await page.keyboard.press("j")
    await expect(page.locator("#keys-said")).to_contain_text("下一个会话")
    await key.click()
    await page.keyboard.press("x")
    await expect(key.locator("kbd")).to_have_text("X")
    # A text box needs its letters.
    send = page.locator("#help [data-line='send field']")
    await send.click()
    await page.keyboard.press("s")
    await expect(page.locator("#keys-said")).to_contain_text("打字")
    await send.click()
    await page.keyboard.press("Control+s")
    await expect(send.locator("kbd")).to_have_text("Ctrl S")
    off = page.locator("#help [data-line='accept card']")
    await off.click()
    await page.keyboard.press("Backspace")
    await expect(off.locator(".key-off")).to_have_text("停用")
    await page.keyboard.press("Escape")
    await expect(page.locator("#help")).to_be_hidden()
    await expect(page.locator(f"{CHIPS} kbd").first).to_have_text("X")
    await page.locator("draft-card").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Alt+1")
    await page.wait_for_timeout(200)
    assert desk.mock.decisions == []
    await page.keyboard.press("x")
    await until(page, lambda: choices(desk) == [["reship"]], "the new key")
    # The key that sends was changed too, and a finding that blocks holds it back.
    await page.keyboard.press("w")
    await expect(page.locator("draft-card textarea")).to_be_focused()
    await page.keyboard.type("加我微信")
    await page.keyboard.press("Control+s")
    await expect(page.locator("draft-card .dc-finding-line.dc-block")).to_be_visible()
    await page.keyboard.press("Control+s")
    await page.keyboard.press("Control+Enter")
    await page.locator("draft-card textarea").fill("好的")
    await page.wait_for_timeout(450)
    await page.keyboard.press("Control+s")
    await until(page, lambda: desk.mock.replies, "a reply")
    assert [one["text"] for one in desk.mock.replies] == ["好的"]
    # It holds when the page is opened again, until it is taken back.
    await page.reload()
    await expect(page.locator(SETTLED)).to_be_visible()
    await expect(page.locator(f"{CHIPS} kbd").first).to_have_text("X")
    await page.keyboard.press("?")
    await page.locator("#keys-reset").click()
    await expect(key.locator("kbd")).to_have_text("Alt 1")
    await expect(page.locator("#keys-reset")).to_have_count(0)
