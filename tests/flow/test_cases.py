"""A case outlives its session, its agent and its messages; what people and orders decided about it holds."""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from copilot.channel.inbox import receive
from copilot.channel.lookup import Looked
from copilot.channel.resolving import NoSuchCase, resolve_by_orders, resolve_by_person
from copilot.clock import load_profile
from copilot.domain.case import Case, CaseState, OrderWhy
from copilot.domain.draft import Rejection, RejectReason
from copilot.domain.issue import Issue
from copilot.domain.message import Kind, Message, Role
from copilot.domain.order import AfterSale, AfterSaleKind, Order, OrderStatus, Shipment, TrackingEvent
from copilot.domain.plan import Promise
from copilot.flow import casebook
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.flow.shops import Shops
from copilot.flow.talks import Talk, load_talk
from copilot.sdk import MessageEvent
from copilot.store.tables import CaseRow, CommitmentRow, ConversationRow, DraftRow, MessageRow
from tests.flow.conftest import World

ORDER = "6920348170035512"
LATE = "我的快递怎么还没到,都晚了好几天了"


async def kept(world: World) -> list[CaseRow]:
    """The rows, oldest first."""
    async with world.store.merchant(world.merchant) as session:
        return list(await session.scalars(select(CaseRow).order_by(CaseRow.position)))


async def talk_of(world: World, conversation: uuid.UUID) -> Talk:
    """The conversation as a draft reads it."""
    async with world.store.merchant(world.merchant) as session:
        return await load_talk(session, conversation)


async def cards(world: World, order: str = ORDER, conversation: str = "c1", buyer: str = "buyer-c1") -> uuid.UUID:
    """The buyer sends an order's card."""
    world.said += 1
    now = world.clock.now()
    message = Message(id=f"m{world.said}", role=Role.BUYER, kind=Kind.ORDER_CARD, text="", order_id=order, sent_at=now)
    return await _hears(world, message, conversation, buyer)


async def writes(world: World, text: str, conversation: str = "c1", buyer: str = "buyer-c1") -> uuid.UUID:
    """The buyer writes, in whichever conversation."""
    world.said += 1
    message = Message(id=f"m{world.said}", role=Role.BUYER, text=text, sent_at=world.clock.now())
    return await _hears(world, message, conversation, buyer)


async def _hears(world: World, message: Message, conversation: str, buyer: str) -> uuid.UUID:
    profile = load_profile(world.shop.profile, world.driver.shops.folders, world.clock.now())
    event = MessageEvent(shop=world.shop.platform_shop_id, conversation=conversation, message=message, buyer=buyer)
    async with world.store.merchant(world.merchant) as session:
        return (await receive(session, world.shop, event, profile, world.clock)).conversation


async def answers(world: World, conversation: uuid.UUID, text: str, *promises: Promise) -> None:
    """An agent's own reply, sent, and the cases read after it."""
    world.clock.advance(5)
    await world.types(conversation, text, promises)
    world.clock.advance(5)
    await reread(world, conversation)


async def reread(world: World, conversation: uuid.UUID) -> int:
    async with world.store.merchant(world.merchant) as session:
        return await casebook.reread(session, conversation, world.clock.now())


async def raised(world: World, text: str = LATE) -> uuid.UUID:
    """A case about an order, answered once."""
    await cards(world)
    world.clock.advance(2)
    conversation = await writes(world, text)
    await world.driver.draft_conversation(world.merchant, conversation)
    await answers(world, conversation, "在路上了,明天到")
    return conversation


async def solved(world: World, conversation: uuid.UUID, case: CaseRow) -> bool:
    async with world.store.merchant(world.merchant) as session:
        return (
            await resolve_by_person(session, conversation, case.id, by="agent-2", evidence=None, now=world.clock.now())
        )[1]


async def test_a_turn_that_was_read_and_a_reply_that_was_sent_are_kept(world: World) -> None:
    await cards(world)
    conversation = await writes(world, LATE)
    await world.driver.draft_conversation(world.merchant, conversation)
    (row,) = await kept(world)
    assert (row.issue, row.order_id, row.state) == ("delivery_delay", ORDER, "open")
    assert row.raised_at == world.clock.now()

    await answers(world, conversation, "我去核实一下,稍后答复您")
    (row,) = await kept(world)
    assert (row.state, Case.model_validate(row.body).holds) == ("waiting_us", 1)
    assert await reread(world, conversation) == 0, "nothing new was said"


async def test_another_reading_of_the_same_words_leaves_no_second_case(world: World) -> None:
    conversation = await writes(world, "我的快递到哪了")
    await world.driver.draft_conversation(world.merchant, conversation)
    assert [row.issue for row in await kept(world)] == ["logistics_query"]
    async with world.store.merchant(world.merchant) as session:
        await session.execute(update(MessageRow).values(text="收到的杯子碎了两个"))
    await reread(world, conversation)
    assert [row.issue for row in await kept(world)] == ["damaged"]


async def test_a_transfer_changes_nothing(world: World) -> None:
    conversation = await raised(world)
    (before,) = await kept(world)
    await world.hears(Role.SYSTEM, "会话已转接给客服小王")
    await world.hears(Role.AGENT, "您好,我是小王,接着帮您看")
    await world.driver.draft_conversation(world.merchant, conversation)
    (after,) = await kept(world)
    assert (after.id, after.issue, after.order_id) == (before.id, before.issue, before.order_id)


async def test_a_case_outlives_its_messages(world: World) -> None:
    conversation = await raised(world)
    async with world.store.merchant(world.merchant) as session:
        await session.execute(delete(MessageRow))
    world.clock.advance(3600)
    await reread(world, conversation)
    (row,) = await kept(world)
    assert (row.issue, row.order_id, row.state) == ("delivery_delay", ORDER, "open")

    await writes(world, "到哪了呀")
    (case,) = (await talk_of(world, conversation)).with_cases.cases
    assert case.order is not None
    assert (case.issue, case.order.id) == (Issue.DELIVERY_DELAY, ORDER)


async def test_what_is_kept_is_not_counted_twice(world: World) -> None:
    await cards(world)
    conversation = await writes(world, LATE)
    await answers(world, conversation, "我去核实一下,稍后答复您")
    async with world.store.merchant(world.merchant) as session:
        await session.execute(delete(MessageRow).where(MessageRow.role == Role.BUYER))
    for _ in range(2):
        await reread(world, conversation)
        (row,) = await kept(world)
        assert Case.model_validate(row.body).holds == 1


async def test_the_buyer_returns_next_day_in_another_conversation(world: World) -> None:
    first = await raised(world)
    (row,) = await kept(world)
    async with world.store.merchant(world.merchant) as session:
        session.add(
            CommitmentRow(
                merchant=world.merchant,
                conversation=first,
                order_id=ORDER,
                what="reship",
                state="owed",
                created_at=world.clock.now(),
                updated_at=world.clock.now(),
            )
        )
    world.clock.advance(24 * 3600)
    second = await writes(world, "还没到,到底什么时候能到", "c2")
    assert first != second

    found = await talk_of(world, second)
    (case,) = found.with_cases.cases
    assert case.order is not None
    assert case.order.id == ORDER
    assert [promise.what for promise in case.commitments] == ["reship"]
    await world.driver.draft_conversation(world.merchant, second)
    (after,) = await kept(world)
    assert (after.id, after.conversation, after.order_id) == (row.id, second, ORDER)


async def test_another_order_is_another_case(world: World) -> None:
    conversation = await raised(world)
    (row,) = await kept(world)
    await cards(world, "6920348170099999")
    await writes(world, LATE)
    await world.driver.draft_conversation(world.merchant, conversation)
    first, second = await kept(world)
    assert (first.id, first.order_id) == (row.id, ORDER)
    assert second.order_id == "6920348170099999"


async def test_nobody_elses_case_is_known(world: World) -> None:
    await raised(world)
    other = await writes(world, "还没到", "c9", "buyer-9")
    assert (await talk_of(world, other)).memory == ()


async def test_what_a_colleague_resolved_holds_and_a_second_time_changes_nothing(world: World) -> None:
    conversation = await raised(world)
    (row,) = await kept(world)
    assert await solved(world, conversation, row)
    assert not await solved(world, conversation, row)
    world.clock.advance(60)
    await reread(world, conversation)

    (row,) = await kept(world)
    assert (row.state, row.resolved_by) == ("resolved", "agent-2")
    assert [case.state for case in (await talk_of(world, conversation)).with_cases.cases] == [CaseState.RESOLVED]
    async with world.store.merchant(world.merchant) as session:
        with pytest.raises(NoSuchCase):
            await resolve_by_person(session, uuid.uuid4(), row.id, by="agent-2", evidence=None, now=world.clock.now())


async def test_it_is_reopened_when_the_buyer_raises_it_again(world: World) -> None:
    conversation = await raised(world)
    (row,) = await kept(world)
    await solved(world, conversation, row)
    world.clock.advance(3600)
    await writes(world, LATE)
    await world.driver.draft_conversation(world.merchant, conversation)

    (row,) = await kept(world)
    assert (row.state, row.reopened, row.resolved_at, row.resolved_by) == ("open", 1, None, None)
    assert row.reopened_by == f"message:m{world.said}"
    await reread(world, conversation)
    assert (await kept(world))[0].reopened == 1


async def test_thanks_do_not_reopen_it(world: World) -> None:
    conversation = await raised(world)
    (row,) = await kept(world)
    await solved(world, conversation, row)
    world.clock.advance(3600)
    await writes(world, "好的 谢谢")
    await world.driver.draft_conversation(world.merchant, conversation)
    assert [row.state for row in await kept(world)] == ["resolved"]


async def test_what_somebody_decided_meanwhile_is_not_written_over(world: World) -> None:
    conversation = await raised(world)
    (row,) = await kept(world)
    await writes(world, "收到的东西还是坏的")
    stale = await talk_of(world, conversation)
    await solved(world, conversation, row)
    async with world.store.merchant(world.merchant) as session:
        await casebook.refresh(session, stale, world.clock.now())
    assert (await kept(world))[0].state == "resolved"


# What orders show.


def order(**values: object) -> Order:
    return Order.model_validate({"id": ORDER, "status": OrderStatus.SHIPPED, **values})


async def shown(world: World, found: Order) -> list[CaseRow]:
    async with world.store.merchant(world.merchant) as session:
        buyer = await session.scalar(select(ConversationRow.buyer))
        await resolve_by_orders(session, buyer, [found], world.clock.now())
    return await kept(world)


async def test_a_delivery_ends_a_late_parcel(world: World) -> None:
    await raised(world)
    before = world.clock.now() - timedelta(days=1)
    world.clock.advance(7200)
    at = world.clock.now() - timedelta(minutes=5)
    assert [row.state for row in await shown(world, order(delivered_at=before))] == ["open"]
    (row,) = await shown(world, order(status=OrderStatus.DELIVERED, delivered_at=at))
    assert (row.state, row.resolved_by, row.evidence) == ("resolved", "order", f"order:{ORDER}")


async def test_not_while_something_is_owed(world: World) -> None:
    conversation = await raised(world)
    promise = Promise(what="compensate", due=world.clock.now() + timedelta(hours=4), fact="agent")
    await answers(world, conversation, "给您补偿", promise)
    world.clock.advance(3600)
    arrived = order(status=OrderStatus.DELIVERED, delivered_at=world.clock.now())
    assert [row.state for row in await shown(world, arrived)] == ["open"]


async def test_not_when_the_buyer_wrote_after_it(world: World) -> None:
    await raised(world)
    world.clock.advance(3600)
    arrived = order(status=OrderStatus.DELIVERED, delivered_at=world.clock.now())
    world.clock.advance(60)
    await writes(world, "怎么就显示签收了")
    assert [row.state for row in await shown(world, arrived)] == ["open"]


async def test_a_refund_ends_a_refund_request_and_not_a_late_parcel(world: World) -> None:
    conversation = await raised(world)
    await cards(world)
    await writes(world, "算了我要退款")
    await world.driver.draft_conversation(world.merchant, conversation)
    await answers(world, conversation, "好的")
    world.clock.advance(3600)
    left = AfterSale(id="as1", kind=AfterSaleKind.REFUND, status="refunded", refunded_at=world.clock.now())
    rows = {row.issue: row for row in await shown(world, order(after_sales=[left]))}
    assert rows["refund_request"].evidence == "after_sale:as1"
    assert rows["delivery_delay"].state != "resolved"


async def test_a_refund_without_a_day_of_its_own_ends_it_by_when_the_request_was_settled(world: World) -> None:
    conversation = await raised(world)
    await cards(world)
    await writes(world, "算了我要退款")
    await world.driver.draft_conversation(world.merchant, conversation)
    await answers(world, conversation, "好的")
    yesterday = world.clock.now() - timedelta(days=1)
    before = AfterSale(id="as1", kind=AfterSaleKind.REFUND, status="success", settled_at=yesterday)
    world.clock.advance(3600)
    open_still = {row.issue: row for row in await shown(world, order(after_sales=[before]))}
    assert open_still["refund_request"].state != "resolved"
    left = AfterSale(id="as2", kind=AfterSaleKind.REFUND, status="success", settled_at=world.clock.now())
    rows = {row.issue: row for row in await shown(world, order(after_sales=[left]))}
    assert rows["refund_request"].evidence == "after_sale:as2"


@pytest.mark.parametrize(("chosen", "state"), [("A", "resolved"), ("B", "waiting_us"), (None, "waiting_us")])
async def test_a_replacement_that_arrived_ends_what_was_to_be_replaced(
    world: World, chosen: str | None, state: str
) -> None:
    conversation = await raised(world, "收到的杯子碎了两个")
    (row,) = await kept(world)
    offered: list[Any] = [
        {"id": "A", "key": "reship", "title": "补发", "action": "reship"},
        {"id": "B", "key": "refund_keep", "title": "部分退款", "action": "refund"},
    ]
    body = {**row.body, "offered": offered, "chosen": chosen}
    async with world.store.merchant(world.merchant) as session:
        await session.execute(update(CaseRow).values(body=body, state="waiting_us"))
    world.clock.advance(3600)
    scans = (TrackingEvent(at=world.clock.now(), text="已签收"),)
    parcel = Shipment(carrier="顺丰", tracking_no="SF2", status="delivered", events=scans)
    (row,) = await shown(world, order(shipments=[parcel]))
    assert row.state == state
    assert conversation == row.conversation


async def test_an_order_that_an_agent_picked_holds(world: World) -> None:
    conversation = await writes(world, LATE)
    await world.driver.draft_conversation(world.merchant, conversation)
    (row,) = await kept(world)
    async with world.store.merchant(world.merchant) as session:
        await session.execute(update(CaseRow).values(picked_order=ORDER, picked_at=world.clock.now()))
    await answers(world, conversation, "在路上了")
    await writes(world, "还要多久")
    (case,) = (await talk_of(world, conversation)).with_cases.cases
    assert case.order is not None
    assert (case.order.id, case.order.why) == (ORDER, OrderWhy.AGENT)
    await reread(world, conversation)
    assert (await kept(world))[0].order_id == ORDER
    assert row.order_id is None


async def test_an_agents_choice_of_an_order_stands_in_the_case(world: World) -> None:
    conversation = await writes(world, LATE)
    draft = await world.draft(conversation)
    rejection = Rejection(reason=RejectReason.WRONG_ORDER, order=ORDER)
    await decide(
        world.store,
        world.merchant,
        Decision(draft.id, draft.revision, draft.text_hash or "", DecisionKind.REJECT, "agent-1", rejection=rejection),
        world.clock,
    )
    known = Order(id=ORDER, status=OrderStatus.SHIPPED)
    await replace(world.driver, book=Book((known,))).resume(world.merchant, draft.id)
    (row,) = await kept(world)
    assert (row.picked_order, row.order_id) == (ORDER, ORDER)


async def test_an_issue_that_an_agent_named_goes_before_our_reading(world: World) -> None:
    await cards(world)
    conversation = await writes(world, LATE)
    draft = await world.draft(conversation)
    assert [row.issue for row in await kept(world)] == ["delivery_delay"]
    rejection = Rejection(reason=RejectReason.WRONG_ISSUE, issue="damaged")

    def decided(row: DraftRow, kind: DecisionKind, said: Rejection | None = None) -> Decision:
        return Decision(row.id, row.revision, row.text_hash or "", kind, "agent-1", rejection=said)

    await decide(world.store, world.merchant, decided(draft, DecisionKind.REJECT, rejection), world.clock)
    await world.driver.resume(world.merchant, draft.id)
    again = (await world.drafts(conversation))[-1]
    await decide(world.store, world.merchant, decided(again, DecisionKind.ACCEPT), world.clock)
    for reply in await world.replies():
        await world.outbox.send(world.merchant, reply.id)
    await reread(world, conversation)

    (row,) = await kept(world)
    assert (row.issue, row.order_id) == ("damaged", ORDER)
    world.clock.advance(60)
    await writes(world, "怎么还没人理我")
    await world.driver.draft_conversation(world.merchant, conversation)
    assert "damaged" in [row.issue for row in await kept(world)]


async def test_every_issue_of_a_turn_finds_its_order(world: World) -> None:
    conversation = await writes(world, "这单我不要了,给我退款吧。还有,到底什么时候发货?都晚了好几天了")
    known = Order(id=ORDER, status=OrderStatus.TO_SHIP)
    await replace(world.driver, book=Book((known,))).draft_conversation(world.merchant, conversation)
    rows = await kept(world)
    assert len(rows) == 2
    assert {row.order_id for row in rows} == {ORDER}


@dataclass(frozen=True)
class Book:
    """Orders that are known already."""

    known: tuple[Order, ...] | None
    unreachable: bool = False

    async def orders(self, *_: object, **__: object) -> Looked:
        return Looked(self.known, None, unreachable=self.unreachable)


async def test_promises_stand_in_the_remembered_case_once(world: World, shops: Shops) -> None:
    conversation = await raised(world)
    promise = Promise(what="reship", due=world.clock.now() + timedelta(hours=4), fact="agent")
    await answers(world, conversation, "今天给您补发", promise)
    found = (await talk_of(world, conversation)).with_cases
    assert [one.what for one in found.cases[0].commitments] == ["reship"]
    async with world.store.merchant(world.merchant) as session:
        assert len(list(await session.scalars(select(CommitmentRow)))) == 1
