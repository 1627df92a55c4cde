"""A decision is about the text the agent saw: stale ones conflict, racing ones send once, edits are checked."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from copilot.domain.draft import DraftState, Rejection, RejectReason
from copilot.domain.errors import BadInput, StaleDraft, TextBlocked
from copilot.domain.message import Role
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.store.tables import DraftRow, MessageRow
from tests.flow.conftest import World

ASKS = "我的快递到哪了"


def _accept(row: DraftRow) -> Decision:
    assert row.text_hash is not None
    return Decision(row.id, row.revision, row.text_hash, DecisionKind.ACCEPT, by="agent-1")


async def test_a_turn_becomes_a_proposed_draft_that_says_who_wrote_it(world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))

    assert row.state == DraftState.PROPOSED
    assert row.view is not None
    assert row.view["written_by"] == "composer"
    assert row.view["composed_because"] == "no_model"
    assert row.text == row.view["text"]


async def test_an_accepted_draft_is_sent_once_and_becomes_a_message(world: World) -> None:
    conversation = await world.buyer(ASKS)
    row = await world.draft(conversation)

    assert await decide(world.store, world.merchant, _accept(row), world.clock) is DraftState.APPROVED
    await world.driver.resume(world.merchant, row.id)
    (reply,) = await world.replies()
    await world.outbox.send(world.merchant, reply.id)
    await world.outbox.send(world.merchant, reply.id)

    assert [call[0].text for call in world.adapter.calls] == [row.text]
    assert (await world.drafts(conversation))[0].state == DraftState.SENT
    await world.driver.draft_conversation(world.merchant, conversation)
    assert len(await world.drafts(conversation)) == 1, "our own reply must not be answered"


async def test_a_stale_accept_conflicts_and_shows_what_stands_now(world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))
    again = Rejection(reason=RejectReason.TONE)
    rejected = replace(_accept(row), kind=DecisionKind.REJECT, rejection=again)
    await decide(world.store, world.merchant, rejected, world.clock)
    await world.driver.resume(world.merchant, row.id)

    with pytest.raises(StaleDraft) as stale:
        await decide(world.store, world.merchant, _accept(row), world.clock)

    current = stale.value.current
    assert current is not None
    assert (current["revision"], current["state"]) == (2, "proposed")
    assert current["text"]
    assert await world.replies() == []


async def test_an_accept_conflicts_when_the_buyer_wrote_and_nobody_has_told_the_agent_yet(world: World) -> None:
    conversation = await world.buyer(ASKS)
    row = await world.draft(conversation)
    await world.buyer("算了,我要退款")

    with pytest.raises(StaleDraft) as stale:
        await decide(world.store, world.merchant, _accept(row), world.clock)

    assert stale.value.current is not None
    assert stale.value.current["state"] == "proposed"
    assert await world.replies() == []


async def test_a_message_that_was_on_its_way_into_the_store_holds_the_reply(world: World) -> None:
    conversation = await world.buyer(ASKS)
    row = await world.draft(conversation)
    await decide(world.store, world.merchant, _accept(row), world.clock)
    # Received before the approval by the clock, committed after it.
    await world.buyer("算了,我要退款")
    async with world.store.merchant(world.merchant) as session:
        earlier = MessageRow.received_at - timedelta(seconds=5)
        await session.execute(update(MessageRow).where(MessageRow.text.contains("退款")).values(received_at=earlier))

    [reply] = await world.replies()
    await world.outbox.send(world.merchant, reply.id)

    assert world.adapter.calls == []
    assert (await world.replies())[0].state == "held"


async def test_an_accept_of_another_text_conflicts(world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))

    with pytest.raises(StaleDraft):
        await decide(world.store, world.merchant, replace(_accept(row), text_hash="0" * 64), world.clock)


async def test_twenty_racing_accepts_queue_one_reply(world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))

    outcomes = await asyncio.gather(
        *(decide(world.store, world.merchant, _accept(row), world.clock) for _ in range(20)), return_exceptions=True
    )

    assert outcomes.count(DraftState.APPROVED) == 1
    assert sum(isinstance(outcome, StaleDraft) for outcome in outcomes) == 19
    assert len(await world.replies()) == 1


async def test_racing_resumes_deliver_once(world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))
    await decide(world.store, world.merchant, _accept(row), world.clock)

    await world.driver.resume(world.merchant, row.id)
    await world.driver.resume(world.merchant, row.id)

    assert len(await world.replies()) == 1


async def test_an_edit_sends_the_edited_text_after_its_check(world: World) -> None:
    row = await world.draft(await world.buyer(ASKS))
    pack = world.driver.shops.of_shop(world.shop, "m", world.clock.now()).pack
    text = "您好,我看一下物流,马上回您。"
    edit = replace(_accept(row), kind=DecisionKind.EDIT, text=text, verdict=pack.check(text))
    await decide(world.store, world.merchant, edit, world.clock)
    (reply,) = await world.replies()

    assert reply.text == text


async def test_a_blocked_edit_is_refused_and_nothing_moves(world: World) -> None:
    conversation = await world.buyer(ASKS)
    row = await world.draft(conversation)
    pack = world.driver.shops.of_shop(world.shop, "m", world.clock.now()).pack
    text = "加我微信 kf88123 发您优惠"
    edit = replace(_accept(row), kind=DecisionKind.EDIT, text=text, verdict=pack.check(text))

    with pytest.raises(TextBlocked):
        await decide(world.store, world.merchant, edit, world.clock)

    assert (await world.drafts(conversation))[0].state == DraftState.PROPOSED
    with pytest.raises(BadInput, match="verdict"):
        await decide(world.store, world.merchant, replace(edit, verdict=None), world.clock)
    assert await world.replies() == []


async def test_a_rejection_with_a_reason_gives_the_next_revision(world: World) -> None:
    conversation = await world.buyer(ASKS)
    row = await world.draft(conversation)
    rejected = replace(
        _accept(row),
        kind=DecisionKind.REJECT,
        rejection=Rejection(reason=RejectReason.WRONG_ISSUE, issue="damaged"),
    )
    await decide(world.store, world.merchant, rejected, world.clock)
    await world.driver.resume(world.merchant, row.id)
    (after,) = await world.drafts(conversation)

    assert (after.id, after.revision, after.state) == (row.id, 2, DraftState.PROPOSED)
    assert after.text_hash is not None


async def test_an_ignored_draft_ends(world: World) -> None:
    conversation = await world.buyer(ASKS)
    row = await world.draft(conversation)

    await decide(world.store, world.merchant, replace(_accept(row), kind=DecisionKind.IGNORE), world.clock)
    await world.driver.resume(world.merchant, row.id)
    await world.driver.draft_conversation(world.merchant, conversation)

    assert [(r.state, r.revision) for r in await world.drafts(conversation)] == [(DraftState.REJECTED, 1)]
    assert await world.replies() == []


async def test_the_next_turn_supersedes_the_open_draft(world: World) -> None:
    conversation = await world.buyer(ASKS)
    old = await world.draft(conversation)
    world.clock.advance(5)
    await world.buyer("杯子碎了两个")
    new = await world.draft(conversation)

    assert [row.state for row in await world.drafts(conversation)] == [DraftState.SUPERSEDED, new.state]
    assert new.id != old.id
    with pytest.raises(StaleDraft):
        await decide(world.store, world.merchant, _accept(old), world.clock)


async def test_a_colleagues_answer_supersedes_and_is_not_answered(world: World) -> None:
    conversation = await world.buyer(ASKS)
    await world.draft(conversation)
    world.clock.advance(5)
    await world.hears(Role.AGENT, "已经到武汉了,明天派送")

    row = await world.draft(conversation)

    assert row.state == DraftState.SUPERSEDED
    assert len(await world.drafts(conversation)) == 1


async def test_a_message_between_approval_and_sending_holds_the_reply(world: World) -> None:
    conversation = await world.buyer(ASKS)
    row = await world.draft(conversation)
    await decide(world.store, world.merchant, _accept(row), world.clock)
    world.clock.advance(1)
    await world.buyer("等等,我查到了")
    (reply,) = await world.replies()

    await world.outbox.send(world.merchant, reply.id)

    assert world.adapter.calls == []
    assert (await world.replies())[0].state == "held"
    assert (await world.drafts(conversation))[0].state == DraftState.PROPOSED
