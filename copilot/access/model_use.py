"""Whether a shop lets models see anything of it: its owner's word, kept beside the shop and asked before every call.

It decides for one shop and about nothing else; which models there are is the settings' matter.
"""

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.domain.clock import Clock
from copilot.store import events
from copilot.store.engine import Store
from copilot.store.tables import ShopRow

SETTING: Final = "models"
"""Key in a shop's ``settings``; there only when the shop forbids models."""
_FORBIDDEN: Final = "forbidden"


def forbids(shop: ShopRow) -> bool:
    """Whether nothing of the shop may be sent to a model."""
    return shop.settings.get(SETTING) == _FORBIDDEN


async def is_forbidden(session: AsyncSession, shop: uuid.UUID) -> bool:
    """The same for whoever knows the shop's id only; a shop that is not there allows nothing."""
    row = await session.scalar(select(ShopRow).where(ShopRow.id == shop))
    return row is None or forbids(row)


async def set_forbidden(
    store: Store, merchant: uuid.UUID, shop: uuid.UUID, forbidden: bool, clock: Clock, *, by: str = audit.COMMAND
) -> None:
    """Decide it, from the next call on; what is being asked meanwhile is not called back."""
    async with store.merchant(merchant) as session:
        row = await session.get_one(ShopRow, (merchant, shop), with_for_update=True)
        if forbids(row) == forbidden:
            return
        others = {key: value for key, value in row.settings.items() if key != SETTING}
        row.settings = {**others, SETTING: _FORBIDDEN} if forbidden else others
        now, detail = clock.now(), {"changed": [SETTING], "models": "forbidden" if forbidden else "allowed"}
        await audit.record(
            session, merchant=merchant, by=by, action="shop.changed", object=str(shop), at=now, detail=detail
        )
        await events.append(session, merchant=merchant, topic="shop.changed", ref=str(shop), at=now, shop=shop)
