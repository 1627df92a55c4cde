"""A reply that a person sends in the platform's own window: handed over, ours when it comes back, recorded once."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from copilot.channel.inbox import Received, receive
from copilot.channel.sent import ReplyState
from copilot.channel.settling import settle
from copilot.domain.draft import DraftState
from copilot.domain.message import Message, Role, SentBy
from copilot.sdk import ByHand, MessageEvent
from copilot.store.engine import Store
from copilot.store.tables import CommitmentRow, OutboxRow
from tests.channel.outgoing import Desk, open_desk
from tests.channel.test_outbox_outcomes import sample_view

TEXT = "好的,马上为您处理"


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    """A shop whose adapter sends nothing itself."""
    async with open_desk(store) as opened:
        opened.platform.script = [ByHand("no relay")] * 5
        yield opened


async def says(desk: Desk, text: str, *, id: str = "f1", late: float = 0, **more: object) -> Received:
    """The platform tells of a message of the shop's side."""
    at = desk.clock.now() - timedelta(seconds=late)
    message = Message(id=id, role=Role.AGENT, text=text, sent_at=at, sent_by=SentBy.PERSON)
    event = MessageEvent(shop="shop-1", conversation="c1", message=message.model_copy(update=more))
    async with desk.store.merchant(desk.merchant) as session:
        return await receive(session, desk.shop, event, None, desk.clock)


async def handed(desk: Desk, text: str = TEXT, **more: object) -> uuid.UUID:
    reply = await desk.approved(text, **more)  # type: ignore[arg-type]
    row = await desk.send(reply)
    assert (row.state, row.error, row.attempts) == ("handed_over", None, 0)
    return reply


async def states(desk: Desk, reply: uuid.UUID) -> tuple[str, str]:
    return (await desk.row(reply)).state, (await desk.draft_of(reply)).state


async def test_what_nobody_sends_for_the_shop_is_handed_to_a_person_and_never_called_again(desk: Desk) -> None:
    reply = await handed(desk)
    assert (await desk.draft_of(reply)).state == DraftState.HANDED_OVER
    assert {"reply.handed_over", "draft.handed_over"} <= set(await desk.topics())
    assert await desk.messages() == []
    desk.clock.advance(3600)
    await desk.until_settled(reply)
    assert (len(desk.platform.sends), await states(desk, reply)) == (1, ("handed_over", "handed_over"))


async def test_it_is_sent_when_its_words_come_back(desk: Desk) -> None:
    view = sample_view("我们今天18:00前回复您", "2026-11-20T10:00:00Z")
    reply = await handed(desk, view["text"], view=view)
    desk.clock.advance(20)
    assert (await says(desk, f" {view['text']} ")).new is False
    (message,), (owed,) = await desk.messages(), await desk.rows(CommitmentRow)
    assert await states(desk, reply) == ("sent", DraftState.SENT)
    assert (message.platform_message_id, message.sent_by, message.sent_at) == (
        "f1",
        SentBy.ASSISTED,
        desk.clock.now(),
    )
    assert (owed.what, owed.platform_message_id) == ("reply", "f1")
    # The platform tells of it again.
    assert (await says(desk, view["text"])).new is False
    assert len(await desk.messages()) == len(await desk.rows(CommitmentRow)) == 1


async def test_the_same_words_twice_come_back_in_their_order(desk: Desk) -> None:
    first, second = await handed(desk), await handed(desk)
    await says(desk, TEXT, id="f1")
    assert [(await desk.row(one)).state for one in (first, second)] == ["sent", "handed_over"]
    # The first one's message once more is not the second one's.
    await says(desk, TEXT, id="f1")
    assert (await desk.row(second)).state == "handed_over"
    await says(desk, TEXT, id="f2")
    assert [(await desk.row(one)).platform_message_id for one in (first, second)] == ["f1", "f2"]


@pytest.mark.parametrize(
    "other",
    [
        {"text": "稍等,我看一下"},
        {"text": TEXT, "sent_by": SentBy.AUTO},
        {"text": TEXT, "role": Role.BUYER, "sent_by": None},
        {"text": TEXT, "late": 3600},
    ],
    ids=["other words", "a machine's", "the buyer's", "from before"],
)
async def test_what_is_not_it_leaves_it_where_it_lies(desk: Desk, other: dict[str, object]) -> None:
    reply = await handed(desk)
    assert (await says(desk, **other)).new is True  # type: ignore[arg-type]
    assert await states(desk, reply) == ("handed_over", DraftState.HANDED_OVER)


@pytest.mark.parametrize("named", ["f9", None])
async def test_a_person_says_that_they_sent_it_and_its_message_stands_once(desk: Desk, named: str | None) -> None:
    view = sample_view("我们今天18:00前回复您", "2026-11-20T10:00:00Z")
    reply = await handed(desk, view["text"], view=view)
    desk.clock.advance(20)
    await settle(desk.store, desk.merchant, reply, ReplyState.SENT, "agent-1", desk.clock, named)
    assert await states(desk, reply) == ("sent", DraftState.SENT)
    (message,) = await desk.messages()
    assert (message.platform_message_id, message.sent_at) == (named or f"reply:{reply}", desk.clock.now())
    # Then the platform tells of it, under its own id.
    desk.clock.advance(5)
    await says(desk, view["text"], id="f9")
    (message,), (owed,) = await desk.messages(), await desk.rows(CommitmentRow)
    assert message.platform_message_id == owed.platform_message_id == "f9"
    assert (await desk.row(reply)).platform_message_id == "f9"


async def test_an_id_that_another_message_has_is_not_taken_for_its_own(desk: Desk) -> None:
    await says(desk, "在的", id="f1")
    reply = await handed(desk)
    await settle(desk.store, desk.merchant, reply, ReplyState.SENT, "agent-1", desk.clock, "f1")
    assert [one.text for one in await desk.messages()] == ["在的", TEXT]
    assert (await desk.row(reply)).platform_message_id == f"reply:{reply}"


async def test_a_person_did_not_send_it(desk: Desk) -> None:
    reply = await handed(desk)
    await settle(desk.store, desk.merchant, reply, ReplyState.FAILED, "agent-1", desk.clock)
    assert await states(desk, reply) == ("failed", DraftState.ABANDONED)
    assert await desk.messages() == []
    # The same words later are a colleague's own.
    await says(desk, TEXT)
    assert (await desk.row(reply)).state == "failed"


async def test_the_next_reply_need_not_wait_for_it(desk: Desk) -> None:
    await handed(desk)
    row = await desk.send(await desk.typed("还有别的吗"))
    assert row.state == "handed_over"


async def test_what_no_person_approved_is_for_nobody_to_send(desk: Desk) -> None:
    reply = await desk.typed("您好,欢迎光临")
    async with desk.store.merchant(desk.merchant) as session:
        await session.execute(update(OutboxRow).values(source_kind="greeting"))
    row = await desk.send(reply)
    assert (row.state, row.error, row.attempted_at) == ("failed", "by_hand", None)
