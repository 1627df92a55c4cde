"""The buyer's orders as the platform last told them, from the cache alone: a page waits for no platform."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import orders as cache
from copilot.channel.asker import who_asks
from copilot.desk.thread_shapes import OrdersShown
from copilot.domain.order import Order


@dataclass(frozen=True)
class LastTold:
    """Orders, newest first, as they stood at ``as_of``; None when nobody has looked yet."""

    orders: tuple[Order, ...] | None
    as_of: datetime | None

    def shown(self) -> OrdersShown:
        """As the interface prints it."""
        if self.orders is None:
            return OrdersShown(state="unavailable", as_of=self.as_of)
        return OrdersShown(state="known" if self.orders else "none", as_of=self.as_of, orders=self.orders)


async def last_told(session: AsyncSession, conversation: uuid.UUID) -> LastTold:
    """What is known of the orders of the conversation's buyer."""
    asker = await who_asks(session, conversation)
    if asker is None:
        return LastTold(None, None)
    since = asker.looked_up_at
    kept = await cache.kept(session, asker.shop.id, asker.order_key, asker.tied)
    # What the last look-up did not tell of any more is gone.
    kept = [one for one in kept if since is None or one.fetched_at >= since]
    if since is None and not kept:
        return LastTold(None, None)
    return LastTold(tuple(one.found.order for one in kept), since or min(one.fetched_at for one in kept))
