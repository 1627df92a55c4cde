"""Gives stored entries their vectors: those that have none of the configured model, in batches that are kept at once.

What a vector is and how it is compared is ``vectors.py``'s.
"""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.model_use import is_forbidden
from copilot.knowledge.kinds import FAQ
from copilot.knowledge.vectors import Embedder, asked_texts, packed
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.queue import BACKGROUND
from copilot.store.tables import EntryRow, ShopRow

_BATCH: Final = 20
EMBED: Final = "knowledge.embed"
"""The job that fills in what is missing in a shop; it takes ``merchant``, ``ref`` (the shop) and ``attempt``."""


async def later(session: AsyncSession, merchant: uuid.UUID, shop: uuid.UUID, at: datetime, *, attempt: int = 0) -> None:
    """Have the shop's missing vectors made at ``at``; many changes in a row are one job."""
    lock = f"embed:{shop}"
    await timers.arm(session, EMBED, shop, at, merchant=merchant, attempt=attempt, lock=lock, priority=BACKGROUND)


async def fill(store: Store, merchant: uuid.UUID, shop: uuid.UUID, embedder: Embedder) -> int:
    """Make and keep the vectors that are missing; how many entries got theirs.

    No transaction is open while the model works. An entry that was changed meanwhile waits for the next time. Nothing
    is made for a shop that forbids models.

    Raises:
        ModelError: the model gave nothing usable; what was made before is kept.
    """
    done = 0
    while True:
        async with store.merchant(merchant) as session:
            if await is_forbidden(session, shop):
                return done
            missing = or_(EntryRow.vector.is_(None), EntryRow.embedded_by.is_distinct_from(embedder.name))
            rows = (
                await session.scalars(select(EntryRow).where(EntryRow.shop == shop, missing).limit(_BATCH))
            ).all()  # fmt: skip
            entries = [(row.id, row.revision, FAQ.read(row)) for row in rows]
        if not entries:
            return done
        vectors = await embedder.embed([text for *_, entry in entries for text in asked_texts(entry)])
        async with store.merchant(merchant) as session:
            at = 0
            for id, revision, entry in entries:
                number = len(asked_texts(entry))
                same = (EntryRow.id == id, EntryRow.revision == revision)
                values = {"vector": packed(vectors[at : at + number]), "embedded_by": embedder.name}
                await session.execute(update(EntryRow).where(*same).values(**values))
                at += number
            # Processes that keep the shop's vectors must read them again.
            await session.execute(
                update(ShopRow).where(ShopRow.id == shop).values(knowledge=ShopRow.knowledge + 1)
            )  # fmt: skip
        done += len(entries)
