"""The section of a flow replay: coverage, silence, issues, offers and verdicts; and what other playbooks would cost."""

from typing import Any, cast

from copilot.domain.issue_names import ISSUES
from copilot.domain.reason import Reason
from copilot.replay.drafts.totals import SECTION, DraftTotals
from copilot.replay.report import charts
from copilot.replay.report.names import ACTS, RISKS, SEVERITIES, reason, said
from copilot.replay.report.offering import MOST_ROWS, against, costs, tally, title
from copilot.replay.report.summary import Section, when
from copilot.replay.report.text import by_name, clean, count, cut, name, share
from copilot.replay.totals import Totals

_PER_BUCKET = 2
_QUIET = frozenset(
    one.value
    for one in (
        Reason.NOTHING_TO_ANSWER,
        Reason.ALREADY_ANSWERED,
        Reason.ANSWER_NOTED,
        Reason.WINDOW_CLOSED,
        Reason.POSTURE_OFF,
    )
)
"""Silence that is right: nobody waits for a reply."""


def drafting(totals: Totals, language: str, unnamed: str) -> Section | None:
    """The section; None when nothing was drafted."""
    given = totals.extra.get(SECTION)
    if not given:
        return None
    found = DraftTotals.from_json(given)
    wanting = found.turns - sum(found.silent[code] for code in _QUIET)
    return {
        "partial": found.partial,
        "model": clean(found.model),
        "turns": count(found.turns),
        "wanting": count(wanting),
        "drafted": count(found.drafted),
        "coverage": share(found.drafted, wanting),
        "bar": charts.bar(
            {"pass": found.drafted, "info": found.turns - found.drafted}, found.turns, width=960, height=22
        )
        if found.turns
        else None,
        "silent": _silent(found, language),
        "issues": _issues(found, language),
        "unfit": [{"name": cut(why, 120), "number": count(n)} for why, n in sorted(found.unfit.items())[:MOST_ROWS]],
        "shops": _shops(found, unnamed),
        "risks": tally(found.risks, RISKS, language),
        "acts": tally(found.acts, ACTS, language),
        "options": _options(found, language),
        "left_out": _left_out(found, language),
        "verdicts": tally(found.verdicts, SEVERITIES, language),
        "rules": [{"name": clean(rule), "number": count(n)} for rule, n in found.rules.most_common(20)],
        "costs": costs(found.costs, None, unnamed),
        "drafts": _drafts(found, language),
        "against": against(found, language, unnamed) if found.against else None,
    }


def _silent(found: DraftTotals, language: str) -> list[Section]:
    most = max(found.silent.values(), default=0)
    shown = found.samples.listed("silent|")
    return [
        {
            "name": reason(clean(code), language),
            "code": clean(code),
            "number": count(found.silent[code]),
            "bar": charts.bar({"info": found.silent[code]}, most),
            "examples": [cut(one.get("buyer", ""), 90) for one in shown.get(code, [])[:_PER_BUCKET]],
        }
        for code in sorted(found.silent, key=lambda one: (-found.silent[one], one))
    ]


def _issues(found: DraftTotals, language: str) -> list[Section]:
    most = max(found.issues.values(), default=0)
    rows: list[Section] = []
    for issue in sorted(found.issues, key=lambda one: (-found.issues[one], one))[:MOST_ROWS]:
        turns, drafted = found.issues[issue], found.issues_drafted[issue]
        rows.append(
            {
                "name": said(ISSUES, clean(issue), language),
                "turns": count(turns),
                "drafted": count(drafted),
                "share": share(drafted, turns),
                "bar": charts.bar({"pass": drafted, "info": turns - drafted}, most),
            }
        )
    return rows


def _shops(found: DraftTotals, unnamed: str) -> list[Section]:
    most = sorted(found.shops, key=lambda one: (-found.shops[one], one))[:MOST_ROWS]
    return [
        {
            "name": name(shop) or unnamed,
            "turns": count(found.shops[shop]),
            "drafted": count(found.shops_drafted[shop]),
            "share": share(found.shops_drafted[shop], found.shops[shop]),
        }
        for shop in sorted(most, key=by_name)
    ]


def _options(found: DraftTotals, language: str) -> list[Section]:
    return [
        {"name": title(found, key, language), "key": clean(key), "number": count(number)}
        for key, number in sorted(found.options.items(), key=lambda one: (-one[1], one[0]))[:MOST_ROWS]
    ]


_LEFT_OUT = {
    "over_ceiling": ("超出客服权限", "above the agent's limit"),
    "not_eligible": ("不符合条件", "not eligible"),
    "enough_offered": ("已有足够方案", "enough is offered"),
    "not_asked_for": ("买家没有提出", "not asked for"),
}


def _left_out(found: DraftTotals, language: str) -> list[Section]:
    rows: list[Section] = []
    for key in sorted(found.left_out, key=lambda one: (-found.left_out[one], one))[:MOST_ROWS]:
        option, _, why = key.partition(": ")
        missing = "缺少 " if language == "zh" else "not known: "
        told = said(_LEFT_OUT, clean(why), language).replace("fact_missing:", missing)
        rows.append({"name": title(found, option, language), "why": told, "number": count(found.left_out[key])})
    return rows


def _drafts(found: DraftTotals, language: str) -> list[Section]:
    """A draft beside what the agent wrote, one or two of each issue."""
    rows: list[Section] = []
    shown = found.samples.listed("drafted|")
    for issue in sorted(shown, key=lambda one: (-found.issues[one], one))[:12]:
        for one in shown[issue][:_PER_BUCKET]:
            draft: dict[str, Any] = one.get("draft") or {}
            rows.append(
                {
                    "issue": said(ISSUES, clean(issue), language),
                    "when": when(one.get("sent_at")),
                    "buyer": cut(one.get("buyer", "")),
                    "draft": cut(draft.get("text", ""), 600),
                    "answer": cut(one.get("answer", ""), 600),
                    "options": [
                        cut(option.get("title", ""), 60)
                        for option in cast("list[dict[str, Any]]", draft.get("options", []))
                    ],
                }
            )
    return rows
