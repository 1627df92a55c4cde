"""What ``doctor`` looks at when the desk does not open, nothing leaves or nobody hears: people, access, faults.

It calls no platform: how the last replies of a shop ended says how its platform is.
"""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from copilot.access.alerts import silent
from copilot.access.merchants import Merchant, merchants
from copilot.access.shops import shops as shops_of
from copilot.channel.sent import ReplyState
from copilot.cli.finding import Finding
from copilot.domain.clock import Clock, SystemClock
from copilot.sdk import BuyerBlocked, NotAuthorized, OutcomeUnknown, PlatformDown, Throttled, TokenExpired
from copilot.store.engine import Store
from copilot.store.tables import OutboxRow, PersonRow, ShopRow

_LATELY: Final = timedelta(hours=24)
_OF_LATE: Final = timedelta(days=30)
"""How long ago a refusal may be that says that a buyer is blocked: nothing tells when a block is lifted."""
_ENOUGH: Final = 3
"""Fewer failures say nothing about a platform; one that is about access says all."""
_ACCESS: Final = frozenset({TokenExpired.code, NotAuthorized.code})
_FAULTS: Final = frozenset({PlatformDown.code, OutcomeUnknown.code, Throttled.code})


async def access(store: Store, clock: Clock | None = None) -> AsyncGenerator[Finding]:
    """Every merchant whose people cannot sign in or are not called, every shop whose last replies did not leave."""
    now = (clock or SystemClock()).now()
    people = 0
    for merchant in await merchants(store):
        async with store.merchant(merchant.id) as session:
            found = await session.scalar(select(func.count()).where(PersonRow.active.is_(True))) or 0
            off, answering = await silent(session)
        if off:
            yield Finding("note", "alerts_off", (merchant.slug, str(len(off)), str(answering), ", ".join(off)))
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
    last = (
        select(OutboxRow.error)
        .where(OutboxRow.shop == shop.id, OutboxRow.updated_at > now - _OF_LATE, ended)
        .ext(distinct_on(OutboxRow.conversation))
        .order_by(OutboxRow.conversation, OutboxRow.updated_at.desc(), OutboxRow.position.desc())
        .subquery()
    )
    blocked = select(func.count()).select_from(last).where(last.c.error == BuyerBlocked.code)
    async with store.merchant(merchant.id) as session:
        buyers = await session.scalar(blocked) or 0
        codes = [None if state == ReplyState.SENT else error for state, error in await session.execute(newest)]
    name = f"{merchant.slug}/{shop.slug}"
    if buyers:
        yield Finding("note", "blocked_buyer", (name, str(buyers)))
    if codes and codes[0] in _ACCESS:
        yield Finding("wrong", "access_refused", (name, str(codes[0])))
    elif len(codes) == _ENOUGH and all(code in _FAULTS for code in codes):
        yield Finding("wrong", "platform_unwell", (name, ", ".join(sorted({str(code) for code in codes}))))
