"""Terms that a shop decided in its own answers and nowhere else: how long it protects a price, how long a fault counts.

Owns under which questions shops keep such a decision (``playbooks/matters.yaml``) and the reading of it; refuses what
is not plain, what a term says already, and answers for other goods.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue, RootModel

from copilot.domain.base import StrictShape
from copilot.domain.issue import Issue
from copilot.domain.knowledge import Citation, Entry
from copilot.domain.plan import NoPlan, Plan
from copilot.files import read_model
from copilot.playbook.matters import PROBLEMS
from copilot.playbook.situation import Situation
from copilot.playbook.terms import Terms

FILE: Final = "matters.yaml"
_SENTENCE: Final = re.compile(r"[^。!！?？;；\n]+")
_REFUSES: Final = re.compile(r"不(?:支持|提供|享受|保价|参加|可)|没有|无(?!理由)|\bno\b|\bnot\b|n'?t\b", re.IGNORECASE)
_DAYS: Final = re.compile(
    r"(?<![\d-])(?P<zh>\d{1,3})\s*(?:天|日)(?!\s*(?:起|后|无理由))|\b(?P<en>\d{1,3})[ -]days?\b", re.IGNORECASE
)
_OF_PRICE: Final = re.compile(
    r"价保|保价|降价|差价|补差"
    r"|\bprice (?:protect\w*|match\w*|adjust\w*|drop\w*|difference|goes down)|\bdrops? in price",
    re.IGNORECASE,
)
_FAULT: Final = re.compile(
    r"质量问题|瑕疵|破损|损坏|坏了|掉色|开线|故障"
    r"|\b(?:defect\w*|fault\w*|damaged?|quality (?:issue|problem)s?|broken)\b",
    re.IGNORECASE,
)
_TAKEN_BACK: Final = re.compile(r"退|换|\b(?:return|exchang|replac|refund)\w*", re.IGNORECASE)
_MONEY: Final = re.compile(
    r"(?P<low>\d{1,2})\s*(?:-|~|–|至|到|to)\s*(?P<high>\d{1,2})\s*(?:个?工作日(?:之?内)?(?:左右)?(?:到账|到卡|到您|退到)"
    r"|business days?\b[^.;\n]{0,40}\b(?:show|appear|post|reach|land|bank|account|card|arrive))",
    re.IGNORECASE,
)
_BY_WAY: Final = re.compile(r"零钱|余额|信用卡|花呗|\b(?:credit|debit|paypal|wallet)\b", re.IGNORECASE)
"""Who tells the days by the way of paying has no one span."""


class Asked(StrictShape):
    """Questions under which shops keep what they decided, by language."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class MattersFile(RootModel[dict[Issue, Asked]]):
    """By issue the questions that are looked up in the shop's own answers when it comes up."""


@dataclass(frozen=True)
class Stated:
    """``terms`` with what the answers add, and by the name of a term the answer that says it."""

    terms: Terms
    by: Mapping[str, Entry]


def load_matters(folders: Sequence[Path]) -> Mapping[Issue, Asked]:
    """The questions of the last of ``folders`` that has some for an issue; none where no folder has the file.

    Raises ``PolicyFileError`` with file:line for a file that cannot be used.
    """
    files = [read_model(file, MattersFile) for folder in folders if (file := folder / "playbooks" / FILE).is_file()]
    return {issue: asked for file in files for issue, asked in file.root.items()}


def stated_terms(terms: Terms, entries: Iterable[Entry]) -> Stated:
    """``terms`` with the days that ``entries`` state and ``terms`` leave open; the first plain word on each counts."""
    found: dict[str, JsonValue] = {}
    by: dict[str, Entry] = {}
    for entry in entries:
        for name, value in _read(entry):
            if getattr(terms, name) is None and name not in found:
                found[name], by[name] = value, entry
    return Stated(terms.overlaid(found) if found else terms, by)


def with_terms_cited(plan: Plan | NoPlan, situation: Situation) -> Plan | NoPlan:
    """``plan`` that names the answers which say a term that it uses."""
    if isinstance(plan, NoPlan) or not situation.stated:
        return plan
    told = {id.split(".")[1] for id in plan.facts if id.startswith("terms.")}
    if plan.options and plan.issue in PROBLEMS:
        told.add("fault_days")
    known = {one.id for one in plan.cites}
    cites = {
        entry.id: Citation(id=entry.id, title=entry.question)
        for name, entry in situation.stated.items()
        if name in told and entry.id not in known
    }
    return plan.model_copy(update={"cites": (*plan.cites, *cites.values())}) if cites else plan


def _read(entry: Entry) -> Iterator[tuple[str, JsonValue]]:
    sentences = [one.group() for one in _SENTENCE.finditer(entry.answer)]
    topic = " ".join((entry.question, *entry.similar))
    days = _days(sentences, topic, _OF_PRICE, _OF_PRICE)
    if days is not None:
        yield "price_protection_days", days
    days = _days(sentences, topic, _FAULT, _TAKEN_BACK)
    if days is not None:
        yield "fault_days", days
    spans = {(int(one["low"]), int(one["high"])) for one in _MONEY.finditer(entry.answer)}
    if len(spans) == 1 and _BY_WAY.search(entry.answer) is None:
        low, high = spans.pop()
        if 0 < low <= high:
            yield "refund_arrival_business_days", {"min": low, "max": high}


def _days(sentences: Sequence[str], topic: str, about: re.Pattern[str], does: re.Pattern[str]) -> int | None:
    """The one number of days of the sentence that is ``about`` it and says what it ``does``."""
    said: set[int] = set()
    for sentence in sentences:
        named = about.search(sentence) is not None or about.search(topic) is not None
        if not named or does.search(sentence) is None or _REFUSES.search(sentence) is not None:
            continue
        said |= {int(one["zh"] or one["en"]) for one in _DAYS.finditer(sentence)}
    return said.pop() if len(said) == 1 and 0 not in said else None
