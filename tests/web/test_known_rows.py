"""Rows of the list are read once and hold until something happens, whoever commits first and in whichever process."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import update

from copilot.desk import known
from copilot.desk.known import KnownRows
from copilot.store import events
from copilot.store.tables import ConversationRow, OutboxRow
from tests.web.conftest import Web

LIST = "/api/conversations?list=all"


async def _nicknames(client: Any, query: str = LIST) -> dict[str, dict[str, Any]]:
    return {
        one["buyer"]["nickname"].removeprefix("buyer of "): one
        for one in (await client.get(query)).json()["conversations"]
    }


async def test_only_what_something_happened_to_is_read_again(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = await web.enter()
    talks = {name: await web.buyer("在吗", name) for name in ("c1", "c2", "c3")}
    read: list[set[str]] = []
    real = known.told

    async def counted(session: Any, ids: Sequence[Any]) -> Any:
        read.append({str(id) for id in ids})
        return await real(session, ids)

    monkeypatch.setattr(known, "told", counted)
    await agent.get(LIST)
    await agent.get("/api/conversations?list=open&filter=unread")
    assert read == [{str(id) for id in talks.values()}]
    await web.buyer("人呢", "c2")
    assert (await _nicknames(agent))["c2"]["last"]["text"] == "人呢"
    assert read[1:] == [{str(talks["c2"])}]
    # Words that a retention removed are told by no event; they are gone from the list before long.
    web.clock.advance(180)
    await agent.get(LIST)
    assert read[2] == {str(id) for id in talks.values()}


async def test_a_slow_change_is_seen_though_a_later_one_was_told_before(web: Web) -> None:
    agent = await web.enter()
    slow, fast = await web.buyer("在吗", "c1"), await web.buyer("在吗", "c2")
    await agent.get(LIST)

    async def tag(session: Any, talk: Any, word: str) -> None:
        await session.execute(update(ConversationRow).where(ConversationRow.id == talk).values(tags=[word]))
        await events.append(
            session, merchant=web.merchant, topic="conversation.changed", ref=str(talk), at=web.clock.now()
        )

    async with web.store.merchant(web.merchant) as before:
        await tag(before, slow, "slow")
        async with web.store.merchant(web.merchant) as after:
            await tag(after, fast, "fast")
        shown = await _nicknames(agent)
        assert (shown["c1"]["tags"], shown["c2"]["tags"]) == ([], ["fast"])
    shown = await _nicknames(agent)
    assert (shown["c1"]["tags"], shown["c2"]["tags"]) == (["slow"], ["fast"])


async def test_another_process_tells_the_same(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read long ago and what is read afresh are one list, after changes of every kind and as time passes."""
    agent = await web.enter()
    talks = [await web.buyer("在吗", f"c{number}") for number in range(4)]
    await agent.get(LIST)
    await agent.post(f"/api/conversations/{talks[0]}/mark", json={"marked": True})
    await agent.post(f"/api/conversations/{talks[1]}/replies", json={"id": str(talks[1]), "text": "亲，在的"})
    await agent.post(f"/api/conversations/{talks[2]}/end")
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(OutboxRow).values(state="failed"))
        await events.append(session, merchant=web.merchant, topic="reply.failed", ref=str(talks[1]), at=web.clock.now())
    for hours in (0, 1, 30, 60):
        web.clock.advance(hours * 3600)
        agent = await web.enter()
        told = (await agent.get(LIST)).json()
        long_known = web.parts.known
        monkeypatch.setattr(long_known, "_shelves", {})
        assert isinstance(long_known, KnownRows)
        fresh = (await agent.get(LIST)).json()
        for one in (told, fresh):
            del one["event"]
        assert told == fresh
        assert told["counts"]["failed"] == (1 if hours < 30 else 0)


async def test_a_page_is_as_long_as_asked_and_stands_around_a_conversation(web: Web) -> None:
    agent = await web.enter()
    for number in range(7):
        await web.buyer("在吗", f"c{number}")
    whole = (await agent.get(LIST)).json()["conversations"]
    page = (await agent.get(f"{LIST}&limit=3&around={whole[4]['id']}")).json()
    assert (page["conversations"], page["after"], page["next"], page["total"]) == (whole[3:6], 3, 6, 7)
    first = (await agent.get(f"{LIST}&limit=3&around={web.shop}&after=2")).json()
    assert (first["conversations"], first["after"]) == (whole[2:5], 2)
    assert (await agent.get(f"{LIST}&limit=201")).status_code == 422
