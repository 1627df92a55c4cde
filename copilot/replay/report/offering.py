"""What drafts offer and what it can cost, beside what other playbooks would have offered."""

from collections.abc import Mapping
from typing import Any

from copilot.domain.issue_names import ISSUES
from copilot.domain.money import Money
from copilot.replay.drafts.totals import Costs, DraftTotals
from copilot.replay.report.names import ACTS, CHANGES, reason, said
from copilot.replay.report.summary import Section, when
from copilot.replay.report.text import by_name, clean, count, cut, name, share

MOST_ROWS = 40
_PER_BUCKET = 2


def tally(table: Mapping[str, int], names: dict[str, tuple[str, str]], language: str) -> list[Section]:
    """Numbers by name, the largest first."""
    ranked = sorted(table, key=lambda one: (-table[one], one))
    return [{"name": said(names, clean(one), language), "number": count(table[one])} for one in ranked[:MOST_ROWS]]


def title(found: DraftTotals, key: str, language: str) -> str:
    """The name of the option ``key``."""
    return clean(found.titles.get(key, {}).get(language) or key)


def against(found: DraftTotals, language: str, unnamed: str) -> Section:
    """How the offers of this run differ from those of the playbooks compared with."""
    return {
        "name": clean(found.against),
        "changed": count(found.changed),
        "share": share(found.changed, found.turns),
        "kinds": tally(found.changes, CHANGES, language),
        "issues": tally(found.changed_issues, ISSUES, language),
        "costs": costs(found.costs, found.costs_before, unnamed),
        "samples": _changed(found, language, unnamed),
    }


def costs(now: Costs, before: Costs | None, unnamed: str) -> Section:
    """Cost by shop and currency: the range of what was offered, and with ``before`` the difference."""
    earlier: Costs = before if before is not None else {}
    shops = sorted(set(now) | set(earlier), key=by_name)
    rows: list[Section] = []
    for shop in shops[:MOST_ROWS]:
        for currency in sorted(set(now.get(shop, {})) | set(earlier.get(shop, {}))):
            mine = now.get(shop, {}).get(currency, [0, 0, 0])
            row = {"shop": name(shop) or unnamed, "currency": clean(currency), "matters": count(mine[0])}
            row["now"] = _range(mine, currency)
            if before is not None:
                theirs = earlier.get(shop, {}).get(currency, [0, 0, 0])
                row["before"] = _range(theirs, currency)
                row["difference"] = _difference(mine, theirs, currency)
            rows.append(row)
    return {"rows": rows, "more": max(len(shops) - MOST_ROWS, 0)}


def _amount(minor: int, currency: str) -> str:
    text = Money.from_minor(abs(minor), currency).amount
    whole, dot, digits = text.partition(".")
    return f"{int(whole):,}{dot}{digits}"


def _range(sums: list[int], currency: str) -> str:
    least, most = (_amount(number, currency) for number in sums[1:])
    return least if least == most else f"{least} – {most}"


def _difference(now: list[int], before: list[int], currency: str) -> str:
    parts = [_signed(now[at] - before[at], currency) for at in (1, 2)]
    return parts[0] if parts[0] == parts[1] else f"{parts[0]} … {parts[1]}"


def _signed(minor: int, currency: str) -> str:
    sign = "+" if minor > 0 else "−" if minor < 0 else "±"
    return sign + _amount(minor, currency)


def _changed(found: DraftTotals, language: str, unnamed: str) -> list[Section]:
    rows: list[Section] = []
    for samples in found.samples.listed("changed|").values():
        for one in samples[:_PER_BUCKET]:
            rows.append(
                {
                    "shop": name(one.get("shop", "")) or unnamed,
                    "issue": said(ISSUES, clean(one.get("issue", "")), language),
                    "kind": said(CHANGES, clean(one.get("change", "")), language),
                    "when": when(one.get("sent_at")),
                    "buyer": cut(one.get("buyer", ""), 160),
                    "before": _offer(found, one.get("before") or {}, language),
                    "now": _offer(found, one.get("now") or {}, language),
                }
            )
    return rows[:MOST_ROWS]


def _offer(found: DraftTotals, offer: Mapping[str, Any], language: str) -> str:
    """An offer in a line: its options with what they give, or the move, or why there is none."""
    options = [
        " ".join((title(found, str(one["key"]), language), str(one.get("gives", {}).get("amount", "")))).strip()
        for one in offer.get("options", [])
    ]
    if options:
        return cut(" / ".join(options), 160)
    if offer.get("act"):
        return said(ACTS, clean(offer["act"]), language)
    return reason(clean(offer.get("reason") or "–"), language)
