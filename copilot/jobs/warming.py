"""Loads the rules of every shop before anybody waits for them, and says whether they could be loaded.

The first draft of a shop would otherwise pay for reading its files. What is not compiled yet is compiled by another
process, and packs that no shop uses are not loaded: whoever delivers messages meanwhile would wait for both. It keeps
nothing itself: the rules stay where drafts find them.
"""

import asyncio
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from copilot.domain.clock import Clock
from copilot.domain.errors import CopilotError
from copilot.flow.shops import GENERIC, Shops
from copilot.jobs.aside import prepared
from copilot.logs import get_logger
from copilot.policy import pack_names
from copilot.policy.preparing import Marks, Wanted
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, MerchantRow, ShopRow

LOADING = "loading"
OK = "ok"

_MOST_SHOPS = 200
"""More shops than this are loaded when they are first needed."""

log = get_logger(__name__)


@dataclass
class Warming:
    """The rules of a process; ``state`` is "loading", "ok", or that the deployment's own files are broken.

    A shop whose own files are broken is logged and does not make the deployment unfit: the others go on working.
    """

    store: Store
    shops: Shops
    clock: Clock
    state: str = LOADING

    async def run(self) -> None:
        """Load them once."""
        started = self.clock.monotonic()
        try:
            names = await asyncio.to_thread(self._packs)
            known = await self._known()
            compiled = await self._compiled(names, known)
            for name in names:
                # One by one: a process that is told to stop waits for what a thread has begun.
                await asyncio.to_thread(self._decided if compiled else self._platform, name)
            loaded = [await asyncio.to_thread(self._shop, *found) for found in known]
        except CopilotError as error:
            # The message names files; whoever may read those finds it in the log.
            self.state = f"{error.code}: see the log, or run reply-copilot policy lint"
            log.error("rules.broken", error=error)
        else:
            self.state = OK
            seconds = round(self.clock.monotonic() - started, 3)
            log.info("rules.loaded", packs=len(names), shops=sum(loaded), seconds=seconds)

    def _packs(self) -> list[str]:
        return sorted(pack_names(self.shops.folders)) or [GENERIC]

    def _platform(self, name: str) -> None:
        platform, _, market = name.partition(".")
        self.shops.of_platform(platform, market, self.clock.now(), pack=name)

    def _decided(self, name: str) -> None:
        """What people decided for a pack's conversations. That the pack can be compiled is known."""
        platform, _, market = name.partition(".")
        self.shops.read_platform(platform, market, self.clock.now(), pack=name)

    async def _compiled(self, names: Sequence[str], known: Sequence[tuple[ShopRow, str]]) -> bool:
        """Have everything compiled by another process; False where this one has to."""
        if self.shops.cache_dir is None:
            return False
        return await prepared(await asyncio.to_thread(self._wanted, names, known), self.shops.cache_dir)

    def _wanted(self, names: Sequence[str], known: Sequence[tuple[ShopRow, str]]) -> dict[str, Wanted]:
        """The packs of all of them by their marks: shops without files of their own share theirs."""
        now, marks = self.clock.now(), Marks()
        wanted: dict[str, Wanted] = {}
        for name in names:
            platform, _, market = name.partition(".")
            one = self.shops.wanted_of_platform(platform, market, now, pack=name)
            wanted[marks.of(one)] = one
        for shop, merchant in known:
            # A shop whose files cannot be read says why when it is loaded.
            with suppress(CopilotError):
                one = self.shops.wanted_of_shop(shop, merchant, now)
                wanted[marks.of(one)] = one
        return wanted

    async def _known(self) -> list[tuple[ShopRow, str]]:
        """The shops there are; none while the database says nothing: it tells of that itself."""
        try:
            return await self._read()
        except (SQLAlchemyError, OSError) as error:
            log.warning("rules.shops_unknown", error=error)
            return []

    async def _read(self) -> list[tuple[ShopRow, str]]:
        async with self.store.system() as session:
            query = select(DirectoryRow.merchant).where(DirectoryRow.kind == "shop").distinct().limit(_MOST_SHOPS)
            merchants = list(await session.scalars(query))
        found: list[tuple[ShopRow, str]] = []
        for merchant in merchants:
            found += await self._of(merchant)
        return found[:_MOST_SHOPS]

    async def _of(self, merchant: uuid.UUID) -> list[tuple[ShopRow, str]]:
        async with self.store.merchant(merchant) as session:
            slug = (await session.scalars(select(MerchantRow.slug))).one()
            return [(shop, slug) for shop in await session.scalars(select(ShopRow))]

    def _shop(self, shop: ShopRow, merchant: str) -> bool:
        try:
            self.shops.of_shop(shop, merchant, self.clock.now())
        except CopilotError as error:
            log.error("rules.shop_broken", shop=str(shop.id), error=error)
            return False
        return True
