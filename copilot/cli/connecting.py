"""Connects a shop: what the operator named, else what the shop had, else what fits its platform and market."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid

    from copilot.access.merchants import NewShop
    from copilot.domain.clock import Clock
    from copilot.sdk import AdapterSettings
    from copilot.settings import Settings
    from copilot.store.engine import Store
    from copilot.store.tables import ShopRow


@dataclass(frozen=True)
class Wanted:
    """What the operator named; None leaves it as it was or to its default."""

    adapter: str
    shop_id: str
    slug: str | None = None
    name: str | None = None
    market: str | None = None
    zone: str | None = None
    pack: str | None = None
    profile: str | None = None
    platform: str | None = None
    posture: str | None = None


async def connect(
    store: "Store", of: "Settings", clock: "Clock", merchant: "uuid.UUID", wanted: Wanted, settings: "AdapterSettings"
) -> "NewShop":
    """Add the shop or bring it up to date; returns it as it stands now.

    Raises:
        BadInput: something that was named cannot be used, or must be named.
    """
    from copilot.access.merchants import add_shop
    from copilot.access.shops import shops
    from copilot.access.vault import Vault

    key = (wanted.adapter, wanted.shop_id)
    known = await shops(store, merchant)
    before = next((shop for shop in known if (shop.adapter, shop.platform_shop_id) == key), None)
    new = _chosen(of, clock, wanted, before, settings)
    await add_shop(store, Vault.load(of), merchant, new, clock)
    return new


def _chosen(
    of: "Settings", clock: "Clock", wanted: Wanted, before: "ShopRow | None", settings: "AdapterSettings"
) -> "NewShop":
    from copilot.access.merchants import NewShop
    from copilot.access.rules_of import choose, only_market
    from copilot.access.shops import DRAFT_ONLY
    from copilot.assets import policy_folders

    folders = policy_folders(of.policies_dir)
    platform = wanted.platform or (before.platform if before else wanted.adapter)
    market = wanted.market.lower() if wanted.market is not None else before.market if before else None
    market = only_market(platform, folders) if market is None else market
    # Another platform or market has rules of its own.
    same = before if before and (platform, market) == (before.platform, before.market) else None
    rules = choose(
        platform,
        market,
        folders,
        clock.now(),
        pack=wanted.pack or (same and same.pack),
        profile=wanted.profile or (same and same.profile),
        zone=wanted.zone or (same and same.zone),
    )
    slug = wanted.slug or (before.slug if before else f"{platform}-{market}".strip("-").replace("_", "-"))
    return NewShop(
        slug=slug,
        name=wanted.name or (before.name if before else slug),
        platform=platform,
        market=market,
        platform_shop_id=wanted.shop_id,
        adapter=wanted.adapter,
        pack=rules.pack,
        profile=rules.profile,
        zone=rules.zone,
        settings=settings,
        posture=wanted.posture or (before.posture if before else DRAFT_ONLY),
    )
