"""The list of conversations: who waits, since when, what stands ready, what went wrong.

Owns what "open" means and the order in which work is lost; it reads the newest conversations and those with something
open, never a merchant's whole archive.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock import Profile
from copilot.clock.deadline import answer_deadline
from copilot.desk.shapes import BuyerShown, Counts, DraftBrief, LastMessage, ReplyBrief, Row
from copilot.domain.draft import DraftState
from copilot.domain.reason import Reason
from copilot.store.tables import ConversationRow

MOST: Final = 200
"""How many rows a list has at most."""

_REACH: Final = 250
# Unanswered messages further back than this are not counted one by one.
_DEPTH: Final = 40
_PREVIEW: Final = 160
# A reply that failed longer ago is history; the buyer may still be waiting, and then stays open for that.
FAILED_SHOWN: Final = timedelta(hours=24)

_QUIET = frozenset({Reason.NOTHING_TO_ANSWER, Reason.ALREADY_ANSWERED, Reason.WINDOW_CLOSED})
_OPEN = frozenset({DraftState.WRITING, DraftState.PROPOSED, DraftState.BLOCKED})
_ENDED = frozenset({DraftState.SENT, DraftState.SUPERSEDED, DraftState.EXPIRED, DraftState.ABANDONED})

_READ = text(
    """
    WITH chosen AS (
      (SELECT id FROM conversations WHERE CAST(:shop AS uuid) IS NULL OR shop = :shop
        ORDER BY updated_at DESC LIMIT :reach)
      UNION (SELECT conversation FROM drafts
        WHERE state IN ('writing', 'proposed', 'blocked') AND (CAST(:shop AS uuid) IS NULL OR shop = :shop)
        ORDER BY deadline_at LIMIT :reach)
      UNION (SELECT conversation FROM outbox
        WHERE (state = 'unconfirmed' OR state = 'failed' AND updated_at > :failed_since)
          AND (CAST(:shop AS uuid) IS NULL OR shop = :shop)
        LIMIT :reach)
    )
    SELECT c.id, c.shop, c.updated_at, b.platform_buyer_id, b.nickname, b.tags, talk.*,
      d.id AS draft, d.state AS draft_state, d.reason, d.burst, d.let_go,
      r.id AS reply, r.state AS reply_state, r.updated_at AS reply_at
    FROM chosen JOIN conversations c USING (id)
    LEFT JOIN buyers b ON b.merchant = c.merchant AND b.id = c.buyer
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE waits) AS unanswered,
        min(received_at) FILTER (WHERE waits) AS since,
        max(received_at) FILTER (WHERE answers) AS answered_at,
        (array_agg(platform_message_id ORDER BY place DESC) FILTER (WHERE waits))[1] AS newest,
        (array_agg(role ORDER BY place DESC))[1] AS role,
        (array_agg(kind ORDER BY place DESC))[1] AS kind,
        (array_agg(left(said, :preview) ORDER BY place DESC))[1] AS said,
        (array_agg(at ORDER BY place DESC))[1] AS at
      FROM (
        SELECT p.*, role = 'buyer' AND place > coalesce(max(place) FILTER (WHERE answers) OVER (), 0) AS waits
        FROM (
          SELECT n.*, row_number() OVER (ORDER BY at, sequence NULLS LAST, position) AS place
          FROM (
            SELECT role, kind, text AS said, coalesce(sent_at, received_at) AS at, received_at, sequence, position,
              platform_message_id,
              role = 'agent' AND coalesce(sent_by, 'person') NOT IN ('auto', 'platform_bot') AS answers
            FROM messages m
            WHERE m.merchant = c.merchant AND m.conversation = c.id AND m.visible AND m.recalled_at IS NULL
            ORDER BY m.position DESC LIMIT :depth
          ) n
        ) p
      ) q
    ) talk ON true
    LEFT JOIN LATERAL (
      SELECT id, state, reason, burst, CASE WHEN state = 'rejected' THEN (
          SELECT x.kind = 'ignore' OR coalesce(x.rejection ->> 'reason' = 'already_answered', false) FROM decisions x
          WHERE x.merchant = c.merchant AND x.draft = drafts.id ORDER BY x.at DESC LIMIT 1
        ) END AS let_go
      FROM drafts WHERE merchant = c.merchant AND conversation = c.id ORDER BY created_at DESC LIMIT 1
    ) d ON true
    LEFT JOIN LATERAL (
      SELECT id, state, updated_at FROM outbox
      WHERE merchant = c.merchant AND conversation = c.id ORDER BY state = 'unconfirmed' DESC, position DESC LIMIT 1
    ) r ON true
    """
)


class Conversations:
    """The conversations that were read, with what is open among them."""

    def __init__(self, rows: Sequence[Row], total: Mapping[str, int]) -> None:
        """``total`` is how many conversations each shop has."""
        self._rows = sorted(rows, key=_lost_first)
        self._total = total

    def listed(self, *, only_open: bool) -> tuple[Row, ...]:
        """The rows, what is lost first on top, at most ``MOST``."""
        return tuple(row for row in self._rows if not only_open or is_open(row))[:MOST]

    def counts(self, shop: str | None = None) -> Counts:
        """The counts of one shop, or of all that were read."""
        rows = [row for row in self._rows if shop is None or row.shop == shop]
        return Counts(
            open=sum(map(is_open, rows)),
            all=sum(self._total.values()) if shop is None else self._total.get(shop, 0),
            failed=sum(map(_in_trouble, rows)),
        )

    def by_shop(self) -> dict[str, Counts]:
        """The counts of each shop that has conversations."""
        return {shop: self.counts(shop) for shop in self._total}


def is_open(row: Row) -> bool:
    """Whether somebody should look: the buyer waits, a draft stands open, or a reply failed or is unconfirmed."""
    draft_open = row.draft is not None and row.draft.state in _OPEN and row.draft.reason not in _QUIET
    return row.waiting_since is not None or draft_open or _in_trouble(row)


async def read_inbox(
    session: AsyncSession, profiles: Mapping[str, Profile | None], now: datetime, shop: uuid.UUID | None = None
) -> Conversations:
    """The merchant's conversations; ``profiles`` are the platforms' numbers by shop id."""
    rows = await session.execute(
        _READ,
        {"shop": shop, "reach": _REACH, "depth": _DEPTH, "preview": _PREVIEW, "failed_since": now - FAILED_SHOWN},
    )
    shown = [_row(found, profiles.get(str(found["shop"])), now) for found in rows.mappings()]
    count = select(ConversationRow.shop, func.count()).group_by(ConversationRow.shop)
    if shop is not None:
        count = count.where(ConversationRow.shop == shop)
    total = {str(one): number for one, number in (await session.execute(count)).all()}
    return Conversations(shown, total)


def _row(found: RowMapping, profile: Profile | None, now: datetime) -> Row:
    waits = found["since"] if _waits(found) else None
    return Row(
        id=str(found["id"]),
        shop=str(found["shop"]),
        buyer=BuyerShown(
            id=found["platform_buyer_id"] or "", nickname=found["nickname"], tags=tuple(found["tags"] or ())
        ),
        last=_last(found),
        waiting_since=waits,
        unanswered=found["unanswered"] if waits else 0,
        deadline_at=answer_deadline(waits, now, profile) if waits and profile else None,
        draft=_draft(found),
        reply=_reply(found, now),
    )


def _waits(found: RowMapping) -> bool:
    """Whether the buyer waits for words; a turn that an agent let go of, or that asks for nothing, does not."""
    if not found["unanswered"]:
        return False
    burst: list[Any] = found["burst"] or []
    if found["newest"] not in burst:
        return True
    return not found["let_go"] and not (found["draft_state"] == DraftState.BLOCKED and found["reason"] in _QUIET)


def _last(found: RowMapping) -> LastMessage | None:
    if found["at"] is None:
        return None
    return LastMessage(role=found["role"], kind=found["kind"], text=found["said"], at=found["at"])


def _draft(found: RowMapping) -> DraftBrief | None:
    if found["draft"] is None or found["draft_state"] in _ENDED or found["let_go"]:
        return None
    return DraftBrief(id=str(found["draft"]), state=found["draft_state"], reason=found["reason"])


def _reply(found: RowMapping, now: datetime) -> ReplyBrief | None:
    state = found["reply_state"]
    if state is None or state == "sent":
        return None
    if state in ("failed", "held"):
        answered = found["answered_at"]
        if (answered is not None and answered > found["reply_at"]) or found["reply_at"] < now - FAILED_SHOWN:
            return None
    return ReplyBrief(id=str(found["reply"]), state=state)


def _in_trouble(row: Row) -> bool:
    return row.reply is not None and row.reply.state in ("failed", "unconfirmed")


def _lost_first(row: Row) -> tuple[int, float, float]:
    if row.waiting_since is None:
        return (2, -row.last.at.timestamp() if row.last else 0.0, 0.0)
    since = row.waiting_since.timestamp()
    return (0, row.deadline_at.timestamp(), since) if row.deadline_at else (1, since, since)
