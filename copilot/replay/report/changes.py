"""What another version of the rules would have said: newly caught and newly released, by rule, agent and shop."""

from collections.abc import Mapping
from typing import Any

from copilot.replay.report.names import CHANGES, FAMILIES, SEVERITIES, said
from copilot.replay.report.summary import Section, example, words
from copilot.replay.report.text import by_name, clean, count, name
from copilot.replay.totals import Changes, Counts, Totals

KINDS = ("caught", "released", "changed")
MOST_RULES = 60
MOST_NAMES = 40
PER_KIND = 3


def changes(totals: Totals, language: str, unnamed: str) -> Section | None:
    """The comparison; None when nothing was compared."""
    found = totals.changes
    if found is None:
        return None
    ranked = sorted(found.rules, key=lambda rule: (-sum(found.rules[rule].values()), rule))
    return {
        "messages": count(found.messages),
        "sums": {kind: count(sum(counts.get(kind, 0) for counts in found.rules.values())) for kind in KINDS},
        "decisions": [_decision(key, found.decisions[key], language) for key in sorted(found.decisions)],
        "rules": [_rule(totals, found, rule, language) for rule in ranked[:MOST_RULES]],
        "more": max(len(ranked) - MOST_RULES, 0),
        "agents": _by_name(found.agents, unnamed),
        "shops": _by_name(found.shops, unnamed),
    }


def _decision(key: str, number: int, language: str) -> Section:
    before, _, after = key.partition(">")
    return {
        "before": said(SEVERITIES, clean(before), language),
        "after": said(SEVERITIES, clean(after), language),
        "number": count(number),
    }


def _rule(totals: Totals, found: Changes, rule: str, language: str) -> Section:
    about: Mapping[str, Any] = totals.catalogue.get(rule, {})
    family = str(about.get("family") or rule.partition(".")[0])
    kinds: list[Section] = []
    for kind in KINDS:
        key = f"{rule}|{kind}"
        samples = found.samples[key].listed()[:PER_KIND] if key in found.samples else []
        if samples:
            kinds.append(
                {
                    "kind": kind,
                    "name": said(CHANGES, kind, language),
                    "examples": [example(sample, about, language) for sample in samples],
                }
            )
    return {
        "rule": clean(rule),
        "name": said(FAMILIES, clean(family), language),
        "reason": words(about, "reason", language),
        **_numbers(found.rules[rule]),
        "kinds": kinds,
    }


def _numbers(counts: Counts) -> dict[str, str]:
    return {kind: count(counts.get(kind, 0)) for kind in KINDS}


def _by_name(groups: Mapping[str, Counts], unnamed: str) -> Section:
    most = sorted(groups, key=lambda one: (-sum(groups[one].values()), one))[:MOST_NAMES]
    kept = sorted(most, key=by_name)
    return {
        "rows": [{"name": name(one) or unnamed, **_numbers(groups[one])} for one in kept],
        "more": len(groups) - len(kept),
    }
