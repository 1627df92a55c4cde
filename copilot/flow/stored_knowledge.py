"""The port ``Knowledge`` over the store: entries by the search, goods from facts and pins, notices, as of now.

Owns how facts become goods; what may be used when is ``knowledge/standing.py``'s. A product is known by its facts:
``name``, ``status``, ``price`` and ``stock`` are what a platform would tell, everything else an attribute.
"""

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import JsonValue, ValidationError
from sqlalchemy import func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.clock import Clock
from copilot.domain.issue import Category
from copilot.domain.knowledge import Audience, Match, Notice, Pinned, ProductFact
from copilot.domain.order import Product
from copilot.flow.knowing import KnowledgeOf
from copilot.knowledge import records
from copilot.knowledge.kinds import FACTS, NOTICES, PINNED
from copilot.knowledge.search import Search
from copilot.knowledge.standing import holding
from copilot.store.engine import Store
from copilot.store.tables import ProductFactRow, ShopRow

_MOST: Final = 3
_SECONDS: Final = 0.3
"""What an embedding model may take of a look-up's time; without its answer the words alone are searched."""
_TOLD: Final = ("status", "price", "stock")
_NAME: Final = "name"
_KEPT_SHOPS: Final = 500
_KEPT_PRODUCTS: Final = 2000
"""So many products of a shop are kept with their facts."""


@dataclass(frozen=True)
class _Stated:
    """What a shop states at a ``version`` of its knowledge; of its ``facts`` those of the products asked for so far.

    ``silent``: it states nothing about any product.
    """

    version: int
    pinned: Sequence[Pinned]
    notices: Sequence[Notice]
    silent: bool
    facts: dict[str, tuple[ProductFact, ...]] = field(default_factory=dict[str, tuple[ProductFact, ...]])


@dataclass(frozen=True)
class Kept:
    """What the shops of a process state, read again only when something of a shop's knowledge has changed."""

    shops: "OrderedDict[uuid.UUID, _Stated]" = field(default_factory=OrderedDict[uuid.UUID, "_Stated"])

    def known(self, shop: uuid.UUID, version: int) -> _Stated | None:
        """What the shop states at ``version`` or since; None when that has not been read."""
        kept = self.shops.get(shop)
        if kept is None or kept.version < version:
            return None
        self.shops.move_to_end(shop)
        return kept

    async def stated(self, session: AsyncSession, shop: uuid.UUID) -> _Stated:
        """What the shop states now."""
        version = await records.version_of(session, shop)
        kept = self.shops.get(shop)
        if kept is None or kept.version != version:
            pinned = await records.listed(session, PINNED, shop)
            notices = await records.listed(session, NOTICES, shop)
            kept = _Stated(version, pinned, notices, silent=not await records.number_of(session, FACTS, shop))
            self.shops[shop] = kept
        self.shops.move_to_end(shop)
        while len(self.shops) > _KEPT_SHOPS:
            self.shops.popitem(last=False)
        return kept


@dataclass
class StoredKnowledge:
    """What the shop ``shop`` of ``merchant`` knows when it is first asked; make one for each draft."""

    store: Store
    search: Search
    clock: Clock
    merchant: uuid.UUID
    shop: uuid.UUID
    kept: Kept = field(default_factory=Kept)
    version: int | None = None
    """The version of what the shop knows, where the draft's own transaction has just read it."""
    _now: _Stated | None = field(default=None, repr=False)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    _lent: list[AsyncSession] = field(default_factory=list[AsyncSession], repr=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    _names: dict[str, tuple[Product, ...]] = field(default_factory=dict[str, tuple[Product, ...]], repr=False)

    @asynccontextmanager
    async def at_once(self) -> AsyncGenerator[None]:
        """One transaction for what is asked within it, one after the other.

        A question that fails or is given up gives the connection up with it; those behind it are asked on their own.
        """
        asked = False
        try:
            async with self.store.merchant(self.merchant) as session:
                self._lent.append(session)
                try:
                    yield
                finally:
                    if session not in self._lent:
                        await session.invalidate()
                    self._lent.clear()
                asked = True
        except (SQLAlchemyError, OSError):
            # What was read has been read, also when the connection is lost at the very end.
            if not asked:
                raise

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[AsyncSession]:
        async with self._turn:
            if self._lent:
                try:
                    yield self._lent[0]
                except BaseException:
                    # Also given up in the middle of an answer: nobody may ask on that connection again.
                    self._lent.clear()
                    raise
                return
        async with self.store.merchant(self.merchant) as session:
            yield session

    async def answers(
        self, question: str, *, language: str, category: Category | None, products: tuple[str, ...]
    ) -> tuple[Match, ...]:
        """Entries for buyers that hold now, the best first."""
        return await self.search.find(
            self.merchant,
            self.shop,
            question,
            language=language,
            at=self.clock.now(),
            audience=Audience.BUYER,
            limit=_MOST,
            products=products,
            seconds=_SECONDS,
            version=(await self._stated()).version,
            reading=self._session,
        )

    async def _stated(self) -> _Stated:
        """What the shop states, read by the first who asks, for all."""
        async with self._reading:
            if self._now is None and self.version is not None:
                self._now = self.kept.known(self.shop, self.version)
            if self._now is None:
                async with self._session() as session:
                    self._now = await self.kept.stated(session, self.shop)
            return self._now

    async def goods(self, ids: tuple[str, ...]) -> tuple[Product, ...]:
        """The products of ``ids`` and those on show, with what the shop states now; those on show first."""
        now, stated_now = self.clock.now(), await self._stated()
        on_show = {one.product for one in stated_now.pinned if one.since <= now < one.until}
        facts = holding(await self._facts(stated_now, on_show | set(ids)), now)
        order = {id: at for at, id in enumerate(ids)}
        # Of what nobody states anything nothing is known, not even that it can be bought.
        stated = on_show | {one.product for one in facts}
        made = [_product(id, [one for one in facts if one.product == id], shown=id in on_show) for id in stated]
        return tuple(sorted(made, key=lambda one: (not one.live_pinned, order.get(one.id, len(order)), one.id)))

    async def _facts(self, stated: _Stated, products: Collection[str]) -> list[ProductFact]:
        """What the shop states about ``products``, whenever it holds."""
        missing = [] if stated.silent else [id for id in products if id not in stated.facts]
        if missing:
            row = ProductFactRow
            async with self._session() as session:
                rows = await session.scalars(select(row).where(row.shop == self.shop, row.product.in_(missing)))
                read = [FACTS.read(one) for one in rows]
            if len(stated.facts) + len(missing) > _KEPT_PRODUCTS:
                stated.facts.clear()
            # Read after the version: they may be newer than it, and are read again then, but never older.
            stated.facts.update({id: tuple(one for one in read if one.product == id) for id in missing})
            return [*read, *(one for id in products if id not in missing for one in stated.facts.get(id, ()))]
        return [one for id in products for one in stated.facts.get(id, ())]

    async def notices(self) -> tuple[Notice, ...]:
        """The notices that hold now."""
        now, known = self.clock.now(), (await self._stated()).notices
        return tuple(one for one in known if one.starts_at <= now and (one.ends_at is None or now < one.ends_at))

    async def named(self, text: str) -> tuple[Product, ...]:
        """The shop's products whose names stand in ``text``."""
        row, now = ProductFactRow, self.clock.now()
        name = func.lower(func.replace(row.value.op("#>>")(literal_column("'{}'::text[]")), " ", ""))
        folded = "".join(text.lower().split())
        if (await self._stated()).silent:
            return ()
        if text in self._names:
            # A text is judged when it is shown and when it is finished.
            return self._names[text]
        async with self._session() as session:
            ids = set(
                await session.scalars(
                    select(row.product).where(
                        row.shop == self.shop, row.key == _NAME, name != "", func.strpos(folded, name) > 0
                    )
                )
            )
            if not ids:
                return self._names.setdefault(text, ())
            rows = await session.scalars(
                select(row).where(row.shop == self.shop, row.product.in_(ids), row.key.in_((_NAME, *_TOLD)))
            )
            facts = holding([FACTS.read(one) for one in rows], now)
        made = (_product(id, [one for one in facts if one.product == id], shown=False) for id in sorted(ids))
        return self._names.setdefault(text, tuple(one for one in made if one.name))


def stored_knowledge(store: Store, search: Search, clock: Clock) -> KnowledgeOf:
    """Gives the stored knowledge of a shop."""
    kept = Kept()

    def of(shop: ShopRow) -> StoredKnowledge:
        return StoredKnowledge(store, search, clock, shop.merchant, shop.id, kept, shop.knowledge)

    return of


def _product(id: str, facts: Sequence[ProductFact], *, shown: bool) -> Product:
    """The product that ``facts`` tell of; a value that is none of its kind is left out. Without a name it has ""."""
    # Of two facts of one key that hold, the one that began later is the newer word.
    latest = {one.key: one.value for one in sorted(facts, key=_began)}
    name = latest.pop(_NAME, "")
    told = {key: latest.pop(key) for key in _TOLD if key in latest}
    product = Product(id=id, name=name if isinstance(name, str) else "", attributes=latest, live_pinned=shown)
    for key, value in told.items():
        product = _with(product, key, value)
    return product


def _began(fact: ProductFact) -> float:
    return fact.valid_from.timestamp() if fact.valid_from else float("-inf")


def _with(product: Product, key: str, value: JsonValue) -> Product:
    given: dict[str, Any] = {**product.model_dump(mode="json"), key: value}
    try:
        return Product.model_validate(given)
    except ValidationError:
        return product
