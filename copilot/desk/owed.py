"""What the shop owes its buyers: the list by due time, each with what is to be done about it and where.

Owns the reading of rows; a promise is ended in ``channel/owing``.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.accounts import Accounts
from copilot.channel.links import ShopLinks, after_sales_of, links_of
from copilot.channel.owing import OPEN
from copilot.desk.card import Reader, owed_text
from copilot.desk.shapes import BuyerShown, OwedCounts, OwedRow
from copilot.desk.todo import Page, page_for, todo
from copilot.desk.words import Language
from copilot.domain.money import Money
from copilot.store.tables import BuyerRow, CommitmentRow, ConversationRow, ShopRow

MOST: Final = 200
"""How many promises the list shows, those due first."""


async def read_owed(
    session: AsyncSession,
    accounts: Accounts,
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
    links = await links_of(session, accounts, (place for _, _, place, _ in rows))
    about = {(place.id, promise.order_id) for promise, _, place, _ in rows if promise.order_id}
    requests = await after_sales_of(session, about)
    return tuple(
        _row(
            promise,
            conversation,
            buyer,
            Reader(language, ZoneInfo(place.zone), now),
            _page(promise, conversation, links[place.id], requests),
        )
        for promise, conversation, place, buyer in rows
    )


def counts(rows: Sequence[OwedRow]) -> OwedCounts:
    """How many are open, and how many of those are late."""
    open_ones = [row for row in rows if row.state in OPEN]
    return OwedCounts(open=len(open_ones), late=sum(row.late for row in open_ones))


def _page(
    promise: CommitmentRow,
    conversation: ConversationRow,
    links: ShopLinks,
    requests: Mapping[tuple[uuid.UUID, str], str],
) -> tuple[Page, str] | None:
    if promise.state not in OPEN:
        return None
    order = promise.order_id
    request = requests.get((conversation.shop, order)) if order else None
    return page_for(promise.what, links, conversation.platform_conversation_id, order, request)


def _row(
    promise: CommitmentRow,
    conversation: ConversationRow,
    buyer: BuyerRow | None,
    reader: Reader,
    page: tuple[Page, str] | None,
) -> OwedRow:
    amount = Money.model_validate(promise.amount) if promise.amount else None
    is_open = promise.state in OPEN
    return OwedRow(
        id=str(promise.id),
        conversation=str(conversation.id),
        shop=str(conversation.shop),
        buyer=BuyerShown(id=buyer.platform_buyer_id, nickname=buyer.nickname) if buyer else BuyerShown(),
        what=promise.what,
        text=owed_text(promise.what, promise.due, reader),
        amount=amount,
        due=promise.due,
        late=is_open and promise.due is not None and promise.due < reader.now,
        state=promise.state,
        order_id=promise.order_id,
        source=promise.source,
        by=promise.by,
        evidence=promise.evidence,
        settled_by=promise.settled_by,
        settled_at=promise.settled_at,
        todo=todo(promise.what, amount, reader.language, reader.wording) if is_open else None,
        link=page[1] if page else None,
        link_to=page[0] if page else None,
    )
