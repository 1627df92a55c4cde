"""Follows what is published: loads a new version beside the old one, off the event loop, and lets drafts have it whole.

A version that cannot be loaded changes nothing for a shop that worked before; it is told in the log, beside the version
and by ``doctor``. It publishes nothing itself.
"""

import asyncio
import re
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError

from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration, CopilotError
from copilot.flow.publishing import rows as publications
from copilot.flow.publishing.files import Kind, lay_out, require_whole
from copilot.flow.publishing.rows import State
from copilot.flow.publishing.standing import Levels, Standing, Version
from copilot.flow.shops import Shops
from copilot.logs import get_logger
from copilot.store.ending import end
from copilot.store.engine import Store
from copilot.store.listener import Listener
from copilot.store.tables import MerchantRow, PublicationRow, ShopRow

EVERY: Final = 1.0
"""Seconds between two looks; a listener makes it sooner."""
_CLOSELY: Final = 60
"""Every so many looks the laid-out files are read, not only looked for."""
_MOST_TRIES: Final = 12
"""How many earlier versions a process that has none yet tries before it says that there is none."""

_FOLDER: Final = re.compile(r"v@[0-9a-f]{32}/")

log = get_logger(__name__)


@dataclass(frozen=True)
class Published:
    """What the rows of a merchant say: the slug, its shops, its versions laid out in folders, deciding ones first."""

    slug: str
    shops: Sequence[ShopRow]
    versions: Sequence[tuple[PublicationRow, Version]]

    def standing(self, shop: uuid.UUID | None) -> Standing:
        """What is published for the shop (None: for all of them)."""
        levels = {
            (kind, state): (self._one(None, kind, state), self._one(shop, kind, state) if shop is not None else None)
            for kind, state in product(Kind, (State.ENFORCE, State.SHADOW))
        }
        return Standing(
            rules=levels[Kind.RULES, State.ENFORCE],
            playbooks=levels[Kind.PLAYBOOKS, State.ENFORCE],
            shadow_rules=levels[Kind.RULES, State.SHADOW],
            shadow_playbooks=levels[Kind.PLAYBOOKS, State.SHADOW],
        )

    def earlier(self, shop: uuid.UUID) -> list[Standing]:
        """What was published for the shop before, the newest first: for a process that has nothing loaded yet."""
        now = self.standing(shop).without_shadow
        rules, playbooks = ([*self._before(shop, kind, now.deciding(kind))] for kind in Kind)
        return [Standing(one, other) for one, other in product(rules, playbooks)][1:_MOST_TRIES]

    def _before(self, shop: uuid.UUID, kind: Kind, now: Levels) -> list[Levels]:
        """Now, then with earlier versions of either level; a level that publishes stays published."""
        both = [
            [one, *self._retired(level, kind)] if one is not None else [None]
            for one, level in zip(now, (None, shop), strict=True)
        ]
        return list(product(*both))  # pyright: ignore[reportReturnType] - two levels give pairs

    def _retired(self, shop: uuid.UUID | None, kind: Kind) -> list[Version]:
        return [
            version for row, version in self.versions if (row.shop, row.kind, row.state) == (shop, kind, State.RETIRED)
        ]

    def _one(self, shop: uuid.UUID | None, kind: Kind, state: State) -> Version | None:
        return next(
            (version for row, version in self.versions if (row.shop, row.kind, row.state) == (shop, kind, state)), None
        )


@dataclass
class Following:
    """One process following all merchants' versions; ``root`` is where files are laid out."""

    store: Store
    shops: Shops
    clock: Clock
    root: Path
    listener: Listener | None = None
    _seen: dict[uuid.UUID, int] = field(default_factory=dict[uuid.UUID, int])
    _laid: dict[uuid.UUID, list[Path]] = field(default_factory=dict[uuid.UUID, list[Path]])
    _looks: int = 0
    _unproved: list[Published] = field(default_factory=list[Published])

    async def begin(self) -> None:
        """Know what is published before the first draft, without loading it: a process must start quickly.

        ``run`` loads it then, and goes back to an earlier version where that fails.
        """
        for merchant, serial in (await publications.heads(self.store)).items():
            published = await self.read(merchant)
            for shop in published.shops:
                self.shops.held.take(shop.id, published.standing(shop.id))
            self.shops.held.take_for_all(merchant, published.standing(None))
            self._seen[merchant] = serial
            self._unproved.append(published)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        lost = False
        # Not at every event: while drafts are written there are hundreds a second.
        listener = self.listener.about(publications.TOPIC) if self.listener is not None else None
        while True:
            seen = listener.count if listener is not None else 0
            try:
                await self.look()
                lost = False
            except (SQLAlchemyError, OSError) as error:
                if not lost:  # once for each outage
                    log.warning("publications_unknown", error=error)
                lost = True
            if listener is not None:
                await listener.wait(seen, EVERY)
            else:
                await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Load what was taken unseen, then take every version that is new since the last look."""
        while self._unproved:
            published = self._unproved[-1]
            for shop in published.shops:
                await self._try(published, shop, published.standing(shop.id), first=True)
            self._unproved.pop()
        self._looks += 1
        for merchant, serial in (await publications.heads(self.store)).items():
            if self._seen.get(merchant) != serial or await asyncio.to_thread(self._gone, merchant):
                await self._take(merchant)
                self._seen[merchant] = serial

    def _gone(self, merchant: uuid.UUID) -> bool:
        """Whether laid-out files are not there any more, as when somebody empties the cache."""
        folders = self._laid.get(merchant, ())
        if self._looks % _CLOSELY:
            return not all(folder.is_dir() for folder in folders)
        try:
            for folder in folders:
                require_whole(folder)
        except BadConfiguration:
            return True
        return False

    async def _take(self, merchant: uuid.UUID) -> None:
        published = await self.read(merchant)
        for shop in published.shops:
            standing = published.standing(shop.id)
            held = self.shops.held
            # Also when what is held is what is wanted again: then its trouble is over.
            if standing != held.known(shop.id) or shop.id in held.trouble:
                await self._try(published, shop, standing)
        self.shops.held.take_for_all(merchant, published.standing(None))

    async def read(self, merchant: uuid.UUID, *, earlier: bool = False) -> Published:
        """What the rows of the merchant say, with the files laid out; ``earlier`` versions as well."""
        async with self.store.merchant(merchant) as session:
            slug = (await session.scalars(select(MerchantRow.slug))).one()
            shops = list(await session.scalars(select(ShopRow).order_by(ShopRow.slug)))
            found = await publications.standing_rows(session, earlier=earlier)
            files = {row.id: await publications.files_of(session, row.id) for row in found}
        versions: list[tuple[PublicationRow, Version]] = []
        for row in found:
            try:
                folder = await asyncio.to_thread(lay_out, self.root, files[row.id])
            except CopilotError as error:
                log.error("publication_unreadable", number=row.number, error=error)
                # Empty on purpose: what cannot be laid out is found to be broken where it is loaded.
                folder = self.root / f"v@unreadable-{row.number}"
            versions.append((row, Version(row.id, row.number, folder)))
        if not earlier:
            self._laid[merchant] = [version.folder for _, version in versions]
        return Published(slug, shops, versions)

    async def _try(self, published: Published, shop: ShopRow, standing: Standing, *, first: bool = False) -> None:
        """Load what is new beside what holds, and swap; keep what holds when it cannot be loaded.

        At ``first`` nothing was loaded that could be kept.
        """
        why = await self._load(published, shop, standing)
        held = self.shops.held
        if why is None:
            held.take(shop.id, standing)
            log.info("publication_taken", shop=str(shop.id), versions=_numbers(standing))
            if held.trouble.pop(shop.id, None) is not None:
                await self._tell(published, shop, None)
            return
        log.error("publication_kept_out", shop=str(shop.id), versions=_numbers(standing), why=why)
        held.trouble[shop.id] = why
        await self._tell(published, shop, why)
        if held.known(shop.id) is not None and not first:
            return
        before = await self.read(shop.merchant, earlier=True)
        for earlier in before.earlier(shop.id):
            if await self._load(published, shop, earlier) is None:
                held.take(shop.id, earlier)
                return
        # Nothing of what was published can be loaded: drafts fail and say why, rather than go out on fewer rules.
        held.take(shop.id, standing)

    async def _load(self, published: Published, shop: ShopRow, standing: Standing) -> str | None:
        """Why the shop cannot be served under ``standing``; None when it can."""
        if any(one is not None and not one.folder.is_dir() for one in (*standing.rules, *standing.playbooks)):
            return "the files of the version cannot be laid out"
        try:
            await asyncio.to_thread(self.shops.proved, standing, shop, published.slug, self.clock.now())
        except CopilotError as error:
            return _FOLDER.sub("", str(error).replace(f"{self.root}/", ""))
        return None

    async def _tell(self, published: Published, shop: ShopRow, why: str | None) -> None:
        """Write beside the versions that decide for the shop what is wrong with them, or that nothing is."""
        mended = PublicationRow.trouble.op("-", return_type=JSONB)(shop.slug)
        told = mended if why is None else PublicationRow.trouble.op("||")(literal({shop.slug: why}, JSONB))
        ids = [row.id for row, _ in published.versions if row.state == State.ENFORCE and row.shop in (None, shop.id)]
        async with self.store.merchant(shop.merchant) as session:
            await session.execute(update(PublicationRow).where(PublicationRow.id.in_(ids)).values(trouble=told))


def _numbers(standing: Standing) -> list[int]:
    every = (*standing.rules, *standing.playbooks, *standing.shadow_rules, *standing.shadow_playbooks)
    return sorted(one.number for one in every if one is not None)


@asynccontextmanager
async def following(
    store: Store, shops: Shops, clock: Clock, root: Path, listener: Listener | None = None
) -> AsyncGenerator[Following]:
    """What is published, known before the first draft and followed from then on."""
    made = Following(store, shops, clock, root, listener)
    await made.begin()
    task = asyncio.create_task(made.run(), name="follow publications")
    try:
        yield made
    finally:
        await end(task)
