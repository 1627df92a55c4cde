"""What people did about a note in the platform's window: kept once, in the transaction that is acknowledged.

Whose press it is and what comes of it is decided by a job, under the lock of the conversation whose note it is.
"""

import hashlib
import json
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.tasks import NOTE_PRESS, note_lock
from copilot.channel.waking import DRAFT_BELT
from copilot.sdk import Decided
from copilot.store import queue, timers
from copilot.store.tables import ConversationRow, NoteRow, PressRow, ShopRow

_LONGEST_ID = 500


async def take(session: AsyncSession, shop: ShopRow, event: Decided, now: datetime) -> None:
    """Keep the press and put in the job that carries it out; one that came before changes nothing.

    Raises:
        ValueError: an id is none that can be kept; it is not repeated.
    """
    for one in (event.note_id, event.conversation, event.agent or ""):
        if len(one) > _LONGEST_ID or "\x00" in one:
            raise ValueError("a platform id is longer than any, or holds what is no text")
    press = uuid.uuid4()
    values = {
        "merchant": shop.merchant,
        "id": press,
        "shop": shop.id,
        "note_id": event.note_id,
        "platform_conversation_id": event.conversation,
        "kind": event.decision,
        "words": _words(event),
        "agent": event.agent,
        "print": _print(event),
        "state": "taken",
        "at": now,
    }
    new = insert(PressRow).values(**values).on_conflict_do_nothing(index_elements=["merchant", "shop", "print"])
    if await session.scalar(new.returning(PressRow.id)) is None:
        return
    lock = note_lock(await _conversation(session, shop, event) or shop.id)
    await queue.defer(session, NOTE_PRESS, lock=lock, merchant=shop.merchant, ref=press)
    # Should that job fail, what somebody pressed must not be forgotten.
    await timers.arm(session, NOTE_PRESS, press, now + DRAFT_BELT, merchant=shop.merchant, lock=lock)


async def _conversation(session: AsyncSession, shop: ShopRow, event: Decided) -> uuid.UUID | None:
    """Whose note it is: told by the note, else by what the platform says."""
    noted = select(NoteRow.conversation).where(NoteRow.shop == shop.id, NoteRow.note_id == event.note_id)
    named = select(ConversationRow.id).where(
        ConversationRow.shop == shop.id, ConversationRow.platform_conversation_id == event.conversation
    )
    return await session.scalar(noted) or await session.scalar(named)


def _words(event: Decided) -> str | None:
    said = {"edit": event.text, "answer": event.text, "reject": event.reason, "option": event.option}.get(
        event.decision
    )
    return said.replace("\x00", "\ufffd") if said else None


def _print(event: Decided) -> str:
    """The same for the second delivery of a press, another for another press."""
    told = [event.note_id, event.decision, event.text, event.reason, event.option, event.agent]
    when = event.at.isoformat() if event.at else None
    return hashlib.sha256(json.dumps([*told, when], ensure_ascii=True).encode()).hexdigest()
