"""Replies leave in their order, and not when the buyer or a colleague has spoken since they were approved."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from copilot.channel.limiter import pause
from copilot.channel.registry import Registry
from copilot.channel.sent import ReplyState
from copilot.channel.settling import NotUnconfirmed, settle
from copilot.channel.tasks import DRAFT_CONVERSATION, SEND_REPLY
from copilot.domain.draft import DraftState
from copilot.domain.errors import BadInput
from copilot.domain.message import Role, SentBy
from copilot.domain.plan import Promise
from copilot.sdk import OutcomeUnknown, Throttled
from copilot.store.engine import Store
from copilot.store.tables import CommitmentRow, ConversationRow
from tests.channel.outgoing import Desk, Recorded, open_desk
from tests.channel.test_outbox_outcomes import sample_view

TEXT = "好的,马上为您处理"


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    async with open_desk(store) as opened:
        yield opened


# Overtaken.


@pytest.mark.parametrize("role", [Role.BUYER, Role.AGENT])
async def test_whoever_speaks_after_the_approval_holds_the_reply(desk: Desk, role: Role) -> None:
    reply = await desk.approved(TEXT)
    desk.clock.advance(1)
    await desk.hears(role, "等等")

    row = await desk.send(reply)

    assert (row.state, row.error) == ("held", "conversation_moved_on")
    assert desk.platform.sends == []
    assert (await desk.draft_of(reply)).state == DraftState.PROPOSED
    assert [job["ref"] for job in await desk.jobs(DRAFT_CONVERSATION)] == [str(desk.conversation)]
    assert await desk.timer(reply) is None


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.BUYER, {"visible": False}),
        (Role.AGENT, {"visible": False}),
        (Role.AGENT, {"sent_by": SentBy.AUTO}),
        (Role.AGENT, {"sent_by": SentBy.PLATFORM_BOT}),
        (Role.BOT, {}),
        (Role.SYSTEM, {}),
    ],
)
async def test_machines_and_what_nobody_sees_hold_nothing(desk: Desk, role: Role, more: dict[str, Any]) -> None:
    reply = await desk.approved(TEXT)
    desk.clock.advance(1)
    await desk.hears(role, "自动回复", **more)

    assert (await desk.send(reply)).state == "sent"


async def test_the_echo_of_our_own_earlier_reply_holds_nothing(desk: Desk) -> None:
    first, second = await desk.typed("第一句"), await desk.typed("第二句")
    desk.clock.advance(1)
    await desk.send(first)
    await desk.hears(Role.SYSTEM, "…")
    desk.clock.advance(1)

    assert (await desk.send(second)).state == "sent"
    assert desk.platform.texts() == ["第一句", "第二句"]


async def test_what_came_before_the_approval_holds_nothing_also_after_a_throttled_call(desk: Desk) -> None:
    await desk.hears(Role.BUYER, "在吗")
    desk.clock.advance(1)
    desk.platform.script = [Throttled(retry_after=5)]
    reply = await desk.approved(TEXT)
    await desk.send(reply)

    assert (await desk.until_settled(reply)).state == "sent"


async def test_what_came_during_a_throttled_call_holds_the_reply(desk: Desk) -> None:
    """The row was touched after the message came; the approval is what counts."""
    desk.platform.script = [Throttled(retry_after=5)]
    reply = await desk.approved(TEXT)
    desk.clock.advance(1)

    original = desk.platform.take

    def meanwhile(*args: Any) -> Any:
        desk.clock.advance(2)
        return original(*args)

    desk.platform.take = meanwhile  # type: ignore[method-assign]
    received = desk.clock.now() + timedelta(seconds=1)
    await desk.send(reply)
    await desk.hears(Role.BUYER, "不用了", received_at=received)

    assert (await desk.until_settled(reply)).state == "held"
    assert len(desk.platform.sends) == 1


# Order.


async def test_replies_leave_in_the_order_in_which_they_were_accepted(desk: Desk) -> None:
    desk.platform.script = [Throttled(retry_after=30)]
    first, second = await desk.typed("第一句"), await desk.typed("第二句")
    await desk.send(first)
    assert (await desk.send(second)).state == "queued"
    assert len(desk.platform.sends) == 1

    await desk.until_settled(first)
    await desk.until_settled(second)

    assert desk.platform.texts() == ["第一句", "第二句"]


async def test_the_next_reply_is_asked_for_as_soon_as_the_one_before_it_has_ended(desk: Desk) -> None:
    first, second = await desk.typed("第一句"), await desk.typed("第二句")
    before = len(await desk.jobs(SEND_REPLY))

    await desk.send(first)

    assert [job["ref"] for job in (await desk.jobs(SEND_REPLY))[before:]] == [str(second)]


async def test_two_identical_replies_are_two_messages_although_the_first_call_broke_off(desk: Desk) -> None:
    desk.platform.script = [(0, OutcomeUnknown("broke off")), (0, OutcomeUnknown("broke off"))]
    first, second = await desk.typed(TEXT), await desk.typed(TEXT)
    for reply in (first, second):
        await desk.send(reply)
        await desk.until_settled(reply)

    rows = [await desk.row(first), await desk.row(second)]
    assert [(row.state, row.platform_message_id) for row in rows] == [("sent", "p1"), ("sent", "p2")]
    assert desk.platform.texts() == [TEXT, TEXT]


async def test_a_match_that_could_be_another_unconfirmed_reply_is_nobodys(desk: Desk) -> None:
    """The first arrived twice over for all we can tell; the second's call broke off as well."""
    desk.platform.script = [(0, OutcomeUnknown("broke off")), OutcomeUnknown("broke off")]
    first = await desk.typed(TEXT)
    desk.platform.put(TEXT, later=0.5)  # a colleague, in the same second
    await desk.send(first)
    desk.clock.advance(1)
    assert (await desk.until_settled(first)).state == "unconfirmed"
    desk.platform.said.pop(0)
    second = await desk.typed(TEXT)
    await desk.send(second)

    row = await desk.until_settled(second)

    assert row.state == "unconfirmed"
    assert len(desk.platform.sends) == 2


# Echoes.


async def test_an_echo_that_came_before_the_receipt_becomes_ours(desk: Desk) -> None:
    desk.platform.script = [(0, OutcomeUnknown("broke off"))]
    reply = await desk.approved(TEXT)
    await desk.send(reply)
    desk.clock.advance(1)
    await desk.echoes(desk.platform.said[0])

    row = await desk.until_settled(reply)

    (message,) = await desk.messages()
    assert row.state == "sent"
    assert (message.sent_by, message.draft) == (SentBy.ASSISTED, {"id": str(row.source_id), "revision": 1})
    assert message.sent_at == desk.platform.said[0].sent_at


async def test_an_echo_alone_shows_that_a_reply_arrived(desk: Desk) -> None:
    desk.platform.script = [(0, OutcomeUnknown("broke off"))]
    reply = await desk.approved(TEXT)
    await desk.send(reply)
    desk.clock.advance(1)
    await desk.echoes(desk.platform.said[0])
    desk.platform.unreadable = [OutcomeUnknown("not now") for _ in range(100)]

    assert (await desk.until_settled(reply)).state == "sent"


async def test_what_a_colleague_had_said_in_the_same_words_before_is_not_taken_for_ours(desk: Desk) -> None:
    said = desk.platform.put(TEXT)
    await desk.echoes(said)
    desk.clock.advance(5)
    desk.platform.script = [OutcomeUnknown("broke off")]
    reply = await desk.approved(TEXT)
    await desk.send(reply)

    row = await desk.until_settled(reply)

    assert (row.state, row.platform_message_id) == ("sent", "p2")
    assert desk.platform.texts() == [TEXT, TEXT]


# Pauses.


async def test_a_paused_shop_makes_no_call_and_another_one_goes_on(store: Store) -> None:
    async with open_desk(store) as paused, open_desk(store) as other:
        async with store.merchant(paused.merchant) as session:
            await pause(session, paused.shop, paused.clock.now() + timedelta(seconds=60))
        one, two = await paused.typed(TEXT), await other.typed(TEXT)

        assert (await paused.send(one)).state == "queued"
        assert (await other.send(two)).state == "sent"
        assert paused.platform.sends == []
        await paused.until_settled(one)
        assert paused.platform.texts() == [TEXT]


async def test_a_shop_that_is_throttled_pauses_for_all_its_conversations(desk: Desk) -> None:
    desk.platform.script = [Throttled(retry_after=30)]
    await desk.send(await desk.typed(TEXT))
    other = await desk.typed("another")
    await desk.send(other)

    assert len(desk.platform.sends) == 1


async def test_a_platform_that_hangs_takes_only_its_share_of_the_places(desk: Desk) -> None:
    """Eight conversations of one shop want to send at once, and none gets an answer."""
    hanging, release = list[str](), asyncio.Event()

    class Hanging(Recorded):
        async def send(self, account: Any, reply: Any, idempotency_key: str) -> Any:
            hanging.append(reply.text)
            await release.wait()
            return await super().send(account, reply, idempotency_key)

    outbox = replace(desk.outbox, accounts=replace(desk.outbox.accounts, adapters=Registry([Hanging(desk.platform)])))
    replies = [await _in_a_conversation_of_its_own(desk, f"reply {number}") for number in range(8)]
    sending = [asyncio.create_task(outbox.send(desk.merchant, reply)) for reply in replies]
    waiting = set(sending)
    while len(waiting) > 4:
        _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=30)
    assert len(hanging) <= 4
    release.set()
    await asyncio.gather(*sending)
    for reply in replies:
        assert (await desk.until_settled(reply)).state == "sent"

    assert sorted(desk.platform.texts()) == sorted(f"reply {number}" for number in range(8))


async def _in_a_conversation_of_its_own(desk: Desk, text: str) -> uuid.UUID:
    now, conversation = desk.clock.now(), uuid.uuid4()
    async with desk.store.merchant(desk.merchant) as session:
        session.add(
            ConversationRow(
                merchant=desk.merchant,
                id=conversation,
                shop=desk.shop.id,
                platform_conversation_id=conversation.hex,
                created_at=now,
                updated_at=now,
            )
        )
    return await replace(desk, conversation=conversation).typed(text)


# Typed.


async def test_the_same_id_again_changes_nothing(desk: Desk) -> None:
    reply = await desk.typed(TEXT)
    await desk.typed(TEXT, reply)
    await desk.send(reply)
    await desk.typed("something else", reply)
    await desk.send(reply)

    assert desk.platform.texts() == [TEXT]
    assert (await desk.row(reply)).text == TEXT
    assert [topic for topic in await desk.topics() if topic.startswith("reply")] == [
        "reply.queued",
        "reply.sending",
        "reply.sent",
    ]


async def test_an_id_of_another_reply_is_refused(desk: Desk) -> None:
    taken = await desk.approved(TEXT)
    with pytest.raises(BadInput, match="another reply has this id"):
        await desk.typed("mine", taken)
    with pytest.raises(BadInput, match="needs a text"):
        await desk.typed("  \n")


async def test_a_reply_into_another_shops_conversation_is_refused(store: Store) -> None:
    async with open_desk(store) as mine, open_desk(store) as theirs:
        mine.conversation = theirs.conversation
        with pytest.raises(BadInput, match="no such conversation"):
            await mine.typed(TEXT)


async def test_a_typed_reply_is_a_persons_message(desk: Desk) -> None:
    await desk.send(await desk.typed(TEXT))

    (message,) = await desk.messages()
    assert (message.sent_by, message.draft) == (SentBy.PERSON, None)


async def test_what_a_typed_reply_promises_is_owed_once_it_is_sent(desk: Desk) -> None:
    due = desk.clock.now() + timedelta(hours=6)
    reply = await desk.typed("18点前给您回电", owes=[Promise(what="call_back", due=due, fact="agent")])
    assert await desk.rows(CommitmentRow) == []

    await desk.send(reply)
    await desk.send(await desk.typed(TEXT))

    (owed,) = await desk.rows(CommitmentRow)
    assert (owed.what, owed.due, owed.by, owed.draft, owed.platform_message_id) == (
        "call_back",
        due,
        "agent-1",
        None,
        "p1",
    )


async def test_a_held_typed_reply_is_sent_again_under_a_new_id(desk: Desk) -> None:
    reply = await desk.typed(TEXT)
    desk.clock.advance(1)
    await desk.hears(Role.BUYER, "还有件事")
    assert (await desk.send(reply)).state == "held"
    assert await desk.timer(reply) is None
    desk.clock.advance(1)

    again = await desk.typed(TEXT)
    await desk.send(again)

    assert [(await desk.row(one)).state for one in (reply, again)] == ["failed", "sent"]
    assert (await desk.row(reply)).error == "replaced"
    assert desk.platform.texts() == [TEXT]


# Settling.


async def _unconfirmed(desk: Desk, text: str = TEXT, view: dict[str, Any] | None = None) -> uuid.UUID:
    desk.platform.script = [OutcomeUnknown("broke off"), OutcomeUnknown("broke off")]
    reply = await desk.approved(text, view=view)
    await desk.send(reply)
    assert (await desk.until_settled(reply)).state == "unconfirmed"
    return reply


async def test_a_person_says_that_it_arrived(desk: Desk) -> None:
    view = sample_view("我们今天18:00前回复您", "2026-11-20T10:00:00Z")
    reply = await _unconfirmed(desk, view["text"], view)

    assert await settle(desk.store, desk.merchant, reply, ReplyState.SENT, "agent-2", desk.clock) == "sent"

    row, (message,), (owed,) = await desk.row(reply), await desk.messages(), await desk.rows(CommitmentRow)
    assert (row.state, (await desk.draft_of(reply)).state) == ("sent", DraftState.SENT)
    assert (message.text, message.sent_by, message.sent_at) == (view["text"], SentBy.ASSISTED, row.attempted_at)
    assert owed.what == "reply"
    assert "reply.sent" in await desk.topics()


async def test_a_settled_reply_takes_the_echo_that_came_meanwhile(desk: Desk) -> None:
    reply = await _unconfirmed(desk)
    await desk.echoes(desk.platform.put(TEXT))

    await settle(desk.store, desk.merchant, reply, ReplyState.SENT, "agent-2", desk.clock)

    (message,) = await desk.messages()
    assert message.platform_message_id == (await desk.row(reply)).platform_message_id == "p1"
    assert message.sent_by == SentBy.ASSISTED


async def test_a_person_says_that_it_did_not_arrive(desk: Desk) -> None:
    reply = await _unconfirmed(desk)

    await settle(desk.store, desk.merchant, reply, ReplyState.FAILED, "agent-2", desk.clock)
    await settle(desk.store, desk.merchant, reply, ReplyState.FAILED, "agent-3", desk.clock)

    assert ((await desk.row(reply)).state, (await desk.draft_of(reply)).state) == ("failed", DraftState.FAILED)
    assert await desk.messages() == []
    with pytest.raises(NotUnconfirmed):
        await settle(desk.store, desk.merchant, reply, ReplyState.SENT, "agent-2", desk.clock)


async def test_only_an_unconfirmed_reply_can_be_settled(desk: Desk) -> None:
    reply = await desk.approved(TEXT)
    for one in (reply, uuid.uuid4()):
        with pytest.raises(NotUnconfirmed):
            await settle(desk.store, desk.merchant, one, ReplyState.SENT, "agent-2", desk.clock)
    assert (await desk.row(reply)).state == "queued"
