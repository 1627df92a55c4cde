"""The golden conversations: what code must decide for each, and what no draft may do. Wording is free."""

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

import pytest

from copilot.domain.case import Commitment
from copilot.domain.clock import SystemClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftResult, DraftView
from copilot.domain.errors import CopilotError
from copilot.domain.issue import Turn
from copilot.domain.reason import Reason
from copilot.domain.verdict import Decision
from copilot.flow.memory import MemoryFlow, as_of
from copilot.flow.shops import Shops
from copilot.flow.state import State
from copilot.flow.typed_promises import with_promises
from copilot.flow.understand import derive_cases
from copilot.flow.views import result_of
from copilot.playbook.told import UNSURE
from tests.golden.expectation import Expectation, earlier, owed, read_expectations

HERE = Path(__file__).parent
APOLOGY = re.compile(r"抱歉|对不起|不好意思|\bsorry\b|\bapolog", re.IGNORECASE)
BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Run:
    """A conversation, what is expected of it, what the flow made of it, and where the shop's clock hangs."""

    conversation: Conversation
    expected: Expectation
    state: State
    result: DraftResult
    zone: tzinfo


def conversation_lines(name: str) -> dict[str, dict[str, Any]]:
    """The conversations of a file, by id."""
    rows = (json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


def pairs() -> list[tuple[str, str]]:
    """The files of conversations, each with the file of what is expected of them."""
    expected = sorted(path.name for path in HERE.glob("*.expected.jsonl"))
    return [(name.replace(".expected.", "."), name) for name in expected]


def _ids() -> list[str]:
    return [id for name, _ in pairs() for id in conversation_lines(name)]


@pytest.fixture(scope="module")
def runs(shops: Shops) -> dict[str, Run]:
    """Every golden conversation through the real flow, without a model."""
    return asyncio.run(_all(MemoryFlow(shops, SystemClock())))


async def _all(flow: MemoryFlow) -> dict[str, Run]:
    found: dict[str, Run] = {}
    for conversations, expectations in pairs():
        expected = read_expectations(expectations)
        for name, line in conversation_lines(conversations).items():
            conversation = Conversation.model_validate(line)
            try:
                state = await flow.run(conversation)
                result = result_of(name, state)
            except CopilotError as error:
                # One conversation that breaks fails by its own name.
                state, result = State(), DraftResult(conversation=name, draft=None, reason=Reason.FAILED)
                state["end"] = {"error": str(error)}
            found[name] = Run(conversation, expected[name], state, result, _zone(flow.shops, conversation))
    return found


def _zone(shops: Shops, conversation: Conversation) -> tzinfo:
    at = as_of(conversation) or SystemClock().now()
    return shops.of_platform(conversation.platform, conversation.market, at).zone


@pytest.mark.parametrize("name", _ids())
def test_the_decision_is_the_expected_one(runs: dict[str, Run], name: str) -> None:
    run = runs[name]
    assert _differences(run) == []


def _differences(run: Run) -> list[str]:
    wanted, draft = run.expected, run.result.draft
    if run.result.reason is Reason.FAILED:
        return [f"failed: {run.state['end']}"]
    found: list[str] = []
    if wanted.judges("reason") and wanted.reason is not run.result.reason:
        found.append(f"reason {run.result.reason} instead of {wanted.reason}")
    if wanted.commitments is not None:
        found += _unlike("earlier", sorted(wanted.commitments.earlier), earlier(_promised(run), run.zone))
        found += _unlike("owes", sorted(wanted.commitments.owes), owed(draft.owes if draft else (), run.zone))
    if draft is None:
        return found
    order, why = (draft.order.id, draft.order.why) if draft.order else (None, None)
    pairs: list[tuple[str, object, object]] = [
        ("turn", wanted.turn, draft.turn),
        ("issues", sorted(wanted.issues), sorted(reading.issue for reading in draft.issues)),
        ("actions", sorted(wanted.actions), sorted(option.action for option in draft.options)),
        ("risks", sorted(wanted.risks), sorted(reading.risk for reading in draft.risks)),
        ("order", wanted.order.id if wanted.order else None, order),
    ]
    found += [f"{name} {got} instead of {want}" for name, want, got in pairs if wanted.judges(name) and want != got]
    if wanted.order is not None and wanted.order.why not in {None, why}:
        found.append(f"order known by {why} instead of {wanted.order.why}")
    for key, want, got in _of_knowledge(wanted, draft):
        found += _unlike(key, want, got) if wanted.judges(key) else []
    if wanted.acts and run.state["plan"]["act"] not in wanted.acts:
        found.append(f"act {run.state['plan']['act']} instead of {wanted.acts}")
    text = BLANK.sub("", draft.text)
    found += [f"{part!r} is missing" for part in wanted.must_mention if BLANK.sub("", part) not in text]
    found += [f"{part!r} is said" for part in wanted.must_not if part in draft.text]
    return found


def _unlike(name: str, wanted: list[str], got: list[str]) -> list[str]:
    return [] if wanted == got else [f"{name} {got} instead of {wanted}"]


def _promised(run: Run) -> list[Commitment]:
    """What the shop promised before the turn that is answered, as it stands when that turn is read."""
    at = as_of(run.conversation)
    known = run.conversation if at is None else with_promises(run.conversation, at, run.zone)
    cases = derive_cases(known)
    return [promise for case in cases for promise in case.commitments]


def _of_knowledge(wanted: Expectation, draft: DraftView) -> list[tuple[str, list[str], list[str]]]:
    """What of the shop's knowledge the draft rests on, by entry, and what it tells the agent about that."""
    notes = ("pinned_product", "ship_by_extended", UNSURE)
    told = [flag for flag in draft.flags if flag.startswith(notes)]
    cited = [one.id for one in draft.cites if one.score is not None]
    return [("cites", list(wanted.cites), cited), ("flags", list(wanted.flags), told)]


@pytest.mark.parametrize("name", _ids())
def test_no_draft_does_what_is_rejected_on_sight(runs: dict[str, Run], name: str) -> None:
    draft = runs[name].result.draft
    if draft is None:
        return
    findings = [f"{finding.rule}: {finding.text}" for finding in draft.verdict.findings]
    assert draft.verdict.decision is Decision.PASS, findings
    assert [claim.text for claim in draft.claims if claim.source is None] == []
    if draft.turn is not Turn.NEW_ISSUE:
        assert not APOLOGY.search(draft.text), "a turn without a new issue gets no apology"
    if draft.turn in (Turn.THANKS, Turn.CLOSING, Turn.SMALL_TALK, Turn.CHOICE):
        assert draft.options == ()
    orders = runs[name].conversation.orders
    if orders is not None and len(orders) == 1:
        assert "order" not in runs[name].state["plan"]["asks"] or runs[name].state["gathered"]["unknown_order"]


def test_every_conversation_is_expected_and_none_failed(runs: dict[str, Run]) -> None:
    assert len(runs) >= 120
    assert [name for name, run in runs.items() if run.result.reason is Reason.FAILED] == []
