"""A shop's service over days as we count it, by the rules of its platform, to stand beside the platform's own figures.

The two differ on purpose: what a platform publishes as its rule and what its interface counts are not the same, above
all whether an automatic word is an answer. So our rate is told both ways. Nothing here is by person.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock import Profile, shop_zone
from copilot.clock.days import day_start
from copilot.clock.greetings import spoken_by
from copilot.clock.reception import Rate, content, rate_of, shop_rate
from copilot.clock.schema import ResponseRate
from copilot.clock.sessions import Said, Session, sessions_of
from copilot.desk.figures.tally import ENOUGH
from copilot.domain.base import Shape
from copilot.domain.message import Role
from copilot.store.tables import AssignmentRow, ConversationRow, MessageRow, ShopRow

_BEFORE: Final = timedelta(days=8)
"""How far back messages are read to know whether a session had begun before: no profile's is longer open."""
_AHEAD: Final = timedelta(seconds=5)
"""How far a platform's clock may stand before ours."""


class RateOfShop(Shape):
    """Answered by the platform's rule: ``percent`` of what is decided, null while nothing is.

    ``with_machines_percent`` takes automatic words and bare greetings for answers too, as interfaces of platforms may.
    """

    in_time: int
    missed: int
    pending: int
    percent: float | None
    with_machines_percent: float | None
    target_percent: float
    within_seconds: float


class OwnService(Shape):
    """What we counted. ``mean_seconds`` is how long buyers waited for a person's first word, of those who got one.

    ``rated`` buyers gave stars, ``satisfied_percent`` of them four or five. A part is null where there is nothing, or
    too little, to tell, or where the platform publishes no rule.
    """

    sessions: int
    mean_seconds: float | None
    response: RateOfShop | None
    rated: int | None
    satisfied_percent: float | None


async def read_service(
    session: AsyncSession, shop: ShopRow, profile: Profile | None, first: date, last: date, now: datetime
) -> OwnService | None:
    """The shop's own days from ``first`` to ``last``; None: too few sessions to be told, or no profile to count by."""
    if profile is None:
        return None
    zone = shop_zone(shop.zone)
    start, end = day_start(first, zone), day_start(last + timedelta(days=1), zone)
    said = await _said(session, shop.id, start, end)
    ends = await _ends(session, said)
    found = [
        one
        for talk, words in said.items()
        for one in sessions_of(words, profile, zone, now, ends[talk])
        if start <= one.began_at < end
    ]
    if len(found) < ENOUGH:
        return None
    waits = [one.first_response.total_seconds() for one in found if one.first_response is not None]
    happy = content(await _stars(session, shop.id, start, end))
    told = happy if happy is not None and happy.rated >= ENOUGH else None
    return OwnService(
        sessions=len(found),
        mean_seconds=sum(waits) / len(waits) if waits else None,
        response=_rate(found, profile, shop, now),
        rated=told.rated if told else None,
        satisfied_percent=told.percent if told else None,
    )


def _rate(found: Sequence[Session], profile: Profile, shop: ShopRow, now: datetime) -> RateOfShop | None:
    rule = shop_rate(profile)
    if rule is None:
        return None
    told, lenient = (_counted(found, one, shop, now) for one in (rule, _with_machines(rule)))
    return RateOfShop(
        in_time=told.in_time,
        missed=told.missed,
        pending=told.pending,
        percent=told.percent,
        with_machines_percent=lenient.percent,
        target_percent=rule.target_percent.value,
        within_seconds=rule.within_seconds.value,
    )


def _with_machines(rule: ResponseRate) -> ResponseRate:
    return rule.model_copy(update={"auto_reply_counts": "yes", "greeting_counts": True})


def _counted(found: Sequence[Session], rule: ResponseRate, shop: ShopRow, now: datetime) -> Rate:
    return rate_of(found, rule, shop_zone(shop.zone), now)


async def _said(session: AsyncSession, shop: uuid.UUID, start: datetime, end: datetime) -> dict[uuid.UUID, list[Said]]:
    """What was said in the conversations in which anything was said in these days, up to now: an answer comes later."""
    asked = (
        select(MessageRow.conversation)
        .join(ConversationRow, ConversationRow.id == MessageRow.conversation)
        .where(ConversationRow.shop == shop, ConversationRow.updated_at >= start)
        .where(MessageRow.role == Role.BUYER, MessageRow.received_at >= start, MessageRow.received_at < end)
    )
    lines = await session.execute(
        select(
            MessageRow.conversation,
            MessageRow.role,
            MessageRow.sent_by,
            MessageRow.text,
            MessageRow.sent_at,
            MessageRow.received_at,
        )
        .where(MessageRow.conversation.in_(asked), MessageRow.visible)
        .where(MessageRow.role.in_((Role.BUYER, Role.AGENT, Role.BOT)))
        .where(MessageRow.received_at >= start - _BEFORE)
        .order_by(MessageRow.position)
    )
    found: dict[uuid.UUID, list[Said]] = defaultdict(list)
    for talk, role, sent_by, text, sent_at, received_at in lines.all():
        at = min(sent_at or received_at, received_at + _AHEAD)
        found[talk].append(Said(at, spoken_by(role, sent_by, text)))
    return found


async def _ends(session: AsyncSession, talks: dict[uuid.UUID, list[Said]]) -> dict[uuid.UUID, list[datetime]]:
    found: dict[uuid.UUID, list[datetime]] = defaultdict(list)
    ended = select(AssignmentRow.conversation, AssignmentRow.at).where(
        AssignmentRow.conversation.in_(talks), AssignmentRow.how == "end"
    )
    # An end that was told before ends were written down stands in its row alone.
    last = select(ConversationRow.id, ConversationRow.ended_at).where(
        ConversationRow.id.in_(talks), ConversationRow.ended_at.is_not(None)
    )
    for query in (ended, last):
        for talk, at in (await session.execute(query)).all():
            found[talk].append(at)
    return found


async def _stars(session: AsyncSession, shop: uuid.UUID, start: datetime, end: datetime) -> Sequence[int | None]:
    rated = select(ConversationRow.stars).where(
        ConversationRow.shop == shop, ConversationRow.rated_at >= start, ConversationRow.rated_at < end
    )
    return (await session.scalars(rated)).all()
