"""The list of what is owed, ticking it off, and the note for whoever takes over."""

import uuid
from datetime import timedelta

from copilot.channel.owing import break_due, owe
from copilot.domain.plan import Promise
from copilot.store.tables import AuditRow, CommitmentRow, ConversationRow
from tests.web.conftest import Web


async def _owes(web: Web, hours: float, what: str = "reship") -> tuple[uuid.UUID, CommitmentRow]:
    talk, _ = await web.broken_cups()
    now = web.parts.clock.now()
    async with web.parts.store.merchant(web.merchant) as session:
        row = await session.get(ConversationRow, (web.merchant, talk))
        assert row is not None
        await owe(
            session,
            [Promise(what=what, due=now + timedelta(hours=hours), fact="agent")],
            merchant=web.merchant,
            shop=row.shop,
            conversation=talk,
            message="m-9",
            source="typed",
            at=now,
            now=now,
        )
    return talk, (await web.rows(CommitmentRow))[-1]


async def test_the_first_due_stands_on_top_and_what_is_late_is_counted(web: Web) -> None:
    talk, later = await _owes(web, 4)
    async with web.parts.store.merchant(web.merchant) as session:
        await owe(
            session,
            [Promise(what="refund", due=web.parts.clock.now() + timedelta(hours=1), fact="agent")],
            merchant=web.merchant,
            shop=(await web.rows(ConversationRow))[0].shop,
            conversation=talk,
            message="m-10",
            source="typed",
            at=web.parts.clock.now(),
            now=web.parts.clock.now(),
        )
    web.clock.advance(2 * 3600)
    agent = await web.enter()
    answer = (await agent.get("/api/commitments")).json()

    assert [row["what"] for row in answer["commitments"]] == ["refund", "reship"]
    assert [row["late"] for row in answer["commitments"]] == [True, False]
    assert answer["counts"] == {"open": 2, "late": 1}
    assert answer["commitments"][1]["id"] == str(later.id)
    assert answer["commitments"][1]["conversation"] == str(talk)


async def test_a_tick_is_audited_and_leaves_the_open_list(web: Web) -> None:
    _, row = await _owes(web, 4)
    agent = await web.enter()
    path = f"/api/commitments/{row.id}/settle"

    first = await agent.post(path, json={"state": "done", "evidence": "顺丰 SF2"})
    again = await agent.post(path, json={"state": "done"})
    other = await agent.post(path, json={"state": "withdrawn"})
    unknown = await agent.post(f"/api/commitments/{uuid.uuid4()}/settle", json={"state": "done"})

    assert (first.status_code, first.json()) == (200, {"state": "done"})
    assert again.status_code == 200
    assert (other.status_code, other.json()["error"]["code"]) == (409, "wrong_state")
    assert unknown.status_code == 404
    assert (await agent.get("/api/commitments")).json()["commitments"] == []
    (kept,) = (await agent.get("/api/commitments?list=all")).json()["commitments"]
    assert (kept["state"], kept["evidence"]) == ("done", "顺丰 SF2")
    assert "commitment.done" in [line.action for line in await web.rows(AuditRow)]


async def test_who_may_only_look_ticks_nothing_off(web: Web) -> None:
    _, row = await _owes(web, 4)
    looker = await web.enter("qa")
    answer = await looker.post(f"/api/commitments/{row.id}/settle", json={"state": "done"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")


async def test_another_merchants_promise_does_not_exist(web: Web) -> None:
    _, row = await _owes(web, 4)
    stranger = await web.enter("stranger")
    assert (await stranger.get("/api/commitments")).json()["commitments"] == []
    answer = await stranger.post(f"/api/commitments/{row.id}/settle", json={"state": "done"})
    assert answer.status_code == 404


async def test_the_note_tells_what_is_wanted_and_promised_and_what_is_late(web: Web) -> None:
    talk, row = await _owes(web, 1)
    web.clock.advance(2 * 3600)
    async with web.parts.store.merchant(web.merchant) as session:
        assert await break_due(session, row.id, web.parts.clock.now())
    agent = await web.enter()
    lines = (await agent.get(f"/api/conversations/{talk}/handover")).json()["lines"]

    assert any("收货破损" in line or "Arrived damaged" in line for line in lines), lines
    assert any(("承诺已过时间" in line and "补发" in line) or "late" in line for line in lines), lines
