"""The row of a shop that is asked or listened to: its cursor, its health, and who holds its connection.

A lease is a time on our own clocks, so that it works over any pooler and ends by itself when its holder dies. Whoever
stores what it heard proves with the same statement that the shop is still its own.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.errors import CopilotError
from copilot.sdk import Malformed
from copilot.store.tables import FeedRow, ShopRow

LEASE: Final = timedelta(seconds=15)
"""How long a connection stays somebody's who does not say so again; then another process takes it."""
_LONGEST_CURSOR: Final = 4000


class LostLease(CopilotError):
    """Another process holds the shop's connection now; what this one heard is not stored by it."""

    code = "lease_lost"


async def cursor_of(session: AsyncSession, shop: ShopRow) -> tuple[str | None, int]:
    """Where reading goes on, and how many looks in a row were in vain."""
    query = select(FeedRow.cursor, FeedRow.failures).where(FeedRow.shop == shop.id)
    found = (await session.execute(query)).one_or_none()
    return (None, 0) if found is None else (found.cursor, found.failures)


def checked(cursor: str | None) -> str | None:
    """``cursor`` as it can be kept.

    Raises:
        Malformed: it is longer than any place is, or holds what is no text.
    """
    if cursor is not None and (len(cursor) > _LONGEST_CURSOR or not cursor.isprintable()):
        raise Malformed("the adapter's cursor cannot be kept")
    return cursor


async def heard(session: AsyncSession, shop: ShopRow, cursor: str | None, now: datetime) -> None:
    """The platform answered; with None the cursor stays."""
    told: dict[str, Any] = {"heard_at": now, "failures": 0, "error": None}
    if cursor is not None:
        told["cursor"] = cursor
    await _write(session, shop, told)


async def failed(session: AsyncSession, shop: ShopRow, code: str, failures: int) -> None:
    """A look was in vain, the ``failures``-th in a row."""
    await _write(session, shop, {"failures": failures, "error": code})


async def take(session: AsyncSession, shop: ShopRow, owner: uuid.UUID, now: datetime) -> bool:
    """Make ``owner`` the one that holds the shop's connection for a while, also again; False when another one is."""
    until = now + LEASE
    row = insert(FeedRow).values(**_blank(shop), owner=owner, held_until=until)
    free = or_(FeedRow.owner.is_(None), FeedRow.owner == owner, FeedRow.held_until <= now)
    taken = row.on_conflict_do_update(
        index_elements=["merchant", "shop"], set_={"owner": owner, "held_until": until}, where=free
    )
    return await session.scalar(taken.returning(FeedRow.id)) is not None


async def require(session: AsyncSession, shop: ShopRow, owner: uuid.UUID) -> None:
    """Go on only while ``owner`` holds the connection; nobody can take it before this transaction ends.

    Raises:
        LostLease: somebody else holds it.
    """
    held = select(FeedRow.id).where(FeedRow.shop == shop.id, FeedRow.owner == owner).with_for_update()
    if await session.scalar(held) is None:
        raise LostLease("another process listens to this shop")


async def release(session: AsyncSession, shop: ShopRow, owner: uuid.UUID) -> None:
    """Let another process take the connection at once."""
    mine = (FeedRow.shop == shop.id) & (FeedRow.owner == owner)
    await session.execute(update(FeedRow).where(mine).values(owner=None, held_until=None))


def _blank(shop: ShopRow) -> dict[str, Any]:
    return {"merchant": shop.merchant, "id": uuid.uuid4(), "shop": shop.id, "failures": 0}


async def _write(session: AsyncSession, shop: ShopRow, told: dict[str, Any]) -> None:
    row = insert(FeedRow).values(**(_blank(shop) | told))
    await session.execute(row.on_conflict_do_update(index_elements=["merchant", "shop"], set_=told))
