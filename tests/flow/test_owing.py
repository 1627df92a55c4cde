"""What is promised is owed from the moment it was said until somebody keeps it, a fact shows it, or time runs out."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import owing
from copilot.channel.lookup import Lookup
from copilot.channel.owing import NotOpen, settle
from copilot.channel.proving import prove_by_orders
from copilot.channel.typed import queue_typed
from copilot.domain.case import CommitmentState
from copilot.domain.message import Role
from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Order, OrderStatus, Shipment, TrackingEvent
from copilot.domain.plan import Promise
from copilot.flow.talks import load_talk
from copilot.jobs.owed import OwedJobs
from copilot.store.tables import CommitmentRow, ConversationRow, EventRow, OutboxRow, TimerRow
from tests.flow.conftest import World

TEA = Money(amount="20.00", currency="CNY")


async def _owed(world: World) -> list[CommitmentRow]:
    async with world.store.merchant(world.merchant) as session:
        rows = await session.scalars(select(CommitmentRow).order_by(CommitmentRow.created_at, CommitmentRow.id))
        return list(rows)


async def _topics(world: World) -> list[str]:
    async with world.store.merchant(world.merchant) as session:
        rows = await session.scalars(select(EventRow.topic).order_by(EventRow.id))
        return [topic for topic in rows if topic.startswith("commitment.")]


async def _typed(world: World, text: str, *promises: Promise, conversation: str = "c1") -> uuid.UUID:
    """An agent's own reply, sent."""
    found = await world.buyer("在吗", conversation)
    await world.types(found, text, promises)
    return found


def _jobs(world: World) -> OwedJobs:
    return OwedJobs(world.store, Lookup(world.store, world.outbox.accounts, world.clock), world.clock)


def _reship(world: World, hours: float = 4) -> Promise:
    return Promise(what="reship", due=world.clock.now() + timedelta(hours=hours), fact="agent")


async def test_a_promise_is_owed_only_once_its_message_is_sent(world: World) -> None:
    conversation, reply = await world.buyer("碎了"), uuid.uuid4()
    async with world.store.merchant(world.merchant) as session:
        await queue_typed(
            session,
            merchant=world.merchant,
            shop=world.shop.id,
            conversation=conversation,
            id=reply,
            text="明天给您补发",
            by="agent-1",
            clock=world.clock,
            owes=[Promise(what="reship", due=world.clock.now() + timedelta(days=1), fact="agent", amount=TEA)],
        )
    assert await _owed(world) == []

    await world.outbox.send(world.merchant, reply)

    (row,) = await _owed(world)
    assert (row.what, row.state, row.source, row.by) == ("reship", "owed", "typed", "agent-1")
    assert row.amount == TEA.model_dump(mode="json")
    assert row.platform_message_id == "platform-1"
    assert await _topics(world) == ["commitment.owed"]


@pytest.mark.parametrize(
    ("said", "what", "due"),
    [
        ("明天下午三点前给您补发一套新的", "reship", datetime(2026, 11, 21, 7, 0, tzinfo=UTC)),
        ("好的,我今天给您退20元", "refund", datetime(2026, 11, 20, 15, 59, tzinfo=UTC)),
        ("I'll send you a replacement by Nov 25", "reship", datetime(2026, 11, 25, 15, 59, tzinfo=UTC)),
    ],
)
async def test_what_a_colleague_promises_on_the_platform_is_owed_too(
    world: World, said: str, what: str, due: datetime
) -> None:
    await world.buyer("杯子碎了两个")
    await world.hears(Role.AGENT, said)

    (row,) = await _owed(world)
    assert (row.what, row.due, row.source, row.by) == (what, due, "platform", None)


@pytest.mark.parametrize("said", ["您要补发还是退款?", "这个不能退哦", "昨天已经给您补发了", "A 补发 B 退款,您选哪个"])
async def test_a_question_a_refusal_and_what_is_done_owe_nothing(world: World, said: str) -> None:
    await world.buyer("杯子碎了两个")
    await world.hears(Role.AGENT, said)
    assert await _owed(world) == []


async def test_the_buyer_owes_nothing(world: World) -> None:
    await world.buyer("我明天给您退回去")
    assert await _owed(world) == []


async def test_it_is_called_to_mind_before_its_time_and_broken_at_it(world: World) -> None:
    await _typed(world, "四小时内给您补发", _reship(world))
    (row,) = await _owed(world)
    jobs = _jobs(world)

    async with world.store.system() as session:
        due = {timer.kind: timer.due_at for timer in await session.scalars(select(TimerRow))}
    assert row.due is not None
    assert due["commitment.soon"] == row.due - owing.SOON
    assert due["commitment.due"] == row.due

    world.clock.advance(4 * 3600 - owing.SOON.total_seconds())
    await jobs.soon(world.merchant, row.id)
    await jobs.due(world.merchant, row.id)
    assert (await _owed(world))[0].state == CommitmentState.OWED

    world.clock.advance(owing.SOON.total_seconds())
    await jobs.due(world.merchant, row.id)
    await jobs.due(world.merchant, row.id)
    assert (await _owed(world))[0].state == CommitmentState.BROKEN
    assert await _topics(world) == ["commitment.owed", "commitment.soon", "commitment.broken"]


async def test_a_tick_ends_it_and_its_timers_and_a_second_one_changes_nothing(world: World) -> None:
    await _typed(world, "四小时内给您补发", _reship(world))
    (row,) = await _owed(world)
    for _ in range(2):
        async with world.store.merchant(world.merchant) as session:
            await settle(session, row.id, CommitmentState.DONE, by="agent-2", evidence="寄出了", now=world.clock.now())
    async with world.store.merchant(world.merchant) as session:
        with pytest.raises(NotOpen):
            await settle(session, row.id, CommitmentState.WITHDRAWN, by="agent-2", evidence=None, now=world.clock.now())

    (row,) = await _owed(world)
    assert (row.state, row.settled_by, row.evidence) == ("done", "agent-2", "寄出了")
    async with world.store.system() as session:
        kinds = set(await session.scalars(select(TimerRow.kind)))
    assert not {kind for kind in kinds if kind.startswith("commitment.")}
    assert await _topics(world) == ["commitment.owed", "commitment.done"]


async def test_a_broken_promise_can_still_be_kept(world: World) -> None:
    await _typed(world, "四小时内给您补发", _reship(world))
    (row,) = await _owed(world)
    world.clock.advance(5 * 3600)
    await _jobs(world).due(world.merchant, row.id)
    async with world.store.merchant(world.merchant) as session:
        await settle(session, row.id, CommitmentState.DONE, by="agent-2", evidence=None, now=world.clock.now())
    assert (await _owed(world))[0].state == "done"


async def test_who_promised_word_keeps_it_by_the_next_message(world: World) -> None:
    hold = Promise(what="hold", due=world.clock.now() + timedelta(hours=2), fact="hold.return_at")
    await _typed(world, "我去核实,两小时内在这里答复您", hold, _reship(world))
    world.clock.advance(600)
    await _typed(world, "查到了,包裹在杭州")

    kept = {row.what: row for row in await _owed(world)}
    assert (kept["hold"].state, kept["hold"].evidence) == ("done", "message:platform-2")
    assert kept["reship"].state == "owed"


async def test_who_only_promises_word_again_has_not_kept_it(world: World) -> None:
    for hours in (2, 4):
        hold = Promise(what="hold", due=world.clock.now() + timedelta(hours=hours), fact="hold.return_at")
        await _typed(world, f"还在核实,{hours}小时内答复您", hold)
        world.clock.advance(60)
    assert [row.state for row in await _owed(world)] == ["withdrawn", "owed"]


def _order(**values: object) -> Order:
    return Order.model_validate({"id": "o1", "status": OrderStatus.DELIVERED, **values})


async def _proved(world: World, order: Order) -> list[CommitmentRow]:
    async with world.store.merchant(world.merchant) as session:
        buyer = await session.scalar(select(ConversationRow.buyer))
        await prove_by_orders(session, buyer, [order], world.clock.now())
    return await _owed(world)


async def test_money_that_left_after_the_promise_proves_it(world: World) -> None:
    refund = Promise(what="refund", due=world.clock.now() + timedelta(hours=4), fact="agent")
    await _typed(world, "今天给您退20元", refund)
    before, after = world.clock.now() - timedelta(days=2), world.clock.now() + timedelta(minutes=5)

    def refunded(at: datetime) -> Order:
        request = AfterSale(id="as1", kind=AfterSaleKind.REFUND, status="refunded", refunded_at=at)
        return _order(after_sales=[request])

    assert [row.state for row in await _proved(world, refunded(before))] == ["owed"]
    (row,) = await _proved(world, refunded(after))
    assert (row.state, row.evidence, row.settled_by) == ("done", "after_sale:as1", None)


async def test_a_label_is_no_parcel_and_the_first_scan_is(world: World) -> None:
    await _typed(world, "四小时内给您补发", _reship(world))
    label = Shipment(carrier="顺丰", tracking_no="SF2")
    scanned = label.model_copy(
        update={"events": (TrackingEvent(at=world.clock.now() + timedelta(hours=1), text="已揽收"),)}
    )
    assert [row.state for row in await _proved(world, _order(shipments=[label]))] == ["owed"]
    (row,) = await _proved(world, _order(shipments=[label, scanned]))
    assert (row.state, row.evidence) == ("done", "shipment:SF2")


async def test_another_buyers_order_proves_nothing(world: World) -> None:
    await _typed(
        world, "今天给您退20元", Promise(what="refund", due=world.clock.now() + timedelta(hours=4), fact="agent")
    )
    request = AfterSale(
        id="as1", kind=AfterSaleKind.REFUND, status="refunded", refunded_at=world.clock.now() + timedelta(minutes=5)
    )
    async with world.store.merchant(world.merchant) as session:
        await prove_by_orders(session, uuid.uuid4(), [_order(after_sales=[request])], world.clock.now())
    assert [row.state for row in await _owed(world)] == ["owed"]


async def test_later_turns_see_what_was_promised(world: World) -> None:
    conversation = await _typed(world, "四小时内给您补发", _reship(world).model_copy(update={"amount": TEA}))
    async with world.store.merchant(world.merchant) as session:
        (promise,) = (await load_talk(session, conversation)).conversation.commitments
    assert (promise.what, promise.amount, promise.state, promise.by) == ("reship", TEA, CommitmentState.OWED, "agent-1")
    assert promise.due == world.clock.now() + timedelta(hours=4)
    assert promise.message == "platform-1"


async def test_what_was_heard_as_an_echo_is_not_owed_twice(world: World) -> None:
    conversation = await world.buyer("杯子碎了两个")
    await world.hears(Role.AGENT, "明天给您补发")
    (heard,) = await _owed(world)
    async with world.store.merchant(world.merchant) as session:
        await owing.owe(
            session,
            [_reship(world, 24)],
            merchant=world.merchant,
            shop=world.shop.id,
            conversation=conversation,
            message=str(heard.platform_message_id),
            source="typed",
            at=world.clock.now(),
            now=world.clock.now(),
        )
    assert [row.id for row in await _owed(world)] == [heard.id]


async def test_a_new_choice_takes_the_place_of_the_promise_before(world: World) -> None:
    conversation, now = await world.buyer("碎了"), world.clock.now()
    due = now + timedelta(hours=4)

    async def said(what: str, message: str, replaces: str | None) -> None:
        async with world.store.merchant(world.merchant) as session:
            await owing.owe(
                session, [Promise(what=what, due=due, fact="agent")], merchant=world.merchant, shop=world.shop.id,
                conversation=conversation, message=message, source="draft", at=now, now=now, order_id="o1",
                replaces=replaces,
            )  # fmt: skip

    await said("option.refund_keep", "m1", None)
    # Said again it is the same promise, not a second one.
    await said("option.refund_keep", "m2", "option.refund_keep")
    assert [(row.what, row.state) for row in await _owed(world)] == [("option.refund_keep", CommitmentState.OWED)]

    # Nor is it one in a person's own words, which know no options.
    await said("refund_keep", "m2b", "option.refund_keep")
    assert [(row.what, row.state) for row in await _owed(world)] == [("option.refund_keep", CommitmentState.OWED)]

    await said("option.reship", "m3", "option.refund_keep")
    found = {row.what: (row.state, row.evidence) for row in await _owed(world)}
    assert found == {
        "option.refund_keep": (CommitmentState.WITHDRAWN, "message:m3"),
        "option.reship": (CommitmentState.OWED, None),
    }


async def test_a_send_whose_transaction_is_rolled_back_owes_nothing_until_it_is_known_as_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, reply = await world.buyer("碎了"), uuid.uuid4()
    async with world.store.merchant(world.merchant) as session:
        await queue_typed(
            session,
            merchant=world.merchant,
            shop=world.shop.id,
            conversation=conversation,
            id=reply,
            text="四小时内给您补发",
            by="agent-1",
            clock=world.clock,
            owes=[_reship(world)],
        )
    world.adapter.idempotent_send = True
    reached: list[int] = []

    async def breaks(session: AsyncSession, _: OutboxRow) -> None:
        # What is kept of the promise stands in this transaction, and in no other.
        reached.append(len((await session.scalars(select(CommitmentRow))).all()))
        raise OperationalError("commit", None, ConnectionResetError())

    with monkeypatch.context() as broken:
        broken.setattr("copilot.channel.sent.card_answered", breaks)
        with pytest.raises(OperationalError):
            await world.outbox.send(world.merchant, reply)

    assert reached == [1]
    assert await _owed(world) == []
    assert await _topics(world) == []
    async with world.store.system() as session:
        kinds = [timer.kind for timer in await session.scalars(select(TimerRow))]
    assert not any(kind.startswith("commitment.") for kind in kinds)
    (row,) = await world.replies()
    assert (row.state, row.platform_message_id) == ("sending", None)

    await world.outbox.send(world.merchant, reply)

    assert [(one.what, one.state, one.source) for one in await _owed(world)] == [("reship", "owed", "typed")]
    assert await _topics(world) == ["commitment.owed"]
