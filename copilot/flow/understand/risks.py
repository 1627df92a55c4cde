"""Risk signals in a buyer's words, each with the words that show it.

Owns the table ``data/risks.yaml`` and the windows of negation around a hit; a risk is independent of the issue, and
this part refuses to decide what is done about one.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from copilot.domain.issue import Evidence, Risk, RiskReading
from copilot.flow.understand.text import fold_same_length

_BEFORE = 24
_AFTER = 14
_SENTENCE_END = re.compile(r"[。.!！?\n;；]")


@dataclass(frozen=True, slots=True)
class _Sign:
    risk: Risk
    says: re.Pattern[str]
    unless_before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None
    unless: re.Pattern[str] | None


def find_risks(text: str) -> tuple[RiskReading, ...]:
    """The risks that ``text`` shows, one reading a risk (the first evidence), in the order of the words."""
    folded = fold_same_length(text)
    found: dict[Risk, RiskReading] = {}
    for sign in _signs():
        for match in sign.says.finditer(folded):
            if not _denied(sign, folded, match):
                span = Evidence(start=match.start(), end=match.end(), text=text[match.start() : match.end()])
                known = found.get(sign.risk)
                if known is None or span.start < known.evidence.start:
                    found[sign.risk] = RiskReading(risk=sign.risk, evidence=span)
                break
    return tuple(sorted(found.values(), key=lambda one: one.evidence.start))


def _denied(sign: _Sign, folded: str, match: re.Match[str]) -> bool:
    before = folded[max(0, match.start() - _BEFORE) : match.start()]
    cuts = [cut.end() for cut in _SENTENCE_END.finditer(before)]
    before = before[cuts[-1] :] if cuts else before
    after = folded[match.end() : match.end() + _AFTER]
    return bool(
        (sign.unless_before and sign.unless_before.search(before))
        or (sign.unless_after and sign.unless_after.match(after))
        or (sign.unless and sign.unless.search(folded))
    )


@cache
def _signs() -> tuple[_Sign, ...]:
    path = resources.files("copilot.flow.understand") / "data" / "risks.yaml"
    raw: dict[str, list[dict[str, str]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    common = raw.pop("_negation")[0]
    signs: list[_Sign] = []
    for risk, rows in raw.items():
        for row in rows:
            denial = "|".join(part for part in (common["before"], row.get("unless_before")) if part)
            signs.append(
                _Sign(
                    risk=Risk(risk),
                    says=re.compile(row["says"]),
                    unless_before=None if row.get("negation") == "none" else re.compile(f"(?:{denial})"),
                    unless_after=_optional(row.get("unless_after")),
                    unless=_optional(row.get("unless")),
                )
            )
    return tuple(signs)


def _optional(wordings: str | None) -> re.Pattern[str] | None:
    return re.compile(wordings) if wordings else None
