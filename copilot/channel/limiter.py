"""How fast a shop's platform is called: a pause that all workers share, and a rate that each process keeps.

It refuses a call that must not be made now instead of waiting for it: whoever waited would take a place that another
shop needs. It knows no platform's number.
"""

import math
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.sdk import Throttled
from copilot.store.direct import Direct, Transaction
from copilot.store.tables import PauseRow, ShopRow

_UNSAID: Final = 1.0
"""Seconds of pause when the platform asks for one and does not say how long."""
_MOST_AT_ONCE: Final = 4
"""Replies of one shop that a process sends at a time; a quarter of what a worker does at once."""
_LONGEST: Final = 3600.0
"""What a platform may ask for at most before we try again."""


class HeldBack(Throttled):
    """No call was made, because the platform asked for a pause or the shop's rate is used up for the moment."""

    def __init__(self, retry_after: float) -> None:
        """``retry_after`` in seconds."""
        super().__init__("calls for this shop pause", retry_after)


def pause_seconds(error: Throttled) -> float:
    """How long ``error`` asks us to wait, within sane bounds."""
    asked = error.retry_after
    if asked is None or not math.isfinite(asked):
        return _UNSAID
    return min(max(asked, 0.0), _LONGEST)


async def pause(session: AsyncSession, shop: ShopRow, until: datetime) -> None:
    """Nobody calls for ``shop`` before ``until``; a longer pause stays."""
    statement = insert(PauseRow).values(merchant=shop.merchant, id=uuid.uuid4(), shop=shop.id, until=until)
    longest = func.greatest(PauseRow.until, statement.excluded.until)
    await session.execute(statement.on_conflict_do_update(index_elements=["merchant", "shop"], set_={"until": longest}))


_UNTIL: Final = Direct(select(PauseRow.until).where(PauseRow.shop == bindparam("the_shop")))


async def pause_left(session: Transaction, shop: uuid.UUID, now: datetime) -> float:
    """Seconds until calls for ``shop`` may be made again; 0 when they may."""
    found = await _UNTIL.first(session, {"the_shop": shop})
    # A row that an insane clock wrote must not silence a shop for ever.
    return 0.0 if found is None else min(max(0.0, (found[0] - now).total_seconds()), _LONGEST)


@dataclass
class Rate:
    """Calls of this process by shop: each shop may save up one second's worth of them."""

    _next: dict[uuid.UUID, float] = field(default_factory=dict[uuid.UUID, float])

    def take(self, shop: uuid.UUID, per_second: float, now: float) -> float:
        """Take a place at the monotonic time ``now``: 0 when the call may be made, else seconds until the next one."""
        step = timedelta(seconds=1).total_seconds() / per_second
        # A shop that was silent may call as often at once as it may within a second.
        earliest = max(self._next.get(shop, now - 1), now - 1 + step)
        if earliest > now + 1e-9:
            return earliest - now
        self._next[shop] = earliest + step
        return 0.0


@dataclass
class Seats:
    """Places of this process, by shop: a platform that hangs must not take all of them."""

    _taken: dict[uuid.UUID, int] = field(default_factory=dict[uuid.UUID, int])

    def seat(self) -> "Seat":
        """Room for one call; ``with seats.seat() as seat: if seat.take(shop): …``."""
        return Seat(self._taken)


@dataclass
class Seat:
    """A place that is given back at the end of the block, when one was taken."""

    _taken: dict[uuid.UUID, int]
    _shop: uuid.UUID | None = None

    def take(self, shop: uuid.UUID) -> bool:
        """Whether the shop has a place left; it is taken then."""
        if self._taken.get(shop, 0) >= _MOST_AT_ONCE:
            return False
        self._taken[shop] = self._taken.get(shop, 0) + 1
        self._shop = shop
        return True

    def __enter__(self) -> Self:
        """The seat, not taken yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        if self._shop is not None:
            self._taken[self._shop] -= 1
            self._shop = None
