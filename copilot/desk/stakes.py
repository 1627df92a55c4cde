"""How much hangs on a draft: facts only, a promise, or danger; and what accepting it would do.

Owns the three steps of design §4; refuses to give a number for confidence.
"""

from copilot.domain.case import OrderWhy
from copilot.domain.draft import DraftView
from copilot.domain.fact import FactKind
from copilot.domain.plan import Act
from copilot.domain.reason import Reason
from copilot.domain.verdict import Decision

_FOR_A_PERSON = frozenset({Reason.PERSON_NEEDED, Reason.WAITING_FOR_US})
# How an order was found when a person or the platform said which one it is.
_SURE = frozenset({OrderWhy.CARD, OrderWhy.TYPED, OrderWhy.ENTERED_FROM, OrderWhy.AGENT})


def stakes(view: DraftView | None, candidates: tuple[str, ...] = (), reason: str | None = None) -> str:
    """``T0`` facts only · ``T1`` money, a promise or a refusal · ``T2`` risk, fault, a warning, an uncertain order.

    Without a draft ``reason`` says how much is at stake: what is left to a person for danger or pressure is T2.
    """
    if view is None:
        return "T2" if reason in _FOR_A_PERSON else "T0"
    if weak_points(view, candidates) or view.risks:
        return "T2"
    return "T1" if view.options or view.owes or declines(view) else "T0"


def weak_points(view: DraftView, candidates: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The codes of what a person must settle before the draft may leave unread."""
    found: list[str] = []
    if view.verdict.decision is not Decision.PASS:
        found.append("rule_warns")
    if any(claim.kind is FactKind.CAUSE for claim in view.claims):
        found.append("cause_stated")
    if view.order is not None and view.order.why not in _SURE and set(candidates) - {view.order.id}:
        found.append("order_uncertain")
    if "injection" in view.flags:
        found.append("injection")
    return tuple(found)


def declines(view: DraftView) -> bool:
    """Whether the draft says no."""
    return view.act is Act.DECLINE
