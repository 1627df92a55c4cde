"""An agent chooses which of the buyer's options a draft offers: the same draft again, with less or with more in it."""

from pathlib import Path
from zoneinfo import ZoneInfo

from copilot.desk.card import Reader, card_of
from copilot.domain.draft import DraftState, Rejection, RejectReason
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.store.tables import DraftRow
from tests.flow.conftest import NOON, World
from tests.flow.test_approvals import again, broken, of_shop, per_order, view_of
from tests.flow.test_granting import given


def keys(row: DraftRow) -> list[str]:
    return [one.key for one in view_of(row).options]


async def says(world: World, row: DraftRow, rejection: Rejection, *, forgotten: bool = False) -> DraftRow:
    """The draft after ``rejection``; ``forgotten``: its thread is gone by then."""
    assert row.text_hash is not None
    world.clock.advance(5)
    said = Decision(row.id, row.revision, row.text_hash, DecisionKind.REJECT, by="agent-1", rejection=rejection)
    await decide(world.store, world.merchant, said, world.clock)
    if forgotten:
        await world.driver.threads.forget(str(row.id))
    return await again(world, row)


async def without(world: World, row: DraftRow, *left: str, forgotten: bool = False) -> DraftRow:
    return await says(world, row, Rejection(reason=RejectReason.OPTIONS, without=left), forgotten=forgotten)


async def test_what_is_left_out_is_neither_worded_nor_promised_nor_counted(world: World, tmp_path: Path) -> None:
    mine = of_shop(world, tmp_path, per_order("80.00"))
    row = await broken(mine)
    assert keys(row) == ["reship", "refund_keep"]
    assert "：A " in (row.text or "")
    assert "；B " in (row.text or "")

    less = await without(mine, row, "reship")
    view = view_of(less)
    assert (less.id, less.revision, less.state) == (row.id, 2, DraftState.PROPOSED)
    assert [(one.key, one.letter) for one in view.left_out] == [("reship", "A")]
    assert [(one.id, one.key) for one in view.options] == [("A", "refund_keep")]
    assert "补发" not in (less.text or "")
    assert "重新" not in (less.text or "")
    # One that stands alone is offered plainly, and nothing of the other is owed.
    assert "A" not in (less.text or "")
    assert all(owed.what != "option.reship" for owed in view.owes)
    assert not view.over_ceiling
    assert view.grant is not None
    assert view.grant.cost == view.options[0].cost
    (out,) = card_of(less, Reader("en", ZoneInfo("Asia/Shanghai"), NOON)).left_out
    assert (out.key, out.title, out.letter) == ("reship", "Replacement", "A")

    more = await without(mine, less)
    assert (more.revision, keys(more), view_of(more).left_out) == (3, ["reship", "refund_keep"], ())
    assert await given(mine) == 0


async def test_it_holds_when_the_thread_is_gone_and_when_something_else_is_said(world: World, tmp_path: Path) -> None:
    mine = of_shop(world, tmp_path, per_order("80.00"))
    less = await without(mine, await broken(mine), "refund_keep", forgotten=True)
    assert keys(less) == ["reship"]
    other = await says(mine, less, Rejection(reason=RejectReason.TONE))
    assert (other.revision, keys(other)) == (3, ["reship"])
    assert other.text != less.text


async def test_one_option_always_stays(world: World, tmp_path: Path) -> None:
    mine = of_shop(world, tmp_path, per_order("80.00"))
    row = await broken(mine)
    assert keys(await without(mine, row, "reship", "refund_keep")) == ["reship", "refund_keep"]


def test_a_choice_changes_nothing_else_that_was_said() -> None:
    wrong = Rejection(reason=RejectReason.WRONG_ISSUE, issue="damaged")
    chosen = Rejection(reason=RejectReason.OPTIONS, without=("reship",))
    assert chosen.upon(wrong) == replace_without(wrong, "reship")
    assert wrong.upon(chosen) == replace_without(wrong, "reship")
    assert chosen.upon(None) == chosen
    assert Rejection(reason=RejectReason.OPTIONS).upon(chosen.upon(wrong)) == wrong


def replace_without(said: Rejection, *left: str) -> Rejection:
    return said.model_copy(update={"without": left})
