"""No more agents become active than the platform's profile lets a shop have, whichever way they would."""

import asyncio
from datetime import datetime

import pytest

from copilot.access import people
from copilot.access.agents import require_place, require_verified, shipped_profile
from copilot.access.errors import AgentLimit, NotVerified
from copilot.access.principal import Role
from copilot.clock import Profile
from copilot.clock.schema import AgentRules, Number
from copilot.store.tables import PersonRow
from tests.web.conftest import PASSWORD, Web, rules, web  # noqa: F401


async def _full(web: Web, but: int = 0) -> None:  # noqa: F811
    """As many active agents as the platform allows, less ``but``."""
    there = sum(row.active and row.role == "agent" for row in await web.rows(PersonRow))
    async with web.store.merchant(web.merchant) as session:
        for number in range(there, 20 - but):
            session.add(
                PersonRow(
                    merchant=web.merchant, login=f"a{number}", name=f"A{number}", role="agent", language="zh",
                    password_hash="x", active=True, created_at=web.clock.now(),
                )
            )  # fmt: skip


@pytest.mark.feature("F001")
async def test_the_21st_agent_of_a_douyin_shop_is_refused_and_the_twenty_stand_in_the_profile(
    web: Web,  # noqa: F811
) -> None:
    await people.add_person(web.store, web.merchant, "owner", "Owner", Role.OWNER, "zh", PASSWORD, web.clock)
    owner = await web.enter("owner")
    await _full(web, but=1)
    last = {"login": "last", "name": "Last", "role": "agent", "language": "zh", "password": PASSWORD}
    made = await owner.post("/api/people", json=last)
    assert made.status_code == 201, made.text
    one_more = await owner.post("/api/people", json={**last, "login": "more"})
    assert (one_more.status_code, one_more.json()["error"]["code"]) == (409, "agent_limit_exceeded")
    # Somebody above the agents takes no place, and cannot be made one of them; nobody is let in again either.
    senior = await owner.post("/api/people", json={**last, "login": "more", "role": "supervisor"})
    assert senior.status_code == 201, senior.text
    url = f"/api/people/{senior.json()['id']}"
    assert (await owner.post(url, json={"role": "agent"})).json()["error"]["code"] == "agent_limit_exceeded"
    assert (await owner.post(url, json={"name": "Other"})).status_code == 200
    away = f"/api/people/{made.json()['id']}"
    assert (await owner.post(away, json={"active": False})).status_code == 200
    assert (await owner.post(url, json={"role": "agent"})).status_code == 200
    assert (await owner.post(away, json={"active": True})).json()["error"]["code"] == "agent_limit_exceeded"
    for attempt in (
        people.set_active(web.store, web.merchant, "last", True, web.clock),
        people.add_person(web.store, web.merchant, "cli", "Cli", "agent", "zh", PASSWORD, web.clock),
    ):
        with pytest.raises(AgentLimit) as refused:
            await attempt
        assert refused.value.limit == 20
    # Another number in the profile is another limit.
    async with web.store.merchant(web.merchant) as session:
        await require_place(session, web.merchant, web.clock.now(), lambda name, at: _with(name, at, 21))
        with pytest.raises(AgentLimit):
            await require_place(session, web.merchant, web.clock.now(), lambda name, at: _with(name, at, 3))


def _with(name: str, at: datetime, agents: int) -> Profile:
    profile = shipped_profile(name, at)
    assert profile is not None
    return profile.model_copy(
        update={"limits": profile.limits.model_copy(update={"agents": Number(value=agents, source="a test")})}
    )


async def test_of_two_who_come_at_once_one_gets_the_last_place(web: Web) -> None:  # noqa: F811
    await _full(web, but=1)
    made = await asyncio.gather(
        *(
            people.add_person(web.store, web.merchant, login, login, "agent", "zh", PASSWORD, web.clock)
            for login in ("one", "two")
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, AgentLimit) for one in made) == [False, True]


@pytest.mark.feature("F002")
@pytest.mark.parametrize("flag", ["phone_bound", "name_verified"])
async def test_an_agent_whose_phone_or_name_is_not_verified_does_not_become_active(
    web: Web,  # noqa: F811
    flag: str,
) -> None:
    await people.add_person(web.store, web.merchant, "owner", "Owner", Role.OWNER, "zh", PASSWORD, web.clock)
    owner = await web.enter("owner")
    agent = next(row.id for row in await web.rows(PersonRow) if row.login == "agent")
    at = f"/api/people/{agent}"
    # Of an active agent it cannot be said without sending them away.
    assert (await owner.post(at, json={flag: False})).json()["error"]["code"] == "agent_not_verified"
    assert (await owner.post(at, json={flag: False, "active": False})).json()[flag] is False

    refused = await owner.post(at, json={"active": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "agent_not_verified")
    with pytest.raises(NotVerified):
        await people.set_active(web.store, web.merchant, "agent", True, web.clock)
    assert not next(row.active for row in await web.rows(PersonRow) if row.id == agent)

    assert (await owner.post(at, json={flag: True, "active": True})).json()["active"] is True
    # Where no platform of the merchant's shops wants it, it is only a note.
    async with web.store.merchant(web.merchant) as session:
        flags = {"phone_bound": False, "name_verified": False}
        await require_verified(session, flags, web.clock.now(), _plain)


def _plain(name: str, at: datetime) -> Profile:
    profile = shipped_profile(name, at)
    assert profile is not None
    return profile.model_copy(update={"agents": AgentRules()})
