"""Whatever the desk tells of has a listener on its page: a browser hears only the events whose names it asked for."""

import ast
import re
from pathlib import Path

from copilot.channel.sent import ReplyState
from copilot.domain.case import CommitmentState
from copilot.domain.draft import DraftState
from copilot.flow.approvals import ApprovalState

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "copilot/web/static/connection.js"
_TOPIC = re.compile(r"[a-z]+\.[a-z]+")
_OF_STATES = {"draft": DraftState, "reply": ReplyState, "commitment": CommitmentState, "approval": ApprovalState}
# What a page shows does not come from these, and actions of the audit log look like topics.
_NOT_SHOWN = {"policy.published", "knowledge.changed"}
_AUDITED = {
    "conversation.open",
    "shop.added",
    "buyer.erased",
    "person.changed",
    "publication.added",
    "publication.retired",
}


def told() -> set[str]:
    """Every topic that a module names which appends events, and one for each state of what has states."""
    found = {f"{kind}.{state}" for kind, states in _OF_STATES.items() for state in states}
    for path in (ROOT / "copilot").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "events.append(" in source or "left.tell(" in source:
            words = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
            found |= {word for word in words if isinstance(word, str) and _TOPIC.fullmatch(word)}
    return found


def heard() -> set[str]:
    """The topics of the page's list."""
    block = PAGE.read_text(encoding="utf-8").split("const TOPICS = [", 1)[1].split("\n];", 1)[0]
    found: set[str] = set()
    for line in block.splitlines():
        words = re.findall(r'"([a-z_.]+)"', line)
        kind = re.search(r"=> `([a-z]+)\.\$", line)
        found |= {f"{kind[1]}.{word}" for word in words} if kind else set(words)
    return found


def test_the_page_listens_for_everything_that_is_told() -> None:
    assert told() - _NOT_SHOWN - _AUDITED - heard() == set()


def test_both_sides_are_read() -> None:
    """A reading that finds nothing would agree with everything."""
    assert {"conversation.assigned", "conversation.ended", "message.received", "draft.translated"} <= told()
    assert {"conversation.assigned", "draft.proposed", "approval.overdue", "message.received"} <= heard()
