"""Shops: the row, the directory that finds it, and the sealed settings of its adapter, always changed together."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit, credentials, names
from copilot.access.credentials import revealed
from copilot.access.vault import Vault
from copilot.domain.clock import Clock
from copilot.domain.errors import BadInput
from copilot.sdk import AdapterSettings
from copilot.store import events
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, ShopRow

Change = Callable[[Mapping[str, Any]], AdapterSettings]
"""From stored values to new settings."""

PRESENTS = "presents"
"""Key in a shop's ``settings``: its drafts stand in the platform's own window."""
DRAFT_ONLY = "draft_only"
POSTURES = (DRAFT_ONLY, "auto", "off")


@dataclass(frozen=True)
class NewShop:
    """A shop as an operator enters it.

    ``settings`` is an instance of the adapter's own settings class; ``pack``, ``profile`` and ``zone`` are names
    (``rules_of.choose`` finds them).
    """

    slug: str
    name: str
    platform: str
    market: str
    platform_shop_id: str
    adapter: str
    pack: str
    profile: str
    zone: str
    settings: AdapterSettings
    posture: str = DRAFT_ONLY


async def add_shop(
    store: Store, vault: Vault, merchant: uuid.UUID, new: NewShop, clock: Clock, *, by: str = audit.COMMAND
) -> uuid.UUID:
    """Add a shop, or bring the one with the same adapter and platform shop id up to date; returns its id.

    Raises:
        BadInput: the slug is another shop's, or the platform's shop belongs to another merchant.
    """
    _check(new)
    async with store.merchant(merchant) as session:
        shop, added = await _row(session, merchant, new, clock)
        await _direct(session, merchant, shop, new.adapter, new.platform_shop_id, new.settings)
        await credentials.save(session, vault, merchant, shop, revealed(new.settings), clock)
        await _present(session, merchant, shop, new.settings)
        await _tell(session, merchant, shop, "shop.added" if added else "shop.changed", clock, by)
    return shop


async def change_settings(
    store: Store, vault: Vault, merchant: uuid.UUID, shop: uuid.UUID, change: Change, clock: Clock, *,
    by: str = audit.COMMAND,
) -> int:  # fmt: skip
    """Replace a shop's settings for its adapter by what ``change`` makes of the stored ones; returns the revision.

    They are locked meanwhile, so that a token which is being renewed is not lost.
    """
    async with store.merchant(merchant) as session:
        row = await session.get_one(ShopRow, (merchant, shop))
        stored = await credentials.read(session, vault, shop, lock=True)
        before = stored.values if stored else {}
        settings = change(before)
        after = revealed(settings)
        await _direct(session, merchant, shop, row.adapter, row.platform_shop_id, settings)
        revision = await credentials.save(session, vault, merchant, shop, after, clock)
        await _present(session, merchant, shop, settings)
        named = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
        await _tell(session, merchant, shop, "shop.changed", clock, by, {"settings": named})
    return revision


async def set_posture(
    store: Store, merchant: uuid.UUID, shop: uuid.UUID, posture: str, clock: Clock, *, by: str = audit.COMMAND
) -> None:
    """Decide whether the shop is drafted for: "draft_only", "auto" or "off".

    Raises:
        BadInput: there is no such posture.
    """
    _posture(posture)
    async with store.merchant(merchant) as session:
        row = await session.get_one(ShopRow, (merchant, shop))
        detail = {"posture": {"from": row.posture, "to": posture}}
        row.posture = posture
        await _tell(session, merchant, shop, "shop.changed", clock, by, detail)


async def the_shop(store: Store, merchant: uuid.UUID, slug: str) -> ShopRow:
    """The merchant's shop called ``slug``.

    Raises:
        BadInput: there is none.
    """
    known = await shops(store, merchant)
    found = next((shop for shop in known if shop.slug == slug), None)
    if found is None:
        choices = ", ".join(shop.slug for shop in known) or "none yet"
        raise BadInput(f"there is no shop {slug}", remedy=f"known: {choices}")
    return found


async def shops(store: Store, merchant: uuid.UUID) -> list[ShopRow]:
    """The merchant's shops, by slug."""
    async with store.merchant(merchant) as session:
        return list(await session.scalars(select(ShopRow).order_by(ShopRow.slug)))


def _check(new: NewShop) -> None:
    names.slug(new.slug, "the shop's slug")
    names.name(new.name)
    if not new.platform_shop_id.strip():
        raise BadInput("the platform's id of the shop is empty")
    _posture(new.posture)


def _posture(posture: str) -> None:
    if posture not in POSTURES:
        raise BadInput(f"there is no posture {posture}", remedy=f"use one of {', '.join(POSTURES)}")


async def _row(session: AsyncSession, merchant: uuid.UUID, new: NewShop, clock: Clock) -> tuple[uuid.UUID, bool]:
    """Write the shop's row; its id, and whether it is new."""
    found = await session.scalar(
        select(ShopRow).where(ShopRow.adapter == new.adapter, ShopRow.platform_shop_id == new.platform_shop_id)
    )
    holder = await session.scalar(select(ShopRow.id).where(ShopRow.slug == new.slug))
    if holder is not None and (found is None or holder != found.id):
        raise BadInput(f"there is a shop {new.slug} already", remedy="choose another slug")
    values = {
        "slug": new.slug, "name": names.name(new.name), "platform": new.platform, "market": new.market,
        "zone": new.zone, "pack": new.pack, "profile": new.profile, "posture": new.posture,
    }  # fmt: skip
    if found is not None:
        for key, value in values.items():
            setattr(found, key, value)
        await session.flush()
        return found.id, False
    row = ShopRow(
        **values, merchant=merchant, id=uuid.uuid4(), adapter=new.adapter, platform_shop_id=new.platform_shop_id,
        settings={}, created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row.id, True


async def _direct(
    session: AsyncSession, merchant: uuid.UUID, shop: uuid.UUID, adapter: str, platform_id: str,
    settings: AdapterSettings,
) -> None:  # fmt: skip
    """Let deliveries find the shop by the platform's id of it, and by its app's."""
    holder = await _claim(session, "shop", f"{adapter}:{platform_id}", merchant, shop)
    if holder != shop:
        raise BadInput(f"the shop {platform_id} of {adapter} belongs to another merchant here")
    app = settings.app_id()
    key = f"{adapter}:{app}" if app else ""
    mine = (DirectoryRow.kind == "app") & (DirectoryRow.merchant == merchant) & (DirectoryRow.shop == shop)
    await session.execute(delete(DirectoryRow).where(mine, DirectoryRow.key != key))
    if app:
        # Any one shop of the app will do: the first keeps the row.
        await _claim(session, "app", key, merchant, shop)


async def _present(session: AsyncSession, merchant: uuid.UUID, shop: uuid.UUID, settings: AdapterSettings) -> None:
    """Keep beside the shop whether drafts stand in the platform's window: whoever moves one cannot open settings."""
    row = await session.get_one(ShopRow, (merchant, shop), with_for_update=True)
    others = {key: value for key, value in row.settings.items() if key != PRESENTS}
    row.settings = {**others, PRESENTS: True} if settings.presents() else others
    await session.flush()


async def _claim(session: AsyncSession, kind: str, key: str, merchant: uuid.UUID, shop: uuid.UUID) -> uuid.UUID | None:
    """Enter the directory unless somebody stands there; returns who does."""
    row = insert(DirectoryRow).values(kind=kind, key=key, merchant=merchant, shop=shop)
    await session.execute(row.on_conflict_do_nothing())
    return await session.scalar(select(DirectoryRow.shop).where(DirectoryRow.kind == kind, DirectoryRow.key == key))


async def _tell(
    session: AsyncSession, merchant: uuid.UUID, shop: uuid.UUID, action: str, clock: Clock, by: str,
    detail: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    now = clock.now()
    await audit.record(session, merchant=merchant, by=by, action=action, object=str(shop), detail=detail, at=now)
    await events.append(session, merchant=merchant, topic="shop.changed", ref=str(shop), at=now, shop=shop)
