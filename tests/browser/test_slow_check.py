"""The check of a text takes its time; whoever goes on meanwhile never sends their words to somebody else."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import SETTLED, Held, open_desk, until


async def written(page: Page, desk: Desk, words: str) -> Held:
    """A reply of the agent's own in the first conversation, pressed to be sent; its check has no answer yet."""
    await open_desk(page, desk, "c-damaged")
    slow = Held()
    await page.route("**/api/check", slow.hold)
    await page.keyboard.press("w")
    await page.keyboard.type(words)
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: slow.asked, "a check")
    return slow


async def go_on(page: Page) -> None:
    await page.locator("conversation-list [data-key=c-hostile]").click()
    await expect(page.locator("#buyer")).to_contain_text("<b>怪</b>")
    await expect(page.locator(SETTLED)).to_be_visible()


@pytest.mark.parametrize("left", [False, True])
async def test_words_go_to_whom_they_were_written_to_or_nowhere(page: Page, desk: Desk, left: bool) -> None:
    slow = await written(page, desk, "小满您好,稍等。")
    if left:
        await page.keyboard.press("Escape")
    await go_on(page)
    slow.go.set()
    if left:
        await page.wait_for_timeout(400)
        assert desk.mock.replies == []
        return
    await until(page, lambda: desk.mock.replies, "a reply")
    assert [(one["conversation"], one["text"]) for one in desk.mock.replies] == [("c-damaged", "小满您好,稍等。")]
    # The card of the other one is as it was, and nothing waits to be sent again where it was written.
    await expect(page.locator(SETTLED)).to_be_visible()
    assert desk.mock.decisions == []
    await page.locator("conversation-list [data-key=c-damaged]").click()
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")
    await expect(page.locator("draft-card textarea")).to_have_count(0)


async def test_what_the_check_holds_back_is_told_with_the_buyers_name(page: Page, desk: Desk) -> None:
    slow = await written(page, desk, "加我微信")
    await go_on(page)
    slow.go.set()
    await expect(page.locator("#toast")).to_contain_text("小满不吃辣")
    await expect(page.locator("#toast")).to_contain_text("您写的话还在那里")
    assert desk.mock.replies == []
    await page.locator("conversation-list [data-key=c-damaged]").click()
    await expect(page.locator("draft-card textarea")).to_have_value("加我微信")


@pytest.mark.parametrize("refused", [False, True])
async def test_words_that_are_on_their_way_are_not_there_to_be_sent_again(
    page: Page, desk: Desk, refused: bool
) -> None:
    await open_desk(page, desk, "c-damaged")
    slow, address = Held(), "/api/conversations/c-damaged/replies"
    await page.route(f"**{address}", slow.hold)
    if refused:
        desk.mock.faults[address] = (429, {"code": "too_many", "message": "too many", "remedy": None})
    await page.keyboard.press("w")
    await page.keyboard.type("小满您好,稍等。")
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: slow.asked, "a reply on its way")
    await go_on(page)
    await page.locator("conversation-list [data-key=c-damaged]").click()
    box = page.locator("draft-card textarea")
    await expect(box).to_have_value("小满您好,稍等。")
    await expect(page.locator(".dc-check")).to_contain_text("发送中")
    # Longer than any press is taken for a slip.
    await page.wait_for_timeout(500)
    await box.press("Control+Enter")
    await page.wait_for_timeout(300)
    slow.go.set()
    if refused:
        await expect(page.locator(".dc-bars")).to_contain_text("Too many.")
        await expect(box).to_have_value("小满您好,稍等。")
    else:
        await expect(box).to_have_count(0)
    assert (slow.asked, len(desk.mock.replies)) == (1, 0 if refused else 1)
