"""What agents corrected comes out masked, with the issue that they gave it."""

from copilot.domain.draft import Rejection, RejectReason
from copilot.domain.issue import Issue
from copilot.flow.corrections import corrections
from copilot.flow.decisions import Decision, DecisionKind, decide
from tests.flow.conftest import World


async def _reject(world: World, text: str, rejection: Rejection, conversation: str) -> None:
    row = await world.draft(await world.buyer(text, conversation))
    decision = Decision(
        row.id, row.revision, row.text_hash or "", DecisionKind.REJECT, by="agent-1", rejection=rejection
    )
    await decide(world.store, world.merchant, decision, world.clock)


async def test_a_corrected_turn_is_a_masked_candidate_and_other_rejections_are_none(world: World) -> None:
    wrong = Rejection(reason=RejectReason.WRONG_ISSUE, issue="invoice")
    await _reject(world, "我的快递到哪了 电话13812345678", wrong, "c1")
    await _reject(world, "我的快递到哪了呀", Rejection(reason=RejectReason.TONE), "c2")

    (found,) = [one async for one in corrections(world.store)]

    assert (found.issue, found.read, found.language) == (Issue.INVOICE, Issue.LOGISTICS_QUERY, "zh")
    assert "13812345678" not in found.text
    assert "快递到哪了" in found.text
