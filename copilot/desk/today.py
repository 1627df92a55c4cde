"""A person's own day: what they received, how soon and at what rate they answered, how content buyers were.

Owns which sessions are whose; the formulas are ``clock.reception``. Each shop has its own day, by its own zone, and
nobody's figures but the asker's are read.
"""

import uuid
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.queueing import given_by_platform
from copilot.clock import Profile, shop_zone
from copilot.clock.days import day_start
from copilot.clock.greetings import spoken_by
from copilot.clock.reception import content, rate_of, shown_rate, waits
from copilot.clock.sessions import By, Said, Session, sessions_of
from copilot.desk.shapes import Moment
from copilot.domain.base import Shape
from copilot.domain.message import Role
from copilot.store.tables import AssignmentRow, ConversationRow, MessageRow, OutboxRow, ReceptionRow, ShopRow

ProfileOf = Callable[[str, datetime], Profile | None]
_BEFORE: Final = timedelta(days=8)
"""How far back messages are read to know whether a session of today had begun before: no profile's is longer open."""
_AHEAD: Final = timedelta(seconds=5)
"""How far a platform's clock may stand before ours."""


class WaitsShown(Shape):
    """How long buyers waited for the person's first word; ``in_time`` of ``count`` within ``target_seconds``."""

    count: int
    median_seconds: float
    p90_seconds: float
    in_time: int
    target_seconds: float


class RateShown(Shape):
    """Answered as the platform counts it: ``percent`` of what is decided, null while nothing is."""

    in_time: int
    missed: int
    pending: int
    percent: float | None
    target_percent: float
    within_seconds: float


class ContentShown(Shape):
    """How many buyers rated, and how many of them with four or five stars."""

    rated: int
    satisfied: int
    percent: float


class ShopToday(Shape):
    """The person's ``day`` in one shop; a part is null where there is nothing to tell, or no rule of the platform."""

    shop: str
    day: date
    received: int
    first_response: WaitsShown | None
    response: RateShown | None
    satisfaction: ContentShown | None


class Today(Shape):
    """The shops in which the person had anything to do today."""

    shops: tuple[ShopToday, ...]
    now: Moment


@dataclass(frozen=True)
class Asker:
    """Who asks; ``platform_name`` is what platforms call them."""

    id: uuid.UUID
    platform_name: str | None


@dataclass
class _Talk:
    """One conversation with everything that says whose it was when."""

    row: ConversationRow
    said: list[Said] = field(default_factory=list[Said])
    moves: list[tuple[datetime, uuid.UUID | None]] = field(default_factory=list[tuple[datetime, uuid.UUID | None]])
    ends: list[datetime] = field(default_factory=list[datetime])

    def holder(self, at: datetime) -> uuid.UUID | None:
        """Who had it at a moment."""
        found = bisect_right(self.moves, at, key=lambda move: move[0])
        return self.moves[found - 1][1] if found else None

    def last_holder(self, at: datetime) -> uuid.UUID | None:
        """Who had it last, whether or not it was over by then."""
        return next((person for moved, person in reversed(self.moves) if moved <= at and person is not None), None)

    def hands(self, session: Session) -> set[uuid.UUID]:
        """Everybody who had it during the session."""
        until = session.ended_at or datetime.max.replace(tzinfo=session.began_at.tzinfo)
        during = {person for at, person in self.moves if session.began_at <= at < until}
        return {one for one in (self.holder(session.began_at), *during) if one is not None}


async def read_today(session: AsyncSession, person: uuid.UUID, profile_of: ProfileOf, now: datetime) -> Today:
    """The day of ``person`` in every shop of theirs."""
    name = await session.scalar(select(ReceptionRow.platform_name).where(ReceptionRow.id == person))
    asker = Asker(person, name)
    shops = {row.id: row for row in await session.scalars(select(ShopRow).order_by(ShopRow.name))}
    starts = {id: _day_start(shop, now) for id, shop in shops.items()}
    talks = await _talks(session, asker, min(starts.values())) if starts else []
    shown = [
        _of_shop(asker, shop, [one for one in talks if one.row.shop == id], profile_of(shop.profile, now), now)
        for id, shop in shops.items()
    ]
    return Today(shops=tuple(one for one in shown if one is not None), now=now)


def _of_shop(
    asker: Asker, shop: ShopRow, talks: Sequence[_Talk], profile: Profile | None, now: datetime
) -> ShopToday | None:
    zone, start = shop_zone(shop.zone), _day_start(shop, now)
    by_platform = given_by_platform(shop)
    received: list[Session] = []
    first: list[timedelta] = []
    # Without the platform's numbers nobody knows where a session ends.
    for talk in talks if profile is not None else ():
        for one in sessions_of(talk.said, profile, zone, now, talk.ends) if profile is not None else ():
            if one.began_at < start or not _received(asker, talk, one, by_platform):
                continue
            received.append(one)
            if one.first_response is not None and _answered(asker, talk, one):
                first.append(one.first_response)
    rated = [talk for talk in talks if talk.row.rated_at is not None and start <= talk.row.rated_at <= now]
    stars = [talk.row.stars for talk in rated if _rated(asker, talk, by_platform)]
    if not received and not stars:
        return None
    found = waits(first, timedelta(seconds=profile.draft.clock_seconds.value)) if profile else None
    happy = content(stars)
    return ShopToday(
        shop=str(shop.id),
        day=start.astimezone(zone).date(),
        received=len(received),
        first_response=WaitsShown(
            count=found.count,
            median_seconds=found.median_seconds,
            p90_seconds=found.p90_seconds,
            in_time=found.in_time,
            target_seconds=profile.draft.clock_seconds.value,
        )
        if found and profile
        else None,
        response=_rate(profile, received, shop, now),
        satisfaction=ContentShown(rated=happy.rated, satisfied=happy.satisfied, percent=happy.percent)
        if happy
        else None,
    )


def _rate(profile: Profile | None, received: Sequence[Session], shop: ShopRow, now: datetime) -> RateShown | None:
    rule = shown_rate(profile) if profile is not None else None
    if rule is None or not received:
        return None
    found = rate_of(received, rule, shop_zone(shop.zone), now)
    return RateShown(
        in_time=found.in_time,
        missed=found.missed,
        pending=found.pending,
        percent=found.percent,
        target_percent=rule.target_percent.value,
        within_seconds=rule.within_seconds.value,
    )


def _received(asker: Asker, talk: _Talk, session: Session, by_platform: bool) -> bool:
    """Whether the session was given to the asker at any time, also when it was taken from them again.

    Where nobody gave it out, it is whose answer it was.
    """
    hands = talk.hands(session)
    if by_platform and talk.row.platform_agent is not None and not hands:
        return talk.row.platform_agent == asker.platform_name
    return asker.id in hands if hands else session.replied_by == str(asker.id)


def _answered(asker: Asker, talk: _Talk, session: Session) -> bool:
    """Whether the first word was the asker's; one that nobody can be named for is the only holder's."""
    if session.replied_by is not None:
        return session.replied_by == str(asker.id)
    return talk.hands(session) in ({asker.id}, set())


def _rated(asker: Asker, talk: _Talk, by_platform: bool) -> bool:
    """Whether the buyer's rating is of the asker: whoever had the conversation last before it."""
    at = talk.row.rated_at
    holder = talk.last_holder(at) if at is not None else None
    if holder is not None:
        return holder == asker.id
    if by_platform and talk.row.platform_agent is not None:
        return talk.row.platform_agent == asker.platform_name
    spoke = [one.person for one in talk.said if one.person is not None]
    return bool(spoke) and spoke[-1] == str(asker.id)


def _day_start(shop: ShopRow, now: datetime) -> datetime:
    zone = shop_zone(shop.zone)
    return day_start(now.astimezone(zone).date(), zone)


async def _talks(session: AsyncSession, asker: Asker, since: datetime) -> list[_Talk]:
    """The conversations of today that may be the asker's, with what was said and who had them."""
    given = select(AssignmentRow.conversation).where(
        AssignmentRow.person == asker.id, AssignmentRow.at >= since - _BEFORE
    )
    wrote = select(OutboxRow.conversation).where(OutboxRow.by == str(asker.id), OutboxRow.created_at >= since)
    mine = [ConversationRow.assignee == asker.id, ConversationRow.id.in_(given), ConversationRow.id.in_(wrote)]
    if asker.platform_name is not None:
        mine.append(ConversationRow.platform_agent == asker.platform_name)
    rows = await session.scalars(select(ConversationRow).where(ConversationRow.updated_at >= since, or_(*mine)))
    talks = {row.id: _Talk(row) for row in rows}
    # A rating changes no list; it is found by itself.
    rated = select(ConversationRow).where(ConversationRow.rated_at >= since, or_(*mine))
    talks |= {row.id: _Talk(row) for row in await session.scalars(rated) if row.id not in talks}
    if not talks:
        return []
    for talk, one in _said(await _messages(session, talks, since), asker):
        talks[talk].said.append(one)
    moves = await session.execute(
        select(AssignmentRow.conversation, AssignmentRow.at, AssignmentRow.person, AssignmentRow.how)
        .where(AssignmentRow.conversation.in_(talks))
        .order_by(AssignmentRow.position)
    )
    for conversation, at, person, how in moves.all():
        talks[conversation].moves.append((at, person))
        if how == "end":
            talks[conversation].ends.append(at)
    for talk in talks.values():
        # The platform tells of an end later than the desk's next move may have been.
        talk.moves.sort(key=lambda move: move[0])
        # An end that was told before ends were written down stands here alone.
        if talk.row.ended_at is not None and talk.row.ended_at not in talk.ends:
            talk.ends.append(talk.row.ended_at)
    return list(talks.values())


class _Line(NamedTuple):
    """What is read of a message; ``by`` is who sent it from here."""

    conversation: uuid.UUID
    role: str
    sent_by: str | None
    text: str
    agent: str | None
    sent_at: datetime | None
    received_at: datetime
    by: str | None


async def _messages(session: AsyncSession, talks: Iterable[uuid.UUID], since: datetime) -> list[_Line]:
    sent = and_(
        OutboxRow.conversation == MessageRow.conversation,
        OutboxRow.platform_message_id == MessageRow.platform_message_id,
    )
    found = await session.execute(
        select(
            MessageRow.conversation,
            MessageRow.role,
            MessageRow.sent_by,
            MessageRow.text,
            MessageRow.agent,
            MessageRow.sent_at,
            MessageRow.received_at,
            OutboxRow.by,
        )
        .outerjoin(OutboxRow, sent)
        .where(
            MessageRow.conversation.in_(talks),
            MessageRow.visible,
            MessageRow.role.in_((Role.BUYER, Role.AGENT, Role.BOT)),
            MessageRow.received_at >= since - _BEFORE,
        )
        .order_by(MessageRow.position)
    )
    return [_Line(*row) for row in found.all()]


def _said(lines: Iterable[_Line], asker: Asker) -> Iterable[tuple[uuid.UUID, Said]]:
    """What was said, at the platform's time as far as that can be true."""
    for line in lines:
        at = min(line.sent_at or line.received_at, line.received_at + _AHEAD)
        person = line.by
        if person is None and line.agent is not None:
            person = str(asker.id) if line.agent == asker.platform_name else f"platform:{line.agent}"
        by = spoken_by(line.role, line.sent_by, line.text)
        yield line.conversation, Said(at, by, None if by is By.BUYER else person)
