"""What is an agent's own on the desk: how it calls them, and a word of theirs on a draft."""

from datetime import timedelta

from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

_HEARING = """
window.called = [];
window.AudioContext = class {
  currentTime = 0;
  destination = {};
  resume() { return Promise.resolve(); }
  createOscillator() {
    return { frequency: {}, connect: (next) => next, start: () => window.called.push("sound"), stop() {} };
  }
  createGain() {
    return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (next) => next };
  }
};
Object.defineProperty(navigator, "locks", { value: { request: (name, options, act) => void act({}) } });
navigator.vibrate = () => window.called.push("vibration");
"""
ONCE = ["sound", "sound"]
"""A call is two tones."""


async def test_a_near_deadline_calls_once_and_each_message_where_that_is_chosen(own_page: Page, desk: Desk) -> None:
    page = own_page
    await page.add_init_script(_HEARING)
    mock = desk.mock
    late = mock.conversations["c-damaged"]["card"]
    late["deadline_at"] = (mock.now + timedelta(hours=1)).isoformat()
    await open_desk(page, desk, "c-ambiguous")
    mock.emit("message.received", "c-ambiguous", alert=True)
    mock.emit("message.received", "c-damaged", alert=True)
    # Neither what is on screen calls, nor what has time.
    await page.wait_for_function("() => document.querySelector('conversation-list li')")
    late["deadline_at"] = (mock.now + timedelta(seconds=3)).isoformat()
    mock.emit("conversation.viewed", "c-damaged")
    await page.wait_for_function("() => window.called.length > 0")
    assert await page.evaluate("window.called") == ONCE

    await page.locator("#help-open").click()
    # Who chooses faster than the service answers gets both.
    mock.delay = 0.15
    await page.locator("#alert-sound").select_option("message")
    await page.locator("#alert-vibration").check()
    await until(page, lambda: mock.alert == {"sound": "message", "vibration": True}, "the wish")
    mock.delay = 0.0
    await page.wait_for_function("() => window.called.includes('vibration')")
    await page.keyboard.press("Escape")
    await expect(page.locator("#help")).to_be_hidden()
    # Choosing lets one hear and feel what was chosen.
    await page.evaluate("window.called.length = 0")
    mock.emit("message.received", "c-ambiguous", alert=True)
    mock.emit("message.received", "c-damaged", alert=False)
    mock.emit("message.received", "c-damaged", alert=True)
    await page.wait_for_function("() => window.called.length > 0")
    assert await page.evaluate("window.called") == [*ONCE, "vibration"]


async def test_a_word_on_a_draft_is_typed_beside_it_and_kept_when_the_card_is_shown_anew(
    page: Page, desk: Desk
) -> None:
    await open_desk(page, desk, "c-damaged")
    draft = desk.mock.conversations["c-damaged"]["card"]["id"]
    await page.locator("[data-act=feedback]").click()
    await page.keyboard.type("w? too long")
    desk.mock.emit("draft.translated", "c-damaged", draft)
    await expect(page.locator("draft-feedback textarea")).to_have_value("w? too long")
    await page.locator("draft-feedback button").first.click()
    told = (f"POST drafts/{draft}/feedback", {"text": "w? too long"})
    await until(page, lambda: told in desk.mock.admin.told, "the word")
    await expect(page.locator("draft-feedback [role=status]")).to_contain_text("已收到")
