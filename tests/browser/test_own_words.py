"""What helps with own words: sentences and facts to take over, a moment to take something back, putting it right."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "照片收到了。您看哪种方便:A 重寄;B 退29.95元。选A还是B?",
            ["照片收到了。", "您看哪种方便:A 重寄;B 退29.95元。", "选A还是B?"],
        ),
        ("It shows $14.00 at 4:12 PM. Which one?", ["It shows $14.00 at 4:12 PM.", "Which one?"]),
        ("He said “done.” Then he left!? ok", ["He said “done.”", "Then he left!?", "ok"]),
        ("", []),
    ],
)
async def test_a_draft_falls_into_its_sentences(page: Page, desk: Desk, text: str, expected: list[str]) -> None:
    await page.goto(f"{desk.url}/login")
    found = await page.evaluate("async (text) => (await import('/static/card/insert.js')).sentences(text)", text)
    assert found == expected


async def test_sentences_and_facts_are_put_in_where_the_hand_writes(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("w")
    await page.keyboard.type("您好，单号是，请查收。")
    box = page.locator("draft-card textarea")
    await box.evaluate("node => node.setSelectionRange(6, 6)")
    await page.locator(".dc-insert summary").click()
    await page.locator(".dc-insert-facts button", has_text="SF1390000001").click()
    await expect(box).to_be_focused()
    await expect(box).to_have_value("您好，单号是SF1390000001，请查收。")
    await box.evaluate("node => node.setSelectionRange(node.value.length, node.value.length)")
    await page.locator(".dc-insert-lines button", has_text="碎片先别用手收").click()
    await expect(box).to_have_value("您好，单号是SF1390000001，请查收。碎片先别用手收,小心划伤。")
    # What is taken over is checked like any word of theirs.
    await until(page, lambda: desk.mock.checks and "碎片" in desk.mock.checks[-1]["text"], "the check")
    # A changed draft has its own sentences already.
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await page.locator(".dc-insert summary").click()
    await expect(page.locator(".dc-insert-lines")).to_have_count(0)


async def test_who_wants_a_moment_can_take_back_what_was_sent(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("?")
    await page.locator("#hold").check()
    await page.keyboard.press("Escape")
    await page.locator("draft-card").focus()
    await page.keyboard.press("Shift+Enter")
    await expect(page.locator("draft-card .dc-bar")).to_contain_text("Esc 收回")
    await page.keyboard.press("Escape")
    await expect(page.locator("draft-card .dc-bar")).to_contain_text("没有发出")
    await page.wait_for_timeout(2200)
    assert desk.mock.decisions == []
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")
    # An own text is in the box again, as it was.
    await page.keyboard.press("w")
    await page.keyboard.type("稍等。")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("draft-card .dc-bar")).to_contain_text("Esc 收回")
    await page.keyboard.press("Escape")
    await expect(page.locator("draft-card textarea")).to_have_value("稍等。")
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "it leaves after its moment")
    assert [one["text"] for one in desk.mock.replies] == ["稍等。"]
    # How long a decision was held back is told with it: that time nobody was reading.
    await page.goto("about:blank")
    await open_desk(page, desk, "c-hostile")
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions, "the decision leaves")
    assert 2000 <= desk.mock.decisions[-1]["waited_ms"] <= 60_000


async def test_what_was_sent_wrong_is_put_right(page: Page, desk: Desk) -> None:
    one = desk.mock.conversations["c-answered"]
    more: dict[str, Any] = {"by": {"id": "p1", "name": "林晓"}, "draft": None}
    one["messages"][-1].update(more)
    await page.goto(f"{desk.url}/#c-answered")
    await page.get_by_role("button", name="发错了").click()
    await expect(page.locator("draft-card textarea")).to_have_value("A correction to my last message: ")
    await page.locator("draft-card textarea").fill("A correction to my last message: it ships on Friday.")
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "the correction")
    assert desk.mock.replies[-1]["corrects"] == one["messages"][-1]["id"]
    # A colleague's words, and those that the buyer has answered, are left alone.
    desk.mock.buyer_says("c-answered", "thanks")
    await expect(page.locator("message-thread")).to_contain_text("thanks")
    await expect(page.get_by_role("button", name="发错了")).to_have_count(0)


@pytest.mark.feature("F093")
async def test_what_a_closed_chat_did_not_take_is_left_at_the_order_by_hand(page: Page, desk: Desk) -> None:
    one = desk.mock.conversations["c-answered"]
    told = {"source": "typed", "source_id": "r1", "at": one["messages"][-1]["sent_at"], "by": None}
    failed = {"id": "r1", "text": "It ships on Friday.", "state": "failed", "error": "买家关闭了这个会话"}
    one["replies"] = [{**told, **failed, "at_orders": ["5771"]}]
    await page.goto(f"{desk.url}/#c-answered")
    await page.get_by_role("button", name="改为在订单 5771 留言").click()
    await expect(page.locator("draft-card .dc-context")).to_have_text("将留在订单 5771 上，不发到会话里。")
    await expect(page.locator("draft-card textarea")).to_have_value("It ships on Friday.")
    assert desk.mock.replies == [], "nothing leaves before it is sent by hand"
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "the text at the order")
    assert [(one["text"], one["at_order"]) for one in desk.mock.replies] == [("It ships on Friday.", "5771")]
