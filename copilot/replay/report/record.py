"""What the report rests on: archives, packs in force, rules that could not be judged, lines that could not be read."""

from collections.abc import Mapping
from typing import Any

from copilot.replay.report.names import FAMILIES, MARKS, NOT_JUDGED, REJECTED, ROLES, said
from copilot.replay.report.summary import Section, words
from copilot.replay.report.text import clean, count, cut, name
from copilot.replay.totals import Totals

MOST_ARCHIVES = 60
MOST_RULES = 120


def record(totals: Totals, language: str) -> Section:
    """The last section."""
    return {
        "archives": _archives(totals),
        "packs": _packs(totals),
        "not_judged": _not_judged(totals, language),
        "rejected": [
            {"why": cut(said(REJECTED, kind, language), 120), "number": count(totals.rejected[kind])}
            for kind in sorted(totals.rejected, key=lambda one: (-totals.rejected[one], one))[:MOST_ARCHIVES]
        ],
        "rejected_sum": count(sum(totals.rejected.values())),
        "roles": [
            {"name": said(ROLES, clean(role), language), "number": count(totals.messages[role])}
            for role in sorted(totals.messages)[:20]
        ],
        "marks": [
            {"name": said(MARKS, clean(mark), language), "number": count(totals.marks[mark])}
            for mark in sorted(totals.marks)[:20]
            if totals.marks[mark]
        ],
        "options": [
            {"name": clean(key), "value": cut(_told(value), 120)}
            for key, value in sorted(totals.run.items())[:30]
            if value not in (None, "", [], {}) and key not in ("partial", "rules")
        ],
    }


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _archives(totals: Totals) -> Section:
    rows = [
        {"name": name(archive), **{key: count(counts.get(key, 0)) for key in ("conversations", "messages", "rejected")}}
        for archive, counts in list(totals.archives.items())[:MOST_ARCHIVES]
    ]
    return {"rows": rows, "more": max(len(totals.archives) - MOST_ARCHIVES, 0)}


def _packs(totals: Totals) -> list[Section]:
    return [
        {
            "name": clean(pack),
            "messages": count(totals.packs[pack]),
            "days": " – ".join(clean(day) for day in dict.fromkeys(totals.pack_days.get(pack, [])) if day),
        }
        for pack in sorted(totals.packs)[:MOST_ARCHIVES]
    ]


def _not_judged(totals: Totals, language: str) -> Section:
    rows: list[Section] = []
    for rule in sorted(totals.not_judged)[:MOST_RULES]:
        about: Mapping[str, Any] = totals.catalogue.get(rule, {})
        family = str(about.get("family") or rule.partition(".")[0])
        whys = totals.not_judged[rule]
        rows.append(
            {
                "rule": clean(rule),
                "family": said(FAMILIES, clean(family), language),
                "reason": words(about, "reason", language),
                "whys": [
                    {"why": said(NOT_JUDGED, clean(why), language), "number": count(whys[why])}
                    for why in sorted(whys, key=lambda one: (-whys[one], one))[:5]
                ],
            }
        )
    return {"rows": rows, "more": max(len(totals.not_judged) - MOST_RULES, 0)}
