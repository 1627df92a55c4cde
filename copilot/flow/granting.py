"""Ceilings over everything that is given at the shop's cost: per order, issue, buyer, agent and day, over all agents.

A plan is told what was given already; the grant itself is written in the transaction that approves its reply, under a
lock of the shop, so that two agents never both give the last of what is left.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock.days import shop_zone
from copilot.domain.clock import Clock
from copilot.domain.draft import DraftView
from copilot.domain.errors import OverCeiling
from copilot.domain.issue import Issue
from copilot.domain.plan import Grant, Limits
from copilot.playbook.authority import Authority, Given
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DraftRow, GrantRow, ShopRow

OFFERED, SETTLED = "offered", "settled"
STANDS: Final = timedelta(hours=72)
"""How long an offer that nobody took up counts: a rule of ours, no platform's."""
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True)
class About:
    """What a grant would be for: whose ceilings it counts against, and what it would take the place of.

    ``by`` is None while nobody knows who will approve it; ``buyer`` is None where the platform names none, or where it
    is still to be read from the conversation.
    """

    shop: uuid.UUID
    conversation: uuid.UUID
    draft: uuid.UUID | None = None
    order: str | None = None
    buyer: uuid.UUID | None = None
    by: str | None = None
    zone: str = "UTC"


async def given_before(session: AsyncSession, about: About, now: datetime) -> Given:
    """What was given before and would stay beside a grant about this, by one statement.

    The draft's own earlier grant does not stay, nor an open offer of the same conversation about the same order: the
    buyer gets one of them.
    """
    day = now.astimezone(ZoneInfo(about.zone)).date()
    stays = ~_replaced(about)
    counts = or_(GrantRow.state == SETTLED, (GrantRow.state == OFFERED) & (GrantRow.created_at > now - STANDS))
    # What names no order counts for its conversation.
    of_order = (
        GrantRow.order_id == about.order
        if about.order is not None
        else (GrantRow.conversation == about.conversation) & GrantRow.order_id.is_(None)
    )
    # An unknown buyer equals nobody.
    buyer = about.buyer or (
        select(ConversationRow.buyer).where(ConversationRow.id == about.conversation).scalar_subquery()
    )
    of_buyer = GrantRow.buyer == buyer
    of_day = and_(GrantRow.by == (about.by or ""), GrantRow.day == day)
    rows = await session.execute(
        select(
            GrantRow.currency,
            GrantRow.issue,
            *(func.coalesce(func.sum(GrantRow.minor).filter(what), 0) for what in (of_order, of_buyer, of_day)),
        )
        .where(GrantRow.shop == about.shop, counts, stays, or_(of_order, of_buyer, of_day))
        .group_by(GrantRow.currency, GrantRow.issue)
    )
    return _given([tuple(row) for row in rows.all()], known_agent=about.by is not None)


def _given(rows: Sequence[tuple[Any, ...]], *, known_agent: bool) -> Given:
    order: dict[str, int] = {}
    buyer: dict[str, int] = {}
    day: dict[str, int] = {}
    issues: dict[Issue, dict[str, int]] = {}
    for currency, issue, of_order, of_buyer, of_day in rows:
        for sums, minor in ((order, of_order), (buyer, of_buyer), (day, of_day)):
            sums[currency] = sums.get(currency, 0) + int(minor)
        if issue is not None:
            of_issue = issues.setdefault(Issue(issue), {})
            of_issue[currency] = of_issue.get(currency, 0) + int(of_order)
    return Given(order, issues, buyer, day if known_agent else None)


@dataclass(frozen=True)
class StoredGrants:
    """The port ``Grants`` over the store, for one draft."""

    store: Store
    merchant: uuid.UUID
    about: About
    clock: Clock

    async def given(self, order: str | None) -> Given:
        """What was given before on the order, to the buyer, and in the agent's day where the agent is known."""
        about = replace(self.about, order=order)
        async with self.store.merchant(self.merchant) as session:
            return await given_before(session, about, self.clock.now())


async def reserve(session: AsyncSession, draft: DraftRow, *, by: str, role: str, clock: Clock) -> None:
    """Count what the approved ``draft`` gives against the ceilings of ``role`` ("agent", "supervisor").

    What a supervisor ruled counts against theirs. An earlier offer of the same conversation about the same order is
    replaced: the buyer gets one of them.

    Raises:
        OverCeiling: less is left than the draft gives; nothing is kept.
    """
    view = DraftView.model_validate(draft.view) if draft.view else None
    if view is None or view.grant is None:
        return
    if (ruling := view.grant.ruling) is not None:
        by, role = ruling.by, "supervisor"
    now = clock.now()
    order = view.order.id if view.order else None
    about = await require_left(session, draft, view.grant, order=order, by=by, role=role, now=now)
    row = GrantRow(
        merchant=draft.merchant,
        id=uuid.uuid4(),
        shop=draft.shop,
        conversation=draft.conversation,
        draft=draft.id,
        buyer=about.buyer,
        order_id=order,
        issue=view.grant.issue,
        by=by,
        day=now.astimezone(ZoneInfo(about.zone)).date(),
        minor=view.grant.cost.minor,
        currency=view.grant.cost.currency,
        state=SETTLED if view.grant.settled else OFFERED,
        created_at=now,
        updated_at=now,
    )
    await session.execute(delete(GrantRow).where(_replaced(about)))
    session.add(row)
    await session.flush()


async def require_left(
    session: AsyncSession, draft: DraftRow, grant: Grant, *, order: str | None, by: str, role: str, now: datetime
) -> About:
    """What the grant is about, when the ceilings of ``role`` leave enough for it; the shop's grants are locked.

    Raises:
        OverCeiling: they do not.
    """
    await session.execute(_LOCK, {"key": f"grants:{draft.merchant}:{draft.shop}"})
    zone = (await session.scalars(select(ShopRow.zone).where(ShopRow.id == draft.shop))).one()
    buyer = await session.scalar(select(ConversationRow.buyer).where(ConversationRow.id == draft.conversation))
    about = About(draft.shop, draft.conversation, draft.id, order, buyer, by, str(shop_zone(zone)))
    authority = _authority(grant, role).after(await given_before(session, about, now))
    if (over := authority.over(grant.cost, grant.issue)) is not None:
        raise OverCeiling(over.ceiling, f"{over.left.amount} {over.left.currency}")
    return about


def _authority(grant: Grant, role: str) -> Authority:
    limits = grant.limits.get(role) or Limits()
    of_issue = {grant.issue: limits.per_issue} if grant.issue is not None and limits.per_issue is not None else {}
    return Authority(role, limits.per_order, limits.per_buyer, limits.per_day, of_issue)


def _replaced(about: About) -> ColumnElement[bool]:
    """The grants that one about this takes the place of."""
    same = (GrantRow.conversation == about.conversation) & GrantRow.order_id.is_not_distinct_from(about.order)
    offer = same & (GrantRow.state == OFFERED)
    return offer if about.draft is None else or_(GrantRow.draft == about.draft, offer)
