"""What a flow replay writes down of each turn, masked, and how it adds up.

Owns the keys of ``drafts.jsonl`` and ``offers.jsonl`` (docs/replay.md); it decides nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Any

from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.reason import Reason
from copilot.policy.privacy import mask
from copilot.replay.drafts.drafter import Drafted, Drafter
from copilot.replay.drafts.offers import Bill, Offer, change
from copilot.replay.drafts.totals import DraftTotals
from copilot.replay.samples import Sample, sample_key

Row = dict[str, Any]
NO_ISSUE = "none"
MOST_TURNS = 500
"""Turns of a conversation that are drafted; a table without conversations in it may look like one endless one."""
_SHOWN = 600
"""Characters of a text in a sample; the row has all of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands in the archives."""

    archive: str
    line: int


@dataclass
class Writer:
    """Rows of one conversation after the other, with their sums in ``totals``; ``masked``: personal data is masked."""

    totals: DraftTotals
    masked: bool = True

    def rows(self, place: Place, conversation: Conversation, drafter: Drafter) -> tuple[list[Row], list[Row]]:
        """The rows of a conversation: its drafts, and the offers that changed."""
        self.totals.conversations += 1
        drafted = list(islice(drafter.drafted(conversation), MOST_TURNS))
        keep = _known_numbers(conversation)
        drafts: list[Row] = []
        offers: list[Row] = []
        for one in drafted:
            row = self._draft(place, one, keep)
            drafts.append(row)
            self._count(one, row)
            kind = change(one.before, one.now) if one.before is not None and one.now is not None else None
            if kind is not None:
                offers.append(self._offer(kind, one, row))
        self._bills(conversation.shop, drafted)
        return drafts, offers

    def _draft(self, place: Place, one: Drafted, keep: Collection[str]) -> Row:
        view, turn = one.view, one.turn
        market = one.rules.profile.market

        def told(text: str) -> str:
            return mask(text, market=market, keep=keep).text if self.masked else text

        read = one.understanding
        return {
            "archive": place.archive,
            "line": place.line,
            "conversation": turn.given.id,
            "index": turn.index,
            "turn": turn.number,
            "sent_at": turn.at.isoformat(),
            "shop": turn.given.shop,
            "agent": turn.agent,
            "language": read.language if read else None,
            "move": read.turn.value if read else None,
            "issue": _issue(one),
            "issues": [reading.issue.value for reading in read.issues] if read else [],
            "risks": sorted({reading.risk.value for reading in read.risks}) if read else [],
            "buyer": told(turn.said),
            "reason": one.reason.value if one.reason else None,
            "candidates": list(one.candidates),
            "draft": _view(view, told) if view is not None else None,
            "playbook": (one.now.playbook or None) if one.now else None,
            "left_out": list(one.left_out),
            "answer": told(turn.answer) or None,
        }

    def _offer(self, kind: str, one: Drafted, row: Row) -> Row:
        """The row of a turn whose offer changed; counts it."""
        before, now = one.before or Offer(), one.now or Offer()
        issue = row["issue"]
        found: Row = {key: row[key] for key in ("archive", "line", "conversation", "index", "turn", "sent_at", "shop")}
        found |= {
            "issue": issue,
            "order": now.order or before.order or None,
            "change": kind,
            "before": before.dump(),
            "now": now.dump(),
            "cost": _costs(before, now),
            "buyer": row["buyer"],
        }
        totals = self.totals
        totals.changed += 1
        totals.changes[kind] += 1
        totals.changed_shops[row["shop"]] += 1
        totals.changed_issues[issue] += 1
        self._sample(f"changed|{row['shop']}|{kind}", row, {**found, "buyer": _short(row["buyer"])})
        return found

    def _count(self, one: Drafted, row: Row) -> None:
        totals, issue = self.totals, row["issue"]
        totals.turns += 1
        totals.answered += row["answer"] is not None
        totals.issues[issue] += 1
        totals.shops[row["shop"]] += 1
        if row["language"]:
            totals.languages[row["language"]] += 1
        totals.risks.update(row["risks"])
        totals.left_out.update(one.left_out)
        for offer in (one.now, one.before):
            totals.titles |= {option.key: dict(option.titles) for option in offer.options} if offer else {}
        if one.view is not None:
            self._count_text(one.view)
        if one.reason is None:
            totals.drafted += 1
            totals.issues_drafted[issue] += 1
            totals.shops_drafted[row["shop"]] += 1
            self._sample(f"drafted|{issue}", row, _short_row(row))
        else:
            totals.silent[one.reason.value] += 1
            self._sample(f"silent|{one.reason.value}", row, _short_row(row))

    def _count_text(self, view: DraftView) -> None:
        totals = self.totals
        totals.verdicts[view.verdict.decision.value] += 1
        totals.rules.update({finding.rule for finding in view.verdict.findings})
        totals.written_by[view.written_by.value] += 1
        if view.composed_because:
            totals.composed_because[view.composed_because] += 1
        if view.act is not None:
            totals.acts[view.act.value] += 1
        totals.options.update(option.key for option in view.options)

    def _bills(self, shop: str, drafted: list[Drafted]) -> None:
        now, before = Bill({}), Bill({})
        for one in drafted:
            if one.now is not None and one.reason is not Reason.BLOCKED:
                now.add(one.now)
            if one.before is not None:
                before.add(one.before)
        self.totals.bill(self.totals.costs, shop, now.sums())
        self.totals.bill(self.totals.costs_before, shop, before.sums())

    def _sample(self, bucket: str, row: Row, sample: Sample) -> None:
        key = sample_key(row["buyer"], row["archive"], row["line"], row["turn"])
        self.totals.samples.offer(bucket, key, lambda: sample)


def _issue(one: Drafted) -> str:
    """The first issue that the turn raises, else that of the matter it goes on with."""
    if one.understanding is not None and one.understanding.issues:
        return one.understanding.issues[0].issue.value
    return one.now.issue.value if one.now is not None and one.now.issue is not None else NO_ISSUE


def _view(view: DraftView, told: Any) -> Row:
    return {
        "text": told(view.text),
        "act": view.act.value if view.act else None,
        "order": view.order.model_dump(mode="json") if view.order else None,
        "options": [
            {"id": one.id, "key": one.key, "title": one.title, "cost": one.cost.model_dump() if one.cost else None}
            for one in view.options
        ],
        "asks": list(view.asks),
        "written_by": view.written_by.value,
        "composed_because": view.composed_because,
        "decision": view.verdict.decision.value,
        "pack": view.verdict.pack,
        "findings": [
            {"rule": one.rule, "severity": one.severity.value, "text": told(one.text), "reason": one.reason}
            for one in view.verdict.findings
        ],
        "unknown": list(view.unknown),
    }


def _costs(before: Offer, now: Offer) -> Row | None:
    currency = now.currency or before.currency
    if currency is None:
        return None
    return {"currency": currency, "before": list(before.cost), "now": list(now.cost), "unit": "minor"}


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _short_row(row: Row) -> Sample:
    """A row as a sample of a report, its texts cut."""
    keys = ("archive", "line", "conversation", "turn", "sent_at", "shop", "agent", "issue", "reason", "playbook")
    draft = row["draft"]
    return {
        **{key: row[key] for key in keys},
        "buyer": _short(row["buyer"]),
        "answer": _short(row["answer"] or ""),
        "draft": {**draft, "text": _short(draft["text"])} if draft else None,
    }


def _known_numbers(conversation: Conversation) -> frozenset[str]:
    """Order and tracking numbers, which look like phones and must stay readable."""
    orders = conversation.orders or ()
    tracking = {shipment.tracking_no for order in orders for shipment in order.shipments if shipment.tracking_no}
    return frozenset({order.id for order in orders} | tracking)
