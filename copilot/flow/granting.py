"""Ceilings over everything that is given at the shop's cost: per order, issue, buyer, agent and day, over all agents.

A plan is told what was given already; the grant itself is written in the transaction that approves its reply, or queues
a person's own words, under a lock of the merchant, so that two agents never both give the last of what is left, nor one
agent in two shops. Orders and buyers are a shop's; an agent's day is one day in all shops of the merchant.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, and_, cast, delete, exists, false, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.principal import SENIOR
from copilot.clock.days import shop_zone
from copilot.domain.clock import Clock
from copilot.domain.draft import DraftView
from copilot.domain.errors import OverCeiling
from copilot.domain.issue import Issue
from copilot.domain.plan import Grant, Limits
from copilot.playbook.authority import Authority, Given, Over
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DecisionRow, DraftRow, GrantRow, OutboxRow, PersonRow, ShopRow

OFFERED, SETTLED, RELEASED = "offered", "settled", "released"
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
    reply: uuid.UUID | None = None
    again: Issue | None = None
    """The issue in which the buyer chooses over again, so that what was settled there before is not given beside."""


async def given_before(session: AsyncSession, about: About, now: datetime) -> Given:
    """What was given before and would stay beside a grant about this, by one statement.

    The draft's own earlier grant does not stay, nor an open offer of the same conversation about the same order: the
    buyer gets one of them. Such an offer is told as reserved: whoever takes it up gets nothing new.
    """
    day = now.astimezone(ZoneInfo(about.zone)).date()
    stays, offer = ~_replaced(about), _offer(about)
    counts = or_(GrantRow.state == SETTLED, (GrantRow.state == OFFERED) & (GrantRow.created_at > now - STANDS))
    # What names no order counts for its conversation.
    here = GrantRow.shop == about.shop
    of_order = here & (
        GrantRow.order_id == about.order
        if about.order is not None
        else (GrantRow.conversation == about.conversation) & GrantRow.order_id.is_(None)
    )
    # An unknown buyer equals nobody.
    buyer = about.buyer or (
        select(ConversationRow.buyer).where(ConversationRow.id == about.conversation).scalar_subquery()
    )
    of_buyer = here & (GrantRow.buyer == buyer)
    # Each shop's day is its own zone's; shops of one merchant that share an agent mostly share that too.
    of_day = and_(GrantRow.by == about.by, GrantRow.day == day) if about.by else false()
    rows = await session.execute(
        select(
            GrantRow.currency,
            GrantRow.issue,
            *(
                func.coalesce(func.sum(GrantRow.minor).filter(what), 0)
                for what in (stays & of_order, stays & of_buyer, stays & of_day, offer)
            ),
        )
        .where(counts, or_(offer, stays & or_(of_order, of_buyer, of_day)))
        .group_by(GrantRow.currency, GrantRow.issue)
    )
    return _given([tuple(row) for row in rows.all()], known_agent=about.by is not None)


def _given(rows: Sequence[tuple[Any, ...]], *, known_agent: bool) -> Given:
    order: dict[str, int] = {}
    buyer: dict[str, int] = {}
    day: dict[str, int] = {}
    issues: dict[Issue, dict[str, int]] = {}
    reserved: dict[Issue | None, dict[str, int]] = {}
    for currency, issue, of_order, of_buyer, of_day, of_offer in rows:
        for sums, minor in ((order, of_order), (buyer, of_buyer), (day, of_day)):
            sums[currency] = sums.get(currency, 0) + int(minor)
        named = Issue(issue) if issue is not None else None
        if named is not None:
            of_issue = issues.setdefault(named, {})
            of_issue[currency] = of_issue.get(currency, 0) + int(of_order)
        if of_offer:
            reserved.setdefault(named, {})[currency] = int(of_offer)
    return Given(order, issues, buyer, day if known_agent else None, reserved)


async def holder_of(session: AsyncSession, about: About, now: datetime) -> str | None:
    """Who last wrote or decided in the conversation on the shop's day, and is bound by an agent's ceilings.

    Nobody is assigned a conversation; whoever dealt with it today most likely goes on. None where nobody did, or where
    the last one was a supervisor.
    """
    zone = ZoneInfo(about.zone)
    since = datetime.combine(now.astimezone(zone).date(), time(), zone)
    wrote = select(OutboxRow.by.label("by"), OutboxRow.created_at.label("at")).where(
        OutboxRow.conversation == about.conversation, OutboxRow.by.is_not(None), OutboxRow.created_at >= since
    )
    decided = (
        select(DecisionRow.by, DecisionRow.at)
        .join(DraftRow, DraftRow.id == DecisionRow.draft)
        .where(DraftRow.conversation == about.conversation, DecisionRow.at >= since)
    )
    acts = wrote.union_all(decided).subquery()
    senior = exists().where(cast(PersonRow.id, Text) == acts.c.by, PersonRow.role.in_(SENIOR))
    last = (await session.execute(select(acts.c.by, senior).order_by(acts.c.at.desc()).limit(1))).one_or_none()
    return last[0] if last is not None and not last[1] else None


@dataclass(frozen=True)
class StoredGrants:
    """The port ``Grants`` over the store, for one draft."""

    store: Store
    merchant: uuid.UUID
    about: About
    clock: Clock

    async def given(self, order: str | None, again: Issue | None = None) -> Given:
        """What was given before on the order, to the buyer, and in the day of the agent who holds the conversation."""
        about, now = replace(self.about, order=order, again=again), self.clock.now()
        async with self.store.merchant(self.merchant) as session:
            if about.by is None:
                about = replace(about, by=await holder_of(session, about, now))
            return await given_before(session, about, now)


@dataclass(frozen=True)
class Giver:
    """Who gives: the person's id and the role whose ceilings count ("agent", "supervisor")."""

    by: str
    role: str


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
    order = view.order.id if view.order else None
    again = view.grant.issue if view.replaces is not None else None
    subject = _Subject(draft.merchant, draft.shop, draft.conversation, draft=draft.id, again=again)
    await _keep(session, subject, view.grant, order, Giver(by, role), clock.now())


async def reserve_typed(
    session: AsyncSession, reply: OutboxRow, grant: Grant, *, order: str | None, giver: Giver, clock: Clock
) -> None:
    """Count what a person's own words give, in the transaction that queues the ``reply`` with them; once.

    The grants must be locked (``lock_grants``) before the reply is written: locks are taken in one order.

    Raises:
        OverCeiling: less is left than they give; nothing is kept, and the reply must not be either.
    """
    if await session.scalar(select(GrantRow.id).where(GrantRow.reply == reply.id)) is not None:
        return
    subject = _Subject(reply.merchant, reply.shop, reply.conversation, reply=reply.id)
    await _keep(session, subject, grant, order, giver, clock.now())


async def lock_grants(session: AsyncSession, merchant: uuid.UUID) -> None:
    """Wait until nobody else counts grants of the merchant; held until the transaction ends.

    One lock for all its shops, because an agent's day is spent in all of them: with one a shop and one an agent there
    would be an order to keep among them.
    """
    await session.execute(_LOCK, {"key": f"grants:{merchant}"})


async def _keep(
    session: AsyncSession, subject: "_Subject", grant: Grant, order: str | None, giver: Giver, now: datetime
) -> None:
    about, taken = await _left_for(session, subject, grant, order, giver, now)
    row = GrantRow(
        merchant=subject.merchant,
        id=uuid.uuid4(),
        shop=about.shop,
        conversation=about.conversation,
        draft=about.draft,
        reply=about.reply,
        buyer=about.buyer,
        order_id=about.order,
        issue=grant.issue,
        # What was counted when it was offered stays with who offered it, and with that day.
        by=taken.by if taken is not None else about.by or "",
        day=taken.day if taken is not None else now.astimezone(ZoneInfo(about.zone)).date(),
        minor=grant.cost.minor,
        currency=grant.cost.currency,
        state=SETTLED if grant.settled else OFFERED,
        created_at=now,
        updated_at=now,
    )
    await _take_place(session, about, row.id, now)
    session.add(row)
    await session.flush()


async def _take_place(session: AsyncSession, about: About, grant: uuid.UUID, now: datetime) -> None:
    """Let ``grant`` stand for what it replaces: the draft's own goes, others wait for the reply to leave."""
    others = _replaced(about)
    if about.draft is not None:
        of_draft = GrantRow.draft == about.draft
        own = list(await session.scalars(select(GrantRow.id).where(of_draft)))
        # What an earlier revision took the place of, this one does.
        after = update(GrantRow).where(GrantRow.replaced_by.in_(own))
        await session.execute(after.values(replaced_by=grant, updated_at=now))
        await session.execute(delete(GrantRow).where(of_draft))
    waits = update(GrantRow).where(others, GrantRow.state.in_((OFFERED, SETTLED)))
    await session.execute(
        waits.values(state=RELEASED, replaced_by=grant, replaced_state=GrantRow.state, updated_at=now)
    )


@dataclass(frozen=True)
class _Subject:
    """What gives something, where it stands."""

    merchant: uuid.UUID
    shop: uuid.UUID
    conversation: uuid.UUID
    draft: uuid.UUID | None = None
    reply: uuid.UUID | None = None
    again: Issue | None = None


async def require_left(
    session: AsyncSession, draft: DraftRow, grant: Grant, *, order: str | None, by: str, role: str, now: datetime
) -> None:
    """Hold the grant of a draft against the ceilings of ``role``; the merchant's grants are locked.

    What the buyer's new choice takes the place of is not given beside it, as when the draft is approved (``reserve``).

    Raises:
        OverCeiling: less is left than it gives.
    """
    view = DraftView.model_validate(draft.view) if draft.view else None
    again = grant.issue if view is not None and view.replaces is not None else None
    subject = _Subject(draft.merchant, draft.shop, draft.conversation, draft=draft.id, again=again)
    await _left_for(session, subject, grant, order, Giver(by, role), now)


async def _left_for(
    session: AsyncSession, subject: _Subject, grant: Grant, order: str | None, giver: Giver, now: datetime
) -> tuple[About, GrantRow | None]:
    """The whole of what the grant is about, and the offer that it takes up, if it only takes one up."""
    await lock_grants(session, subject.merchant)
    zone = (await session.scalars(select(ShopRow.zone).where(ShopRow.id == subject.shop))).one()
    buyer = await session.scalar(select(ConversationRow.buyer).where(ConversationRow.id == subject.conversation))
    about = About(
        subject.shop,
        subject.conversation,
        subject.draft,
        order,
        buyer,
        giver.by,
        str(shop_zone(zone)),
        reply=subject.reply,
        again=subject.again,
    )
    taken = await _taken_up(session, about, grant, now) if grant.settled and grant.ruling is None else None
    if taken is not None:
        return about, taken
    authority = _authority(grant, giver.role).after(await given_before(session, about, now))
    if (over := authority.over(grant.cost, grant.issue)) is not None:
        raise OverCeiling(over.ceiling, f"{over.left.amount} {over.left.currency}")
    return about, None


async def _taken_up(session: AsyncSession, about: About, grant: Grant, now: datetime) -> GrantRow | None:
    """The offer that stands and has counted all that the grant gives; nothing new is given then."""
    query = select(GrantRow).where(
        _offer(about),
        GrantRow.created_at > now - STANDS,
        GrantRow.currency == grant.cost.currency,
        GrantRow.issue.is_not_distinct_from(grant.issue),
        GrantRow.minor >= grant.cost.minor,
    )
    return await session.scalar(query.order_by(GrantRow.minor.desc()).limit(1))


async def ceilings_left(
    session: AsyncSession, about: About, grant: Grant, role: str, now: datetime
) -> tuple[Over, ...]:
    """What each of the ceilings of ``role`` leaves for the grant, itself not yet counted; nothing is locked."""
    authority = _authority(grant, role).after(await given_before(session, about, now))
    return authority.lefts(grant.cost.currency, grant.issue)


def _authority(grant: Grant, role: str) -> Authority:
    limits = grant.limits.get(role) or Limits()
    of_issue = {grant.issue: limits.per_issue} if grant.issue is not None and limits.per_issue is not None else {}
    return Authority(role, limits.per_order, limits.per_buyer, limits.per_day, of_issue)


def _of_matter(about: About) -> ColumnElement[bool]:
    """The grants of the same conversation about the same order."""
    return (GrantRow.conversation == about.conversation) & GrantRow.order_id.is_not_distinct_from(about.order)


def _offer(about: About) -> ColumnElement[bool]:
    """The open offers of the same conversation about the same order."""
    return _of_matter(about) & (GrantRow.state == OFFERED)


def _replaced(about: About) -> ColumnElement[bool]:
    """The grants that one about this takes the place of."""
    taken = _offer(about)
    if about.again is not None:
        taken = or_(taken, _of_matter(about) & (GrantRow.state == SETTLED) & (GrantRow.issue == about.again))
    if about.draft is None:
        return taken
    # With "=" the answer for what was typed, which has no draft, would be neither yes nor no.
    return or_(GrantRow.draft.is_not_distinct_from(about.draft), taken)
