"""The golden conversations: what code must decide for each, and what no draft may do. Wording is free."""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from copilot.domain.clock import SystemClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftResult, DraftView
from copilot.domain.errors import CopilotError
from copilot.domain.issue import Turn
from copilot.domain.reason import Reason
from copilot.domain.verdict import Decision
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.flow.state import State
from copilot.flow.views import result_of
from copilot.playbook.told import UNSURE

HERE = Path(__file__).parent
APOLOGY = re.compile(r"抱歉|对不起|不好意思|\bsorry\b|\bapolog", re.IGNORECASE)
BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Run:
    """A conversation, what is expected of it, and what the flow made of it."""

    conversation: Conversation
    expected: dict[str, Any]
    state: State
    result: DraftResult


def _lines(name: str) -> dict[str, dict[str, Any]]:
    rows = (json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


def _pairs() -> list[tuple[str, str]]:
    """The files of conversations, each with the file of what is expected of them."""
    expected = sorted(path.name for path in HERE.glob("*.expected.jsonl"))
    return [(name.replace(".expected.", "."), name) for name in expected]


def _ids() -> list[str]:
    return [id for name, _ in _pairs() for id in _lines(name)]


@pytest.fixture(scope="module")
def runs(shops: Shops) -> dict[str, Run]:
    """Every golden conversation through the real flow, without a model."""
    return asyncio.run(_all(MemoryFlow(shops, SystemClock())))


async def _all(flow: MemoryFlow) -> dict[str, Run]:
    found: dict[str, Run] = {}
    for conversations, expectations in _pairs():
        expected = _lines(expectations)
        for name, line in _lines(conversations).items():
            conversation = Conversation.model_validate(line)
            try:
                state = await flow.run(conversation)
                result = result_of(name, state)
            except CopilotError as error:
                # One conversation that breaks fails by its own name.
                state, result = State(), DraftResult(conversation=name, draft=None, reason=Reason.FAILED)
                state["end"] = {"error": str(error)}
            found[name] = Run(conversation, expected[name], state, result)
    return found


@pytest.mark.parametrize("name", _ids())
def test_the_decision_is_the_expected_one(runs: dict[str, Run], name: str) -> None:
    run = runs[name]
    assert _differences(run) == []


def _differences(run: Run) -> list[str]:
    wanted, draft = run.expected, run.result.draft
    if run.result.reason is Reason.FAILED:
        return [f"failed: {run.state['end']}"]
    found: list[str] = []
    if "reason" in wanted and wanted["reason"] != (run.result.reason.value if run.result.reason else None):
        found.append(f"reason {run.result.reason} instead of {wanted['reason']}")
    if draft is None:
        return found
    pairs: list[tuple[str, object, object]] = [
        ("turn", wanted.get("turn", draft.turn), draft.turn),
        ("issues", sorted(wanted.get("issues", ())), sorted(reading.issue.value for reading in draft.issues)),
        ("actions", sorted(wanted.get("actions", ())), sorted(option.action for option in draft.options)),
        ("risks", sorted(wanted.get("risks", ())), sorted(reading.risk.value for reading in draft.risks)),
        ("order", (wanted.get("order") or {}).get("id"), draft.order.id if draft.order else None),
    ]
    judged = {"turn", *(key for key in ("issues", "actions", "risks", "order") if key in wanted)}
    found += [f"{name} {got} instead of {want}" for name, want, got in pairs if name in judged and want != got]
    found += [
        f"{key} {got} instead of {wanted[key]}" for key, got in _of_knowledge(draft) if wanted.get(key, got) != got
    ]
    if wanted.get("acts") and run.state["plan"]["act"] not in wanted["acts"]:
        found.append(f"act {run.state['plan']['act']} instead of {wanted['acts']}")
    text = BLANK.sub("", draft.text)
    found += [f"{part!r} is missing" for part in wanted.get("must_mention", ()) if BLANK.sub("", part) not in text]
    found += [f"{part!r} is said" for part in wanted.get("must_not", ()) if part in draft.text]
    return found


def _of_knowledge(draft: DraftView) -> tuple[tuple[str, list[str]], ...]:
    """What of the shop's knowledge the draft rests on, by entry, and what it tells the agent about that."""
    notes = ("pinned_product", "ship_by_extended", UNSURE)
    told = [flag for flag in draft.flags if flag.startswith(notes)]
    return ("cites", [one.id for one in draft.cites if one.score is not None]), ("flags", told)


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
