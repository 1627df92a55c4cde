"""What the shop owes its buyers: the list by due time, over all conversations or one.

Owns the reading of rows; a promise is ended in ``channel/owing``.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.owing import OPEN
from copilot.desk.card import Reader, owed_text
from copilot.desk.shapes import BuyerShown, OwedCounts, OwedRow
from copilot.desk.words import Language
from copilot.domain.money import Money
from copilot.store.tables import BuyerRow, CommitmentRow, ConversationRow, ShopRow

MOST: Final = 200
"""How many promises the list shows, those due first."""


async def read_owed(
    session: AsyncSession,
    language: Language,
    now: datetime,
    shop: uuid.UUID | None = None,
    *,
    only_open: bool = True,
) -> tuple[OwedRow, ...]:
    """The promises, what is due first on top; those that ended behind, the last one first."""
    found = (
        select(CommitmentRow, ConversationRow, ShopRow, BuyerRow)
        .join(ConversationRow, ConversationRow.id == CommitmentRow.conversation)
        .join(ShopRow, ShopRow.id == ConversationRow.shop)
        .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
        .order_by(
            CommitmentRow.settled_at.desc().nulls_first(), CommitmentRow.due.nulls_last(), CommitmentRow.created_at
        )
        .limit(MOST)
    )
    if only_open:
        found = found.where(CommitmentRow.state.in_(OPEN))
    if shop is not None:
        found = found.where(ConversationRow.shop == shop)
    rows = (await session.execute(found)).all()
    return tuple(
        _row(promise, conversation, buyer, Reader(language, ZoneInfo(place.zone), now))
        for promise, conversation, place, buyer in rows
    )


def counts(rows: Sequence[OwedRow]) -> OwedCounts:
    """How many are open, and how many of those are late."""
    open_ones = [row for row in rows if row.state in OPEN]
    return OwedCounts(open=len(open_ones), late=sum(row.late for row in open_ones))


def _row(promise: CommitmentRow, conversation: ConversationRow, buyer: BuyerRow | None, reader: Reader) -> OwedRow:
    return OwedRow(
        id=str(promise.id),
        conversation=str(conversation.id),
        shop=str(conversation.shop),
        buyer=BuyerShown(id=buyer.platform_buyer_id, nickname=buyer.nickname) if buyer else BuyerShown(),
        what=promise.what,
        text=owed_text(promise.what, promise.due, reader),
        amount=Money.model_validate(promise.amount) if promise.amount else None,
        due=promise.due,
        late=promise.state in OPEN and promise.due is not None and promise.due < reader.now,
        state=promise.state,
        order_id=promise.order_id,
        source=promise.source,
        by=promise.by,
        evidence=promise.evidence,
        settled_by=promise.settled_by,
        settled_at=promise.settled_at,
    )
