"""What the buyer of an order is due anyway, by law, by the platform or by a request under way.

Owns the amounts that nobody's ceiling counts: giving them costs nothing that was not owed.
"""

from dataclasses import dataclass

from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.playbook.fit import Fit
from copilot.playbook.loader import Playbooks
from copilot.playbook.options import Built, build
from copilot.playbook.situation import Situation, after_sale_state
from copilot.playbook.values import values

_RUNNING = ("in_progress", "refunded")
_SENDS_BACK = "return_refund"
_ANYBODYS = frozenset({Issue.RETURN_EXCHANGE, Issue.CANCEL_ORDER, Issue.PRICE_PROMOTION})


@dataclass(frozen=True)
class Due:
    """An ``amount`` that the buyer gets in any case; ``for_goods``: only when the goods come back."""

    amount: Money
    for_goods: bool = False


def due_anyway(playbooks: Playbooks, situation: Situation, issue: Issue | None = None) -> tuple[Due, ...]:
    """What entitled options give that hold for the chosen order, and its open or finished requests.

    Sending back, cancelling and price protection are anybody's; other entitlements are those of the case's ``issue``: a
    parcel that is not lost is not refunded as a lost one.
    """
    order = situation.chosen_order
    if order is None:
        return ()
    seen = values(situation, playbooks.words, Fit())
    found = [Due(one.amount) for one in order.after_sales if one.amount and after_sale_state(one) in _RUNNING]
    for about in _ANYBODYS | frozenset[Issue]({issue} if issue is not None else ()):
        playbook = playbooks.by_issue.get(about)
        for option in playbook.options.values() if playbook is not None else ():
            if not option.rule.entitled or option.when.holds(seen) is not True:
                continue
            built = build(option, situation, seen)
            fact = built.facts.get(f"option.{option.key}.amount") if isinstance(built, Built) else None
            if fact is not None:
                found.append(Due(Money.model_validate(fact.value), option.rule.action == _SENDS_BACK))
    return tuple(dict.fromkeys(found))
