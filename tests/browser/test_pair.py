"""Typing in one's own language: the translation stands below the box while one types, and leaves in its place."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

TYPED = "好的,请稍等"
READY: dict[str, Any] = {
    "id": "t1", "state": "ready", "state_text": "译文", "text": "Okay, one moment please.", "language": "en",
    "differing": [], "verdict": {"decision": "pass", "pack": "p", "findings": []},
}  # fmt: skip


async def types(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-refund")
    await page.keyboard.press("w")
    await page.locator("draft-card textarea").fill(TYPED)


@pytest.mark.feature("F065")
async def test_the_translation_leaves_with_what_was_typed(page: Page, desk: Desk) -> None:
    desk.mock.translated = READY
    await types(page, desk)
    await expect(page.locator(".dc-pair [lang=en]")).to_have_text("Okay, one moment please.")
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "a reply")
    assert (desk.mock.replies[0]["text"], desk.mock.replies[0]["source"]) == ("Okay, one moment please.", TYPED)
    assert len(desk.mock.typed) == 1


async def test_a_translation_that_the_rules_block_holds_the_reply_until_it_is_left_out(page: Page, desk: Desk) -> None:
    finding = {
        "rule": "r", "family": "f", "severity": "block", "start": 0, "end": 4, "text": "Okay", "reason": "no",
        "suggestion": None,
    }  # fmt: skip
    desk.mock.translated = READY | {"verdict": {"decision": "block", "pack": "p", "findings": [finding]}}
    await types(page, desk)
    await expect(page.locator(".dc-pair .dc-finding-line")).to_be_visible()
    await expect(page.locator("draft-card .dc-editor .dc-primary")).to_have_attribute("aria-disabled", "true")
    await page.locator(".dc-pair-choice input").uncheck()
    await page.locator("draft-card textarea").focus()
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "a reply")
    assert (desk.mock.replies[0]["text"], "source" in desk.mock.replies[0]) == (TYPED, False)


async def test_nothing_stands_there_where_the_buyer_reads_what_is_typed(page: Page, desk: Desk) -> None:
    await types(page, desk)
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "a reply")
    assert desk.mock.replies[0]["text"] == TYPED
    await expect(page.locator(".dc-pair *")).to_have_count(0)
