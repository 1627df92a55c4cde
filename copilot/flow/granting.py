"""Ceilings over everything that is given at the shop's cost: per order, per buyer, per agent and day, over all agents.

A grant is written in the transaction that approves its reply, under a lock of the shop, so that two agents never both
give the last of what is left.
"""

import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from copilot.clock.days import shop_zone
from copilot.domain.clock import Clock
from copilot.domain.draft import DraftView
from copilot.domain.errors import OverCeiling
from copilot.domain.money import Money
from copilot.domain.plan import Grant, Limits
from copilot.store.tables import ConversationRow, DraftRow, GrantRow, ShopRow

OFFERED, SETTLED = "offered", "settled"
STANDS: Final = timedelta(hours=72)
"""How long an offer that nobody took up counts: a rule of ours, no platform's."""
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


async def reserve(session: AsyncSession, draft: DraftRow, *, by: str, role: str, clock: Clock) -> None:
    """Count what the approved ``draft`` gives against the ceilings of ``role`` ("agent", "supervisor").

    An earlier offer of the same conversation about the same order is replaced: the buyer gets one of them.

    Raises:
        OverCeiling: less is left than the draft gives; nothing is kept.
    """
    view = DraftView.model_validate(draft.view) if draft.view else None
    if view is None or view.grant is None:
        return
    now = clock.now()
    await session.execute(_LOCK, {"key": f"grants:{draft.merchant}:{draft.shop}"})
    shop = (await session.scalars(select(ShopRow).where(ShopRow.id == draft.shop))).one()
    buyer = await session.scalar(select(ConversationRow.buyer).where(ConversationRow.id == draft.conversation))
    row = GrantRow(
        merchant=draft.merchant,
        id=uuid.uuid4(),
        shop=draft.shop,
        conversation=draft.conversation,
        draft=draft.id,
        buyer=buyer,
        order_id=view.order.id if view.order else None,
        by=by,
        day=now.astimezone(shop_zone(shop.zone)).date(),
        minor=view.grant.cost.minor,
        currency=view.grant.cost.currency,
        state=SETTLED if view.grant.settled else OFFERED,
        created_at=now,
        updated_at=now,
    )
    await session.execute(delete(GrantRow).where(or_(GrantRow.draft == draft.id, _replaced(row))))
    limits = view.grant.limits.get(role) or Limits()
    counts = or_(GrantRow.state == SETTLED, (GrantRow.state == OFFERED) & (GrantRow.created_at > now - STANDS))
    await _check(session, row, view.grant, limits, counts)
    session.add(row)
    await session.flush()


def _replaced(row: GrantRow) -> ColumnElement[bool]:
    same = (GrantRow.conversation == row.conversation) & GrantRow.order_id.is_not_distinct_from(row.order_id)
    return same & (GrantRow.state == OFFERED)


async def _check(
    session: AsyncSession, row: GrantRow, grant: Grant, limits: Limits, counts: ColumnElement[bool]
) -> None:
    # Nothing decided means nothing that costs may be given.
    order = limits.per_order or Money.from_minor(0, grant.cost.currency)
    # What names no order counts for its conversation.
    about = (
        GrantRow.order_id == row.order_id
        if row.order_id is not None
        else (GrantRow.conversation == row.conversation) & GrantRow.order_id.is_(None)
    )
    await _within(session, row, "per_order", order, about & counts)
    if limits.per_buyer is not None and row.buyer is not None:
        await _within(session, row, "per_buyer", limits.per_buyer, (GrantRow.buyer == row.buyer) & counts)
    if limits.per_day is not None:
        mine = (GrantRow.by == row.by) & (GrantRow.day == row.day)
        await _within(session, row, "per_day", limits.per_day, mine & counts)


async def _within(session: AsyncSession, row: GrantRow, ceiling: str, limit: Money, what: ColumnElement[bool]) -> None:
    given = select(func.coalesce(func.sum(GrantRow.minor), 0)).where(
        GrantRow.shop == row.shop, GrantRow.currency == row.currency, what
    )
    before = int(await session.scalar(given) or 0)
    left = (limit.minor if limit.currency == row.currency else 0) - before
    if row.minor > left:
        shown = Money.from_minor(max(left, 0), row.currency)
        raise OverCeiling(ceiling, f"{shown.amount} {shown.currency}")
