"""Interleavings: decisions, newer words, sends and jobs that fail, each at the moment when it hurts."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from copilot.channel.inbox import receive
from copilot.channel.tasks import DRAFT_CONVERSATION, RESUME_DRAFT
from copilot.domain.draft import OPEN_STATES, DraftState, Rejection, RejectReason
from copilot.domain.errors import StaleDraft
from copilot.domain.message import Message, Role
from copilot.flow import decisions
from copilot.flow import driver as driving
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.sdk import MessageEvent
from copilot.store.tables import DraftRow, TimerRow
from tests.flow.conftest import World

ASKS = "我的快递到哪了"


def accept(row: DraftRow) -> Decision:
    assert row.text_hash is not None
    return Decision(row.id, row.revision, row.text_hash, DecisionKind.ACCEPT, by="agent-1")


async def armed(world: World) -> set[str]:
    async with world.store.system() as session:
        return set(await session.scalars(select(TimerRow.kind)))


async def test_a_newer_turn_does_not_overwrite_an_accept_that_is_being_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await world.draft(await world.buyer(ASKS))
    inside, go = asyncio.Event(), asyncio.Event()
    real = decisions.queue_reply

    async def slow(*given: Any, **named: Any) -> bool:
        inside.set()
        await go.wait()
        return await real(*given, **named)

    monkeypatch.setattr(decisions, "queue_reply", slow)
    deciding = asyncio.create_task(decide(world.store, world.merchant, accept(row), world.clock))
    await inside.wait()
    world.clock.advance(0.01)
    conversation = await world.buyer("在吗在吗")
    drafting = asyncio.create_task(world.driver.draft_conversation(world.merchant, conversation))
    await asyncio.sleep(0.3)
    go.set()
    assert await deciding == DraftState.APPROVED
    await drafting
    [reply] = await world.replies()
    await world.outbox.send(world.merchant, reply.id)
    assert (await world.replies())[0].state == "held", "the buyer went on, and the reply does not stand still"
    assert world.adapter.calls == []


@pytest.mark.parametrize(("role", "words"), [(Role.BUYER, "我要退款,不要了"), (Role.AGENT, "您好,已经帮您查了")])
async def test_what_came_before_the_accept_and_after_the_draft_stops_it(role: Role, words: str, world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))
    world.clock.advance(1)
    # Stored and acknowledged; its job still waits in the queue.
    await world.hears(role, words)
    world.clock.advance(1)
    with pytest.raises(StaleDraft):
        await decide(world.store, world.merchant, accept(row), world.clock)
    assert await world.replies() == []


async def test_a_delivery_that_the_platform_repeats_late_leaves_the_draft_decidable(world: World) -> None:
    start = world.clock.now()

    async def hear(role: Role, said: str, at: datetime) -> Any:
        world.said += 1
        message = Message(id=f"m{world.said}", role=role, text=said, sent_at=at)
        event = MessageEvent(shop=world.shop.platform_shop_id, conversation="c1", buyer="b", message=message)
        async with world.store.merchant(world.merchant) as session:
            return (await receive(session, world.shop, event, None, world.clock)).conversation

    await hear(Role.BUYER, "在吗", start)
    world.clock.advance(20)
    await hear(Role.AGENT, "在的,您说", world.clock.now())
    world.clock.advance(20)
    conversation = await hear(Role.BUYER, ASKS, world.clock.now())
    await world.draft(conversation)
    world.clock.advance(5)
    # Said before the colleague's answer; its delivery failed then.
    await hear(Role.BUYER, "有人吗", start + timedelta(seconds=5))
    row = await world.draft(conversation)
    await decide(world.store, world.merchant, accept(row), world.clock)
    [reply] = await world.replies()
    await world.outbox.send(world.merchant, reply.id)
    assert len(world.adapter.calls) == 1


async def test_a_reply_that_could_not_leave_for_hours_asks_a_person_first(world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))
    await decide(world.store, world.merchant, accept(row), world.clock)
    world.clock.advance(6 * 3600)
    [reply] = await world.replies()
    await world.outbox.send(world.merchant, reply.id)
    assert world.adapter.calls == []
    [reply] = await world.replies()
    assert (reply.state, reply.error) == ("held", "too_late")
    assert (await world.drafts(row.conversation))[0].state == DraftState.PROPOSED


async def test_no_open_draft_is_left_for_a_turn_that_our_own_reply_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go = asyncio.Event(), asyncio.Event()
    real = world.adapter.send

    async def slow(*given: Any) -> Any:
        if not inside.is_set():
            inside.set()
            await go.wait()
        return await real(*given)

    monkeypatch.setattr(world.adapter, "send", slow)
    conversation = await world.buyer(ASKS)
    await decide(world.store, world.merchant, accept(await world.draft(conversation)), world.clock)
    first = (await world.replies())[0]
    sending = asyncio.create_task(world.outbox.send(world.merchant, first.id))
    await inside.wait()
    world.clock.advance(1)
    await world.buyer("顺丰的那个")
    second = await world.draft(conversation)
    world.clock.advance(1)
    await decide(world.store, world.merchant, accept(second), world.clock)
    go.set()
    await sending
    world.clock.advance(1)
    await world.driver.draft_conversation(world.merchant, conversation)
    before = await jobs(world)
    await world.outbox.send(world.merchant, (await world.replies())[1].id)
    for _ in range(await jobs(world) - before):
        await world.driver.draft_conversation(world.merchant, conversation)
    assert [draft.state for draft in await world.drafts(conversation) if draft.state in OPEN_STATES] == []


async def jobs(world: World) -> int:
    async with world.store.system() as session:
        query = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task")
        return (await session.execute(query, {"task": DRAFT_CONVERSATION})).scalar_one()


async def test_a_turn_whose_job_failed_comes_back_until_its_draft_is_begun(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await world.buyer(ASKS)
    with monkeypatch.context() as patch:

        async def away(*_: object) -> None:
            raise OSError("the database is away")

        patch.setattr(driving, "load_talk", away)
        for tries in (0, 1):
            with pytest.raises(OSError, match="away"):
                await world.driver.draft_conversation(world.merchant, conversation, tries)
            assert DRAFT_CONVERSATION in await armed(world)
    await world.driver.draft_conversation(world.merchant, conversation, 2)
    assert (await world.drafts(conversation))[-1].state == DraftState.PROPOSED
    assert DRAFT_CONVERSATION not in await armed(world)


async def test_a_rejection_whose_job_failed_comes_back_as_well(world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))
    assert row.text_hash is not None
    tone = Rejection(reason=RejectReason.TONE)
    rejected = Decision(row.id, row.revision, row.text_hash, DecisionKind.REJECT, by="agent-1", rejection=tone)
    await decide(world.store, world.merchant, rejected, world.clock)
    assert RESUME_DRAFT in await armed(world)
    await world.driver.resume(world.merchant, row.id)
    assert RESUME_DRAFT not in await armed(world)
    assert (await world.drafts(row.conversation))[-1].revision == 2
