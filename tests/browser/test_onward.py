"""Accept and go on: one press sends one reply and leads to whoever is due next; what is refused stays and says why."""

import asyncio

from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Desk
from tests.browser.steps import SETTLED, open_desk, press_raw, until

DUE = "maria_r"
"""Whose answer is late already: the most urgent of all."""


async def test_one_press_sends_and_leads_to_whoever_is_due_next(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("Shift+Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert [(one["id"], one["kind"]) for one in desk.mock.decisions] == [("draft-damaged", "accept")]
    await expect(page.locator("#buyer")).to_have_text(DUE)
    await expect(page.locator("draft-card")).to_be_focused()
    # A draft that weighs more is never sent by the press: it opens, and nobody goes on.
    await expect(page.locator(SETTLED)).to_be_visible()
    await page.keyboard.press("Shift+Enter")
    await expect(page.locator("draft-card textarea")).to_be_focused()
    await expect(page.locator("#buyer")).to_have_text(DUE)
    assert len(desk.mock.decisions) == 1


async def test_one_press_never_acts_on_two_cards(page: Page, desk: Desk) -> None:
    desk.mock.ended.add("c-refund")
    for other in ("c-ambiguous", "c-failed", "c-unconfirmed"):
        del desk.mock.conversations[other]
    await open_desk(page, desk, "c-damaged")
    await press_raw(page, "Enter", shiftKey=True, isComposing=True)
    await press_raw(page, "Enter", shiftKey=True, repeat=True)
    await page.wait_for_timeout(200)
    assert desk.mock.decisions == []
    # Held down, and pressed again as soon as the next one stands there.
    early = await page.evaluate(
        """async () => {
            const card = document.querySelector("draft-card");
            const press = (repeat) => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", {key: "Enter", shiftKey: true, repeat, bubbles: true, cancelable: true}));
            press(false);
            while (!card.querySelector(".dc-text")?.textContent.includes("好的,明天")) {
                press(true);
                await new Promise(requestAnimationFrame);
            }
            press(true);
            press(false);
            card.querySelector(".dc-onward").click();
            return card.querySelector(".dc-onward").getAttribute("aria-disabled");
        }"""
    )
    assert early == "true"
    await page.wait_for_timeout(500)
    assert [one["id"] for one in desk.mock.decisions] == ["draft-damaged"]
    await page.locator(".dc-onward[aria-disabled=false]").click()
    await until(page, lambda: len(desk.mock.decisions) == 2, "the press on the second card")
    await expect(page.locator("#toast")).to_contain_text("没有别人在等了")


async def test_what_is_refused_stays_and_says_why(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    card = desk.mock.conversations["c-damaged"]["card"]

    async def overtaken(route: Route) -> None:
        # Written anew while the press is on its way: earlier the page might have read it before.
        card["revision"], card["draft"]["text"], card["draft"]["claims"] = 2, "现在是这一条。", []
        await route.continue_()

    await page.route("**/decision", overtaken, times=1)
    await page.keyboard.press("Shift+Enter")
    await expect(page.locator("draft-card .dc-bar.dc-warn")).to_contain_text("什么都没有发出")
    await expect(page.locator("draft-card .dc-text")).to_have_text("现在是这一条。")
    refused = {"code": "over_ceiling", "message": "超过您的权限"}
    desk.mock.faults["/api/drafts/draft-damaged/decision"] = (422, refused)
    await expect(page.locator(SETTLED)).to_be_visible()
    await page.keyboard.press("Shift+Enter")
    await expect(page.locator("draft-card .dc-bar.dc-bad")).to_contain_text("超过您的权限")
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")
    assert desk.mock.decisions == []


async def test_a_refusal_that_comes_late_is_never_said_on_another_buyers_card(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    card = desk.mock.conversations["c-damaged"]["card"]
    card["revision"] = 2
    go, asked = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await go.wait()
        await route.continue_()

    await page.route("**/api/drafts/draft-damaged/decision", hold)
    await expect(page.locator(SETTLED)).to_be_visible()
    await page.keyboard.press("Enter")
    await asyncio.wait_for(asked.wait(), 20)
    await page.locator("conversation-list [data-key=c-hostile]").click()
    await expect(page.locator(SETTLED)).to_be_visible()
    go.set()
    await expect(page.locator("#toast")).to_contain_text("小满不吃辣")
    await expect(page.locator("draft-card .dc-text")).to_contain_text("好的,明天18点前")
    await expect(page.locator("draft-card .dc-bar")).to_have_count(0)
    # And what is pressed here is about what stands here.
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert [one["id"] for one in desk.mock.decisions] == ["draft-hostile"]
