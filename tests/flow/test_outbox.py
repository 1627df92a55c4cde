"""Each accepted reply ends as sent, failed or unconfirmed, and none is sent twice on purpose."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from copilot.channel.registry import Registry
from copilot.domain.draft import DraftState
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.sdk import OutcomeUnknown, SendRefused, Throttled
from copilot.store import timers
from copilot.store.tables import OutboxRow
from tests.flow.conftest import World


async def _accepted(world: World, text: str = "我的快递到哪了", conversation: str = "c1") -> OutboxRow:
    row = await world.draft(await world.buyer(text, conversation))
    assert row.text_hash is not None
    decision = Decision(row.id, row.revision, row.text_hash, DecisionKind.ACCEPT, by="agent-1")
    await decide(world.store, world.merchant, decision, world.clock)
    return (await world.replies())[-1]


def _raise(error: Exception) -> Callable[[], None]:
    def behave() -> None:
        raise error

    return behave


async def _states(world: World, reply: OutboxRow) -> tuple[str, str]:
    (row,) = [found for found in await world.replies() if found.id == reply.id]
    draft = (await world.drafts(row.conversation))[-1]
    return row.state, draft.state


@pytest.mark.parametrize("error", [OutcomeUnknown("broke off"), TimeoutError(), ConnectionResetError()])
async def test_an_unknown_outcome_without_a_key_is_never_retried(world: World, error: Exception) -> None:
    reply = await _accepted(world)
    world.adapter.behaviour = _raise(error)

    await world.outbox.send(world.merchant, reply.id)
    await world.outbox.send(world.merchant, reply.id)

    assert len(world.adapter.calls) == 1
    assert await _states(world, reply) == ("unconfirmed", DraftState.UNCONFIRMED)


async def test_an_unknown_outcome_with_a_key_is_sent_again_with_the_same_key(world: World) -> None:
    reply = await _accepted(world)
    world.adapter.idempotent_send = True
    world.adapter.behaviour = _raise(OutcomeUnknown("broke off"))
    await world.outbox.send(world.merchant, reply.id)
    world.adapter.behaviour = lambda: None
    await world.outbox.send(world.merchant, reply.id)

    assert len({key for _, key in world.adapter.calls}) == 1
    assert len(world.adapter.calls) == 2
    assert await _states(world, reply) == ("sent", DraftState.SENT)


async def test_a_process_that_died_in_the_call_leaves_an_unconfirmed_reply(world: World) -> None:
    reply = await _accepted(world)

    class Killed(BaseException):
        """Stands for the end of the process: nothing after the call runs."""

    def die() -> None:
        raise Killed

    world.adapter.behaviour = die
    with pytest.raises(Killed):
        await world.outbox.send(world.merchant, reply.id)
    world.adapter.behaviour = lambda: None
    await world.outbox.send(world.merchant, reply.id)

    assert len(world.adapter.calls) == 1
    assert await _states(world, reply) == ("unconfirmed", DraftState.UNCONFIRMED)


async def test_a_throttled_reply_waits_as_long_as_the_platform_asks(world: World) -> None:
    reply = await _accepted(world)
    world.adapter.behaviour = _raise(Throttled(retry_after=30))
    await world.outbox.send(world.merchant, reply.id)

    assert await _states(world, reply) == ("queued", DraftState.APPROVED)
    async with world.store.system() as session:
        # What the buyer's message asked for is due already.
        await timers.sweep(session, world.clock.now())
        world.clock.advance(29)
        assert await timers.sweep(session, world.clock.now()) == 0
        # All replies of the shop wait for that moment; they spread over a quarter of a second behind it.
        world.clock.advance(1.25)
        assert await timers.sweep(session, world.clock.now()) == 1


async def test_a_refused_reply_fails_with_its_code(world: World) -> None:
    reply = await _accepted(world)
    world.adapter.behaviour = _raise(SendRefused("the platform's review"))
    await world.outbox.send(world.merchant, reply.id)

    assert await _states(world, reply) == ("failed", DraftState.FAILED)
    assert (await world.replies())[0].error == "send_refused"


async def test_a_shop_without_its_adapter_fails_and_says_so(world: World) -> None:
    reply = await _accepted(world)
    without = replace(world.outbox, accounts=replace(world.outbox.accounts, adapters=Registry()))
    await without.send(world.merchant, reply.id)

    assert await _states(world, reply) == ("failed", DraftState.FAILED)
    assert (await world.replies())[0].error == "adapter_missing"


async def test_two_identical_replies_are_two_messages(world: World) -> None:
    one = await _accepted(world, conversation="c1")
    two = await _accepted(world, conversation="c2")
    for reply in (one, two):
        await world.outbox.send(world.merchant, reply.id)

    assert len(world.adapter.calls) == 2
    assert {key for _, key in world.adapter.calls} == {str(one.id), str(two.id)}


async def test_a_reply_waits_behind_the_one_accepted_before_it(world: World) -> None:
    first = await _accepted(world)
    world.adapter.behaviour = _raise(Throttled(retry_after=30))
    await world.outbox.send(world.merchant, first.id)
    world.adapter.behaviour = lambda: None
    async with world.store.merchant(world.merchant) as session:
        second = OutboxRow(
            merchant=world.merchant,
            id=uuid.uuid4(),
            shop=first.shop,
            conversation=first.conversation,
            source_kind="typed",
            source_id=uuid.uuid4(),
            text="还有什么可以帮您",
            state="queued",
            created_at=world.clock.now(),
            updated_at=world.clock.now(),
        )
        session.add(second)

    await world.outbox.send(world.merchant, second.id)
    assert len(world.adapter.calls) == 1, "only the throttled attempt"
    world.clock.advance(30)
    await world.outbox.send(world.merchant, first.id)
    await world.outbox.send(world.merchant, second.id)

    assert [reply.text for reply, _ in world.adapter.calls[1:]] == [first.text, second.text]
