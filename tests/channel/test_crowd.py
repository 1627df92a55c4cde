"""Deliveries that come at one moment: they share a transaction, and nobody could tell from what is stored."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select, text, update

from copilot.channel import crowd
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DeadLetterRow, MessageRow, ShopRow, SpanRow, TimerRow
from tests.channel.platform import NOON, Channel, delivery, open_channel, said
from tests.counting import counted

_STATE = """
SELECT c.platform_conversation_id, b.platform_buyer_id, b.nickname, b.order_key, c.entered_from_order,
       c.created_at, c.updated_at, c.ended_at, c.queued_at, opener.platform_message_id,
       (SELECT count(*) FROM events e WHERE e.ref = c.id::text AND e.topic = 'message.received'),
       (SELECT array_agg((t.kind, t.due_at, t.attempt)::text) FROM timers t WHERE t.ref = c.id::text),
       (SELECT max(j.priority) FROM procrastinate_jobs j WHERE j.args ->> 'ref' = c.id::text),
       (SELECT array_agg((m.platform_message_id, m.role, m.kind, m.text, m.visible, m.sequence, m.sent_at,
               m.media)::text ORDER BY m.position) FROM messages m WHERE m.conversation = c.id)
  FROM conversations c LEFT JOIN buyers b ON b.id = c.buyer LEFT JOIN messages opener ON opener.id = c.opened_by
 ORDER BY 1
"""


@pytest.fixture
async def channel(store: Store) -> AsyncIterator[Channel]:
    async with open_channel(store) as opened:
        yield opened


def _flood(chance: random.Random) -> list[dict[str, Any]]:
    """Thirty messages of four conversations of no shop yet, some of them twice, some without what others tell."""
    made: list[dict[str, Any]] = []
    for number in range(30):
        talk = f"c{chance.randrange(4)}"
        role = chance.choices(("buyer", "system", "bot"), (8, 1, 1))[0]
        more: dict[str, Any] = {"visible": chance.random() < 0.9}
        if chance.random() < 0.8:
            more |= {"sequence": number}
        if chance.random() < 0.4:
            more |= {"nickname": f"n{number}", "order_key": f"k{number % 5}"}
        if chance.random() < 0.2:
            more |= {"entered_from_order": f"o{number}"}
        if chance.random() < 0.2:
            more |= {"media": {"url": f"https://pictures.example/{number}.jpg"}, "kind": "image"}
        sent = (NOON + timedelta(seconds=chance.randrange(-60, 60))).isoformat()
        made.append(said("", f"m{number}", f"words {number}", conversation=talk, role=role, sent_at=sent, **more))
    return [*made, *chance.sample(made, 8)]


async def _before(channel: Channel, shop: str) -> None:
    """One conversation is over, one is queued, one is with nobody yet, the last is not there."""
    for talk in ("c0", "c1", "c2"):
        event = said(shop, f"first-{talk}", conversation=talk)
        assert (await channel.take(event, secret=f"secret-{shop[1:]}")).status == 200
    async with channel.store.merchant(channel.merchants[shop]) as session:
        named = ConversationRow.platform_conversation_id
        await session.execute(update(ConversationRow).where(named == "c0").values(ended_at=NOON, queued_at=None))
        await session.execute(update(ConversationRow).where(named == "c2").values(queued_at=None, opened_by=None))
        # Kept by our own sender, who was not told where it stands: the platform says so later.
        await session.execute(
            update(MessageRow).where(MessageRow.platform_message_id == "first-c1").values(sequence=None)
        )
        await session.execute(text("DELETE FROM procrastinate_jobs"))
        await session.execute(text("DELETE FROM timers"))


async def _state(channel: Channel, shop: str) -> list[tuple[Any, ...]]:
    async with channel.store.merchant(channel.merchants[shop]) as session:
        return [tuple(row) for row in (await session.execute(text(_STATE))).all()]


@pytest.mark.parametrize(("seed", "by"), [(1, "desk"), (2, "platform")])
async def test_what_comes_together_is_stored_as_if_it_had_come_one_by_one(channel: Channel, seed: int, by: str) -> None:
    flood = [*_flood(random.Random(seed)), said("", "first-c1", conversation="c1", sequence=3)]
    for shop in ("s1", "s2"):
        async with channel.store.merchant(channel.merchants[shop]) as session:
            await session.execute(update(ShopRow).values(settings={"queue": {"by": by}}))
        await _before(channel, shop)
    channel.clock.advance(5)
    for event in flood:
        await channel.take({**event, "shop": "s1"})
    rounds: list[int] = []
    real = crowd.arrive

    async def arrive(transaction: Any, arrivals: Sequence[Any], *more: Any) -> Any:
        rounds.append(len(arrivals))
        return await real(transaction, arrivals, *more)

    with patch.object(crowd, "arrive", arrive):
        await asyncio.gather(*(channel.take({**event, "shop": "s2"}, secret="secret-2") for event in flood))
    assert max(rounds) > 10, "so that this test looks at something"
    assert await _state(channel, "s2") == await _state(channel, "s1")
    spans = await channel.rows(SpanRow, "s2")
    assert sorted(one.detail["new"] for one in spans) == [0] * 9 + [1] * 33


async def test_those_who_come_at_one_moment_share_what_is_read_and_written(channel: Channel) -> None:
    await channel.take(said("s1", "m0"))
    flood = [delivery("secret-1", said("s1", f"m{n}", conversation=f"c{n % 3}")) for n in range(1, 13)]
    with counted() as seen:
        answers = await asyncio.gather(*(channel.inbound.take("plain", one) for one in flood))
    assert {answer.status for answer in answers} == {200}
    assert seen["transactions"] == 2, seen
    assert len(await channel.rows(MessageRow)) == 13
    assert (await channel.topics()).count("message.received") == 13
    # One job for what a conversation got at that moment, beside the one from before.
    assert await channel.jobs() == ["draft.conversation"] * 4


async def test_one_that_cannot_be_stored_takes_no_other_with_it(channel: Channel) -> None:
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        await session.execute(text("SET LOCAL ROLE NONE"))
        await session.execute(text("ALTER TABLE messages ADD CHECK (text <> 'no')"))
    words = ["yes", "no", "yes", "yes"]
    takes = (channel.take(said("s1", f"m{n}", one, conversation=f"c{n}")) for n, one in enumerate(words))
    assert {answer.status for answer in await asyncio.gather(*takes)} == {200}
    assert {row.platform_message_id for row in await channel.rows(MessageRow)} == {"m0", "m2", "m3"}
    (letter,) = await channel.rows(DeadLetterRow)
    assert "IntegrityError" in letter.error


async def test_a_conversation_that_somebody_holds_holds_up_no_other(channel: Channel, store: Store) -> None:
    for talk in ("c0", "c1", "c2"):
        await channel.take(said("s1", f"first-{talk}", conversation=talk))
    patient = replace(channel.inbound, seconds=30)
    flood = [delivery("secret-1", said("s1", f"m{n}", conversation=f"c{n}")) for n in range(3)]
    async with store.merchant(channel.merchants["s1"]) as session:
        named = ConversationRow.platform_conversation_id == "c0"
        await session.execute(select(ConversationRow).where(named).with_for_update())
        held, *others = (asyncio.create_task(patient.take("plain", one)) for one in flood)
        assert {answer.status for answer in await asyncio.gather(*others)} == {200}
        assert not held.done()
    assert (await held).status == 200
    assert len(await channel.rows(MessageRow)) == 6


async def test_a_broken_connection_fails_nobody_who_can_be_stored(channel: Channel) -> None:
    real, broken = crowd.arrive, 0

    async def breaking(transaction: Any, *given: Any) -> Any:
        nonlocal broken
        broken += 1
        if broken == 1:
            await transaction.close()
        return await real(transaction, *given)

    with patch.object(crowd, "arrive", breaking):
        takes = (channel.take(said("s1", f"m{n}", conversation=f"c{n}")) for n in range(5))
        assert {answer.status for answer in await asyncio.gather(*takes)} == {200}
    assert len(await channel.rows(MessageRow)) == 5
    # And the next ones share a transaction again.
    with counted() as seen:
        await asyncio.gather(*(channel.take(said("s1", f"n{n}")) for n in range(5)))
    assert seen["transactions"] == 2, seen


async def test_a_timer_for_those_who_wait_is_only_brought_forward(channel: Channel) -> None:
    await channel.take(said("s1", "m0", conversation="c0"))
    (due,) = [row.due_at for row in await channel.rows(TimerRow) if row.kind == "queue.drain"]
    channel.clock.advance(30)
    await channel.take(said("s1", "m1", conversation="c1"))
    assert [row.due_at for row in await channel.rows(TimerRow) if row.kind == "queue.drain"] == [due]
