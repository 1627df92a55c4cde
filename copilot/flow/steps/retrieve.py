"""Gathers what the answer needs: the right order or none, and the case it belongs to.

Orders and products come with the conversation (from the archive line or from the adapter's look-up); what could not be
looked up is named, never guessed.
"""

from copilot.domain.case import OrderChoice, OrderWhy
from copilot.domain.conversation import Conversation
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
        return _named(rejection, found, unavailable)
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


def _named(rejection: Rejection, found: Conversation, unavailable: tuple[str, ...]) -> Gathered:
    """The order that the agent named; one that is none of this buyer's is said not to be found, and none is used."""
    if rejection.order is None:
        return Gathered(unavailable=unavailable)
    if found.orders is not None and all(order.id != rejection.order for order in found.orders):
        return Gathered(unknown_order=rejection.order)
    return Gathered(order=OrderChoice(id=rejection.order, why=OrderWhy.AGENT), unavailable=unavailable)


def _issue(understanding: Understanding, rejection: Rejection | None, of_case: Issue | None) -> Issue | None:
    if rejection is not None and rejection.reason is RejectReason.WRONG_ISSUE and rejection.issue:
        return Issue(rejection.issue)
    return understanding.issues[0].issue if understanding.issues else of_case
