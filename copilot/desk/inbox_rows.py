"""The rows of the list as the database tells them: which conversations may stand in a list, and what each one is.

Owns the two statements and the making of a row; what is remembered of them is ``known``'s, the lists are ``inbox``'s.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock import Profile
from copilot.clock.deadline import answer_deadline
from copilot.desk.list_shapes import DraftBrief, LastMessage, Marked, ReplyBrief, Row
from copilot.desk.queue.lists import is_expiring, is_unread, place_of, state_of, unreplied_of
from copilot.desk.shapes import BuyerShown, PersonShown
from copilot.domain.draft import DraftState
from copilot.domain.reason import Reason

FAILED_SHOWN: Final = timedelta(hours=24)
"""A reply that failed longer ago is history; the buyer may still be waiting, and then stays open for that."""

QUIET: Final = frozenset({Reason.NOTHING_TO_ANSWER, Reason.ALREADY_ANSWERED, Reason.WINDOW_CLOSED})
"""Why a turn without a text asks for nobody."""

_REACH: Final = 250
# What is with somebody or waits for somebody counts in full, up to here.
_LIVE: Final = 5000
# Unanswered messages further back than this are not counted one by one.
_DEPTH: Final = 40
_PREVIEW: Final = 160
_ENDED = frozenset({DraftState.SENT, DraftState.SUPERSEDED, DraftState.EXPIRED, DraftState.ABANDONED})


@dataclass(frozen=True)
class ShopClock:
    """A shop's platform: its numbers, whether the desk ``gives_out``, and its ``people`` by the platform's name."""

    profile: Profile | None
    gives_out: bool = True
    people: Mapping[str, str] = field(default_factory=dict[str, str])


_CHOSEN = text(
    """
    WITH chosen AS (
      (SELECT id FROM conversations
        WHERE (CAST(:shop AS uuid) IS NULL OR shop = :shop)
        ORDER BY updated_at DESC LIMIT :reach)
      UNION (SELECT id FROM conversations
        WHERE ended_at IS NULL AND (assignee IS NOT NULL OR queued_at IS NOT NULL)
          AND (CAST(:shop AS uuid) IS NULL OR shop = :shop)
        ORDER BY updated_at DESC LIMIT :live)
      UNION (SELECT id FROM conversations
        WHERE marked_at IS NOT NULL
          AND (CAST(:shop AS uuid) IS NULL OR shop = :shop)
        ORDER BY marked_at DESC LIMIT :reach)
      UNION (SELECT conversation FROM drafts
        WHERE state IN ('writing', 'proposed', 'blocked') AND (CAST(:shop AS uuid) IS NULL OR shop = :shop)
        ORDER BY deadline_at LIMIT :reach)
      UNION (SELECT conversation FROM outbox
        WHERE (state IN ('unconfirmed', 'handed_over') OR state = 'failed' AND updated_at > :failed_since)
          AND error IS DISTINCT FROM 'erased'
          AND (CAST(:shop AS uuid) IS NULL OR shop = :shop)
        LIMIT :reach)
    )
    SELECT coalesce(array_agg(DISTINCT CAST(id AS text)), '{}') FROM chosen
    """
)

_READ = text(
    """
    SELECT c.id, c.shop, c.updated_at, b.platform_buyer_id, b.nickname, b.tags, talk.*,
      c.assignee, c.assigned_how, c.queued_at, c.ended_at, c.platform_agent, c.marked_by, c.marked_at,
      c.tags AS own_tags, holder.name AS holder_name, marker.name AS marker_name,
      (SELECT max(v.seen_to) FROM views v WHERE v.merchant = c.merchant AND v.conversation = c.id
        AND (c.assignee IS NULL OR v.person = c.assignee)) AS seen_to,
      d.id AS draft, d.state AS draft_state, d.reason, d.burst, d.let_go,
      r.id AS reply, r.state AS reply_state, r.updated_at AS reply_at
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN conversations c USING (id)
    LEFT JOIN buyers b ON b.merchant = c.merchant AND b.id = c.buyer
    LEFT JOIN people holder ON holder.merchant = c.merchant AND holder.id = c.assignee
    LEFT JOIN people marker ON marker.merchant = c.merchant AND marker.id = c.marked_by
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE waits) AS unanswered,
        min(received_at) FILTER (WHERE waits) AS since,
        max(received_at) FILTER (WHERE answers) AS answered_at,
        max(position) FILTER (WHERE role = 'buyer') AS newest_from_buyer,
        max(at) FILTER (WHERE role = 'buyer') AS buyer_at,
        coalesce(max(place) FILTER (WHERE auto) > min(place) FILTER (WHERE waits), false) AS auto_answered,
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
              role = 'agent' AND coalesce(sent_by, 'person') NOT IN ('auto', 'platform_bot') AS answers,
              role = 'bot' OR role = 'agent' AND sent_by IN ('auto', 'platform_bot') AS auto
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
      WHERE merchant = c.merchant AND conversation = c.id
        AND (error IS NULL OR error NOT IN ('erased', 'not_needed'))
      ORDER BY state IN ('unconfirmed', 'handed_over') DESC, position DESC LIMIT 1
    ) r ON true
    """
)


async def chosen(session: AsyncSession, now: datetime, shop: uuid.UUID | None = None) -> list[str]:
    """The conversations that may stand in a list: the newest, the live, the marked, and those with something open.

    Ids as text: thousands of them are looked up by each request.
    """
    given = {"shop": shop, "reach": _REACH, "live": _LIVE, "failed_since": now - FAILED_SHOWN}
    return list((await session.execute(_CHOSEN, given)).scalar_one())


async def told(session: AsyncSession, ids: Sequence[uuid.UUID | str]) -> Sequence[RowMapping]:
    """What the database tells of each of the conversations."""
    given = {"ids": [str(id) for id in ids], "depth": _DEPTH, "preview": _PREVIEW}
    return (await session.execute(_READ, given)).mappings().all()


def changes_at(found: RowMapping, row: Row, clock: ShopClock | None, now: datetime) -> datetime | None:
    """When the row becomes another by itself: a deadline passes, it begins to expire, or a failure becomes history."""
    moments: list[datetime] = []
    if row.deadline_at is not None:
        moments.append(row.deadline_at)
    hours = clock.profile.session.about_to_expire_hours if clock and clock.profile else None
    if row.waiting_since is not None and hours is not None:
        moments.append(row.waiting_since + timedelta(hours=hours.value))
    if row.reply is not None and found["reply_at"] is not None:
        moments.append(found["reply_at"] + FAILED_SHOWN)
    return min((moment for moment in moments if moment >= now), default=None)


def row_of(found: RowMapping, clock: ShopClock | None, now: datetime, found_by: Sequence[str]) -> Row:
    """The row that what the database told makes at ``now``; ``found_by`` says what of it a search hit."""
    waits = found["since"] if _waits(found) else None
    profile = clock.profile if clock else None
    ended = found["ended_at"] is not None
    holder, how = _holder(found, clock)
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
        state=state_of(ended=ended, waits=waits is not None),
        place=place_of(ended=ended, held=holder is not None or (clock is not None and not clock.gives_out)),
        unread=is_unread(found["newest_from_buyer"], found["seen_to"]),
        unreplied=unreplied_of(waits=waits is not None, ended=ended, auto_answered=found["auto_answered"]),
        expiring=is_expiring(waits, now, profile),
        marked=_marked(found),
        tags=tuple(found["own_tags"] or ()),
        holder=holder,
        how=how,
        queued_since=found["queued_at"],
        ended_at=found["ended_at"],
        buyer_at=found["buyer_at"],
        found_by=tuple(found_by),
    )


def _holder(found: RowMapping, clock: ShopClock | None) -> tuple[PersonShown | None, str | None]:
    """With whom the conversation is; where the platform gives out, with whom it says."""
    if clock is not None and not clock.gives_out:
        name: str | None = found["platform_agent"]
        person = clock.people.get(name or "")
        return (PersonShown(id=person or "", name=name), "platform") if name else (None, None)
    if found["assignee"] is None:
        return None, None
    return PersonShown(id=str(found["assignee"]), name=found["holder_name"] or ""), found["assigned_how"]


def _marked(found: RowMapping) -> Marked | None:
    if found["marked_by"] is None or found["marked_at"] is None:
        return None
    return Marked(by=PersonShown(id=str(found["marked_by"]), name=found["marker_name"] or ""), at=found["marked_at"])


def _waits(found: RowMapping) -> bool:
    """Whether the buyer waits for words; a turn that an agent let go of, or that asks for nothing, does not."""
    if not found["unanswered"]:
        return False
    burst: list[Any] = found["burst"] or []
    if found["newest"] not in burst:
        return True
    return not found["let_go"] and not (found["draft_state"] == DraftState.BLOCKED and found["reason"] in QUIET)


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
