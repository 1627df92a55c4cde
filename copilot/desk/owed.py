"""What the shop owes its buyers: the list by due time, each with what is to be done about it and where.

Owns the reading of rows, page by page; a promise is ended in ``channel/owing``.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, case, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.accounts import Accounts
from copilot.channel.links import ShopLinks, after_sales_of, links_of
from copilot.channel.owing import OPEN
from copilot.desk.card import Reader, owed_text
from copilot.desk.owed_shapes import OwedCounts, OwedRow
from copilot.desk.shapes import BuyerShown
from copilot.desk.todo import Page, page_for, todo
from copilot.desk.words import Language
from copilot.domain.errors import BadInput
from copilot.domain.money import Money
from copilot.store.tables import BuyerRow, CommitmentRow, ConversationRow, ShopRow

MOST: Final = 200
"""How many promises a page of the list shows, those due first."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class After:
    """Where a page of the list ends: the last promise as it stood then, so that one that moves since loses nobody.

    ``settled`` is None while it is open. Written "settled-due-created-id", times in microseconds, "0" for none.
    """

    settled: datetime | None
    due: datetime
    created: datetime
    id: uuid.UUID

    @classmethod
    def of(cls, row: CommitmentRow) -> Self:
        """The place right behind ``row``."""
        return cls(row.settled_at, row.due or _NEVER, row.created_at, row.id)

    def __str__(self) -> str:
        """As it goes over the wire."""
        times = (_START if self.settled is None else self.settled, self.due, self.created)
        return "-".join((*(str((at - _START) // timedelta(microseconds=1)) for at in times), self.id.hex))

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read one.

        Raises:
            BadInput: it is not one of ours; the text is not repeated.
        """
        try:
            *figures, id = written.split("-")
            settled, due, created = (_START + timedelta(microseconds=int(at)) for at in figures)
            return cls(None if settled == _START else settled, due, created, uuid.UUID(hex=id))
        except (ValueError, OverflowError):
            raise BadInput("the place in the list is not one of ours", remedy="start without one") from None


async def read_owed(
    session: AsyncSession,
    accounts: Accounts,
    language: Language,
    now: datetime,
    shop: uuid.UUID | None = None,
    *,
    only_open: bool = True,
    after: After | None = None,
) -> tuple[tuple[OwedRow, ...], After | None]:
    """A page of the promises, what is due first on top; those that ended behind, the last one first.

    With it comes where the next page begins; None when there is none.
    """
    never = literal(_NEVER, DateTime(timezone=True))
    # All ascending, so that a place is one comparison; the last one ended first means the longest ago last.
    order = (
        case((CommitmentRow.settled_at.is_(None), 0), else_=1),
        never - func.coalesce(CommitmentRow.settled_at, never),
        func.coalesce(CommitmentRow.due, never),
        CommitmentRow.created_at,
        CommitmentRow.id,
    )
    found = (
        select(CommitmentRow, ConversationRow, ShopRow, BuyerRow)
        .join(ConversationRow, ConversationRow.id == CommitmentRow.conversation)
        .join(ShopRow, ShopRow.id == ConversationRow.shop)
        .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
        .order_by(*order)
        .limit(MOST + 1)
    )
    if after is not None:
        ended = never - literal(after.settled or _NEVER, DateTime(timezone=True))
        place = (0 if after.settled is None else 1, ended, after.due, after.created, after.id)
        found = found.where(tuple_(*order) > tuple_(*place))
    if only_open:
        found = found.where(CommitmentRow.state.in_(OPEN))
    if shop is not None:
        found = found.where(ConversationRow.shop == shop)
    everything = (await session.execute(found)).all()
    rows = everything[:MOST]
    links = await links_of(session, accounts, (place for _, _, place, _ in rows))
    about = {(place.id, promise.order_id) for promise, _, place, _ in rows if promise.order_id}
    requests = await after_sales_of(session, about)
    shown = tuple(
        _row(
            promise,
            conversation,
            buyer,
            Reader(language, ZoneInfo(place.zone), now),
            _page(promise, conversation, links[place.id], requests),
        )
        for promise, conversation, place, buyer in rows
    )
    return shown, After.of(rows[-1][0]) if len(everything) > MOST else None


async def count_owed(session: AsyncSession, now: datetime, shop: uuid.UUID | None = None) -> OwedCounts:
    """How many are open, and how many of those are late, whatever a page shows of them."""
    late = func.count().filter(CommitmentRow.due < now)
    query = select(func.count(), late).where(CommitmentRow.state.in_(OPEN))
    if shop is not None:
        of_shop = select(ConversationRow.id).where(ConversationRow.shop == shop)
        query = query.where(CommitmentRow.conversation.in_(of_shop))
    found = (await session.execute(query)).one()
    return OwedCounts(open=found[0], late=found[1])


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
