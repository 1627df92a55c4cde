"""The buyer takes an offer up: it counts as it was counted, unless it waited until somebody else gave the rest."""

import uuid
from pathlib import Path

import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.domain.draft import DraftState
from copilot.domain.errors import OverCeiling
from copilot.domain.plan import Act, Grant
from copilot.store.tables import DraftRow
from tests.flow.conftest import World
from tests.flow.test_approvals import ORDER, accept, again, asks, broken, keys, of_shop, per_order, rules_on, view_of
from tests.flow.test_granting import given, limits, yuan
from tests.flow.test_granting_typed import grants, types

A_DAY = "{per_order: {amount: '80.00', currency: CNY}, per_day: {amount: '60.00', currency: CNY}}"


async def leaves(world: World) -> None:
    """Every queued reply is sent."""
    for row in await world.replies():
        await world.outbox.send(world.merchant, row.id)
    world.clock.advance(5)


async def chooses(world: World, words: str = "A吧") -> DraftRow:
    return await world.draft(await world.buyer(words))


async def test_an_offer_that_stands_is_confirmed_whoever_has_the_rest_of_the_day(world: World, tmp_path: Path) -> None:
    mine = of_shop(world, tmp_path, A_DAY)
    await accept(mine, await broken(mine), by="agent-1")
    await leaves(mine)
    row = await chooses(mine)
    assert (view_of(row).act, view_of(row).over_ceiling) == (Act.CONFIRM, ())
    # Another agent without anything left today may carry it out: it was given by the first one.
    await types(mine, row.conversation, "60.00", by="agent-2", order="o9", of=bound("60.00"))
    await accept(mine, row, by="agent-2")
    taken = [one for one in await grants(mine) if one.draft == row.id]
    assert [(one.state, one.by, one.minor, one.order_id) for one in taken] == [("settled", "agent-1", 5990, ORDER)]
    assert await given(mine) == 5990 + 6000


@pytest.mark.feature("F076")
async def test_an_offer_that_expired_while_somebody_gave_the_rest_goes_to_a_supervisor(
    world: World, tmp_path: Path
) -> None:
    mine = of_shop(world, tmp_path, per_order("80.00"))
    await accept(mine, await broken(mine))
    await leaves(mine)
    mine.clock.advance(73 * 3600)
    other = await mine.buyer("在吗", "c2")
    await types(mine, other, "70.00", by="agent-2", order=ORDER)
    row = await chooses(mine)
    view = view_of(row)
    assert row.state == DraftState.PROPOSED
    assert (view.act, view.options, view.grant) == (Act.HOLD, (), None)
    (beyond,) = view.over_ceiling
    assert (beyond.key, beyond.ceiling, beyond.lowerable) == ("reship", "per_order", False)
    assert beyond.left == yuan("10.00")
    assert view.escalation is not None
    assert view.escalation.why == "choice_over"
    assert "补发" not in (row.text or "")
    await rules_on(mine, await asks(mine, row, "reship"))
    allowed = await again(mine, row)
    assert (allowed.id, allowed.revision, view_of(allowed).act) == (row.id, 2, Act.CONFIRM)
    await accept(mine, allowed)
    assert [(one.by, one.minor) for one in await grants(mine) if one.draft == row.id] == [("boss", 5990)]


async def test_what_a_supervisor_let_be_offered_is_confirmed_without_asking_again(world: World, tmp_path: Path) -> None:
    mine = of_shop(world, tmp_path, per_order("80.00"), price="120.00")
    row = await broken(mine)
    await rules_on(mine, await asks(mine, row))
    offered = await again(mine, row)
    assert "reship" in keys(offered)
    await accept(mine, offered)
    await leaves(mine)
    letter = next(one.id for one in view_of(offered).options if one.key == "reship")
    taken = await chooses(mine, f"{letter}吧" if len(view_of(offered).options) > 1 else "好的,补发吧")
    assert view_of(taken).act is Act.CONFIRM
    await accept(mine, taken)
    assert [(one.by, one.state, one.minor) for one in await grants(mine)] == [("boss", "settled", 12000)]


async def test_the_day_of_whoever_dealt_with_the_conversation_today_bounds_its_next_plan(
    world: World, tmp_path: Path
) -> None:
    mine = of_shop(world, tmp_path, A_DAY)
    elsewhere = await mine.buyer("在吗", "c2")
    await types(mine, elsewhere, "50.00", by="agent-1", order="o9", of=bound("50.00"))
    # Nobody has dealt with this one: its plan knows no day.
    assert "reship" in keys(await broken(mine))
    talk = await mine.buyer("在吗", "c3")
    await mine.types(talk, "您好，在的")
    mine.clock.advance(5)
    row = await mine.draft(await mine.buyer("收到碎了两个,怎么办", "c3"))
    assert {one.ceiling for one in view_of(row).over_ceiling} == {"per_day"}
    mine.clock.advance(24 * 3600)
    tomorrow = await mine.draft(await mine.buyer("收到碎了两个,到底怎么办", "c3"))
    assert all(one.ceiling != "per_day" for one in view_of(tomorrow).over_ceiling)


async def test_a_supervisors_day_is_no_agents(world: World, tmp_path: Path) -> None:
    mine = of_shop(world, tmp_path, A_DAY)
    boss = await people.add_person(
        world.store, world.merchant, "boss", "Boss", Role.SUPERVISOR, "zh", "correct horse battery", world.clock
    )
    talk = await mine.buyer("在吗", "c1")
    await types(mine, talk, "50.00", by=str(boss), role="supervisor", order="o9")
    await leaves(mine)
    assert "reship" in keys(await broken(mine))


def bound(cost: str) -> Grant:
    """A grant of an agent who may give ¥80 an order and ¥60 a day."""
    return Grant(cost=yuan(cost), settled=True, limits=limits("80.00", day="60.00"))


async def test_an_offer_of_another_issue_or_a_smaller_one_is_none_of_it(world: World) -> None:
    talk = await world.buyer("碎了")
    await types(world, talk, "50.00", settled=False)
    other: uuid.UUID = await world.buyer("碎了", "c2")
    await types(world, other, "30.00")
    with pytest.raises(OverCeiling) as caught:
        await types(world, talk, "60.00")
    assert caught.value.left == "50.00 CNY"
    await types(world, talk, "50.00")
    assert await given(world) == 8000
