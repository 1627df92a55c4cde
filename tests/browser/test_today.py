"""What the desk tells the server of its drafts, and what it shows a person of their own day."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until


async def test_a_draft_is_told_as_seen_once_and_whether_words_were_begun_before(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    card = desk.mock.conversations["c-damaged"]["card"]
    about = {"draft": card["id"], "revision": card["revision"], "text_hash": card["text_hash"]}
    await until(page, lambda: {**about, "typed": False} in desk.mock.sights, "the sight")
    # A newer text comes while somebody writes: it is seen when they look at it, with words begun.
    await page.keyboard.press("w")
    await page.locator("draft-card textarea").fill("我自己写")
    newer = {**card, "revision": card["revision"] + 1, "text_hash": "newer"}
    desk.mock.conversations["c-damaged"]["card"] = newer
    desk.mock.emit("draft.proposed", "c-damaged", card["id"])
    await page.locator("draft-card .dc-announce button, draft-card .dc-bars button").first.click()
    last = {"draft": card["id"], "revision": newer["revision"], "text_hash": "newer", "typed": True}
    await until(page, lambda: desk.mock.sights[-1] == last, "the second sight")
    # One that waits behind the box is seen when the words have left, and was not there before them.
    newest = {**newer, "revision": newer["revision"] + 1, "text_hash": "newest"}
    desk.mock.conversations["c-damaged"]["card"] = newest
    desk.mock.emit("draft.proposed", "c-damaged", card["id"])
    await expect(page.locator("draft-card .dc-newer")).to_be_visible()
    await page.locator("draft-card textarea").press("Control+Enter")
    behind = {**last, "revision": newest["revision"], "text_hash": "newest"}
    await until(page, lambda: desk.mock.sights[-1] == behind, "the third sight")
    of_it = [one for one in desk.mock.sights if one["draft"] == card["id"]]
    assert of_it == [{**about, "typed": False}, last, behind]


async def test_a_persons_own_day_is_told_in_each_language(page: Page, desk: Desk) -> None:
    desk.mock.today = [
        {
            "shop": "s-douyin",
            "day": "2026-11-20",
            "received": 12,
            "first_response": {
                "count": 11, "median_seconds": 18.0, "p90_seconds": 133.0, "in_time": 9, "target_seconds": 30.0,
            },
            "response": {
                "in_time": 11, "missed": 1, "pending": 2, "percent": 91.66, "target_percent": 85.0,
                "within_seconds": 180.0,
            },
            "satisfaction": None,
        }
    ]  # fmt: skip
    await open_desk(page, desk)
    await page.locator("#today-open").click()
    sheet = page.locator("#today")
    for words in ("接待人数", "12", "2:13", "9/11", "91.7%", "11/12", "另有 2 个", "满意度", "暂无"):
        await expect(sheet).to_contain_text(words)
    await page.keyboard.press("Escape")
    await page.locator("#language").click()
    await page.locator("#today-open").click()
    for words in ("Received", "9 of 11", "91.7%", "2 more still in time", "Satisfaction"):
        await expect(sheet).to_contain_text(words)
