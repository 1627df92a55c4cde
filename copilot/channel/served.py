"""The shops that adapters of a kind serve, over all merchants; for what a process does for all of them."""

import uuid
from collections import defaultdict

from sqlalchemy import or_, select

from copilot.channel.registry import Registry
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, ShopRow


async def shops_served(store: Store, adapters: Registry, way_in: type) -> list[ShopRow]:
    """The shops whose adapter implements ``way_in`` (Polling or Connecting), each merchant's read as its own."""
    names = [name for name in adapters.names() if isinstance(adapters.get(name), way_in)]
    if not names:
        return []
    keys = or_(*(DirectoryRow.key.startswith(f"{name}:", autoescape=True) for name in names))
    query = select(DirectoryRow.merchant, DirectoryRow.shop).where(DirectoryRow.kind == "shop", keys)
    by_merchant: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    async with store.system() as session:
        for merchant, shop in (await session.execute(query)).all():
            if shop is not None:
                by_merchant[merchant].append(shop)
    found: list[ShopRow] = []
    for merchant, ids in by_merchant.items():
        async with store.merchant(merchant) as session:
            rows = select(ShopRow).where(ShopRow.id.in_(ids), ShopRow.adapter.in_(names)).order_by(ShopRow.id)
            found += (await session.scalars(rows)).all()
    return found
