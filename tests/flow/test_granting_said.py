"""What a colleague gives in the platform's own window counts toward the order and the buyer, where it can be told."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from copilot.channel.inbox import receive
from copilot.channel.owing import settle
from copilot.channel.sent import ReplyState, record_sent
from copilot.domain.case import CommitmentState
from copilot.domain.errors import OverCeiling, StaleDraft
from copilot.domain.message import Message, Role
from copilot.domain.order import AfterSale, AfterSaleKind, Order, OrderStatus
from copilot.domain.plan import Limits
from copilot.flow.granting import STANDS
from copilot.sdk import MessageEvent
from copilot.store.tables import (
    CommitmentRow,
    ConversationRow,
    GrantRow,
    OrderRow,
    OutboxRow,
    PersonRow,
    ReceptionRow,
)
from tests.flow.conftest import World
from tests.flow.test_granting import accept, given, limits, proposed, yuan
from tests.flow.test_granting_typed import moves, types

ROW = tuple[str, str | None, int, str, str]


async def told(world: World) -> list[ROW]:
    """State, order, sum, currency and whose day of what a colleague's messages give."""
    async with world.store.merchant(world.merchant) as session:
        rows = await session.scalars(
            select(GrantRow).where(GrantRow.message.is_not(None)).order_by(GrantRow.created_at, GrantRow.minor)
        )
        return [(row.state, row.order_id, row.minor, row.currency, row.by) for row in rows]


async def entered(world: World, talk: uuid.UUID, order: str = "o1") -> None:
    """The buyer came from the page of the order."""
    async with world.store.merchant(world.merchant) as session:
        values = {"entered_from_order": order}
        await session.execute(update(ConversationRow).where(ConversationRow.id == talk).values(**values))


async def says(world: World, text: str, *, order: str | None = None, agent: str | None = None) -> None:
    """A colleague writes in the platform's own window."""
    world.said += 1
    message = Message(
        id=f"m{world.said}", role=Role.AGENT, text=text, sent_at=world.clock.now(), order_id=order, agent=agent
    )
    event = MessageEvent(shop=world.shop.platform_shop_id, conversation="c1", message=message, buyer="buyer-c1")
    async with world.store.merchant(world.merchant) as session:
        await receive(session, world.shop, event, None, world.clock)
    # The same delivery once more.
    async with world.store.merchant(world.merchant) as session:
        await receive(session, world.shop, event, None, world.clock)


async def test_what_a_colleague_promised_leaves_less_of_the_orders_ceiling(world: World) -> None:
    await entered(world, await world.buyer("杯子碎了"))
    await says(world, "不好意思,今天给您退60元")
    assert await told(world) == [("settled", "o1", 6000, "CNY", "")]
    with pytest.raises(OverCeiling) as caught:
        await accept(world, await proposed(world, "30.00"))
    assert (caught.value.ceiling, caught.value.left) == ("per_order", "20.00 CNY")
    # In another conversation and by another agent it is the same order.
    with pytest.raises(OverCeiling):
        await accept(world, await proposed(world, "30.00", conversation="c2"), by="agent-2")
    await accept(world, await proposed(world, "20.00"))


async def test_without_an_order_it_counts_for_the_buyer_and_for_nobodys_day(world: World) -> None:
    await world.buyer("杯子碎了")
    await says(world, "给您补偿60元")
    assert await told(world) == [("settled", None, 6000, "CNY", "")]
    with pytest.raises(OverCeiling) as caught:
        await accept(world, await proposed(world, "50.00", of=limits("80.00", buyer="100.00")))
    assert (caught.value.ceiling, caught.value.left) == ("per_buyer", "40.00 CNY")
    await accept(world, await proposed(world, "80.00", of=limits("80.00", day="80.00")))


async def test_it_counts_in_the_day_of_the_person_whom_the_platform_names(world: World) -> None:
    person, now = uuid.uuid4(), world.clock.now()
    async with world.store.merchant(world.merchant) as session:
        session.add(
            PersonRow(
                merchant=world.merchant,
                id=person,
                login="agent-7",
                name="Agent 7",
                role="agent",
                language="zh",
                password_hash="",
                active=True,
                created_at=now,
            )
        )
        await session.flush()
        session.add(ReceptionRow(merchant=world.merchant, id=person, platform_name="tb-07", updated_at=now))
    await world.buyer("杯子碎了")
    await says(world, "给您退60元", agent="tb-07")
    assert [by for *_, by in await told(world)] == [str(person)]
    with pytest.raises(OverCeiling) as caught:
        await accept(world, await proposed(world, "30.00", of=limits("80.00", day="80.00")), by=str(person))
    assert (caught.value.ceiling, caught.value.left) == ("per_day", "20.00 CNY")


@pytest.mark.parametrize(
    ("text", "minor", "state"),
    [
        ("给您退20元可以吗", 2000, "offered"),
        ("您可以选退20元,或者退30元留着用", 3000, "offered"),
        ("给您退20元,另外再补偿10元", 3000, "settled"),
    ],
)
async def test_an_offer_counts_while_it_stands_and_of_a_choice_the_dearest(
    world: World, text: str, minor: int, state: str
) -> None:
    await world.buyer("杯子碎了")
    await says(world, text)
    assert [(row[0], row[2]) for row in await told(world)] == [(state, minor)]


@pytest.mark.parametrize("text", ["您付了99元对吗", "这个不能退哦", "明天给您补发", "您好"])
async def test_what_gives_no_money_that_can_be_told_counts_nothing(world: World, text: str) -> None:
    await world.buyer("杯子碎了")
    await says(world, text)
    assert await told(world) == []


async def test_an_offer_that_nobody_took_up_stops_counting(world: World) -> None:
    await entered(world, await world.buyer("杯子碎了"))
    await says(world, "给您退80元可以吗")
    row = await proposed(world, "80.00", conversation="c2")
    with pytest.raises(OverCeiling):
        await accept(world, row)
    world.clock.advance((STANDS + timedelta(hours=1)).total_seconds())
    await accept(world, await proposed(world, "80.00", conversation="c3"))


async def test_what_is_only_said_again_is_given_once(world: World) -> None:
    talk = await world.buyer("杯子碎了")
    await entered(world, talk)
    await types(world, talk, "20.00")
    await says(world, "刚才说的20元今天就给您退")
    assert await told(world) == []
    await says(world, "另外再补偿您20元")
    assert [row[:3] for row in await told(world)] == [("settled", "o1", 2000)]
    await says(world, "20元今天给您退")
    assert await given(world) == 4000


async def test_a_colleagues_word_takes_up_the_drafts_offer_or_its_place(world: World) -> None:
    talk = await world.buyer("杯子碎了")
    await entered(world, talk)
    await accept(world, await proposed(world, "20.00", settled=False))
    await says(world, "好的,给您退20元")
    async with world.store.merchant(world.merchant) as session:
        assert [(one.state, one.minor) for one in await session.scalars(select(GrantRow))] == [("settled", 2000)]
    await accept(world, await proposed(world, "30.00", settled=False))
    await says(world, "好的,给您退25元")
    assert await given(world) == 4500


async def test_a_refund_that_is_under_way_anyway_is_nobodys_to_give(world: World) -> None:
    await entered(world, await world.buyer("杯子碎了"))
    asked = AfterSale(id="a1", kind=AfterSaleKind.REFUND, status="in_progress", amount=yuan("60.00"))
    order = Order(id="o1", status=OrderStatus.DELIVERED, after_sales=(asked,))
    async with world.store.merchant(world.merchant) as session:
        session.add(
            OrderRow(
                merchant=world.merchant,
                id=uuid.uuid4(),
                shop=world.shop.id,
                platform_order_id="o1",
                body=order.model_dump(mode="json"),
                fetched_at=world.clock.now(),
            )
        )
    await says(world, "您的60元今天给您退")
    assert await told(world) == []
    await says(world, "给您退15元")
    assert [row[2] for row in await told(world)] == [1500]


async def test_a_promise_that_a_person_withdraws_as_none_gives_the_sum_back(world: World) -> None:
    await entered(world, await world.buyer("杯子碎了"))
    await says(world, "明天给您退80元")
    async with world.store.merchant(world.merchant) as session:
        (owed,) = await session.scalars(select(CommitmentRow))
        await settle(session, owed.id, CommitmentState.WITHDRAWN, by="p", evidence=None, now=world.clock.now())
    assert await given(world) == 0
    await accept(world, await proposed(world, "80.00"))


async def test_an_echo_that_was_heard_before_its_reply_was_known_as_sent_counts_once(world: World) -> None:
    talk = await world.buyer("杯子碎了")
    await entered(world, talk)
    reply = await types(world, talk, "60.00", text="给您退60元")
    await moves(world, reply, ReplyState.FAILED)
    # It was given up for lost, and had arrived all the same.
    await says(world, "给您退60元")
    assert await given(world) == 6000
    async with world.store.merchant(world.merchant) as session:
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.id == reply).with_for_update())).one()
        await record_sent(session, row, f"m{world.said}", world.clock)
    assert await told(world) == []
    assert await given(world) == 6000


async def test_a_ceiling_of_a_colleagues_own_currency_is_another_one(world: World) -> None:
    await entered(world, await world.buyer("my cup broke"))
    await says(world, "I'll refund you $60 today")
    assert [row[2:4] for row in await told(world)] == [(6000, "USD")]
    await accept(world, await proposed(world, "80.00", of={"agent": Limits(per_order=yuan("80.00"))}))


async def test_words_that_arrive_while_drafts_are_accepted_hold_nobody_up(world: World) -> None:
    talk = await world.buyer("杯子碎了")
    await entered(world, talk)
    await accept(world, await proposed(world, "5.00", settled=False))
    rows = [await proposed(world, "10.00", conversation=f"c{n}", order="o1") for n in range(1, 5)]
    async with asyncio.timeout(60):
        results = await asyncio.gather(
            *(accept(world, row, by=f"agent-{n}") for n, row in enumerate(rows)),
            *(says(world, f"给您退{amount}元") for amount in (5, 11, 12)),
            return_exceptions=True,
        )
    assert all(result is None or isinstance(result, OverCeiling | StaleDraft) for result in results), results
    said = sum(row[2] for row in await told(world) if row[0] == "settled")
    assert said >= 2300
    with pytest.raises(OverCeiling):
        await accept(world, await proposed(world, "70.00", conversation="c9"))
