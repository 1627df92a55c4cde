"""A shift without a mouse: from the login to a correction, nothing is pressed but keys."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import SETTLED, until
from tests.browser.test_phrases import phrase
from tests.browser.test_queue import together

STEPS = 40
"""How many presses of Tab are a long way."""


async def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press on until the hand is on it."""
    for _ in range(STEPS):
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {selector}")


async def search(page: Page, words: str, conversation: str) -> None:
    """Open what a search finds."""
    await page.keyboard.press("/")
    await page.keyboard.press("Control+a")
    await page.keyboard.type(words)
    await expect(page.locator("conversation-list [role=option]")).to_have_count(1)
    await tab_to(page, f"[data-key={conversation}]")
    await page.keyboard.press("Enter")


async def test_a_shift_by_keys_alone(page: Page, desk: Desk) -> None:
    mock, card, keys = desk.mock, page.locator("draft-card"), page.keyboard
    together(desk)
    mock.signed_in = False
    mock.phrases = [phrase("pieces", "碎片", "碎片先别扔。")]
    del mock.conversations["c-ambiguous"]
    mine = {"by": {"id": "p1", "name": "林晓"}, "draft": None}
    mock.conversations["c-answered"]["messages"][-1].update(mine)

    await page.goto(f"{desk.url}/login")
    await expect(page.locator("[name=login]")).to_be_focused()
    await keys.type("lin")
    await keys.press("Tab")
    await keys.type("right")
    await expect(page.locator("#enter")).to_be_enabled()
    await keys.press("Enter")

    # What weighs most opens for a second look before it is sent.
    await expect(page.locator("#buyer")).to_have_text("maria_r")
    await keys.press("j")
    await expect(page.locator(SETTLED)).to_be_visible()
    await expect(card).to_be_focused()
    await keys.press("Enter")
    await expect(card.locator("textarea")).to_be_focused()
    # A press that comes at once is meant for what stood there before.
    await page.wait_for_timeout(450)
    await keys.press("Control+Enter")
    await until(page, lambda: [one["kind"] for one in mock.decisions] == ["accept"], "an accepted draft")
    # Until the answer is there, the hand is in the box.
    await expect(card).to_be_focused()
    mock.ended.add("c-refund")
    mock.emit("conversation.ended", "c-refund")
    await expect(page.locator("conversation-list [data-key=c-refund]")).to_have_count(0)

    await keys.press("j")
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")
    await expect(page.locator(SETTLED)).to_be_visible()
    await keys.press("e")
    await keys.type("麻烦您了。")
    await keys.press("Control+Enter")
    await until(page, lambda: [one["kind"] for one in mock.decisions] == ["accept", "edit"], "an edited one")
    await expect(card).to_be_focused()

    # A phrase in words of one's own, and the conversation to a colleague.
    await keys.press("w")
    await keys.type("/碎")
    await expect(page.locator(".dc-phrases [role=option]")).to_have_count(1)
    await keys.press("Enter")
    await expect(card.locator("textarea")).to_have_value("碎片先别扔。")
    await keys.press("Control+Enter")
    await until(page, lambda: mock.replies, "a reply")
    await expect(card).to_be_focused()
    await keys.press("g")
    await expect(page.locator("#team")).to_be_visible()
    await tab_to(page, "[data-person=p2]")
    await keys.press("Enter")
    await until(page, lambda: ("give", "p2") in [(act, body.get("to")) for act, body in mock.moves], "a transfer")

    await search(page, "怪", "c-hostile")
    await expect(page.locator("#buyer")).to_contain_text("<b>怪</b>")
    await expect(page.locator(SETTLED)).to_be_visible()
    await expect(card).to_be_focused()
    await keys.press("r")
    await keys.press("ArrowDown")
    await expect(card.locator("input[type=radio]:checked")).to_be_focused()
    await keys.press("Enter")
    await until(page, lambda: mock.decisions[-1]["kind"] == "reject", "a rejection")

    # What was said wrong is found by a search and put right.
    await search(page, "sunny", "c-answered")
    await expect(page.locator("#buyer")).to_have_text("sunny.k")
    await tab_to(page, "message-thread .link-button", "Shift+Tab")
    await keys.press("Enter")
    await expect(card.locator("textarea")).to_be_focused()
    await keys.type("it ships on Friday.")
    await keys.press("Control+Enter")
    await until(page, lambda: mock.replies[-1].get("corrects"), "the correction")
    assert mock.replies[-1]["text"] == "A correction to my last message: it ships on Friday."
