"""What an agent may not give: the plan that knows what is left, the request, the ruling, and the same draft again."""

import asyncio
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from copilot.channel.tasks import APPROVAL_DUE, APPROVAL_SOON
from copilot.domain.draft import DraftState, DraftView, Rejection, RejectReason
from copilot.domain.errors import BadInput, OverCeiling, StaleDraft
from copilot.domain.money import Money
from copilot.domain.order import Order
from copilot.domain.plan import Grant, Limits
from copilot.flow.approvals import AlreadyAsked, Asked, NotLowerable, NotOpen, OwnRequest, Ruled, RulingKind, ask, rule
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.flow.shops import Shops
from copilot.jobs.approvals import ApprovalJobs
from copilot.playbook.terms import Terms
from copilot.store.tables import ApprovalRow, DraftRow, EventRow, GrantRow, MerchantRow, TimerRow
from tests.flow.conftest import NOON, World
from tests.orders import delivered_cups

ORDER = "6920348170035512"
TERMS = Terms.model_validate({"authority": {"supervisor": {"per_order": {"amount": "500.00", "currency": "CNY"}}}})


@dataclass(frozen=True)
class Found:
    """What the platform knows."""

    orders: tuple[Order, ...] | None
    as_of: datetime | None = None
    called: None = None


@dataclass
class Book:
    """A platform that knows one delivered order."""

    price: str = "59.90"

    async def orders(
        self,
        merchant: uuid.UUID,
        conversation: uuid.UUID,
        *,
        timeout: float,  # noqa: ASYNC109
        fresh: bool = False,
    ) -> Found:
        return Found((delivered_cups(ORDER, NOON, self.price),))


def of_shop(world: World, tmp_path: Path, agent: str, price: str = "59.90") -> World:
    """The world with an agent's ceilings of its own (YAML), photos not asked for, and orders at hand."""
    folder = tmp_path / "policies"
    (folder / "terms").mkdir(parents=True, exist_ok=True)
    (folder / "terms" / "douyin.cn.yaml").write_text(
        "photo_required: false\nauthority:\n"
        f"  agent: {agent}\n  supervisor: {{per_order: {{amount: '500.00', currency: CNY}}}}\n",
        encoding="utf-8",
    )
    known = world.driver.shops
    shops = Shops((*known.folders, folder), known.prompts, known.cache_dir)
    return replace(world, driver=replace(world.driver, shops=shops, book=Book(price)))


def per_order(amount: str) -> str:
    return f"{{per_order: {{amount: '{amount}', currency: CNY}}}}"


async def broken(world: World, conversation: str = "c1") -> DraftRow:
    row = await world.draft(await world.buyer("收到碎了两个,怎么办", conversation))
    assert row.state == DraftState.PROPOSED, (row.state, row.reason)
    return row


def view_of(row: DraftRow) -> DraftView:
    return DraftView.model_validate(row.view)


def keys(row: DraftRow) -> set[str]:
    return {one.key for one in view_of(row).options}


async def asks(world: World, row: DraftRow, option: str = "reship", by: str = "agent-1") -> ApprovalRow:
    due = world.clock.now() + timedelta(hours=1)
    asked = Asked(row.id, row.revision, row.text_hash or "", by, option, due=due)
    async with world.store.merchant(world.merchant) as session:
        return await ask(session, asked, world.clock.now())


async def rules_on(
    world: World, request: ApprovalRow, kind: str = "approve", by: str = "boss", amount: str | None = None
) -> ApprovalRow:
    money = Money(amount=amount, currency="CNY") if amount else None
    async with world.store.merchant(world.merchant) as session:
        return await rule(session, Ruled(request.id, RulingKind(kind), by, money), TERMS, world.clock.now())


async def again(world: World, row: DraftRow) -> DraftRow:
    """The draft after the job that a ruling defers."""
    await world.driver.resume(world.merchant, row.id)
    return (await world.drafts(row.conversation))[-1]


async def accept(world: World, row: DraftRow, by: str = "agent-1") -> None:
    made = Decision(row.id, row.revision, row.text_hash or "", DecisionKind.ACCEPT, by=by)
    await decide(world.store, world.merchant, made, world.clock)


async def state_of(world: World, request: ApprovalRow) -> str:
    async with world.store.merchant(world.merchant) as session:
        return (await session.scalars(select(ApprovalRow.state).where(ApprovalRow.id == request.id))).one()


async def topics(world: World) -> list[str]:
    async with world.store.merchant(world.merchant) as session:
        return [one for one in await session.scalars(select(EventRow.topic)) if one.startswith("approval.")]


@pytest.mark.feature("F076")
async def test_what_was_given_before_is_not_offered_again(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("80.00"))
    first = await broken(world, "c1")
    assert keys(first) == {"reship", "refund_keep"}
    await accept(world, first)
    # 59.90 of 80.00 are bound by the first offer; the same order in another chat has 20.10 left.
    second = await broken(world, "c2")
    assert keys(second) == {"return_refund"}
    told = {one.key: (one.ceiling, one.left) for one in view_of(second).over_ceiling}
    assert told["refund_keep"] == ("per_order", Money(amount="20.10", currency="CNY"))
    assert "29.95" not in (second.text or "")
    # Its own offer is no reason to take it back when the same chat goes on.
    third = await broken(world, "c1")
    assert keys(third) == {"reship", "refund_keep"}


async def test_a_buyers_ceiling_counts_over_orders(world: World, tmp_path: Path) -> None:
    world = of_shop(
        world,
        tmp_path,
        "{per_order: {amount: '80.00', currency: CNY}, per_buyer: {amount: '100.00', currency: CNY}}",
    )
    row = await broken(world)
    async with world.store.merchant(world.merchant) as session:
        kept = await session.get(DraftRow, (world.merchant, row.id))
        assert kept is not None
        # What this buyer was given on another order.
        grant = Grant(
            cost=Money(amount="60.00", currency="CNY"),
            settled=True,
            limits={"agent": Limits(per_order=Money(amount="80.00", currency="CNY"))},
        )
        kept.view = {
            **(kept.view or {}),
            "grant": grant.model_dump(mode="json"),
            "order": {"id": "o9", "why": "order_of_case"},
        }
    await accept(world, row)
    told = {one.key: one.ceiling for one in view_of(await broken(world)).over_ceiling}
    assert told == {"reship": "per_buyer"}


async def test_an_approved_option_comes_into_the_same_draft_and_counts_for_the_supervisor(
    world: World, tmp_path: Path
) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    row = await broken(world)
    assert keys(row) == {"refund_keep", "return_refund"}
    request = await asks(world, row)
    assert (request.minor, request.ceiling, request.left_minor, request.order_id) == (5990, "per_order", 3000, ORDER)
    await rules_on(world, request)
    redrafted = await again(world, row)

    assert (redrafted.id, redrafted.revision, redrafted.state) == (row.id, 2, DraftState.PROPOSED)
    assert keys(redrafted) == {"reship", "refund_keep"}
    with pytest.raises(StaleDraft):
        await accept(world, row)
    await accept(world, redrafted)
    async with world.store.merchant(world.merchant) as session:
        given = (await session.scalars(select(GrantRow))).one()
    assert (given.by, given.minor, given.issue) == ("boss", 5990, "damaged")
    # It counts for everybody: nothing is left on this order for an agent.
    other = await broken(world, "c2")
    assert keys(other) == {"return_refund"}
    assert await topics(world) == ["approval.requested", "approval.approved"]


async def test_a_lowered_amount_is_said_and_nothing_else(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("10.00"))
    row = await broken(world)
    request = await asks(world, row, "refund_keep")
    for wrong in ("29.95", "0.00", "-1.00", "9.999", "19.999"):
        with pytest.raises(BadInput):
            await rules_on(world, request, "lower", amount=wrong)
    await rules_on(world, request, "lower", amount="20.00")
    redrafted = await again(world, row)
    assert "refund_keep" in keys(redrafted)
    assert "20元" in (redrafted.text or "")
    assert "29.95" not in (redrafted.text or "")
    assert view_of(redrafted).grant is not None
    await accept(world, redrafted)
    async with world.store.merchant(world.merchant) as session:
        assert (await session.scalars(select(GrantRow.minor))).one() == 2000


async def test_what_has_no_amount_cannot_be_lowered(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    request = await asks(world, await broken(world))
    with pytest.raises(NotLowerable):
        await rules_on(world, request, "lower", amount="20.00")
    assert await state_of(world, request) == "requested"


async def test_what_was_allowed_is_carried_out_before_anything_else_is_asked(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    row = await broken(world)
    await rules_on(world, await asks(world, row))
    with pytest.raises(AlreadyAsked):
        await asks(world, row)
    assert (await again(world, row)).revision == 2


async def test_a_refusal_leaves_the_draft_as_it_was(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    row = await broken(world)
    await rules_on(world, await asks(world, row), "refuse")
    assert (await again(world, row)).revision == 1
    await accept(world, row)


async def test_two_supervisors_rule_once_and_nobody_on_their_own(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    request = await asks(world, await broken(world), by="boss-0")
    with pytest.raises(OwnRequest):
        await rules_on(world, request, by="boss-0")
    results = await asyncio.gather(
        *(rules_on(world, request, kind, by=f"boss-{n}") for n, kind in enumerate(["approve", "refuse"] * 3, start=1)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, ApprovalRow) for result in results) == 1
    assert sum(isinstance(result, NotOpen) for result in results) == 5


async def test_one_request_a_revision_however_many_ask_at_once(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("10.00"))
    row = await broken(world)
    results = await asyncio.gather(
        *(asks(world, row, option, f"a-{n}") for n, option in enumerate(["reship", "refund_keep"] * 2)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, ApprovalRow) for result in results) == 1
    assert sum(isinstance(result, AlreadyAsked) for result in results) == 3


async def test_only_what_was_left_out_for_want_of_authority_can_be_asked_for(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    row = await broken(world)
    for option in ("refund_keep", "exchange", "nonsense"):
        with pytest.raises(BadInput):
            await asks(world, row, option)
    with pytest.raises(StaleDraft):
        await asks(world, replace_hash(row))


def replace_hash(row: DraftRow) -> DraftRow:
    return DraftRow(id=row.id, revision=row.revision, text_hash="another")


async def test_a_new_message_or_a_decision_withdraws_the_request(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    row = await broken(world)
    request = await asks(world, row)
    await world.buyer("人呢")
    # Before the job has come round a ruling is refused as well.
    with pytest.raises(NotOpen):
        await rules_on(world, request)
    await world.draft(row.conversation)
    assert await state_of(world, request) == "withdrawn"

    other = await broken(world, "c2")
    request = await asks(world, other)
    await accept(world, other)
    assert await state_of(world, request) == "withdrawn"
    async with world.store.system() as session:
        kinds = (APPROVAL_SOON, APPROVAL_DUE)
        left = await session.scalar(select(func.count()).select_from(TimerRow).where(TimerRow.kind.in_(kinds)))
    assert left == 0


async def test_the_clock_reminds_once_and_says_overdue_only_while_it_is_open(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    row = await broken(world)
    request = await asks(world, row)
    async with world.store.system() as session:
        rows = await session.execute(select(TimerRow.kind, TimerRow.due_at).where(TimerRow.ref == str(request.id)))
        due = {kind: at for kind, at in rows.all()}
    assert due[APPROVAL_SOON] == world.clock.now() + timedelta(minutes=30)
    assert due[APPROVAL_DUE] == world.clock.now() + timedelta(hours=1)
    jobs = ApprovalJobs(world.store, world.clock)
    await jobs.soon(world.merchant, request.id)
    await jobs.due(world.merchant, request.id)
    await rules_on(world, request, "refuse")
    await jobs.due(world.merchant, request.id)
    assert await topics(world) == ["approval.requested", "approval.soon", "approval.overdue", "approval.refused"]


async def test_an_approval_above_the_supervisors_own_ceilings_is_refused(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"), price="600.00")
    request = await asks(world, await broken(world))
    with pytest.raises(OverCeiling) as caught:
        await rules_on(world, request)
    assert (caught.value.ceiling, caught.value.left) == ("per_order", "500.00 CNY")
    assert await state_of(world, request) == "requested"


async def test_racing_rulings_on_one_order_never_pass_the_supervisors_ceiling(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("1.00"), price="200.00")
    rows = [await broken(world, f"c{n}") for n in range(5)]
    requests = [await asks(world, row) for row in rows]
    await asyncio.gather(*(rules_on(world, one, by=f"boss-{n}") for n, one in enumerate(requests)))
    redrafted = [await again(world, row) for row in rows]
    assert all("reship" in keys(row) for row in redrafted)
    results = await asyncio.gather(*(accept(world, row) for row in redrafted), return_exceptions=True)
    assert sum(isinstance(result, OverCeiling) for result in results) == 3
    async with world.store.merchant(world.merchant) as session:
        assert int(await session.scalar(select(func.sum(GrantRow.minor))) or 0) == 40000


async def test_what_was_allowed_outlives_a_lost_thread_and_a_rejection(world: World, tmp_path: Path) -> None:
    world = of_shop(world, tmp_path, per_order("30.00"))
    row = await broken(world)
    await rules_on(world, await asks(world, row))
    await world.driver.threads.forget(str(row.id))
    redrafted = await again(world, row)
    assert "reship" in keys(redrafted)

    rejected = Decision(
        redrafted.id,
        redrafted.revision,
        redrafted.text_hash or "",
        DecisionKind.REJECT,
        by="agent-1",
        rejection=Rejection(reason=RejectReason.TONE),
    )
    await decide(world.store, world.merchant, rejected, world.clock)
    third = await again(world, row)
    assert (third.revision, "reship" in keys(third)) == (3, True)


async def test_a_merchant_without_terms_gives_nothing_and_the_draft_says_who_could(
    world: World, tmp_path: Path
) -> None:
    world = of_shop(world, tmp_path, "{per_order: null}")
    row = await broken(world)
    assert keys(row) == {"return_refund"}
    assert {one.key for one in view_of(row).over_ceiling} == {"reship", "refund_keep"}
    async with world.store.merchant(world.merchant) as session:
        assert (await session.scalars(select(MerchantRow.slug))).one()
