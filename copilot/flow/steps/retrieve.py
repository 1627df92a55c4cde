"""Gathers what the answer needs: the right order or none, the case it belongs to, and what the shop knows about it.

Orders come with the conversation (from the archive line or from the adapter's look-up), goods, notices and answers from
the shop's knowledge; what could not be looked up is named, never guessed.
"""

from datetime import tzinfo

from copilot.domain.case import OrderChoice, OrderWhy
from copilot.domain.conversation import Conversation
from copilot.domain.draft import Rejection, RejectReason
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.deps import Deps
from copilot.flow.knowing import known
from copilot.flow.shapes import Gathered, Intake
from copilot.flow.understand import (
    Ambiguous,
    Unknown,
    choose_order,
    derive_cases,
    needs_order,
    open_case,
    unanswered,
)


async def run(
    merchant: str,
    conversation: str,
    read: Intake,
    understanding: Understanding,
    rejection: Rejection | None,
    deps: Deps,
) -> Gathered:
    """The order with its reason, or the candidates; goods, notices and the shop's own answers."""
    found = await deps.conversations.get(merchant, conversation)
    return await known(found, read, understanding, _order(found, understanding, rejection, deps.rules.zone), deps)


def _order(found: Conversation, understanding: Understanding, rejection: Rejection | None, zone: tzinfo) -> Gathered:
    cases = derive_cases(found)
    case = open_case(cases, understanding)
    unavailable = ("orders",) if found.orders is None else ()
    if rejection is not None and rejection.reason is RejectReason.WRONG_ORDER:
        return _named(rejection, found, unavailable)
    issue = _issue(understanding, rejection, case.issue if case else None)
    chosen = choose_order(found, unanswered(found), case, issue, understanding, zone, in_hand=open_case(cases))
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
    if understanding.turn is Turn.CHOICE and of_case is not None:
        # What was offered is chosen; what else the turn raises has its own order.
        return of_case
    raised = [one.issue for one in understanding.issues]
    # A question about goods needs no order; the matter beside it does.
    return next((issue for issue in raised if needs_order(issue)), raised[0] if raised else of_case)
