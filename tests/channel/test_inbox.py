"""What the inbox makes of a message: its place, its author, its second delivery, and our own words coming back."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from copilot.channel.sent import ReplyState, record_sent
from copilot.flow.talks import load_talk
from copilot.store.engine import Store
from copilot.store.tables import BuyerRow, ConversationRow, DeadLetterRow, DraftRow, MessageRow, OrderRow, OutboxRow
from tests.channel.platform import NOON, Channel, open_channel, order, said


@pytest.fixture
async def channel(store: Store) -> AsyncIterator[Channel]:
    async with open_channel(store) as opened:
        yield opened


async def _reply(channel: Channel, words: str, state: str = ReplyState.SENDING) -> OutboxRow:
    """A reply of ours in the first conversation."""
    (conversation,) = await channel.rows(ConversationRow)
    async with channel.store.merchant(conversation.merchant) as session:
        row = OutboxRow(
            merchant=conversation.merchant,
            id=uuid.uuid4(),
            shop=conversation.shop,
            conversation=conversation.id,
            source_kind="typed",
            source_id=uuid.uuid4(),
            text=words,
            state=state,
            attempts=1,
            created_at=channel.clock.now(),
            updated_at=channel.clock.now(),
        )
        session.add(row)
        await session.flush()
    return row


async def _receipt(channel: Channel, row: OutboxRow, message: str) -> None:
    async with channel.store.merchant(row.merchant) as session:
        found = (await session.scalars(select(OutboxRow).where(OutboxRow.id == row.id))).one()
        await record_sent(session, found, message, channel.clock)


async def test_an_echo_after_the_receipt_starts_nothing_and_tells_the_platforms_time(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    row = await _reply(channel, "明天发出")
    await _receipt(channel, row, "m2")
    before = await channel.jobs(), await channel.topics()
    told = (NOON + timedelta(seconds=3)).isoformat()
    await channel.take(said("s1", "m2", "明天发出", role="agent", sent_by="person", sent_at=told, sequence=9))
    assert (await channel.jobs(), await channel.topics()) == before
    _, ours = await channel.rows(MessageRow)
    assert (ours.sequence, ours.sent_at) == (9, NOON + timedelta(seconds=3))
    assert ours.text == "明天发出"


async def test_an_echo_before_the_receipt_is_one_message_and_starts_no_draft(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    row = await _reply(channel, "明天发出")
    await channel.take(said("s1", "m2", " 明天发出 ", role="agent", sent_by="person", sequence=9))
    assert await channel.jobs() == ["draft.conversation"], "the buyer's message alone"
    await _receipt(channel, row, "m2")
    messages = await channel.rows(MessageRow)
    assert [message.platform_message_id for message in messages] == ["m1", "m2"]
    assert messages[1].sequence == 9
    await channel.take(said("s1", "m2", "明天发出", role="agent", sent_by="person", sequence=9))
    assert len(await channel.rows(MessageRow)) == 2


@pytest.mark.parametrize("state", [ReplyState.SENDING, ReplyState.UNCONFIRMED])
async def test_a_colleagues_other_words_are_no_echo(channel: Channel, state: str) -> None:
    await channel.take(said("s1", "m1"))
    await _reply(channel, "明天发出", state)
    await channel.take(said("s1", "m2", "今天发出", role="agent", sent_by="person", agent="Wang"))
    assert await channel.jobs() == ["draft.conversation"] * 2, "an open draft may be overtaken"
    message = (await channel.rows(MessageRow))[1]
    assert (message.role, message.sent_by, message.agent, message.draft) == ("agent", "person", "Wang", None)


async def test_what_people_must_not_see_is_kept_and_starts_nothing(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    before = await channel.jobs(), await channel.topics(), (await channel.rows(ConversationRow))[0].updated_at
    channel.clock.advance(5)
    await channel.take(said("s1", "m2", "please rate us", role="system", visible=False))
    row = (await channel.rows(MessageRow))[1]
    assert row.visible is False
    after = await channel.jobs(), await channel.topics(), (await channel.rows(ConversationRow))[0].updated_at
    assert before == after


async def test_messages_that_come_out_of_order_stand_in_the_platforms_order(channel: Channel) -> None:
    for number in (3, 1, 2):
        channel.clock.advance(1)
        at = (NOON - timedelta(seconds=60 - number)).isoformat()
        await channel.take(said("s1", f"m{number}", f"{number}", sent_at=at, sequence=number))
    (conversation,) = await channel.rows(ConversationRow)
    async with channel.store.merchant(conversation.merchant) as session:
        talk = await load_talk(session, conversation.id)
    assert [message.text for message in talk.conversation.messages] == ["1", "2", "3"]


async def test_ids_beyond_what_javascript_counts_stay_as_they_are(channel: Channel) -> None:
    big = {"message": "9223372036854775807123", "conversation": "7494560109732334274", "buyer": "7494560109732334275"}
    event = said("s1", big["message"], conversation=big["conversation"], order_id="576653688135258178")
    await channel.take({**event, "buyer": big["buyer"], "sequence": 7494560109732334276})
    await channel.take(said("s1", "m2", conversation=big["conversation"], sequence=2**63))
    first, second = await channel.rows(MessageRow)
    assert (first.platform_message_id, first.order_id) == (big["message"], "576653688135258178")
    assert (first.sequence, second.sequence) == (7494560109732334276, None)
    assert (await channel.rows(ConversationRow))[0].platform_conversation_id == big["conversation"]
    assert (await channel.rows(BuyerRow))[0].platform_buyer_id == big["buyer"]


async def test_words_that_a_database_cannot_hold_lose_only_those_signs(channel: Channel) -> None:
    await channel.take(said("s1", "m1", "还没到\x00吗\ud83d", nickname="a\x00b"))
    (row,) = await channel.rows(MessageRow)
    assert row.text == "还没到\ufffd吗\ufffd"
    assert (await channel.rows(BuyerRow))[0].nickname == "a\ufffdb"
    assert await channel.rows(DeadLetterRow) == []


async def test_what_a_later_message_does_not_say_stays_known(channel: Channel) -> None:
    await channel.take(said("s1", "m1", nickname="Li", order_key="k1", entered_from_order="o1"))
    await channel.take(said("s1", "m2"), said("s1", "m3", role="agent", sent_by="person"))
    (buyer,) = await channel.rows(BuyerRow)
    assert (buyer.nickname, buyer.order_key) == ("Li", "k1")
    (conversation,) = await channel.rows(ConversationRow)
    assert (conversation.entered_from_order, conversation.buyer) == ("o1", buyer.id)
    # The page that a second delivery of an old message names was left long ago.
    await channel.take(said("s1", "m4", entered_from_order="o2"))
    await channel.take(said("s1", "m1", nickname="Li", order_key="k1", entered_from_order="o1"))
    assert (await channel.rows(ConversationRow))[0].entered_from_order == "o2"


async def test_a_conversation_that_the_shop_began_gets_its_buyer_when_they_write(channel: Channel) -> None:
    await channel.take(said("s1", "m1", role="system"))
    assert (await channel.rows(ConversationRow))[0].buyer is None
    await channel.take(said("s1", "m2"))
    (buyer,) = await channel.rows(BuyerRow)
    assert (await channel.rows(ConversationRow))[0].buyer == buyer.id
    # Nobody else becomes the buyer of it.
    await channel.take({**said("s1", "m3"), "buyer": "somebody-else"})
    assert (await channel.rows(ConversationRow))[0].buyer == buyer.id


async def test_a_platform_whose_clock_runs_ahead_is_believed_for_seconds_only(channel: Channel) -> None:
    await channel.take(said("s1", "m1", sent_at=(NOON + timedelta(hours=3)).isoformat()))
    (row,) = await channel.rows(MessageRow)
    assert row.sent_at == NOON + timedelta(seconds=5)


async def test_a_picture_keeps_its_address_and_size(channel: Channel) -> None:
    media = {"url": "https://pictures.example/1.jpg", "width": 800, "height": None}
    await channel.take(said("s1", "m1", "", kind="image", media=media))
    (row,) = await channel.rows(MessageRow)
    assert (row.kind, row.media) == ("image", media)


async def _draft(channel: Channel, conversation: ConversationRow, state: str) -> None:
    async with channel.store.merchant(conversation.merchant) as session:
        session.add(
            DraftRow(
                merchant=conversation.merchant,
                id=uuid.uuid4(),
                shop=conversation.shop,
                conversation=conversation.id,
                state=state,
                flow_version="1",
                burst=[],
                created_at=NOON,
                updated_at=NOON,
            )
        )


async def test_an_order_that_moves_is_old_and_waiting_conversations_are_drafted_again(channel: Channel) -> None:
    for number in (1, 2, 3, 4):
        await channel.take(said("s1", f"m{number}", conversation=f"c{number}", order_key=f"k{number}"))
    await channel.take(said("s1", "m5", "", conversation="c4", kind="order_card", order_id="o1"))
    conversations: dict[str, Any] = {row.platform_conversation_id: row for row in await channel.rows(ConversationRow)}
    await _draft(channel, conversations["c1"], "blocked")
    await _draft(channel, conversations["c2"], "proposed")
    await _draft(channel, conversations["c4"], "proposed")
    found = order("o1", "k1")
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        session.add(
            OrderRow(
                merchant=channel.merchants["s1"],
                shop=conversations["c1"].shop,
                platform_order_id="o1",
                buyer_key="k1",
                body=found.order.model_dump(mode="json"),
                fetched_at=NOON,
            )
        )
    before = len(await channel.jobs())
    channel.clock.advance(10)
    await channel.take({"type": "order_changed", "shop": "s1", "order_id": "o1"})
    (row,) = await channel.rows(OrderRow)
    assert row.changed_at == channel.clock.now()
    assert len(await channel.jobs()) - before == 2, "the buyer's conversation and the one with the card"
    # Another shop's order of that number is another order.
    await channel.take({"type": "order_changed", "shop": "s2", "order_id": "o1"}, secret="secret-2")
    assert len(await channel.jobs()) - before == 2


async def test_a_conversation_that_changed_is_looked_up_again(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        row = (await session.scalars(select(ConversationRow))).one()
        row.looked_up_at = NOON
    await channel.take({"type": "conversation_changed", "shop": "s1", "conversation": "c1"})
    await channel.take({"type": "conversation_changed", "shop": "s1", "conversation": "never heard of"})
    (conversation,) = await channel.rows(ConversationRow)
    assert conversation.looked_up_at is None
    assert (await channel.topics()).count("conversation.changed") == 1
