"""What ``doctor`` looks at when the desk does not open or nothing leaves: who may sign in, access, platforms' faults.

It calls no platform: how the last replies of a shop ended says how its platform is.
"""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select

from copilot.access.merchants import Merchant, merchants
from copilot.access.shops import shops as shops_of
from copilot.channel.sent import ReplyState
from copilot.cli.finding import Finding
from copilot.domain.clock import Clock, SystemClock
from copilot.sdk import NotAuthorized, OutcomeUnknown, PlatformDown, Throttled, TokenExpired
from copilot.store.engine import Store
from copilot.store.tables import OutboxRow, PersonRow, ShopRow

_LATELY: Final = timedelta(hours=24)
_ENOUGH: Final = 3
"""Fewer failures say nothing about a platform; one that is about access says all."""
_ACCESS: Final = frozenset({TokenExpired.code, NotAuthorized.code})
_FAULTS: Final = frozenset({PlatformDown.code, OutcomeUnknown.code, Throttled.code})


async def access(store: Store, clock: Clock | None = None) -> AsyncGenerator[Finding]:
    """Every merchant whose people cannot sign in, and every shop whose last replies did not leave."""
    now = (clock or SystemClock()).now()
    people = 0
    for merchant in await merchants(store):
        async with store.merchant(merchant.id) as session:
            found = await session.scalar(select(func.count()).where(PersonRow.active.is_(True))) or 0
        if not found:
            yield Finding("note", "people_none", (merchant.slug,))
        people += found
        for shop in await shops_of(store, merchant.id):
            async for finding in _of_shop(store, merchant, shop, now):
                yield finding
    if people:
        yield Finding("ok", "people", (str(people),))


async def _of_shop(store: Store, merchant: Merchant, shop: ShopRow, now: datetime) -> AsyncGenerator[Finding]:
    ended = or_(OutboxRow.state == ReplyState.SENT, OutboxRow.error.is_not(None))
    newest = (
        select(OutboxRow.state, OutboxRow.error)
        .where(OutboxRow.shop == shop.id, OutboxRow.updated_at > now - _LATELY, ended)
        .order_by(OutboxRow.updated_at.desc(), OutboxRow.position.desc())
        .limit(_ENOUGH)
    )
    async with store.merchant(merchant.id) as session:
        codes = [None if state == ReplyState.SENT else error for state, error in await session.execute(newest)]
    name = f"{merchant.slug}/{shop.slug}"
    if codes and codes[0] in _ACCESS:
        yield Finding("wrong", "access_refused", (name, str(codes[0])))
    elif len(codes) == _ENOUGH and all(code in _FAULTS for code in codes):
        yield Finding("wrong", "platform_unwell", (name, ", ".join(sorted({str(code) for code in codes}))))
