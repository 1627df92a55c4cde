"""Two people in two browsers: an agent asks for more than they may give, and a supervisor allows it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.async_api import Page, async_playwright, expect

from copilot.access import people
from copilot.access.principal import Role
from copilot.domain.clock import SystemClock
from copilot.domain.order import Order
from tests.chromium import LAUNCH, need_chromium
from tests.live.conftest import LOGIN, PASSWORD, Desk, listening, shopper
from tests.live.test_replies import delivered_order, said

_PATIENCE = 20_000
expect.set_options(timeout=_PATIENCE)
_STILL = 0.6


@dataclass
class Two:
    """The agent's page and the supervisor's."""

    agent: Page
    boss: Page


@pytest.fixture
async def two() -> AsyncIterator[Two]:
    """Two browsers that share nothing."""
    need_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**LAUNCH)
        pages: list[Page] = []
        for _ in range(2):
            context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
            page = await context.new_page()
            page.set_default_timeout(_PATIENCE)
            pages.append(page)
        yield Two(*pages)
        await browser.close()


async def sign_in(page: Page, desk: Desk, login: str) -> None:
    await page.goto(desk.server.url)
    await page.locator("input[name=login]").fill(login)
    await page.locator("input[name=password]").fill(PASSWORD)
    await expect(page.locator("#enter")).to_be_enabled()
    await page.keyboard.press("Enter")
    await expect(page.locator("#leave")).to_be_visible()


def dear_order() -> Order:
    """The lamp at a price above what an agent may give."""
    data = delivered_order().model_dump(mode="json")
    price = {"amount": "84.00", "currency": "USD"}
    now = SystemClock().now()
    return Order.model_validate(
        {**data, "total": price, "items": [{**data["items"][0], "price": price}], "created_at": now - timedelta(days=6)}
    )


@pytest.mark.feature("F076")
async def test_what_the_agent_may_not_give_a_supervisor_allows_by_keys_alone(two: Two, alone: Desk) -> None:
    complaints: list[str] = []
    for page in (two.agent, two.boss):
        page.on("pageerror", lambda error: complaints.append(str(error)))
    await people.add_person(
        alone.store, alone.merchant, "boss", "Morgan", Role.SUPERVISOR, "en", PASSWORD, SystemClock()
    )
    who = shopper(alone.emulator, dear_order())
    await sign_in(two.agent, alone, f"{LOGIN}-tiktok-shop")
    await sign_in(two.boss, alone, "boss")
    await expect(two.agent.locator("#approvals-open")).to_be_hidden()

    async with listening(alone) as ear:
        await alone.emulator.say(who, "says delivered yesterday, nothing here, checked w/ neighbors")
        card = two.agent.locator("draft-card")
        await expect(two.agent.locator("conversation-list [role=option]")).to_have_count(1)
        await two.agent.keyboard.press("j")
        beyond = card.locator(".dc-beyond", has_text="Full refund")
        await expect(beyond).to_contain_text("costs $84.00")
        await expect(card.locator(".dc-escalation")).to_contain_text("For a supervisor")
        await asyncio.sleep(_STILL)
        await beyond.get_by_role("button").focus()
        await two.agent.keyboard.press("Enter")
        await expect(card.locator(".dc-approval")).to_contain_text("a supervisor was asked")

        # It reaches the supervisor by itself; a key opens the list, Tab reaches what is pressed.
        await expect(two.boss.locator("#approvals-open .count")).to_have_text("1")
        await two.boss.keyboard.press("a")
        row = two.boss.locator("#approvals .approval")
        await expect(row).to_contain_text("Full refund · $84.00")
        await expect(row).to_contain_text("Agent asks for porchlight")
        await two.boss.keyboard.press("Tab")
        await expect(row.get_by_role("button", name="Approve")).to_be_focused()
        await two.boss.keyboard.press("Enter")
        await expect(two.boss.locator("#approvals")).to_contain_text("Nobody asks for anything")
        await two.boss.keyboard.press("Escape")
        await expect(two.boss.locator("#approvals")).to_be_hidden()

        newer = card.locator(".dc-newer button")
        offered = card.locator(".dc-option")
        await expect(newer.or_(offered).first).to_be_visible()
        if await newer.count():
            await newer.click()
        await expect(offered).to_contain_text("$84.00")
        await expect(card.locator(".dc-approval")).to_contain_text("a supervisor agreed")
        await asyncio.sleep(_STILL)
        await card.focus()
        await two.agent.keyboard.press("Enter")
        await ear.hears("reply.sent")
    assert "$84.00" in said(alone, who)[0]
    assert complaints == []
