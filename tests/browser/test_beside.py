"""On the pages beside the desk: what did not leave is told there, and a press leads to it."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk


@pytest.mark.parametrize("path", ["admin#people", "paste"])
async def test_what_did_not_leave_is_told_and_leads_to_the_desk(page: Page, desk: Desk, path: str) -> None:
    desk.mock.can = ["decide", "reply", "check", "read", "assign", "manage"]
    await page.goto(f"{desk.url}/{path}")
    tray = page.locator("#tray")
    await expect(tray).to_have_text("发送异常 2")
    await page.locator("#language").click()
    await expect(tray).to_have_text("2 to look after")
    await tray.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#tray")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("conversation-list [role=option]")).to_have_count(2)
    assert "failed" not in page.url.partition("#")[0]


@pytest.mark.parametrize("path", ["admin#people", "paste"])
async def test_where_all_left_nothing_is_told(page: Page, desk: Desk, path: str) -> None:
    for id in ("c-failed", "c-unconfirmed"):
        del desk.mock.conversations[id]
    async with page.expect_response("**/api/conversations?failed=true&limit=1") as answer:
        await page.goto(f"{desk.url}/{path}")
    await (await answer.value).finished()
    await expect(page.locator("#merchant")).not_to_be_empty()
    await expect(page.locator("#tray")).to_be_hidden()
