"""The question after a serious case names the goods and how it ended, and is not asked while something goes on."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select, update

from copilot.desk.todo import todo
from copilot.desk.words import PROMISES
from copilot.domain.case import Case, OrderChoice, OrderWhy
from copilot.domain.draft import DraftState
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot.domain.plan import Promise
from copilot.flow.follow_up import FollowUps
from copilot.flow.follow_up_text import Question
from copilot.model.composer.wording import Wording
from copilot.store.tables import CaseRow, CommitmentRow, DraftRow
from tests.flow.conftest import World
from tests.flow.test_cases import LATE, ORDER, Book, answers, kept, raised, solved, talk_of, writes

HOUR = 3600
RAISED = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SERIOUS = (
    Issue.DELIVERY_DELAY,
    Issue.LOST_PARCEL,
    Issue.NOT_RECEIVED,
    Issue.DAMAGED,
    Issue.QUALITY_DEFECT,
    Issue.WRONG_ITEM,
    Issue.MISSING_ITEM,
)
NAMES = {"zh": "陶瓷马克杯四只装", "en": "Wool Throw Blanket"}


def ordered(language: str = "zh", **changes: object) -> Order:
    currency = "CNY" if language == "zh" else "USD"
    return Order(
        id=ORDER,
        status=OrderStatus.SHIPPED,
        created_at=RAISED - timedelta(days=4),
        total=Money(amount="59.90", currency=currency),
        items=(Item(name=NAMES[language], price=Money(amount="59.90", currency=currency)),),
    ).model_copy(update=changes)


def parcel(after: timedelta) -> Shipment:
    """A parcel that set out so long after the case was raised and has arrived."""
    scans = tuple(TrackingEvent(at=RAISED + after + timedelta(hours=hours), text="scan") for hours in (0, 9))
    return Shipment(tracking_no="YT99", status="delivered", events=scans)


def request(currency: str = "CNY", **changes: object) -> AfterSale:
    made = AfterSale(id="a1", kind=AfterSaleKind.REFUND, status="pending")
    return made.model_copy(update={"amount": Money(amount="29.95", currency=currency), **changes})


def endings(language: str) -> Sequence[tuple[Order, str]]:
    """Orders, each with what the question must say of it."""
    zh = language == "zh"
    refund = request("CNY" if zh else "USD", status="refunded", refunded_at=RAISED + timedelta(hours=2))
    return (
        (ordered(language), NAMES[language]),
        (ordered(language, items=()), "11月16日" if zh else "Nov 16"),
        (ordered(language, after_sales=(refund,)), "29.95"),
        (ordered(language, shipments=(parcel(timedelta(hours=3)),)), "今天" if zh else "today"),
        (ordered(language, delivered_at=RAISED + timedelta(hours=3)), NAMES[language]),
    )


async def test_the_question_names_the_goods_and_how_it_ended_and_may_be_sent(world: World) -> None:
    talk = await talk_of(world, await writes(world, "在吗"))
    world.clock.advance(12 * HOUR)
    rules = world.driver.shops.of_shop(talk.shop, talk.merchant_slug, world.clock.now())
    question = Question(world.store, world.driver.shops, world.clock)
    never = ("抱歉", "不好意思", "评价", "好评", "sorry", "apolog", "review", "star", "A)", "A ")
    for issue, language, variant in product(SERIOUS, ("zh", "en"), range(3)):
        case = Case(issue=issue, language=language, order=OrderChoice(id=ORDER, why=OrderWhy.CASE))
        for order, named in endings(language):
            known = replace(talk, conversation=talk.conversation.model_copy(update={"orders": (order,)}))
            view = question.compose(known, case, rules, variant, since=RAISED)
            assert view is not None
            assert view.verdict.findings == (), view.text
            assert all(claim.source for claim in view.claims), view.text
            # A late parcel that arrives is no replacement.
            late = order.shipments and issue in (Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED)
            assert (NAMES[language] if late else named) in view.text, view.text
            assert view.text.rstrip("?？") != view.text, view.text
            assert view.text.count("？") + view.text.count("?") == 1, view.text
            assert not any(word in view.text for word in never), view.text
            assert (view.options, view.owes) == ((), ())
            # Whoever answers "no" must mean that it is not solved.
            assert not any(word in view.text for word in ("没解决", "没处理", "哪里不对", "anything", "still open"))


async def test_what_the_order_showed_before_the_case_was_raised_ended_nothing(world: World) -> None:
    talk = await talk_of(world, await writes(world, "在吗"))
    rules = world.driver.shops.of_shop(talk.shop, talk.merchant_slug, world.clock.now())
    old = request(status="refunded", refunded_at=RAISED - timedelta(days=1))
    order = ordered(after_sales=(old,), shipments=(parcel(timedelta(days=-3)),), delivered_at=RAISED - timedelta(1))
    known = replace(talk, conversation=talk.conversation.model_copy(update={"orders": (order,)}))
    case = Case(issue=Issue.NOT_RECEIVED, language="zh", order=OrderChoice(id=ORDER, why=OrderWhy.CASE))
    view = Question(world.store, world.driver.shops, world.clock).compose(known, case, rules, since=RAISED)
    assert view is not None
    assert NAMES["zh"] in view.text
    assert not any(said in view.text for said in ("29.95", "签收", "退"))


# Whether it is asked at all.


def follow_ups(world: World, *orders: Order) -> FollowUps:
    return FollowUps(world.store, world.driver.shops, world.clock, Book(orders))


async def resolved(world: World) -> tuple[uuid.UUID, CaseRow]:
    conversation = await raised(world)
    (row,) = await kept(world)
    assert await solved(world, conversation, row)
    await follow_ups(world).arm(world.merchant, row.id)
    return conversation, row


async def due(world: World, row: CaseRow, hours: float, *orders: Order) -> str | None:
    """Where the question stands after so many hours."""
    world.clock.advance(hours * HOUR)
    await follow_ups(world, *orders).due(world.merchant, row.id)
    return next(one.follow_up for one in await kept(world) if one.id == row.id)


@pytest.mark.feature("F088")
async def test_the_goods_are_looked_up_when_it_is_asked(world: World) -> None:
    conversation, row = await resolved(world)
    assert await due(world, row, 24, ordered()) == "proposed"
    draft = (await world.drafts(conversation))[-1]
    assert draft.text is not None
    assert NAMES["zh"] in draft.text


@pytest.mark.feature("F087")
async def test_nobody_is_asked_while_the_shop_owes_what_it_promised(world: World) -> None:
    conversation, row = await resolved(world)
    promise = Promise(what="reship", due=world.clock.now() + timedelta(hours=30), fact="agent")
    await answers(world, conversation, "今天给您补发", promise)
    assert await due(world, row, 24, ordered()) == "armed"
    assert await due(world, row, 6, ordered()) == "armed"
    async with world.store.merchant(world.merchant) as session:
        await session.execute(update(CommitmentRow).values(state="done"))
    assert await due(world, row, 3, ordered()) == "proposed"


async def test_a_request_that_is_dealt_with_puts_it_off_until_its_time_is_over(world: World) -> None:
    conversation, row = await resolved(world)
    for _ in range(3):
        assert await due(world, row, 12, ordered(after_sales=(request(),))) == "armed"
    assert await due(world, row, 11, ordered(after_sales=(request(),))) == "over"
    assert len(await world.drafts(conversation)) == 1


async def test_another_matter_that_waits_for_us_puts_it_off(world: World) -> None:
    _, row = await resolved(world)
    async with world.store.merchant(world.merchant) as session:
        session.add(await _case_like(row, state="waiting_us", issue="invoice"))
    assert await due(world, row, 24, ordered()) == "armed"


async def test_a_buyer_who_writes_elsewhere_is_not_asked(world: World) -> None:
    _, row = await resolved(world)
    world.clock.advance(HOUR)
    await writes(world, LATE, conversation="c2")
    assert await due(world, row, 23, ordered()) == "cancelled"


async def test_nobody_is_asked_about_two_matters(world: World) -> None:
    conversation, row = await resolved(world)
    assert await due(world, row, 24, ordered()) == "proposed"
    (asked,) = [one for one in await kept(world)]
    async with world.store.merchant(world.merchant) as session:
        other = await _case_like(asked, state="resolved", issue="damaged", follow_up="armed")
        session.add(other)
    other_id = other.id
    await follow_ups(world, ordered()).due(world.merchant, other_id)
    states = {one.id: one.follow_up for one in await kept(world)}
    assert (states[row.id], states[other_id]) == ("proposed", "cancelled")
    drafts: list[DraftRow] = await world.drafts(conversation)
    assert [one.flow_version for one in drafts].count("follow_up") == 1


@pytest.mark.parametrize("ending", sorted(DraftState))
async def test_a_question_that_no_buyer_has_read_asked_nothing(world: World, ending: DraftState) -> None:
    _, row = await resolved(world)
    assert await due(world, row, 24, ordered()) == "proposed"
    (asked,) = await kept(world)
    async with world.store.merchant(world.merchant) as session:
        await session.execute(update(DraftRow).where(DraftRow.flow_version == "follow_up").values(state=ending))
        other = await _case_like(asked, state="resolved", issue="damaged", follow_up="armed")
        session.add(other)
    other_id = other.id
    await follow_ups(world, ordered()).due(world.merchant, other_id)
    read_or_may_be = {"writing", "proposed", "approved", "sending", "handed_over", "unconfirmed", "sent"}
    states = {one.id: one.follow_up for one in await kept(world)}
    assert states[other_id] == ("cancelled" if ending in read_or_may_be else "proposed")


@pytest.mark.feature("F087")
@pytest.mark.parametrize("known", [None, (ordered(),)])
async def test_while_the_platform_does_not_answer_nobody_asks(world: World, known: tuple[Order, ...] | None) -> None:
    conversation, row = await resolved(world)
    silent = replace(follow_ups(world), book=Book(known, unreachable=True))
    for hours in (24, 6, 6):
        world.clock.advance(hours * HOUR)
        await silent.due(world.merchant, row.id)
        assert [one.follow_up for one in await kept(world)] == ["armed"]
    # It answers again when the shop has opened: asked with what it tells.
    assert await due(world, row, 10, ordered()) == "proposed"
    text = (await world.drafts(conversation))[-1].text
    assert text is not None
    assert NAMES["zh"] in text


async def test_where_it_never_answered_a_person_asks(world: World) -> None:
    conversation, row = await resolved(world)
    silent = replace(follow_ups(world), book=Book(None, unreachable=True))
    world.clock.advance(24 * HOUR)
    await silent.due(world.merchant, row.id)
    world.clock.advance(23.5 * HOUR)
    await silent.due(world.merchant, row.id)
    assert [one.follow_up for one in await kept(world)] == ["owed"]
    assert len(await world.drafts(conversation)) == 1
    async with world.store.merchant(world.merchant) as session:
        assert [one.what for one in await session.scalars(select(CommitmentRow))] == ["ask_solved"]


async def _case_like(row: CaseRow, **changes: object) -> CaseRow:
    copied = {name: getattr(row, name) for name in ("merchant", "conversation", "order_id", "raised_at", "created_at")}
    copied |= {name: getattr(row, name) for name in ("resolved_at", "follow_up_from", "follow_up_until", "updated_at")}
    return CaseRow(**copied, id=uuid.uuid4(), body=row.body, **changes)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_to_do_is_told_apart_from_a_promise_to_follow_something_up(language: str) -> None:
    wording = Wording("zh" if language == "zh" else "en", RAISED, UTC)  # pyright: ignore[reportArgumentType]
    said = "zh" if language == "zh" else "en"
    assert todo("ask_solved", None, said, wording) != todo("follow_up", None, said, wording)
    assert PROMISES["ask_solved"] != PROMISES["follow_up"]
    assert ("解决" if said == "zh" else "solved") in todo("ask_solved", None, said, wording)
