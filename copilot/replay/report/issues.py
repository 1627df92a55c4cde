"""Hot issues: what buyers write about, from a fair sample of their messages.

The sample is classified here, one message at a time and without its conversation, so shares are estimates and are
called that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.domain.issue import Issue
from copilot.domain.issue_names import ISSUES
from copilot.replay.report import charts
from copilot.replay.report.names import said
from copilot.replay.report.summary import Section
from copilot.replay.report.text import clean, count, cut, is_chinese
from copilot.replay.report.text import share as share_of
from copilot.replay.spreading import can_inherit, share
from copilot.replay.totals import Totals

SAMPLE = 400
MOST_ISSUES = 12
MOST_WEEKS = 8
PER_WEEK = 5
_EXAMPLES = 2
_QUIET = frozenset({Issue.GREETING.value, Issue.THANKS.value, Issue.UNCLEAR.value})
_LONGEST = 2000
_AT_ONCE = 20
"""Messages that a process reads before it asks for more."""


def hot(totals: Totals, language: str, workers: int = 1) -> Section:
    """The issues of the sample, most frequent first, with what buyers wrote; and by week where there are several.

    Up to ``workers`` processes read the sample.
    """
    sample = totals.buyers.listed()[:SAMPLE]
    read = [*zip(_issues([str(one.get("text", "")) for one in sample], workers), sample, strict=True)]
    found = Counter(issue for issue, _ in read if issue not in _QUIET)
    asked = sum(found.values())
    most = max(found.values(), default=0)
    ranked = sorted(found, key=lambda issue: (-found[issue], issue))[:MOST_ISSUES]
    rows = [
        {
            "issue": said(ISSUES, issue, language),
            "number": count(found[issue]),
            "share": share_of(found[issue], asked),
            "bar": charts.bar({"info": found[issue]}, most),
            "examples": _examples([str(one.get("text", "")) for at, one in read if at == issue], language),
        }
        for issue in ranked
    ]
    return {
        "read": count(len(read)),
        "of": count(totals.messages.get("buyer", 0)),
        "asked": count(asked),
        "rest": count(len(read) - asked),
        "rows": rows,
        "weeks": _weeks(read, ranked, language),
    }


def _examples(texts: list[str], language: str) -> list[str]:
    """A few different messages, those in the reader's language first."""
    apart = list(dict.fromkeys(texts))
    apart.sort(key=lambda text: is_chinese(text) != (language == "zh"))
    return [cut(text, 90) for text in apart[:_EXAMPLES]]


def _issues(texts: list[str], workers: int) -> list[str]:
    """The first issue of each message."""
    if workers <= 1 or len(texts) < 2 * _AT_ONCE or not can_inherit():
        return _read(texts)
    # What reading needs is loaded before there are copies of this process.
    issues = _read(texts[:_AT_ONCE])
    parts = [texts[at : at + _AT_ONCE] for at in range(_AT_ONCE, len(texts), _AT_ONCE)]
    for _, found in share(parts, _read, workers - 1, _begin, ()):
        issues += found
    return issues


def _begin() -> None:
    """A copy of a process that has read messages needs nothing more."""


def _read(texts: list[str]) -> list[str]:
    return [_issue(text) for text in texts]


def _issue(text: str) -> str:
    """The first issue of a message read as the first words of a conversation."""
    from copilot.flow.understand import Burst, read_turn

    seen = read_turn(Burst(messages=("0",), texts=(clean(text)[:_LONGEST],)))
    issue = seen.issues[0].issue if seen.issues else Issue.UNCLEAR
    return issue.value


def _weeks(read: Sequence[tuple[str, Mapping[str, Any]]], ranked: list[str], language: str) -> Section | None:
    """The leading issues week by week, as a table of numbers of the sample."""
    known = sorted({str(one.get("week") or "") for _, one in read} - {""})[-MOST_WEEKS:]
    if len(known) < 2:
        return None
    leading = ranked[:PER_WEEK]
    tally = Counter((issue, str(one.get("week") or "")) for issue, one in read)
    rows = [[tally[issue, week] for issue in leading] for week in known]
    top = max((max(row, default=0) for row in rows), default=0)
    return {
        "issues": [said(ISSUES, issue, language) for issue in leading],
        "rows": [
            {"week": clean(week), "cells": [{"number": n or "", "heat": _heat(n, top)} for n in row]}
            for week, row in zip(known, rows, strict=True)
        ],
    }


def _heat(number: int, top: int) -> int:
    """0–4, for the shade of a cell."""
    return -(-4 * number // top) if top else 0
