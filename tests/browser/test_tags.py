"""The tags of a conversation and of its buyer by keys alone; forgetting a buyer is for those who manage the shop."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

TALK = "c-damaged"


async def open_tags(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, TALK)
    await page.keyboard.press("l")
    await expect(page.locator("#tag")).to_be_focused()


async def test_tags_are_added_taken_off_and_kept_together(page: Page, desk: Desk) -> None:
    desk.mock.tags[TALK] = ["老客", "<b>急</b>"]
    await open_tags(page, desk)
    chips = page.locator("#talk-tags .tag")
    await expect(chips).to_have_text(["老客", "<b>急</b>"])
    # Twice the same is once; Enter with nothing written keeps them.
    for words in ("要补发", "要补发", "  "):
        await page.locator("#tag").fill(words)
        await page.locator("#tag").press("Enter")
    await expect(page.locator("#tags")).to_be_hidden()
    await until(page, lambda: any(act == "tags" for act, _ in desk.mock.moves), "the tags")
    kept = [body["tags"] for act, body in desk.mock.moves if act == "tags"]
    assert kept == [["老客", "<b>急</b>", "要补发"]]


async def test_a_tag_is_taken_off_and_escape_keeps_nothing(page: Page, desk: Desk) -> None:
    desk.mock.tags[TALK] = ["老客", "急"]
    await open_tags(page, desk)
    await page.get_by_role("button", name="去掉 急").click()
    await expect(page.locator("#tag")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#tags")).to_be_hidden()
    assert not any(act == "tags" for act, _ in desk.mock.moves)
    await expect(page.locator("#holding .tag")).to_have_text(["老客", "急"])


async def test_the_buyers_level_is_seen_and_only_changes_of_their_tags_are_sent(page: Page, desk: Desk) -> None:
    desk.mock.conversations[TALK]["buyer"].update(level="gold", tags=["老客", "批发"])
    await open_tags(page, desk)
    await expect(page.locator("#buyer .tag")).to_have_text(["gold", "老客", "批发"])
    await expect(page.locator("#buyer-level")).to_have_text("买家等级：gold")
    await page.locator("#buyer-tags").get_by_role("button", name="去掉 批发").click()
    await expect(page.locator("#buyer-tag")).to_be_focused()
    for words in ("VIP", ""):
        await page.locator("#buyer-tag").fill(words)
        await page.locator("#buyer-tag").press("Enter")
    await expect(page.locator("#tags")).to_be_hidden()
    await expect(page.locator("#buyer .tag")).to_have_text(["gold", "老客", "VIP"])
    assert [act for act in desk.mock.moves if act[0] in ("tags", "buyer-tags")] == [
        ("buyer-tags", {"conversation": TALK, "add": ["VIP"], "remove": ["批发"]})
    ]


@pytest.mark.parametrize("manages", [True, False])
async def test_a_buyer_is_forgotten_by_a_manager_who_said_so_twice(page: Page, desk: Desk, manages: bool) -> None:
    if manages:
        desk.mock.can = [*desk.mock.can, "manage"]
    await open_tags(page, desk)
    if not manages:
        await expect(page.locator("#forget")).to_have_count(0)
        return
    await page.locator(".forget summary").click()
    await expect(page.locator("#forget")).to_be_disabled()
    await page.locator("#forget-sure").check()
    await page.locator("#forget").click()
    await expect(page.locator("#toast")).to_contain_text("共 2 个会话")
    assert ("erase-buyer", {"conversation": TALK}) in desk.mock.moves
