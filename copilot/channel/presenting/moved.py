"""A draft has moved: watchers are told, and its note is seen to where drafts stand in the platform's window.

One statement for both, and the only place that tells of drafts: a draft moves several times, most shops have no notes,
and a note that nobody saw to would offer what is long gone.
"""

import uuid
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from copilot.access.shops import PRESENTS
from copilot.channel.tasks import NOTE_DRAFT, note_lock
from copilot.store import queue
from copilot.store.direct import Direct, Transaction
from copilot.store.listener import CHANNEL

# The job follows by a timer and not at once: several moves in a row are one look at the note.
_TELL: Final = Direct(
    text(
        "WITH told AS ("
        " INSERT INTO events (merchant, shop, topic, ref, at) VALUES (:merchant, :shop, :topic, :draft, :at)"
        " RETURNING merchant, topic), note AS ("
        " INSERT INTO timers (id, kind, ref, due_at, merchant, attempt, lock, priority)"
        " SELECT gen_random_uuid(), :kind, :draft, :at, :merchant, 0, :lock, :priority"
        " FROM shops WHERE id = :shop AND jsonb_exists(settings, :presents)"
        " ON CONFLICT (kind, ref) DO UPDATE SET due_at = excluded.due_at, attempt = 0)"
        f" SELECT pg_notify('{CHANNEL}', merchant || ' ' || topic) FROM told"
    )
)


async def tell_draft(
    session: Transaction,
    *,
    merchant: uuid.UUID,
    shop: uuid.UUID,
    conversation: uuid.UUID,
    draft: uuid.UUID,
    state: str,
    at: datetime,
) -> None:
    """The draft is in ``state`` now, when the session's transaction commits."""
    values = {
        "merchant": merchant,
        "shop": shop,
        "topic": f"draft.{state}",
        "draft": str(draft),
        "at": at,
        "kind": NOTE_DRAFT,
        "lock": note_lock(conversation),
        "priority": queue.URGENT,
        "presents": PRESENTS,
    }
    await _TELL.run(session, values)


AGAIN: Final = (timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=30), timedelta(minutes=2))
"""How long after each vain attempt a note is tried again; then it is given up, for the desk shows the draft anyway."""
