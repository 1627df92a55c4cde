"""Two people before the real server: one lets the other in, gives a conversation away, and both see whose it is."""

import pytest
from playwright.async_api import expect

from copilot.access import people
from copilot.access.principal import Role
from copilot.domain.clock import SystemClock
from tests.live.conftest import LOGIN, PASSWORD, Desk, shopper
from tests.live.test_approvals import Two, sign_in, two  # noqa: F401  (a fixture)
from tests.live.test_replies import delivered_order

ROWS = "conversation-list [role=option]"


@pytest.mark.feature("F035")
async def test_a_conversation_goes_to_whom_it_was_given_and_back_to_nobody_else(two: Two, alone: Desk) -> None:  # noqa: F811
    """The colleague is let in on the administration page; what they are given stands on their page at once."""
    await people.add_person(alone.store, alone.merchant, "boss", "Morgan", Role.OWNER, "en", PASSWORD, SystemClock())
    boss, agent = two.boss, two.agent
    await sign_in(boss, alone, "boss")
    await boss.locator("#admin-link").click()
    await boss.locator("#person-add").click()
    for field, words in (("login", "second"), ("name", "Robin"), ("password", PASSWORD)):
        await boss.locator(f".admin-form [name={field}]").fill(words)
    await boss.keyboard.press("Enter")
    await expect(boss.locator("[data-person=second]")).to_be_visible()
    await boss.locator("#leave").click()
    await expect(boss.locator("input[name=login]")).to_be_visible()

    # One agent's page is open: what comes is theirs.
    await sign_in(agent, alone, f"{LOGIN}-tiktok-shop")
    who = shopper(alone.emulator, delivered_order())
    await alone.emulator.say(who, "the lamp arrived broken")
    await expect(agent.locator(ROWS)).to_have_count(1)
    await agent.locator("[data-list=mine]").click()
    await expect(agent.locator(ROWS)).to_have_count(1)
    robin = two.boss
    await sign_in(robin, alone, "second")
    await robin.locator("[data-list=mine]").click()
    await expect(robin.locator("[data-list=mine] .count")).to_have_text("0")

    await agent.locator(ROWS).first.click()
    await expect(agent.locator("#holding [data-act=give]")).to_be_visible()
    await agent.locator("#holding [data-act=give]").click()
    await agent.locator("#team .colleague", has_text="Robin").click()
    # It leaves the one and comes to the other, without a reload.
    await expect(robin.locator(ROWS)).to_have_count(1)
    await expect(agent.locator("[data-list=mine] .count")).to_have_text("0")
    await expect(agent.locator("#holding .with")).to_contain_text("Robin")
    await robin.locator(ROWS).first.click()
    await expect(robin.locator("draft-card")).to_be_visible()

    # Who is sent away is out at once, and what they had is seen by who stays.
    person = next(one for one in alone.get("/api/team")["people"] if one["name"] == "Robin")
    assert person["held"] == 1
