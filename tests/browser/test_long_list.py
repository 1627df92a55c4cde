"""Lists of thousands and the list of cases: what is drawn, where the keys lead, what is read when."""

import copy
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

ROWS = "conversation-list [role=option]"
MANY = 2001


def many(desk: Desk) -> list[str]:
    """So many conversations that wait; their ids in the order of the list."""
    known = desk.mock.conversations["c-damaged"]
    for number in range(MANY - len(desk.mock.rows("all", None))):
        one = copy.deepcopy(known)
        one["id"] = f"z-{number:04}"
        one["buyer"]["nickname"] = f"buyer {number}"
        one["card"]["id"] = f"d-{number:04}"
        desk.mock.conversations[one["id"]] = one
    return [row["id"] for row in desk.mock.rows("all", None)]


async def _at(page: Page, place: int) -> str | None:
    return await page.locator(f'{ROWS}[aria-posinset="{place + 1}"]').get_attribute("data-key")


async def test_two_thousand_rows_are_there_and_few_are_drawn(page: Page, desk: Desk) -> None:
    ids = many(desk)
    await open_desk(page, desk)
    await page.locator("[data-list=all]").click()
    await expect(page.locator(f'{ROWS}[aria-setsize="{len(ids)}"]').first).to_be_visible()
    assert await page.locator(ROWS).count() < 40
    height: float = await page.evaluate("document.querySelector('conversation-list').scrollHeight")
    assert height == len(ids) * await page.locator(ROWS).first.evaluate("node => node.offsetHeight")
    # The last row by one key, though it was never read before; and back.
    await page.locator(ROWS).first.focus()
    await page.keyboard.press("End")
    last = page.locator(f'{ROWS}[aria-posinset="{len(ids)}"]')
    await expect(last).to_be_focused()
    assert await last.get_attribute("data-key") == ids[-1]
    assert await page.locator(ROWS).count() < 40
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(f'{ROWS}[data-key="{ids[-2]}"]')).to_be_focused()
    await page.keyboard.press("Home")
    await expect(page.locator(f'{ROWS}[data-key="{ids[0]}"]')).to_be_focused()


async def test_the_next_one_is_the_next_one_however_far_the_list_was_scrolled(page: Page, desk: Desk) -> None:
    ids = many(desk)
    await open_desk(page, desk)
    await page.locator("[data-list=all]").click()
    await page.locator(f'{ROWS}[data-key="{ids[2]}"]').click()
    await expect(page.locator("draft-card")).to_be_focused()
    # Looked at elsewhere; the step still begins at the open conversation.
    await page.evaluate("document.querySelector('conversation-list').scrollTo(0, 100000)")
    await expect(page.locator(f'{ROWS}[aria-posinset="1195"]')).to_be_visible()
    await page.keyboard.press("j")
    await expect(page.locator(f'{ROWS}[data-key="{ids[3]}"][aria-selected=true]')).to_be_visible()
    assert await _at(page, 3) == ids[3]
    # Across the edge of what is read at once.
    for _ in range(30):
        await page.keyboard.press("j")
    await expect(page.locator(f'{ROWS}[data-key="{ids[33]}"][aria-selected=true]')).to_be_visible()


def case(**more: Any) -> dict[str, Any]:
    """A case of the damaged cups as the API tells it."""
    known = {"id": "case-1", "conversation": "c-damaged", "shop": "s-douyin", "issue": "damaged", "text": "收到破损"}
    empty = dict.fromkeys(("holder", "order_id", "raised_at", "chosen", "due", "resolved_text", "follow_up_text"))
    promised = [{"id": "p1", "text": "48 小时内补发", "due": None, "state": "owed", "late": True}]
    told = {"state": "open", "state_text": "未解决", "serious": False, "refused": False, "asked": [], "late": True}
    offered = [{"key": "reship", "title": "补发"}, {"key": "refund", "title": "退款"}]
    buyer = {"id": "b", "nickname": "<img src=x onerror=alert(1)>"}
    return {**empty, **known, **told, "buyer": buyer, "offered": offered, "promised": promised, **more}


async def test_cases_say_what_was_wanted_offered_and_promised(page: Page, desk: Desk) -> None:
    desk.mock.cases = [case()]
    await open_desk(page, desk)
    await page.keyboard.press("c")
    line = page.locator("#cases [data-id=case-1]")
    await expect(line).to_contain_text("收到破损")
    for told in ("补发、退款", "48 小时内补发", "<img src=x"):
        await expect(line).to_contain_text(told)
    await page.locator("#case-end-case-1").click()
    await until(page, lambda: desk.mock.cases[0]["state"] == "resolved", "the end of the case")
    await expect(line).to_have_count(0)
    await page.locator("#cases-resolved").click()
    await line.get_by_role("button").first.click()
    await expect(page.locator("#cases")).to_be_hidden()
    await expect(page.locator("#buyer")).to_be_visible()
    await expect(page).to_have_url(f"{desk.url}/#c-damaged")
