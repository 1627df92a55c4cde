"""The upper half of the report: figures, decisions, what to do first, rules, weeks, shops."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from copilot.replay.report import charts
from copilot.replay.report.names import FAMILIES, SEVERITIES, said
from copilot.replay.report.text import by_name, clean, count, cut, is_chinese, name, quote, share
from copilot.replay.totals import Counts, Group, Groups, Totals

SHOP_SIDE = ("agent", "bot")
SEVERITY_ORDER = ("block", "warn", "info")
MOST_RULES = 150
MOST_ROWS = 120
MOST_WEEKS = 60
MOST_FIRST = 4
PER_RULE = 5

Section = dict[str, Any]


def decided(groups: Iterable[Group]) -> Counts:
    """Messages by decision over ``groups``."""
    found: Counts = {}
    for group in groups:
        for decision, number in group.decisions.items():
            found[decision] = found.get(decision, 0) + number
    return found


def in_order(numbers: Mapping[str, int]) -> Counts:
    """``numbers`` with the gravest first, as bars show them."""
    return {tone: numbers[tone] for tone in charts.ORDER if numbers.get(tone)}


def shop_side(totals: Totals) -> list[Group]:
    """What people and bots of the shops said."""
    return [totals.speakers[role] for role in SHOP_SIDE if role in totals.speakers]


def figures(totals: Totals, t: Mapping[str, str]) -> Section:
    """The numbers at the top and the bar of decisions."""
    groups = shop_side(totals)
    judged = sum(group.messages for group in groups)
    decisions = decided(groups)
    blocked, warned = decisions.get("block", 0), decisions.get("warn", 0)
    conversations = sum(archive.get("conversations", 0) for archive in totals.archives.values())
    return {
        "judged": count(judged),
        "cards": [
            {"tone": "", "value": count(judged), "label": t["messages_judged"]},
            {"tone": "block", "value": count(blocked), "label": f"{t['blocked']} · {share(blocked, judged)}"},
            {"tone": "warn", "value": count(warned), "label": f"{t['warned']} · {share(warned, judged)}"},
            {"tone": "", "value": count(conversations), "label": t["conversations"]},
            {"tone": "", "value": count(len(totals.agents)), "label": t["agents"]},
        ],
        "bar": charts.bar(in_order(decisions), judged, width=960, height=22) if judged else None,
        "legend": [
            {"tone": tone, "label": t[tone], "number": count(decisions.get(tone, 0)), "share": share(number, judged)}
            for tone in ("block", "warn", "pass")
            for number in (decisions.get(tone, 0),)
        ],
    }


def period(totals: Totals, t: Mapping[str, str]) -> str:
    """The weeks that the messages are from."""
    weeks = sorted(week for week in totals.weeks if week)
    if not weeks:
        return t["no_times"]
    first, last = (_monday(week) for week in (weeks[0], weeks[-1]))
    if first is None or last is None:
        return f"{clean(weeks[0])} – {clean(weeks[-1])}"
    return f"{first.isoformat()} – {date.fromordinal(last.toordinal() + 6).isoformat()}"


def _monday(week: str) -> date | None:
    year, _, number = week.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None


def rules(totals: Totals, language: str) -> Section:
    """Findings by rule, the gravest and most frequent first."""
    rows = [_rule(totals, rule, language) for rule, counts in totals.rules.items() if _found(counts)]
    rows.sort(key=lambda row: (SEVERITY_ORDER.index(row["severity"]), -row["number"], row["rule"]))
    most = max((row["number"] for row in rows), default=0)
    for row in rows:
        row["bar"] = charts.bar(row["by_severity"], most)
    return {"rows": rows[:MOST_RULES], "more": max(len(rows) - MOST_RULES, 0), "first": _first(rows)}


def _first(rows: list[Section]) -> list[Section]:
    """What to mend first: the leading rule of each family, with what all rules of the family found."""
    leading: dict[str, Section] = {}
    numbers: Counter[str] = Counter()
    for row in rows:
        if row["severity"] != "info":
            leading.setdefault(row["family"], row)
            numbers[row["family"]] += row["number"]
    return [{**row, "told": count(numbers[family])} for family, row in list(leading.items())[:MOST_FIRST]]


def _found(counts: Counts) -> int:
    return sum(counts.get(severity, 0) for severity in SEVERITY_ORDER)


def _rule(totals: Totals, rule: str, language: str) -> Section:
    counts = totals.rules[rule]
    about = totals.catalogue.get(rule, {})
    family = about.get("family") or rule.partition(".")[0]
    by_severity = {severity: counts[severity] for severity in SEVERITY_ORDER if counts.get(severity)}
    severity = next(iter(by_severity))
    samples = totals.samples[rule].listed()[:PER_RULE] if rule in totals.samples else []
    return {
        "rule": clean(rule),
        "family": said(FAMILIES, clean(family), language),
        "severity": severity,
        "severity_name": said(SEVERITIES, severity, language),
        "number": _found(counts),
        "told": count(_found(counts)),
        "messages": count(counts.get("messages", 0)),
        "by_severity": by_severity,
        "reason": words(about, "reason", language),
        "suggestion": words(about, "suggestion", language),
        "source": cut(about.get("source", "")),
        "examples": [example(sample, about, language) for sample in samples],
    }


def words(about: Mapping[str, Any], key: str, language: str) -> str:
    """A sentence of the catalogue in the reader's language."""
    return cut(about.get(key, {}).get(language, ""), 400)


def example(sample: Mapping[str, Any], about: Mapping[str, Any], language: str) -> Section:
    """One example with its span marked; ``better`` is the wording in the example's own language where it is another."""
    theirs = "zh" if is_chinese(str(sample.get("excerpt", ""))) else "en"
    return {
        "quote": quote(dict(sample)),
        "agent": name(sample.get("agent") or ""),
        "role": str(sample.get("role") or ""),
        "shop": name(sample.get("shop") or ""),
        "when": when(sample.get("sent_at")),
        # A sheet is read far from the machine that the archive's path belongs to.
        "place": f"{name(PurePath(clean(sample.get('archive', ''))).name)}:{sample.get('line', '')}",
        "better": words(about, "suggestion", theirs) if theirs != language else "",
    }


def when(value: object) -> str:
    """A time to the minute, as it was sent."""
    text = clean(value or "")
    return text[:16].replace("T", " ")


def weeks(totals: Totals, t: Mapping[str, str]) -> Section:
    """The share of blocked and warned messages by week, per thousand."""
    known = sorted(week for week in totals.weeks if week)[-MOST_WEEKS:]
    given: list[charts.Column] = []
    rows: list[Section] = []
    for week in known:
        group = totals.weeks[week]
        per = {tone: _per_thousand(group.decisions.get(tone, 0), group.messages) for tone in ("block", "warn")}
        monday = _monday(week)
        label = f"{monday.month}/{monday.day}" if monday else clean(week)
        row = {
            "week": clean(week),
            "from": monday.isoformat() if monday else "",
            "messages": count(group.messages),
            **{tone: count(group.decisions.get(tone, 0)) for tone in ("block", "warn")},
        }
        told = f"{row['week']} · {t['block']} {row['block']} · {t['warn']} {row['warn']} / {row['messages']}"
        given.append(charts.Column(label, per, told))
        rows.append(row)
    timeless = totals.weeks[""].messages if "" in totals.weeks else 0
    drawing = charts.columns(given) if len(given) > 1 else None
    return {"rows": rows, "drawing": drawing, "timeless": count(timeless) if timeless else ""}


def _per_thousand(part: int, whole: int) -> float:
    return 1000 * part / whole if whole else 0.0


def table(groups: Groups, unnamed: str) -> Section:
    """Shops or agents in the order of their names, with a bar of decisions each."""
    most = sorted(groups, key=lambda one: (-groups[one].messages, one))[:MOST_ROWS]
    kept = sorted(most, key=by_name)
    rates = [_rate(groups[one]) for one in kept]
    full = max(rates, default=0.0)
    rows: list[Section] = []
    for one, rate in zip(kept, rates, strict=True):
        group = groups[one]
        blocked, warned = group.decisions.get("block", 0), group.decisions.get("warn", 0)
        # Bars compare shares, so that who writes much is not shown as who errs much.
        scale = {"block": round(blocked * 1e6 / group.messages), "warn": round(warned * 1e6 / group.messages)}
        rows.append(
            {
                "name": name(one) or unnamed,
                "messages": count(group.messages),
                "block": count(blocked),
                "warn": count(warned),
                "share": share(blocked + warned, group.messages),
                "bar": charts.bar(scale, round(full * 1e6)) if rate else None,
            }
        )
    return {"rows": rows, "more": len(groups) - len(kept)}


def _rate(group: Group) -> float:
    found = group.decisions.get("block", 0) + group.decisions.get("warn", 0)
    return found / group.messages if group.messages else 0.0
