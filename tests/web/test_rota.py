"""The rota over the interface, and one word to those above where somebody on duty is missing for long."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.desk.profiles import Profiles
from copilot.desk.queue.reception import page_closed, page_opened
from copilot.jobs.rota import RotaJobs
from copilot.store.tables import AbsenceRow, EventRow, PersonRow, TimerRow
from tests.web.conftest import PASSWORD, Web

ZONE = ZoneInfo("Asia/Shanghai")


async def _boss(web: Web) -> httpx.AsyncClient:
    await people.add_person(web.store, web.merchant, "boss", "Boss", Role.SUPERVISOR, "zh", PASSWORD, web.clock)
    return await web.enter("boss")


async def _agent(web: Web) -> uuid.UUID:
    return next(row.id for row in await web.rows(PersonRow) if row.login == "agent")


async def _save(web: Web, boss: httpx.AsyncClient, *slots: dict[str, Any], **own: Any) -> dict[str, Any]:
    answer = await boss.post(f"/api/shops/{web.shop}/rota", json={"slots": slots, "own": own})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.feature("F018")
async def test_a_supervisor_sees_which_peak_minutes_nobody_covers(web: Web) -> None:
    boss, agent = await _boss(web), await web.enter()
    empty = (await boss.get(f"/api/shops/{web.shop}/rota")).json()
    assert (empty["peaks"], len(empty["gaps"])) == ([{"starts": "20:00", "ends": "22:00"}], 7)
    saved = await _save(web, boss, {"person": str(await _agent(web)), "starts": "20:00", "ends": "21:30"})
    assert [one["minutes"] for one in saved["gaps"]] == [30] * 7
    own = await _save(web, boss, *saved["slots"], peaks=[{"starts": "20:00", "ends": "21:00"}], absent_minutes=5)
    assert (own["gaps"], own["absent_minutes"]) == ([], 5)
    assert (await agent.get(f"/api/shops/{web.shop}/rota")).status_code == 403
    # Who was sent away covers nothing.
    await people.set_active(web.store, web.merchant, "agent", False, web.clock)
    assert len((await boss.get(f"/api/shops/{web.shop}/rota")).json()["gaps"]) == 7
    nobody = {"slots": [{"person": str(uuid.uuid4()), "starts": "20:00", "ends": "21:00"}]}
    assert (await boss.post(f"/api/shops/{web.shop}/rota", json=nobody)).status_code == 422


class Duty:
    """An agent on duty whose page comes and goes; the clock stands still between two looks."""

    def __init__(self, web: Web, agent: uuid.UUID) -> None:
        self.web, self.agent, self.page = web, agent, uuid.uuid4()
        self.jobs = RotaJobs(web.store, Profiles(web.parts.shops.folders), web.clock)

    async def passes(self, minutes: int) -> int:
        """So many minutes with a look each; how often somebody was told."""
        told = 0
        for _ in range(minutes):
            self.web.clock.advance(60)
            told += len(await self.jobs.look(self.web.merchant))
        return told

    async def opens(self, minutes: int) -> int:
        """The page is open for so long."""
        told = 0
        for _ in range(minutes):
            self.web.clock.advance(60)
            async with self.web.store.merchant(self.web.merchant) as session:
                await page_opened(session, self.web.merchant, self.page, self.agent, self.web.clock.now())
            told += len(await self.jobs.look(self.web.merchant))
        async with self.web.store.merchant(self.web.merchant) as session:
            await page_closed(session, self.page, self.web.clock.now())
        return told

    async def next_look(self) -> datetime:
        return next(row.due_at for row in await self.web.rows(TimerRow) if row.kind == "rota.look")


@pytest.mark.feature("F044")
async def test_one_alert_for_an_agent_who_is_missing_for_long_and_not_many(web: Web) -> None:
    boss, agent = await _boss(web), await _agent(web)
    local = web.clock.now().astimezone(ZONE)
    slot = {"person": str(agent), "starts": f"{local:%H:%M}", "ends": f"{local + timedelta(hours=1):%H:%M}"}
    await _save(web, boss, slot)
    duty = Duty(web, agent)
    assert await duty.jobs.look(web.merchant) == []
    assert await duty.next_look() == web.clock.now() + timedelta(minutes=1)

    assert await duty.passes(9) == 0
    assert await duty.passes(1) == 1
    assert await duty.passes(10) == 0
    # Back for a while, and away again in the same slot.
    assert await duty.opens(3) == 0
    assert await duty.passes(20) == 0

    raised = [row for row in await web.rows(EventRow) if row.topic == "absence.raised"]
    (row,) = await web.rows(AbsenceRow)
    assert [one.ref for one in raised] == [str(row.id)]
    (told,) = (await boss.get("/api/absences")).json()["absences"]
    assert (told["person"]["id"], told["ended_at"]) == (str(agent), None)
    # The slot is over: so is the absence, and the next look is tomorrow's.
    assert await duty.passes(20) == 0
    (told,) = (await boss.get("/api/absences")).json()["absences"]
    assert told["ended_at"] is not None
    assert await duty.next_look() == datetime.fromisoformat(told["slot_at"]) + timedelta(days=1)


async def test_nobody_is_called_missing_for_the_time_in_which_nobody_looked(web: Web) -> None:
    boss, agent = await _boss(web), await _agent(web)
    local = web.clock.now().astimezone(ZONE)
    await _save(web, boss, {"person": str(agent), "starts": f"{local:%H:%M}", "ends": f"{local:%H:%M}"})
    duty = Duty(web, agent)
    assert await duty.opens(3) == 0
    web.clock.advance(3600)
    assert await duty.passes(1) == 0
    assert await duty.passes(9) == 1


async def test_a_rota_of_another_merchants_shop_is_nobodys_business(web: Web) -> None:
    boss = await _boss(web)
    at = f"/api/shops/{web.other_shop}/rota"
    assert (await boss.get(at)).status_code == 404
    assert (await boss.post(at, json={"slots": []})).status_code == 404
