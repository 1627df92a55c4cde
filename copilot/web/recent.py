"""Orders that a person asked for by number, for a moment: a text that is checked as it is typed asks no platform twice.

Keeps a few in memory and nothing anywhere else; another shop's order is never an answer.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from copilot.channel.lookup import Lookup
from copilot.domain.clock import Clock
from copilot.domain.order import Order
from copilot.store.tables import ShopRow

_KEPT: Final = timedelta(minutes=2)
_MOST: Final = 200
_SECONDS: Final = 6.0
"""How long a platform may take to answer a person who waits."""


@dataclass(frozen=True)
class RecentOrders:
    """Orders by number, read through ``lookup`` and remembered for two minutes; what was not found too."""

    lookup: Lookup
    clock: Clock
    _known: dict[tuple[uuid.UUID, str], tuple[datetime, Order | None]] = field(
        default_factory=dict[tuple[uuid.UUID, str], tuple[datetime, Order | None]], repr=False
    )

    async def read(self, shop: ShopRow, number: str) -> Order | None:
        """The order as the platform tells it now, or None when the shop has none of that number.

        Raises:
            AdapterError: the platform could not be asked.
        """
        found = await self.lookup.order(shop, number, _SECONDS)
        order = found.order if found else None
        self._known.pop((shop.id, number), None)
        if len(self._known) >= _MOST:
            self._known.pop(next(iter(self._known)))
        self._known[shop.id, number] = (self.clock.now(), order)
        return order

    async def remembered(self, shop: ShopRow, number: str) -> Order | None:
        """The order as it was told within the last two minutes, else as ``read`` tells it.

        Raises:
            AdapterError: the platform could not be asked.
        """
        known = self._known.get((shop.id, number))
        if known is not None and self.clock.now() - known[0] < _KEPT:
            return known[1]
        return await self.read(shop, number)
