"""Reads the drafts of a shop's days with everything that tells what became of each; adds nothing up.

Who did it is not read at all.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.figures.fate import Decided, Story

LATE_BEYOND: Final = "1 second"
"""What is shown at its deadline is swept up a moment behind it, and is on time."""
CORRECTED_WITHIN: Final = "10 minutes"
REPEATED_WITHIN: Final = "24 hours"
REOPENED_WITHIN: Final = "7 days"


@dataclass(frozen=True)
class Seen:
    """A draft with text; ``typed`` None: it was never on screen, True: somebody had begun to write before it was.

    The rest says how a text did that was sent: it was put right within ten minutes, the buyer pressed or asked the
    same again within a day, the matter was raised again within a week, a promise of it was broken.
    """

    draft: uuid.UUID
    issue: str
    typed: bool | None
    story: Story
    text: str | None = None
    corrected: bool = False
    repeated: bool = False
    reopened: bool = False
    broken: bool = False


_DRAFTS = text(
    f"""
    WITH found AS (
      SELECT d.merchant, d.id, d.conversation, d.state, d.text, d.updated_at,
        d.shown_at > d.deadline_at + interval '{LATE_BEYOND}' AS late,
        coalesce(d.view -> 'issues' -> 0 ->> 'issue', 'unclear') AS issue, s.at AS seen_at, s.typed
      FROM drafts d
      LEFT JOIN LATERAL (
        SELECT at, typed FROM sights s WHERE s.merchant = d.merchant AND s.draft = d.id ORDER BY at, id LIMIT 1
      ) s ON true
      WHERE d.shop = :shop AND d.created_at >= :start AND d.created_at < :end AND d.view IS NOT NULL
        AND d.state NOT IN ('writing', 'blocked') AND d.view -> 'verdict' ->> 'decision' <> 'block'
    )
    SELECT f.id, f.issue, f.state, f.typed, f.text, coalesce(f.late, false) AS late,
      own.said IS NOT NULL AS answered, coalesce(own.said = f.text, false) AS same_words,
      f.state = 'sent' AND EXISTS (
        SELECT 1 FROM messages m WHERE m.merchant = f.merchant AND m.conversation = f.conversation
          AND m.draft ->> 'id' = CAST(f.id AS text)
          AND (m.recalled_at - m.sent_at <= interval '{CORRECTED_WITHIN}' OR EXISTS (
            SELECT 1 FROM outbox o WHERE o.merchant = m.merchant AND o.corrects = m.id
              AND o.created_at <= coalesce(m.sent_at, m.received_at) + interval '{CORRECTED_WITHIN}'))
      ) AS corrected,
      f.state = 'sent' AND EXISTS (
        SELECT 1 FROM drafts n WHERE n.merchant = f.merchant AND n.conversation = f.conversation
          AND n.created_at > f.updated_at AND n.created_at <= f.updated_at + interval '{REPEATED_WITHIN}'
          AND (n.view ->> 'turn' = 'chase'
            OR n.view ->> 'turn' = 'new_issue' AND n.view -> 'issues' -> 0 ->> 'issue' = f.issue)
      ) AS repeated,
      f.state = 'sent' AND EXISTS (
        SELECT 1 FROM cases c WHERE c.merchant = f.merchant AND c.conversation = f.conversation AND c.issue = f.issue
          AND c.reopened_at > f.updated_at AND c.reopened_at <= f.updated_at + interval '{REOPENED_WITHIN}'
      ) AS reopened,
      EXISTS (
        SELECT 1 FROM commitments k WHERE k.merchant = f.merchant AND k.draft = f.id
          AND (k.state = 'broken' OR (k.state = 'done' AND k.settled_at > k.due))
      ) AS broken
    FROM found f
    LEFT JOIN LATERAL (
      SELECT said FROM (
        SELECT o.text AS said, o.created_at AS at FROM outbox o
          WHERE o.merchant = f.merchant AND o.conversation = f.conversation AND o.source_kind = 'typed'
            AND o.created_at >= f.seen_at AND o.created_at <= f.updated_at
        UNION ALL
        SELECT m.text, m.received_at FROM messages m
          WHERE m.merchant = f.merchant AND m.conversation = f.conversation AND m.role = 'agent' AND m.visible
            AND coalesce(m.sent_by, 'person') NOT IN ('auto', 'platform_bot')
            AND m.received_at >= f.seen_at AND m.received_at <= f.updated_at
            AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.merchant = m.merchant AND o.conversation = m.conversation
              AND o.platform_message_id = m.platform_message_id)
      ) spoken ORDER BY at LIMIT 1
    ) own ON f.state IN ('superseded', 'expired') AND f.seen_at IS NOT NULL AND f.text IS NOT NULL
    ORDER BY f.id
    """
)

_DECISIONS = text(
    """
    SELECT c.draft, c.kind, c.edit_class, c.rejection ->> 'reason' AS reason, c.at, c.waited_ms,
      (SELECT min(s.at) FROM sights s WHERE s.merchant = c.merchant AND s.draft = c.draft
        AND s.revision = c.revision AND s.text_hash = c.text_hash AND s.by = c.by) AS seen_at
    FROM decisions c JOIN drafts d ON d.merchant = c.merchant AND d.id = c.draft
    WHERE d.shop = :shop AND d.created_at >= :start AND d.created_at < :end
    ORDER BY c.at, c.id
    """
)


async def read_drafts(session: AsyncSession, shop: uuid.UUID, start: datetime, end: datetime) -> list[Seen]:
    """The drafts of ``shop`` that were begun from ``start`` on and before ``end``."""
    within = {"shop": shop, "start": start, "end": end}
    decisions: dict[uuid.UUID, list[Decided]] = defaultdict(list)
    for row in (await session.execute(_DECISIONS, within)).mappings():
        decisions[row["draft"]].append(_decided(row))
    rows = (await session.execute(_DRAFTS, within)).mappings().all()
    return [_seen(row, decisions.get(row["id"], [])) for row in rows]


def _decided(row: Mapping[Any, Any]) -> Decided:
    seen_at, waited = row["seen_at"], (row["waited_ms"] or 0) / 1000
    read = max(0.0, (row["at"] - seen_at).total_seconds() - waited) if seen_at is not None else None
    return Decided(row["kind"], row["edit_class"], row["reason"], row["at"], read)


def _seen(row: Mapping[Any, Any], decisions: list[Decided]) -> Seen:
    # Erasing moves what was undecided; nobody knows any more what would have become of it.
    story = Story(
        state=row["state"] if row["text"] is not None else "erased",
        late=row["late"],
        decisions=decisions,
        answered=row["answered"],
        same_words=row["same_words"],
    )
    did = {name: row[name] for name in ("corrected", "repeated", "reopened", "broken")}
    return Seen(row["id"], row["issue"], row["typed"], story, row["text"], **did)
