"""Which of the shop's answers a draft may use as they stand.

Owns the reading of an entry's words, which anybody may have written into the shop's knowledge; whether it answers the
turn is the playbook's to say.
"""

import re
from datetime import datetime
from typing import Final

from copilot.domain.fact import FactKind
from copilot.domain.issue import Category
from copilot.domain.knowledge import Entry, Suggested
from copilot.flow.deps import Deps
from copilot.flow.shops import Rules
from copilot.flow.understand import looks_like_injection
from copilot.policy.claims import extract

_WHEN: Final = frozenset({FactKind.DATE, FactKind.TIME})
# Wider than what counts as a claim: "48 hours after payment" promises nothing by itself, and says when all the same.
_SPAN: Final = re.compile(
    r"[\d一二两三四五六七八九十半几]\s*(?:[-~–到至]\s*[\d一二两三四五六七八九十]+\s*)?(?:个)?(?:小时|天|日|工作日|周|星期)"
    r"|当天|当日|次日|隔天|隔日|今天|明天|后天|马上发|立即发"
    r"|\b(?:\d+|one|two|three|four|five)(?:\s*(?:-|–|to)\s*\d+)?\s+(?:business |working )?(?:hours?|days?|weeks?)\b"
    r"|\b(?:same|next)[- ](?:business )?day\b|\b(?:today|tonight|tomorrow|overnight)\b",
    re.IGNORECASE,
)


# Who speaks as the system, and where a link leads, is nobody's answer to a buyer.
_ROLE: Final = re.compile(
    r"(?:^|[\s(（【\[,，。;；])(?:系统|system|assistant|developer|admin)\s*[:：]|https?:|www\.", re.IGNORECASE
)
_SHOUTED: Final = re.compile(r"\bSYSTEM\b")


def is_suspect(entry: Entry) -> bool:
    """Whether the entry's words speak to machines, in a system's name, or lead elsewhere: then it answers nobody."""
    words = f"{entry.question}\n{entry.answer}"
    return looks_like_injection(words) or any(one.search(words) for one in (_ROLE, _SHOUTED))


def fitting(suggested: tuple[Suggested, ...], deps: Deps, *, unsure: bool) -> tuple[Suggested, ...]:
    """Those that are short enough for the platform and, while dates are ``unsure``, do not say when goods come."""
    rules, now = deps.rules, deps.clock.now()
    return tuple(one for one in suggested if sayable(one.match.entry, rules, now, unsure=unsure))


def sayable(entry: Entry, rules: Rules, now: datetime, *, unsure: bool) -> bool:
    """Whether the answer has room in one message and, while dates are ``unsure``, does not say when goods come."""
    most = rules.max_chars
    if most is not None and len(entry.answer) > most:
        return False
    return not (unsure and _says_when(entry, rules, now))


def _says_when(entry: Entry, rules: Rules, now: datetime) -> bool:
    if entry.category is Category.LOGISTICS and _SPAN.search(entry.answer):
        return True
    claims = extract(entry.answer, language=entry.language, now=now, zone=rules.zone)
    return any(claim.kind in _WHEN for claim in claims)
