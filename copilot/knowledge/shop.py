"""What one shop knows at one moment: answers, facts laid over goods, tonight's goods, notices. What a draft asks.

It shows what is for buyers and in its time; staff entries cannot be had here. Small things (pins, notices, facts) are
read once a version of the shop's knowledge and kept.
"""

import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.knowledge import Audience, Match, Notice, Pinned, ProductFact
from copilot.domain.order import Product
from copilot.knowledge import records
from copilot.knowledge.goods import notices_now, pinned_first, pinned_now, with_facts
from copilot.knowledge.kinds import FACTS, NOTICES, PINNED
from copilot.knowledge.search import Search

_KEPT_SHOPS: Final = 500


@dataclass(frozen=True)
class _Stated:
    version: int
    facts: dict[str, tuple[ProductFact, ...]]
    pinned: tuple[Pinned, ...]
    notices: tuple[Notice, ...]


@dataclass
class Shelf:
    """The knowledge of all shops of a process."""

    search: Search
    _kept: "OrderedDict[uuid.UUID, _Stated]" = field(default_factory=OrderedDict)

    def of(self, merchant: uuid.UUID, shop: uuid.UUID, at: datetime) -> "ShopKnowledge":
        """The knowledge of one shop as it is at ``at``."""
        return ShopKnowledge(self, merchant, shop, at)

    async def stated(self, merchant: uuid.UUID, shop: uuid.UUID) -> _Stated:
        """Facts, pins and notices; read again only when something of the shop's knowledge changed."""
        async with self.search.store.merchant(merchant) as session:
            version = await records.version_of(session, shop)
            kept = self._kept.get(shop)
            if kept is None or kept.version != version:
                kept = self._kept[shop] = await _read(session, shop, version)
        self._kept.move_to_end(shop)
        while len(self._kept) > _KEPT_SHOPS:
            self._kept.popitem(last=False)
        return kept


async def _read(session: AsyncSession, shop: uuid.UUID, version: int) -> _Stated:
    facts: dict[str, list[ProductFact]] = {}
    for fact in await records.listed(session, FACTS, shop):
        facts.setdefault(fact.product, []).append(fact)
    return _Stated(
        version,
        {product: tuple(its) for product, its in facts.items()},
        tuple(await records.listed(session, PINNED, shop)),
        tuple(await records.listed(session, NOTICES, shop)),
    )


@dataclass(frozen=True)
class ShopKnowledge:
    """One shop's knowledge at ``at``, as far as buyers may know it."""

    shelf: Shelf
    merchant: uuid.UUID
    shop: uuid.UUID
    at: datetime

    async def answers(
        self, question: str, *, language: str, products: Sequence[str] = (), limit: int = 3, seconds: float = 1.0
    ) -> tuple[Match, ...]:
        """The entries that answer ``question`` (masked), best first; goods of the live stream before other goods."""
        tonight = await self.pinned()
        ordered = [*(id for id in tonight if id in products), *(id for id in products if id not in tonight)]
        return await self.shelf.search.find(
            self.merchant, self.shop, question, language=language, at=self.at, audience=Audience.BUYER, limit=limit,
            products=ordered, seconds=seconds,
        )  # fmt: skip

    async def pinned(self) -> tuple[str, ...]:
        """The products of the live stream that is on now."""
        return pinned_now((await self.shelf.stated(self.merchant, self.shop)).pinned, self.at)

    async def notices(self) -> tuple[Notice, ...]:
        """What is out of the ordinary now."""
        return notices_now((await self.shelf.stated(self.merchant, self.shop)).notices, self.at)

    async def goods(self, products: Iterable[Product]) -> tuple[Product, ...]:
        """``products`` with what the shop states of them now, those of the live stream first."""
        stated = await self.shelf.stated(self.merchant, self.shop)
        known = [with_facts(product, stated.facts.get(product.id, ()), self.at) for product in products]
        return pinned_first(known, pinned_now(stated.pinned, self.at))
