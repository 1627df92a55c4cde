"""A sheet per agent: what they do often, one masked example of each, and how to say it better.

It is made for a talk between two people: names in the order of the alphabet, no ranks, no marks, and what went well
comes first.
"""

from collections.abc import Mapping
from typing import Any

from copilot.replay.report.names import FAMILIES, SEVERITIES, TOPICS, said, topic_of
from copilot.replay.report.summary import SEVERITY_ORDER, Section, example, words
from copilot.replay.report.text import by_name, clean, count, name, share
from copilot.replay.totals import Group, Totals

MOST_SHEETS = 40
MOST_HABITS = 5
_PER_HABIT = 2


def sheets(totals: Totals, language: str, unnamed: str) -> Section:
    """The sheets; of very many agents those with the most findings, in the order of their names all the same."""
    concerned = {agent: group for agent, group in totals.agents.items() if any(group.rules.values())}
    most = sorted(concerned, key=lambda one: (-sum(concerned[one].rules.values()), one))[:MOST_SHEETS]
    kept = sorted(most, key=by_name)
    return {
        "sheets": [_sheet(totals, agent, concerned[agent], language, unnamed) for agent in kept],
        "more": len(concerned) - len(kept),
        "clean": [
            name(one) or unnamed for one in sorted(set(totals.agents) - set(concerned), key=by_name)[:MOST_SHEETS]
        ],
    }


def _sheet(totals: Totals, agent: str, group: Group, language: str, unnamed: str) -> Section:
    rules = [rule for rule, number in group.rules.items() if number and _severity(totals, rule) != "info"]
    rules = rules or [rule for rule, number in group.rules.items() if number]
    rules.sort(key=lambda rule: (-group.rules[rule], SEVERITY_ORDER.index(_severity(totals, rule)), rule))
    habits = [_habit(totals, agent, rule, group.rules[rule], language) for rule in rules[:MOST_HABITS]]
    fine = group.decisions.get("pass", 0)
    topics = sorted({habit["topic"] for habit in habits})
    return {
        "name": name(agent) or unnamed,
        "messages": count(group.messages),
        "fine": count(fine),
        "share": share(fine, group.messages),
        "topics": [
            {"name": said(TOPICS, topic, language), "habits": [one for one in habits if one["topic"] == topic]}
            for topic in topics
        ],
        "more": len(rules) - len(habits),
    }


def _severity(totals: Totals, rule: str) -> str:
    known = totals.catalogue.get(rule, {}).get("severity", "")
    return known if known in SEVERITY_ORDER else "info"


def _habit(totals: Totals, agent: str, rule: str, number: int, language: str) -> Section:
    about: Mapping[str, Any] = totals.catalogue.get(rule, {})
    family = str(about.get("family") or rule.partition(".")[0])
    key = f"{agent}|{rule}"
    samples = totals.coaching[key].listed()[:_PER_HABIT] if key in totals.coaching else []
    severity = _severity(totals, rule)
    return {
        "rule": clean(rule),
        "topic": topic_of(family),
        "family": said(FAMILIES, clean(family), language),
        "severity": severity,
        "severity_name": said(SEVERITIES, severity, language),
        "number": count(number),
        "reason": words(about, "reason", language),
        "suggestion": words(about, "suggestion", language),
        "examples": [example(sample, about, language) for sample in samples],
    }
