"""What a text without a draft is about, and who pays for sending there and back: by the shop's terms or by nobody's.

Owns whether the shop pays for the way anyway, and what it costs where it does not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.flow.shops import Rules
from copilot.playbook.dues import Due
from copilot.policy.claims.clauses import sentence
from copilot.policy.claims.gives import Gives

_OURS: Final = ("prepaid", "shop")
_FAULT: Final = re.compile(
    r"质量|我们的(?:问题|责任|失误)|商家责任|发错|漏发|破损|瑕疵|坏了"
    r"|\b(?:faulty|defective|damaged|our (?:mistake|fault|error)|wrong item)\b",
    re.IGNORECASE,
)
_THERE: Final = re.compile(
    r"(?:下单|首次|第一次|当时|之前|原来)[^,。!?;]{0,6}(?:运费|邮费|快递费)|发货的?运费"
    r"|\b(?:shipping|postage|delivery)(?: (?:fee|cost|charge)s?)? (?:that )?you (?:have )?paid\b"
    r"|\boriginal (?:shipping|postage|delivery)\b",
    re.IGNORECASE,
)
_BOTH: Final = re.compile(r"来回|往返|双程|\bboth (?:ways|directions)\b|\bround[- ]trip\b", re.IGNORECASE)


@dataclass(frozen=True)
class Owed:
    """An open promise of the conversation, by its code, with its amount where it names one."""

    what: str
    amount: Money | None = None


@dataclass(frozen=True)
class Matter:
    """What a text without a draft is about: the ``order`` and ``issue`` of the open case.

    ``owed`` is what is promised to the buyer already and not carried out; ``due`` what they are entitled to anyway.
    """

    order: str | None = None
    issue: Issue | None = None
    owed: tuple[Owed, ...] = ()
    due: tuple[Due, ...] = ()


def is_way_due(rules: Rules, issue: Issue | None, due: Sequence[Due], text: str, one: Gives) -> bool:
    """Whether the shop pays for the way back whoever writes it: the goods are faulty, or its terms say so for all."""
    begin, end = sentence(text, one.start, one.end)
    if _THERE.search(text, begin, end):
        # What the buyer paid for the way there is another matter.
        return False
    terms = rules.terms
    if terms.return_label in _OURS and any(each.for_goods for each in due):
        return True
    fault = _is_fault(rules, issue) or _FAULT.search(text, begin, end) is not None
    return fault and terms.fault_label in _OURS


def way_cost(postage: Money | None, text: str, one: Gives) -> Money | None:
    """What the ways cost that the words take over; None where nobody decided what one costs."""
    if postage is None:
        return None
    ways = 2 if _BOTH.search(text, *sentence(text, one.start, one.end)) else 1
    return Money.from_minor(postage.minor * ways, postage.currency)


def _is_fault(rules: Rules, issue: Issue | None) -> bool:
    """Whether the issue's playbook sends goods back at the expense of whoever is at fault."""
    playbook = rules.playbooks.by_issue.get(issue) if issue is not None else None
    return playbook is not None and any(
        "terms.fault_label" in one.rule.gives.values() for one in playbook.options.values()
    )
