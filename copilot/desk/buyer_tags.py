"""The tags that people set on a buyer: they hold in all of the buyer's conversations with the shop."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.called import Tags
from copilot.store import events
from copilot.store.tables import BuyerRow, ConversationRow


class Tagged(NamedTuple):
    """The tags that hold now, and how many were set and taken off."""

    buyer: uuid.UUID
    tags: tuple[str, ...]
    added: int
    removed: int


def tags_of(row: BuyerRow) -> Tags:
    """The buyer's tags as they are kept."""
    return Tags(row.told_tags, row.tags, row.dropped_tags)


async def tag_buyer(
    session: AsyncSession, conversation: ConversationRow, add: Sequence[str], remove: Sequence[str], now: datetime
) -> Tagged | None:
    """Add tags to the conversation's buyer and take others off; None when it has no buyer."""
    row = await session.scalar(select(BuyerRow).where(BuyerRow.id == conversation.buyer).with_for_update())
    if row is None:
        return None
    before = tags_of(row)
    after = before.changed(add, remove)
    added, removed = set(after.shown) - set(before.shown), set(before.shown) - set(after.shown)
    if added or removed:
        row.tags, row.dropped_tags = list(after.own), list(after.dropped)
        talks = await session.scalars(select(ConversationRow.id).where(ConversationRow.buyer == row.id))
        for talk in talks:
            await events.append(
                session, merchant=row.merchant, shop=row.shop, topic="conversation.changed", ref=str(talk), at=now
            )
    return Tagged(row.id, after.shown, len(added), len(removed))
