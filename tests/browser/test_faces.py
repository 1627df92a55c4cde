"""A person's own name and picture on the desk: by keyboard, with the platform's word on it, in each language."""

import pytest
from playwright.async_api import Page, expect

from copilot.sdk.testing.page import picture
from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

PNG = {"name": "me.png", "mimeType": "image/png", "buffer": picture()}


@pytest.mark.feature("F017")
async def test_a_picture_is_shown_once_the_platform_approved_it_and_its_state_in_words(page: Page, desk: Desk) -> None:
    kept = desk.mock.faces
    await open_desk(page, desk)
    person, sheet = page.locator("#person"), page.locator("#face")
    await person.press("Enter")
    await sheet.locator("#face-name").fill("小满")
    await sheet.locator("#face-name").press("Enter")
    await expect(person).to_have_text("小满")
    # Nobody looks at it: valid at once.
    await sheet.locator("#face-file").set_input_files([PNG])
    await expect(person.locator("img")).to_have_attribute("src", "/api/avatars/a1")
    assert kept.given == [("image/png", picture())]
    # A platform looks: the one before stays, and the words say why.
    kept.shop = "南山陶物"
    await sheet.locator("#face-file").set_input_files([PNG])
    for words in ("审核中", "通过之前仍显示原来的", "南山陶物"):
        await expect(sheet).to_contain_text(words)
    await expect(person.locator("img")).to_have_attribute("src", "/api/avatars/a1")
    refused = {"shop": "南山陶物", "state": "rejected", "reason": "不清晰"}
    kept.face["waiting"] = {"id": "waits", "state": "rejected", "reviews": [refused]}
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await page.locator("#language").click()
    await person.press("Enter")
    for words in ("Refused: 不清晰", "was refused and is not shown", "Shown now"):
        await expect(sheet).to_contain_text(words)
    desk.mock.faults["/api/me/avatar"] = (422, {"code": "bad_input", "message": "x", "field": "body"})
    await sheet.locator("#face-file").set_input_files([PNG])
    await expect(sheet.get_by_role("alert")).to_contain_text("PNG, JPEG, WebP or GIF picture")
    desk.mock.faults.clear()
    await sheet.get_by_role("button", name="Remove").press("Enter")
    await expect(person.locator("img")).to_have_count(0)
    await until(page, lambda: kept.face["waiting"] is None, "taken back")
