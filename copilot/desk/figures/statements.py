"""What is asked of the database about drafts that are counted: of a shop's days, or of certain ones."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import TextClause, text

from copilot.desk.sights import LATE_BEYOND

CORRECTED_WITHIN: Final = "10 minutes"
REPEATED_WITHIN: Final = "24 hours"
REOPENED_WITHIN: Final = "7 days"
_LATE: Final = f"{LATE_BEYOND.total_seconds()} seconds"
_LEFT: Final = "('sent', 'unconfirmed')"
"""A reply in these states reached the platform as far as anybody knows; one that failed or waits said nothing."""
_SAYS: Final = "d.state NOT IN ('writing', 'blocked') AND d.view -> 'verdict' ->> 'decision' <> 'block'"
"""The draft stands with a text that may be accepted, or stood so to its end; erasing takes the words alone."""


@dataclass(frozen=True)
class Statements:
    """Three questions about the same drafts; sights and decisions come in order."""

    drafts: TextClause
    sights: TextClause
    decisions: TextClause


def _drafts(which: str) -> str:
    # A text that was seen counts whatever its draft is now: it may be in the middle of being written anew.
    return f"""
    WITH found AS (
      SELECT d.merchant, d.id, d.conversation, d.revision, d.state, d.text, d.updated_at, d.outcome,
        d.shown_at > d.deadline_at + interval '{_LATE}' AS late, d.view -> 'issues' -> 0 ->> 'issue' AS issue,
        s.at AS seen_at
      FROM drafts d
      LEFT JOIN LATERAL (SELECT min(at) AS at FROM sights s WHERE s.merchant = d.merchant AND s.draft = d.id) s ON true
      WHERE {which} AND (s.at IS NOT NULL OR (d.view IS NOT NULL AND {_SAYS} AND coalesce(d.text, 'erased') <> ''))
    )
    SELECT f.id, f.revision, f.issue, f.state, f.text, f.late, f.outcome, f.state = 'sent' AS left,
      own.said IS NOT NULL AS answered, coalesce(own.said = f.text, false) AS same_words,
      f.state = 'sent' AND EXISTS (
        SELECT 1 FROM messages m WHERE m.merchant = f.merchant AND m.conversation = f.conversation
          AND m.draft ->> 'id' = CAST(f.id AS text)
          AND (m.recalled_at - m.sent_at <= interval '{CORRECTED_WITHIN}' OR EXISTS (
            SELECT 1 FROM outbox o WHERE o.merchant = m.merchant AND o.corrects = m.id AND o.state IN {_LEFT}
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
      f.state = 'sent' AND EXISTS (
        SELECT 1 FROM commitments k WHERE k.merchant = f.merchant AND k.draft = f.id
          AND (k.state = 'broken' OR (k.state = 'done' AND k.settled_at > k.due))
      ) AS broken
    FROM found f
    LEFT JOIN LATERAL (
      SELECT said FROM (
        SELECT o.text AS said, o.created_at AS at FROM outbox o
          WHERE o.merchant = f.merchant AND o.conversation = f.conversation AND o.source_kind = 'typed'
            AND o.created_at >= f.seen_at AND o.created_at <= f.updated_at AND o.state IN {_LEFT}
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


def _of(which: str) -> Statements:
    return Statements(
        text(_drafts(which)),
        text(
            f"""
            SELECT s.draft, s.revision, s.text_hash, s.by, s.typed, s.late, s.issue, s.at
            FROM sights s JOIN drafts d ON d.merchant = s.merchant AND d.id = s.draft WHERE {which} ORDER BY s.at, s.id
            """
        ),
        text(
            f"""
            SELECT c.draft, c.revision, c.kind, c.edit_class, c.rejection ->> 'reason' AS reason, c.text_hash, c.by,
              c.at, c.waited_ms
            FROM decisions c JOIN drafts d ON d.merchant = c.merchant AND d.id = c.draft WHERE {which}
            ORDER BY c.at, c.id
            """
        ),
    )


OF_DAYS: Final = _of("d.shop = :shop AND d.created_at >= :start AND d.created_at < :end")
THESE: Final = _of("d.id = ANY(:drafts)")
