"""Gathers what the answer needs: the right order or none, and the case it belongs to.

Orders and products come with the conversation (from the archive line or from the adapter's look-up); what could not be
looked up is named, never guessed.
"""

from copilot.domain.case import OrderChoice, OrderWhy
from copilot.domain.draft import Rejection, RejectReason
from copilot.domain.issue import Issue, Understanding
from copilot.flow.deps import Deps
from copilot.flow.shapes import Gathered
from copilot.flow.understand import Ambiguous, Unknown, choose_order, derive_cases, open_case, unanswered


async def run(
    merchant: str, conversation: str, understanding: Understanding, rejection: Rejection | None, deps: Deps
) -> Gathered:
    """The order with its reason, or the candidates; and the open case."""
    found = await deps.conversations.get(merchant, conversation)
    case = open_case(derive_cases(found), understanding)
    unavailable = ("orders",) if found.orders is None else ()
    if rejection is not None and rejection.reason is RejectReason.WRONG_ORDER:
        return Gathered(order=_named(rejection), unavailable=unavailable)
    chosen = choose_order(
        found, unanswered(found), case, _issue(understanding, rejection, case.issue if case else None)
    )
    if isinstance(chosen, OrderChoice):
        return Gathered(order=chosen, unavailable=unavailable)
    return Gathered(
        candidates=chosen.candidates if isinstance(chosen, Ambiguous) else (),
        unknown_order=chosen.order_id if isinstance(chosen, Unknown) else None,
        unavailable=unavailable,
    )


def _named(rejection: Rejection) -> OrderChoice | None:
    return OrderChoice(id=rejection.order, why=OrderWhy.AGENT) if rejection.order else None


def _issue(understanding: Understanding, rejection: Rejection | None, of_case: Issue | None) -> Issue | None:
    if rejection is not None and rejection.reason is RejectReason.WRONG_ISSUE and rejection.issue:
        return Issue(rejection.issue)
    return understanding.issues[0].issue if understanding.issues else of_case
