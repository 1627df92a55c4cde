"""Orders as platforms told them last, and the one question that decides about each: is it this buyer's?

An order is a buyer's when its key is the buyer's, or when the platform itself tied it to the conversation and no key
speaks against it. A number that somebody typed proves nothing.
"""

import re
import unicodedata
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import ValidationError
from sqlalchemy import bindparam, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.order import Order
from copilot.sdk import FoundOrder
from copilot.store.direct import Direct, Transaction, among
from copilot.store.tables import OrderRow, ShopRow, table_of

_KEEP: Final = timedelta(days=90)
_OLDEST: Final = datetime.min.replace(tzinfo=UTC)
# Ours, not a platform's: shorter numbers are amounts, dates and sizes, longer ones are no numbers.
_DIGITS: Final = re.compile(r"(?<![a-z0-9.])\d(?:[ \-–]?\d){9,31}(?!\d|[.:]\d|[a-z])")
_CODE: Final = re.compile(r"(?<![a-z0-9@])(?=[0-9-]*[a-z])[a-z0-9](?:-?[a-z0-9]){7,31}(?![a-z0-9@])")
_DIGITS_OF_CODE: Final = 4
_MOBILE: Final = re.compile(r"(?:86)?1[3-9]\d{9}")


@dataclass(frozen=True)
class Kept:
    """An order of the cache; ``stale`` when the platform said that it moved after it was read."""

    found: FoundOrder
    fetched_at: datetime
    stale: bool


def theirs(found: Iterable[FoundOrder], key: str | None, tied: Collection[str]) -> list[FoundOrder]:
    """Those that belong to the buyer with ``key`` (None: not known), newest first; ``tied`` are the platform's ties."""
    kept = {one.order.id: one for one in found if _belongs(one, key, tied)}
    if key is None and len({one.buyer_key for one in kept.values() if one.buyer_key is not None}) > 1:
        # They cannot all be the same buyer's, and nothing tells which are.
        kept = {number: one for number, one in kept.items() if one.buyer_key is None}
    return sorted(kept.values(), key=lambda one: (one.order.created_at or _OLDEST, one.order.id), reverse=True)


def _belongs(found: FoundOrder, key: str | None, tied: Collection[str]) -> bool:
    if found.buyer_key is not None and key is not None:
        return found.buyer_key == key
    return found.order.id in tied


def covers(orders: Iterable[FoundOrder], named: str) -> bool:
    """Whether ``named`` is the number of one of ``orders`` or of a parcel of theirs."""
    wanted = _plain(named)
    return any(
        wanted == _plain(number)
        for one in orders
        for number in (one.order.id, *(shipment.tracking_no or "" for shipment in one.order.shipments))
    )


def typed_numbers(text: str) -> tuple[str, ...]:
    """What may be an order number in somebody's words, without spaces and dashes; mobile numbers are left out."""
    folded = unicodedata.normalize("NFKC", text).lower()
    found = [_plain(match.group()) for match in _DIGITS.finditer(folded)]
    found = [number for number in found if not _MOBILE.fullmatch(number)]
    codes = [_plain(match.group()).upper() for match in _CODE.finditer(folded)]
    codes = [code for code in codes if sum(sign.isdigit() for sign in code) >= _DIGITS_OF_CODE]
    return tuple(dict.fromkeys([*found, *codes]))


def _plain(number: str) -> str:
    return re.sub(r"[\s\-–]", "", number).lower()


_COLUMNS: Final = (OrderRow.body, OrderRow.buyer_key, OrderRow.fetched_at, OrderRow.changed_at)
_OF_SHOP: Final = select(*_COLUMNS).where(OrderRow.shop == bindparam("the_shop"))
_THEIRS: Final = Direct(
    _OF_SHOP.where(or_(among(OrderRow.platform_order_id, "tied"), OrderRow.buyer_key == bindparam("key")))
)


async def kept(session: Transaction, shop: uuid.UUID, key: str | None, tied: Sequence[str]) -> list[Kept]:
    """The cached orders of the buyer with ``key``, and the cached ones among ``tied``; no other's."""
    if key is None and not tied:
        return []
    # Nobody's key equals none.
    rows = await _THEIRS.all(session, {"the_shop": shop, "tied": list(tied), "key": key})
    read = {one.found.order.id: one for row in rows if (one := _read(*row)) is not None}
    return [read[one.order.id] for one in theirs((one.found for one in read.values()), key, tied)]


async def cached(
    session: AsyncSession, wanted: Collection[tuple[uuid.UUID, str]]
) -> dict[tuple[uuid.UUID, str], Order]:
    """The cached orders among ``wanted``, by shop and number: for links to pages, not for what may be said."""
    if not wanted:
        return {}
    rows = await session.scalars(select(OrderRow).where(tuple_(OrderRow.shop, OrderRow.platform_order_id).in_(wanted)))
    read = ((row, _read(row.body, row.buyer_key, row.fetched_at, row.changed_at)) for row in rows)
    return {(row.shop, row.platform_order_id): one.found.order for row, one in read if one is not None}


def _read(body: object, buyer_key: str | None, fetched_at: datetime, changed_at: datetime | None) -> Kept | None:
    try:
        order = Order.model_validate(body)
    except ValidationError:
        # Written by another version: as good as not there.
        return None
    stale = changed_at is not None and changed_at >= fetched_at
    return Kept(FoundOrder(order=order, buyer_key=buyer_key), fetched_at, stale)


_ORDERS = table_of(OrderRow)
_TOLD = insert(_ORDERS)
# Made once: putting a statement together takes as long as running it.
_KEEP_IT: Final = Direct(
    _TOLD.on_conflict_do_update(
        index_elements=["merchant", "shop", "platform_order_id"],
        set_={
            "buyer_key": func.coalesce(_TOLD.excluded.buyer_key, _ORDERS.c.buyer_key),
            "body": _TOLD.excluded.body,
            "fetched_at": _TOLD.excluded.fetched_at,
            "expires_at": _TOLD.excluded.expires_at,
        },
        where=_ORDERS.c.fetched_at <= _TOLD.excluded.fetched_at,
    ),
    ("merchant", "id", "shop", "platform_order_id", "buyer_key", "body", "fetched_at", "expires_at"),
)


async def keep(session: Transaction, shop: ShopRow, found: Sequence[FoundOrder], asked_at: datetime) -> None:
    """Cache what the platform told when it was asked at ``asked_at``; an answer that was asked for later stays."""
    # In one order, so that two look-ups of the same buyer never wait for each other in a circle.
    for one in sorted(found, key=lambda one: one.order.id):
        row = {
            "merchant": shop.merchant,
            "id": uuid.uuid4(),
            "shop": shop.id,
            "platform_order_id": one.order.id,
            "buyer_key": one.buyer_key,
            "body": one.order.model_dump(mode="json"),
            "fetched_at": asked_at,
            "expires_at": asked_at + _KEEP,
        }
        await _KEEP_IT.run(session, row)
