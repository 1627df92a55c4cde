"""Finds the shops that a delivery speaks of, before a merchant is known; keeps what it found for a moment.

It says nothing about who may speak for a shop: its credentials do, and those are read anew each time.
"""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, ShopRow

_SECONDS: Final = 5.0
"""How long a shop's row may be old; half the work of taking a delivery would be reading it again."""


@dataclass(frozen=True)
class Directory:
    """Shops by their kind of key and key ("shop", "tiktok_shop:7495…"), for one process."""

    store: Store
    _kept: dict[tuple[str, str], tuple[float, ShopRow]] = field(
        default_factory=dict[tuple[str, str], tuple[float, ShopRow]], repr=False
    )
    _served: dict[str, tuple[float, Sequence[str]]] = field(
        default_factory=dict[str, tuple[float, Sequence[str]]], repr=False
    )
    _reading: dict[tuple[str, ...], "asyncio.Task[dict[str, ShopRow]]"] = field(
        default_factory=dict[tuple[str, ...], "asyncio.Task[dict[str, ShopRow]]"], repr=False
    )

    async def find(self, kind: str, keys: Sequence[str], now: float) -> tuple[ShopRow, ...]:
        """The shops with any of ``keys``, each once; unknown keys are left out. ``now`` is a monotonic time."""
        kept = {key: self._kept.get((kind, key)) for key in keys}
        found = {key: one[1] for key, one in kept.items() if one is not None and now - one[0] < _SECONDS}
        missing = [key for key in keys if key not in found]
        if missing:
            read = await self._read_once(kind, missing)
            # Only what exists is kept, so that strangers cannot fill the memory with names.
            self._kept.update({(kind, key): (now, shop) for key, shop in read.items()})
            found |= read
        return tuple({shop.id: shop for shop in found.values()}.values())

    async def of_adapter(self, adapter: str, most: int, now: float) -> tuple[ShopRow, ...]:
        """The shops that ``adapter`` serves, in the order of their platform's ids, ``most`` of them at most."""
        kept = self._served.get(adapter)
        if kept is None or now - kept[0] >= _SECONDS:
            kept = self._served[adapter] = (now, await self._keys(adapter, most))
        return await self.find("shop", kept[1], now)

    async def _keys(self, adapter: str, most: int) -> Sequence[str]:
        served = DirectoryRow.key.startswith(f"{adapter}:", autoescape=True)
        query = select(DirectoryRow.key).where(DirectoryRow.kind == "shop", served, DirectoryRow.shop.is_not(None))
        async with self.store.system() as session:
            return (await session.scalars(query.order_by(DirectoryRow.key).limit(most))).all()

    async def _read_once(self, kind: str, keys: Sequence[str]) -> dict[str, ShopRow]:
        """Read ``keys`` for all who ask for them at this moment: in a flood everybody's rows grow old at once."""
        asked = (kind, *keys)
        task = self._reading.get(asked)
        if task is None:
            task = self._reading[asked] = asyncio.create_task(self._read(kind, keys), name="read directory")
            task.add_done_callback(lambda done: self._read_ended(asked, done))
        # Whoever runs out of time must not take the others' answer with them.
        return await asyncio.shield(task)

    def _read_ended(self, asked: tuple[str, ...], task: "asyncio.Task[dict[str, ShopRow]]") -> None:
        self._reading.pop(asked, None)
        if not task.cancelled():
            # Those who wait are told; when nobody does any more, nobody needs to hear of it at the end of the process.
            task.exception()

    async def _read(self, kind: str, keys: Sequence[str]) -> dict[str, ShopRow]:
        async with self.store.system() as session:
            rows = await session.scalars(
                select(DirectoryRow).where(
                    DirectoryRow.kind == kind, DirectoryRow.key.in_(keys), DirectoryRow.shop.is_not(None)
                )
            )
            by_merchant: dict[uuid.UUID, list[DirectoryRow]] = defaultdict(list)
            for row in rows:
                by_merchant[row.merchant].append(row)
        found: dict[str, ShopRow] = {}
        for merchant, entries in by_merchant.items():
            async with self.store.merchant(merchant) as session:
                ids = [entry.shop for entry in entries]
                shops = {shop.id: shop for shop in await session.scalars(select(ShopRow).where(ShopRow.id.in_(ids)))}
            found |= {one.key: shops[one.shop] for one in entries if one.shop is not None and one.shop in shops}
        return found
