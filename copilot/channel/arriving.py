"""Messages into rows, all that come at one moment with the same few statements.

Each is stored once, in the order in which they are given; what it moves in its conversation, and who hears of it,
follows from the conversation's row, which is locked until the transaction ends.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.dialects.postgresql import UUID

from copilot.channel.auto import POSTURE, answer_auto
from copilot.channel.called import level_told, tags_told
from copilot.channel.queueing import as_waiting, look_who_waits
from copilot.channel.storable import storable, told_late
from copilot.channel.waking import draft_open_turn
from copilot.clock import Profile, draft_deadline
from copilot.domain.message import Role
from copilot.sdk import MessageEvent
from copilot.store import queue
from copilot.store.consequences import Consequences
from copilot.store.direct import Direct, Transaction
from copilot.store.tables import ShopRow

_MESSAGE: Final = (
    "id uuid, platform_message_id text, role text, kind text, text text, sequence bigint, visible boolean, media jsonb,"
    " trace text, order_id text, product_id text, agent text, sent_by text, sent_at timestamptz,"
    " recalled_at timestamptz, card text"
)
_COLUMNS: Final = ", ".join(one.split()[0] for one in _MESSAGE.split(", "))
# Buyers and conversations are updated in any case: DO NOTHING returns no row of an existing one, and the row's lock
# lets the deliveries of one conversation in one after the other. What a delivery does not say stays known; whose a
# conversation is stays as it was first told.
_ADD: Final = Direct(
    text(
        f"""
        WITH given AS (SELECT CAST(:rows AS jsonb) AS rows),
        known AS (
            INSERT INTO buyers
                (merchant, id, shop, platform_buyer_id, order_key, nickname, level, told_tags, tags, created_at)
            SELECT :merchant, b.id, b.shop, b.buyer, b.order_key, b.nickname, b.level, b.told_tags, '[]', :now
              FROM given, jsonb_to_recordset(given.rows -> 'buyers')
                AS b(id uuid, shop uuid, buyer text, order_key text, nickname text, level text, told_tags jsonb)
             ORDER BY b.shop, b.buyer
            ON CONFLICT (merchant, shop, platform_buyer_id) DO UPDATE
               SET nickname = coalesce(excluded.nickname, buyers.nickname),
                   order_key = coalesce(excluded.order_key, buyers.order_key),
                   level = coalesce(excluded.level, buyers.level),
                   told_tags = coalesce(excluded.told_tags, buyers.told_tags)
            RETURNING id, shop, platform_buyer_id
        ),
        talks AS (
            INSERT INTO conversations
                (merchant, id, shop, buyer, platform_conversation_id, created_at, updated_at, tags)
            SELECT :merchant, t.id, t.shop, known.id, t.talk, :now, :now, '[]'
              FROM given, jsonb_to_recordset(given.rows -> 'talks') AS t(id uuid, shop uuid, talk text, buyer text)
              LEFT JOIN known ON known.shop = t.shop AND known.platform_buyer_id = t.buyer
             ORDER BY t.shop, t.talk
            ON CONFLICT (merchant, shop, platform_conversation_id) DO UPDATE
               SET buyer = coalesce(conversations.buyer, excluded.buyer)
            RETURNING id, shop, platform_conversation_id, assignee, ended_at, queued_at, opened_by, posture
        ),
        told AS (
            SELECT m.*, talks.id AS conversation FROM given, jsonb_to_recordset(given.rows -> 'messages')
                AS m(number integer, shop uuid, talk text, {_MESSAGE})
              JOIN talks ON talks.shop = m.shop AND talks.platform_conversation_id = m.talk
        ),
        added AS (
            INSERT INTO messages (merchant, conversation, received_at, {_COLUMNS})
            SELECT :merchant, conversation, :now, {_COLUMNS} FROM told ORDER BY number
            ON CONFLICT (merchant, conversation, platform_message_id) DO NOTHING
            RETURNING id
        )
        SELECT talks.id, assignee, ended_at, queued_at, opened_by, posture, added.id
          FROM told JOIN talks ON talks.id = told.conversation LEFT JOIN added ON added.id = told.id
         ORDER BY told.number
        """
    ).bindparams(bindparam("merchant", type_=UUID()))
)
# Of a message that is known, its place in the conversation may not be, when our own sender wrote the row: without a
# sequence the row's time is our own guess; with one everything has been told before. The rows are named twice: for a
# join alone the planner would read all that the merchant has, for as long as it takes that for little.
_MOVE: Final = Direct(
    text(
        """
        WITH given AS (SELECT CAST(:rows AS jsonb) AS rows),
        moved AS (
            UPDATE conversations c
               SET updated_at = CASE WHEN m.visible THEN :now ELSE c.updated_at END,
                   ended_at = CASE WHEN m.reopened THEN NULL ELSE c.ended_at END,
                   queued_at = coalesce(m.queued_at, c.queued_at),
                   opened_by = coalesce(m.opened_by, c.opened_by),
                   entered_from_order = coalesce(m.entered_from_order, c.entered_from_order)
              FROM given, jsonb_to_recordset(given.rows -> 'moved') AS m(talk uuid, visible boolean,
                reopened boolean, queued_at timestamptz, opened_by uuid, entered_from_order text)
             WHERE c.merchant = :merchant AND c.id = ANY(:moved) AND c.id = m.talk
        )
        UPDATE messages
           SET sequence = coalesce(k.sequence, messages.sequence),
               sent_at = coalesce(k.sent_at, messages.sent_at),
               media = coalesce(k.media, messages.media)
          FROM given, jsonb_to_recordset(given.rows -> 'known') AS k(
            talk uuid, message text, sequence bigint, sent_at timestamptz, media jsonb)
         WHERE messages.merchant = :merchant AND messages.conversation = ANY(:talks)
           AND messages.platform_message_id = ANY(:messages) AND messages.conversation = k.talk
           AND messages.platform_message_id = k.message AND messages.sequence IS NULL
        """
    ).bindparams(
        bindparam("merchant", type_=UUID()),
        bindparam("moved", type_=ARRAY(UUID())),
        bindparam("talks", type_=ARRAY(UUID())),
        bindparam("messages", type_=ARRAY(Text())),
    )
)


@dataclass(frozen=True)
class Arrival:
    """A message of ``shop`` as it was told; ``profile`` says how soon its draft is due, None: now.

    ``trace`` is the delivery's, ``card`` the entry whose question the buyer tapped, ``ours`` that it may be a reply of
    ours which is still being sent: its sender asks for the next draft.
    """

    shop: ShopRow
    event: MessageEvent
    profile: Profile | None = None
    trace: str | None = None
    card: str | None = None
    ours: bool = False


@dataclass(frozen=True)
class Received:
    """What became of it: ``new`` is False for a delivery that came before and for an echo of our own."""

    conversation: uuid.UUID
    new: bool


class Place(NamedTuple):
    """A conversation's row, and with whom it is."""

    id: uuid.UUID
    assignee: uuid.UUID | None
    ended_at: datetime | None
    queued_at: datetime | None
    opened_by: uuid.UUID | None
    posture: str | None


async def arrive(
    transaction: Transaction, arrivals: Sequence[Arrival], left: Consequences, now: datetime
) -> list[Received]:
    """Store ``arrivals``, all of the merchant's to whom what is ``left`` belongs; what follows is added to that.

    Their ids can be kept (``storable.check_ids``).
    """
    rows = _rows(arrivals, now)
    found = await _ADD.all(transaction, {"merchant": left.merchant, "now": now, "rows": json.dumps(rows)})
    moves = _Moves(left, now)
    received = [
        moves.take(one, row, Place(*place), added)
        for one, row, (*place, added) in zip(arrivals, rows["messages"], found, strict=True)
    ]
    if moved := moves.values():
        await _MOVE.run(transaction, {"merchant": left.merchant, "now": now, **moved})
    return received


class _Moves:
    """What messages move in their conversations, one after the other."""

    def __init__(self, left: Consequences, now: datetime) -> None:
        self._left = left
        self._now = now
        self._talks: dict[uuid.UUID, dict[str, Any]] = {}
        self._drafted: set[uuid.UUID] = set()
        self._known: list[dict[str, Any]] = []

    def take(self, one: Arrival, row: Mapping[str, Any], place: Place, added: uuid.UUID | None) -> Received:
        event = one.event
        if added is None:
            late = {name: row[name] for name in ("sequence", "sent_at", "media")}
            if any(value is not None for value in late.values()):
                self._known.append({"talk": str(place.id), "message": event.message.id, **late})
            return Received(place.id, new=False)
        moved: dict[str, Any] = {}
        if event.entered_from_order:
            moved["entered_from_order"] = event.entered_from_order
        if event.visible:
            moved["visible"] = True
            if event.message.role is Role.BUYER:
                moved |= self._opened(one, place, added)
            self._told(one, place)
        if moved:
            self._talks[place.id] = self._talks.get(place.id, {}) | moved
        return Received(place.id, new=True)

    def _opened(self, one: Arrival, place: Place, message: uuid.UUID) -> dict[str, Any]:
        """Only the buyer opens again what is over: the echo of a last word must not."""
        before = self._talks.get(place.id, {})
        ended = place.ended_at is not None and "opened_by" not in before
        queued = place.queued_at is not None or "queued_at" in before
        waits = as_waiting(one.shop, self._now, assignee=place.assignee, ended=ended, queued=queued)
        moved: dict[str, Any] = {}
        if "queued_at" in waits:
            moved["queued_at"] = self._now.isoformat()
            look_who_waits(self._left, self._now)
        if ended:
            moved["reopened"] = True
        if ended or (place.opened_by is None and "opened_by" not in before):
            moved["opened_by"] = str(message)
        if (place.posture or one.shop.posture) == POSTURE:
            answer_auto(self._left, message, self._now)
        return moved

    def _told(self, one: Arrival, place: Place) -> None:
        self._left.tell("message.received", str(place.id), self._now, one.shop.id)
        # Also for the platform's own message: it may overtake an open draft. One job drafts all that came.
        if not one.ours and place.id not in self._drafted:
            self._drafted.add(place.id)
            draft_open_turn(self._left, place.id, self._now, drafting_priority(one.profile, self._now))

    def values(self) -> dict[str, Any]:
        """For the statement that moves them; empty: nothing moves."""
        if not self._talks and not self._known:
            return {}
        moved = [{"talk": str(talk), **told} for talk, told in self._talks.items()]
        return {
            "rows": json.dumps({"moved": moved, "known": self._known}),
            "moved": list(self._talks),
            "talks": [uuid.UUID(one["talk"]) for one in self._known],
            "messages": [one["message"] for one in self._known],
        }


def drafting_priority(profile: Profile | None, now: datetime) -> int:
    """How urgent a draft is that is asked for ``now``: by its deadline."""
    return queue.deadline_priority(draft_deadline(now, profile)) if profile else queue.URGENT


def _rows(arrivals: Sequence[Arrival], now: datetime) -> dict[str, list[dict[str, Any]]]:
    buyers: dict[tuple[str, str], dict[str, Any]] = {}
    talks: dict[tuple[str, str], dict[str, Any]] = {}
    messages: list[dict[str, Any]] = []
    for number, one in enumerate(arrivals):
        event, shop = one.event, str(one.shop.id)
        talk = talks.setdefault(
            (shop, event.conversation), {"id": str(uuid.uuid4()), "shop": shop, "talk": event.conversation}
        )
        if event.buyer:
            talk.setdefault("buyer", event.buyer)
            buyer = buyers.setdefault(
                (shop, event.buyer), {"id": str(uuid.uuid4()), "shop": shop, "buyer": event.buyer}
            )
            if event.order_key is not None:
                buyer["order_key"] = event.order_key
            if event.nickname:
                buyer["nickname"] = storable(event.nickname)
            if (level := level_told(event.level)) is not None:
                buyer["level"] = level
            if (tags := tags_told(event.tags)) is not None:
                buyer["told_tags"] = tags
        messages.append({"number": number, "shop": shop, "talk": event.conversation, **_message(one, now)})
    return {"buyers": list(buyers.values()), "talks": list(talks.values()), "messages": messages}


def _message(one: Arrival, now: datetime) -> dict[str, Any]:
    message = one.event.message
    late = told_late(one.event, now)
    return {
        "id": str(uuid.uuid4()),
        "platform_message_id": message.id,
        "role": message.role,
        "kind": message.kind,
        "text": storable(message.text),
        "visible": one.event.visible,
        "trace": one.trace,
        "order_id": message.order_id,
        "product_id": message.product_id,
        "agent": storable(message.agent) if message.agent else None,
        "sent_by": message.sent_by,
        "recalled_at": message.recalled_at.isoformat() if message.recalled_at else None,
        "card": one.card,
        **late,
        "sent_at": late["sent_at"].isoformat() if late["sent_at"] else None,
    }
