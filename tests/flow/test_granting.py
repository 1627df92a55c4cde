"""No more is given than the ceilings leave: per order, buyer and agent-day, over all agents at once."""

import asyncio
import random
import uuid
from typing import Any

import pytest
from sqlalchemy import func, select

from copilot.channel.sent import ReplyState, mark
from copilot.domain.draft import DraftState
from copilot.domain.errors import OverCeiling
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import Grant, Limits
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.flow.granting import About, StoredGrants, require_left
from copilot.store.tables import DraftRow, GrantRow, OutboxRow
from tests.flow.conftest import World


def yuan(amount: str) -> Money:
    return Money(amount=amount, currency="CNY")


def limits(order: str = "80.00", buyer: str | None = None, day: str | None = None) -> dict[str, Limits]:
    return {
        "agent": Limits(
            per_order=yuan(order),
            per_buyer=yuan(buyer) if buyer else None,
            per_day=yuan(day) if day else None,
        ),
        "supervisor": Limits(per_order=yuan("500.00")),
    }


async def proposed(
    world: World,
    cost: str,
    *,
    order: str | None = "o1",
    conversation: str = "c1",
    settled: bool = True,
    of: dict[str, Limits] | None = None,
) -> DraftRow:
    """A proposed draft that gives ``cost``."""
    row = await world.draft(await world.buyer(f"我的快递到哪了{uuid.uuid4().hex[:4]}", conversation))
    assert row.state == DraftState.PROPOSED
    async with world.store.merchant(world.merchant) as session:
        kept = await session.get(DraftRow, (world.merchant, row.id))
        assert kept is not None
        assert kept.view is not None
        grant = Grant(cost=yuan(cost), settled=settled, limits=limits() if of is None else of)
        about = {"id": order, "why": "order_of_case"} if order else None
        kept.view = {**kept.view, "grant": grant.model_dump(mode="json"), "order": about}
    return row


async def chosen(world: World, cost: str, replaces: str | None) -> DraftRow:
    """A confirmation of a choice; ``replaces`` is what was promised before."""
    row = await proposed(world, cost)
    async with world.store.merchant(world.merchant) as session:
        kept = await session.get(DraftRow, (world.merchant, row.id))
        assert kept is not None
        assert kept.view is not None
        kept.view = {**kept.view, "grant": {**kept.view["grant"], "issue": "damaged"}, "replaces": replaces}
    return (await world.drafts(row.conversation))[-1]


async def accept(world: World, row: DraftRow, by: str = "agent-1", role: str = "agent") -> None:
    decision = Decision(row.id, row.revision, row.text_hash or "", DecisionKind.ACCEPT, by=by, role=role)
    await decide(world.store, world.merchant, decision, world.clock)


async def given(world: World, *where: Any) -> int:
    async with world.store.merchant(world.merchant) as session:
        query = select(func.coalesce(func.sum(GrantRow.minor), 0)).where(GrantRow.state != "released", *where)
        return int(await session.scalar(query) or 0)


async def test_the_last_of_an_orders_ceiling_is_given_once(world: World) -> None:
    rows = [await proposed(world, "80.00", conversation=f"c{n}") for n in range(6)]
    results = await asyncio.gather(
        *(accept(world, row, by=f"agent-{n}") for n, row in enumerate(rows)), return_exceptions=True
    )
    assert sum(result is None for result in results) == 1
    assert all(result is None or isinstance(result, OverCeiling) for result in results)
    assert await given(world) == 8000
    # Whoever was refused can still decide otherwise: nothing of theirs was kept.
    states = [
        row.state for conversation in {row.conversation for row in rows} for row in await world.drafts(conversation)
    ]
    assert sorted(states) == ["approved", *["proposed"] * 5]
    assert len(await world.replies()) == 1


@pytest.mark.parametrize(("ceiling", "of"), [("per_buyer", limits(buyer="100.00")), ("per_day", limits(day="100.00"))])
async def test_a_buyer_and_a_day_have_ceilings_over_orders(world: World, ceiling: str, of: dict[str, Limits]) -> None:
    for order, cost in (("o1", "60.00"), ("o2", "40.00")):
        await accept(world, await proposed(world, cost, order=order, of=of))
    with pytest.raises(OverCeiling) as caught:
        await accept(world, await proposed(world, "0.01", order="o3", of=of))
    assert (caught.value.ceiling, caught.value.left) == (ceiling, "0.00 CNY")


async def test_a_day_of_another_agent_and_the_next_day_count_for_themselves(world: World) -> None:
    of = limits(day="60.00")
    await accept(world, await proposed(world, "60.00", order="o1", of=of), by="agent-1")
    await accept(world, await proposed(world, "60.00", order="o2", of=of), by="agent-2")
    world.clock.advance(24 * 3600)
    await accept(world, await proposed(world, "60.00", order="o3", of=of), by="agent-1")
    assert await given(world) == 18000


async def test_a_choice_replaces_the_offer_that_it_was_made_of(world: World) -> None:
    await accept(world, await proposed(world, "60.00", settled=False))
    await accept(world, await proposed(world, "30.00", settled=True))
    assert await given(world) == 3000
    # What is settled stays: a second gift on the order comes on top.
    with pytest.raises(OverCeiling) as caught:
        await accept(world, await proposed(world, "60.00"))
    assert caught.value.left == "50.00 CNY"


async def test_an_offer_that_nobody_took_up_stops_counting(world: World) -> None:
    await accept(world, await proposed(world, "80.00", conversation="c1", settled=False))
    row = await proposed(world, "80.00", conversation="c2")
    with pytest.raises(OverCeiling):
        await accept(world, row)
    world.clock.advance(73 * 3600)
    await accept(world, await proposed(world, "80.00", conversation="c3"))


async def test_a_supervisor_has_ceilings_of_their_own_and_no_limit_means_nothing(world: World) -> None:
    row = await proposed(world, "200.00")
    with pytest.raises(OverCeiling):
        await accept(world, row)
    await accept(world, row, by="boss", role="supervisor")
    other = await proposed(world, "1.00", order="o2", of={"agent": Limits()})
    with pytest.raises(OverCeiling):
        await accept(world, other)


async def test_a_reply_that_never_left_gives_its_grant_back(world: World) -> None:
    await accept(world, await proposed(world, "80.00"))
    async with world.store.merchant(world.merchant) as session:
        (reply,) = await world.replies()
        await mark(session, await session.merge(reply), ReplyState.FAILED, world.clock, error="send_refused")
    assert await given(world) == 0
    await accept(world, await proposed(world, "80.00", conversation="c2"))


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_agents_do_at_once_no_ceiling_is_passed(world: World, seed: int) -> None:
    chance = random.Random(seed)
    of = limits("50.00", buyer="90.00", day="120.00")
    rows = [
        await proposed(
            world,
            f"{chance.randrange(1, 60)}.00",
            order=chance.choice(["o1", "o2", "o3", None]),
            conversation=f"c{n}",
            settled=chance.random() < 0.7,
            of=of,
        )
        for n in range(14)
    ]
    await asyncio.gather(
        *(accept(world, row, by=f"agent-{chance.randrange(2)}") for row in rows), return_exceptions=True
    )
    for order in ("o1", "o2", "o3"):
        assert await given(world, GrantRow.order_id == order) <= 5000
    for agent in ("agent-0", "agent-1"):
        assert await given(world, GrantRow.by == agent) <= 12000
    assert await given(world) > 0


async def test_who_chooses_over_again_is_not_given_both(world: World) -> None:
    await accept(world, await chosen(world, "50.00", None))
    with pytest.raises(OverCeiling):
        await accept(world, await chosen(world, "60.00", None))
    await accept(world, await chosen(world, "60.00", "option.refund_keep"))
    assert await given(world) == 6000


@pytest.mark.feature("F076")
@pytest.mark.parametrize("ends", ["failed", "sent"])
async def test_a_changed_choice_that_never_leaves_gives_the_earlier_one_its_place_back(world: World, ends: str) -> None:
    first = await chosen(world, "50.00", None)
    await accept(world, first)
    second = await chosen(world, "60.00", "option.refund_keep")
    await accept(world, second)
    async with world.store.merchant(world.merchant) as session:
        of = select(OutboxRow).where(OutboxRow.source_id == second.id)
        reply = (await session.scalars(of)).one()
        await mark(session, reply, ReplyState.FAILED, world.clock)
    assert await given(world) == 5000
    if ends == "sent":
        # It had arrived after all.
        async with world.store.merchant(world.merchant) as session:
            await mark(session, (await session.scalars(of)).one(), ReplyState.SENT, world.clock)
        assert await given(world) == 6000


async def test_a_ruling_does_not_count_what_the_new_choice_takes_the_place_of(world: World) -> None:
    await accept(world, await chosen(world, "50.00", None))
    second = await chosen(world, "60.00", "option.refund_keep")
    most = {"supervisor": Limits(per_order=yuan("80.00"))}
    grant = Grant(cost=yuan("70.00"), settled=False, issue=Issue.DAMAGED, limits=most)

    async def ruled(row: DraftRow) -> None:
        async with world.store.merchant(world.merchant) as session:
            await require_left(session, row, grant, order="o1", by="boss", role="supervisor", now=world.clock.now())

    await ruled(second)
    with pytest.raises(OverCeiling):
        await ruled(await chosen(world, "60.00", None))


async def test_a_plan_knows_that_a_new_choice_takes_the_place_of_the_earlier_one(world: World) -> None:
    first = await chosen(world, "50.00", None)
    await accept(world, first)
    about = About(world.shop.id, first.conversation)
    grants = StoredGrants(world.store, world.merchant, about, world.clock)
    assert (await grants.given("o1")).per_order == {"CNY": 5000}
    assert (await grants.given("o1", Issue.DAMAGED)).per_order.get("CNY", 0) == 0
    assert (await grants.given("o1", Issue.INVOICE)).per_order == {"CNY": 5000}
