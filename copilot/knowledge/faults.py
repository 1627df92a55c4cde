"""What is wrong with an entry before it is used: its words, for those who will read them.

Owns the judging of one entry; knows no store and no file. What a buyer may read is policy's to say; what staff may read
is held to less, but never to nothing: a route that the platform does not take, or a number that it does not have.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from copilot.domain.knowledge import Audience, Entry
from copilot.knowledge.blanks import blanks_of
from copilot.knowledge.evidence import ReportRoute
from copilot.policy import Pack
from copilot.policy.model import Words

STAFF_RULES = frozenset({"off_platform.phone", "false_promise.report_route", "false_promise.platform_phone"})
"""The rules that also hold for what only staff read."""
_NUMBER = re.compile(r"\+?\d(?:[\s().–-]{0,2}\d){6,}")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True)
class Fault:
    """One remark; an ``error`` keeps the entry from being used, a ``note`` is for its author."""

    code: str
    level: Literal["error", "note"]
    words: Words


def faults_of(entry: Entry, pack: Pack, report: ReportRoute) -> tuple[Fault, ...]:
    """Everything to remark about ``entry``, none when it is fine.

    ``pack`` judges the answer, ``report`` says by which route a report of force majeure counts.
    """
    found = _staff(entry, pack, report) if entry.audience is Audience.STAFF else _buyer(entry, pack)
    blanks = blanks_of(entry.answer)
    if blanks:
        names = ", ".join(blanks)
        words = Words(
            zh=f"还有空没填：{names}；填好以前这条回答不会用", en=f"blanks to fill in: {names}; not used until then"
        )
        found.append(Fault("blank", "note", words))
    return tuple(found)


def _buyer(entry: Entry, pack: Pack) -> list[Fault]:
    blocking = [one for one in pack.check(entry.answer).findings if one.severity == "block"]
    return [_of_rule(one.rule, one.text) for one in blocking]


def _staff(entry: Entry, pack: Pack, report: ReportRoute) -> list[Fault]:
    found = [_of_rule(one.rule, one.text) for one in pack.check(entry.answer).findings if one.rule in STAFF_RULES]
    plain = _DATE.sub(" ", unicodedata.normalize("NFKC", entry.answer))
    if _NUMBER.search(plain) and not any(fault.code == "off_platform.phone" for fault in found):
        words = Words(
            zh="回答里有像电话号码的数字，请删掉", en="holds digits that look like a phone number; take them out"
        )
        found.append(Fault("phone", "error", words))
    return found + _route(entry, report)


def _of_rule(rule: str, text: str) -> Fault:
    return Fault(rule, "error", Words(zh=f"规则 {rule} 会拦截“{text}”", en=f"{rule} blocks {text!r}"))


def _route(entry: Entry, report: ReportRoute) -> list[Fault]:
    """The one route: the entry about reporting names it, and no entry on the topic names another one."""
    asked = " ".join((entry.question, *entry.similar, entry.answer)).casefold()
    if entry.id != report.entry and not any(word.casefold() in asked for word in report.topic.of(entry.language)):
        return []
    found: list[Fault] = []
    answer = entry.answer.casefold()
    if entry.id == report.entry and not any(word.casefold() in answer for word in report.route.of(entry.language)):
        named = report.route.of(entry.language)[0]
        words = Words(
            zh=f"没有说到“{named}”，而报备只认它", en=f"does not name the {named!r}, the only report that counts"
        )
        found.append(Fault("no_route", "error", words))
    other = next((word for word in report.other_routes.of(entry.language) if word.casefold() in answer), None)
    if other is not None:
        words = Words(
            zh=f"提到了“{other}”，平台不接受这种报备；请删掉", en=f"names {other!r}, which is no report; take it out"
        )
        found.append(Fault("other_route", "error", words))
    return found
