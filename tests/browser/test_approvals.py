"""Asking a supervisor from the card: for an option, for one's own words, and sending what was allowed."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

BEYOND = {
    "key": "reship",
    "title": "补发",
    "cost": {"amount": "159.90", "currency": "CNY"},
    "ceiling": "per_order",
    "left": {"amount": "80.00", "currency": "CNY"},
    "text": "补发：要花159.9元，这个订单的额度还剩80元",
}


async def test_an_option_left_out_is_asked_for_once(page: Page, desk: Desk) -> None:
    desk.mock.conversations["c-damaged"]["card"] |= {"beyond": [BEYOND], "approval": None}
    await open_desk(page, desk, "c-damaged")
    line = page.locator("draft-card .dc-beyond")
    await expect(line).to_contain_text("要花159.9元")
    await line.get_by_role("button").click()
    await until(page, lambda: desk.mock.asked, "a request")
    (said,) = desk.mock.asked
    assert (said["option"], said["revision"], said["text_hash"]) == ("reship", 1, "hash-draft-damaged")
    await expect(page.locator("draft-card .dc-approval")).to_contain_text("已请主管定")
    await expect(line.get_by_role("button")).to_have_count(0)


async def test_own_words_above_the_limit_are_asked_for_and_sent_once_allowed(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("e")
    await page.keyboard.type("另退¥500和¥99")
    ask = page.locator("draft-card .dc-editor").get_by_role("button", name="请主管定")
    await expect(ask).to_be_visible()
    # What needs the writer's word needs it here too.
    await ask.click()
    await expect(page.locator("draft-card .dc-vouch input")).to_be_focused()
    assert desk.mock.asked == []
    await page.keyboard.press("Space")
    await ask.click()
    await until(page, lambda: desk.mock.asked, "a request")
    text = desk.mock.asked[0]["text"]
    assert text.endswith("另退¥500和¥99")
    assert desk.mock.asked[0]["vouch"] == ["¥99"]
    assert desk.mock.decisions == []

    card = desk.mock.conversations["c-damaged"]["card"]
    card["approval"] |= {"state": "approved", "text": "主管同意：客服自己的话，500元"}
    desk.mock.emit("approval.approved", "c-damaged", "approval-1")
    send = page.locator("draft-card .dc-approval").get_by_role("button")
    await expect(send).to_be_visible()
    await send.click()
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert (desk.mock.decisions[0]["kind"], desk.mock.decisions[0]["text"]) == ("edit", text)


async def test_a_text_that_something_else_blocks_is_no_matter_for_a_supervisor(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("e")
    await page.keyboard.type("加我微信退¥500")
    await expect(page.locator("draft-card .dc-finding-line.dc-block").first).to_be_visible()
    await expect(page.locator("draft-card .dc-editor").get_by_role("button", name="请主管定")).to_be_hidden()
