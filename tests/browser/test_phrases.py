"""Quick phrases: a slash in the text box, chosen without a mouse, and checked like every other text."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until


def phrase(id: str, title: str, text: str, language: str = "zh") -> dict[str, Any]:
    return {"id": id, "language": language, "title": title, "text": text, "category": "other"}


@pytest.mark.feature("F046")
async def test_a_phrase_is_put_in_with_a_slash_and_checked(page: Page, desk: Desk) -> None:
    desk.mock.phrases = [
        phrase("glue", "Glue", "Please keep the pieces for now.", "en"),
        phrase("pieces", "碎片", "碎片先别扔,{name}今天给您回复。"),
        phrase("chat", "加微信", "加微信 abc12345 聊"),
    ]
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("w")
    box, options = page.locator("draft-card textarea"), page.locator(".dc-phrases [role=option]")
    # A date, a link or a price is no call for a phrase.
    await page.keyboard.type("1/2")
    await expect(options).to_have_count(0)
    await page.keyboard.type(" /")
    await expect(options.locator("strong")).to_have_text(["碎片", "加微信", "Glue"])
    await page.keyboard.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(box).to_have_attribute("aria-activedescendant", str(await options.nth(1).get_attribute("id")))
    # Escape closes the list and no more; typing goes on.
    await page.keyboard.press("Escape")
    await expect(options).to_have_count(0)
    await page.keyboard.type("碎")
    await expect(options.locator("strong")).to_have_text(["碎片"])
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("1/2 碎片先别扔,{name}今天给您回复。")
    await page.keyboard.type("我们")
    await expect(box).to_have_value("1/2 碎片先别扔,我们今天给您回复。")
    await until(page, lambda: desk.mock.checks and "我们今天" in desk.mock.checks[-1]["text"], "the check")
    # What a rule blocks stays blocked when it was put in.
    await box.fill("")
    await page.keyboard.type("/加")
    await options.first.click()
    await expect(box).to_be_focused()
    await expect(page.locator(".dc-check")).to_contain_text("不能发")
    assert desk.mock.replies == []
