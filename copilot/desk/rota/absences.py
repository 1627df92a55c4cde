"""Who is missing while they are on duty: noted as it begins, told once a slot when it has lasted too long.

Looked at about once a minute while a slot is under way, by a timer that outlives the process.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.agents import ProfileOf
from copilot.channel.tasks import ROTA_LOOK
from copilot.clock import shop_zone
from copilot.clock.rota import Span, next_start, span_at
from copilot.desk.rota.planned import absent_minutes, slot_of, slots_of
from copilot.desk.shapes import Moment, PersonShown
from copilot.domain.base import Shape
from copilot.store import events, timers
from copilot.store.tables import AbsenceRow, PageRow, PersonRow, RotaSlotRow, ShopRow

EVERY: Final = timedelta(minutes=1)
_SHOWN: Final = timedelta(days=7)
_MOST: Final = 100


class Absence(Shape):
    """Somebody who was missing for too long; ``ended_at`` null: still is."""

    id: str
    shop: str
    person: PersonShown
    slot_at: Moment
    since: Moment
    raised_at: Moment
    ended_at: Moment | None


@dataclass(frozen=True)
class _Duty:
    """A slot that is under way."""

    shop: ShopRow
    person: uuid.UUID
    span: Span


async def arm_next(session: AsyncSession, merchant: uuid.UUID, now: datetime) -> None:
    """Look again in a minute while a slot is under way, else when the next one begins; never without a rota."""
    shops, slots = await _known(session)
    if await _under_way(session, shops, slots, now):
        due = now + EVERY
    else:
        starts = [
            next_start([slot_of(one) for one in slots if one.shop == shop.id], now, shop_zone(shop.zone))
            for shop in shops.values()
        ]
        found = [one for one in starts if one is not None]
        if not found:
            return
        due = min(found)
    await timers.arm(session, ROTA_LOOK, merchant, due, merchant=merchant)


async def look(session: AsyncSession, merchant: uuid.UUID, profile_of: ProfileOf, now: datetime) -> list[uuid.UUID]:
    """Note who is missing and who is back; the absences that were told of just now."""
    shops, slots = await _known(session)
    duties = await _under_way(session, shops, slots, now)
    pages = await session.execute(select(PageRow.person, func.max(PageRow.until)).group_by(PageRow.person))
    opened = {person: until for person, until in pages.all()}
    known = {
        (row.shop, row.person, row.slot_at): row
        for row in await session.scalars(
            select(AbsenceRow).where(AbsenceRow.slot_at > now - timedelta(days=2)).with_for_update()
        )
    }
    told: list[uuid.UUID] = []
    for duty in duties:
        row = known.pop((duty.shop.id, duty.person, duty.span.start), None)
        until = opened.get(duty.person)
        if until is not None and until > now:
            _end(row, now)
            continue
        row = _missing(session, merchant, duty, row, until, now)
        minutes = absent_minutes(duty.shop, profile_of(duty.shop.profile, now))
        if row.raised_at is None and minutes is not None and now - row.since >= timedelta(minutes=minutes):
            row.raised_at = now
            told.append(row.id)
            await events.append(
                session, merchant=merchant, shop=duty.shop.id, topic="absence.raised", ref=str(row.id), at=now
            )
    # The rest are of slots that are over.
    for row in known.values():
        _end(row, now)
    await session.flush()
    return told


async def read_absences(session: AsyncSession, now: datetime) -> tuple[Absence, ...]:
    """Who was missing for too long in the last seven days, the newest first."""
    rows = await session.execute(
        select(AbsenceRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == AbsenceRow.person)
        .where(AbsenceRow.raised_at > now - _SHOWN)
        .order_by(AbsenceRow.raised_at.desc(), AbsenceRow.id)
        .limit(_MOST)
    )
    return tuple(
        Absence(
            id=str(row.id),
            shop=str(row.shop),
            person=PersonShown(id=str(row.person), name=name),
            slot_at=row.slot_at,
            since=row.since,
            raised_at=row.raised_at or row.since,
            ended_at=row.ended_at,
        )
        for row, name in rows.all()
    )


def _missing(
    session: AsyncSession,
    merchant: uuid.UUID,
    duty: _Duty,
    row: AbsenceRow | None,
    until: datetime | None,
    now: datetime,
) -> AbsenceRow:
    """The row of somebody who is missing.

    Since the slot began or their page was last open, as far as we looked: who could not be seen is not missing.
    """
    since = max(one for one in (duty.span.start, until, now - EVERY) if one is not None)
    if row is None:
        row = AbsenceRow(
            merchant=merchant,
            id=uuid.uuid4(),
            shop=duty.shop.id,
            person=duty.person,
            slot_at=duty.span.start,
            since=since,
            raised_at=None,
            ended_at=None,
        )
        session.add(row)
    elif row.ended_at is not None:
        row.since, row.ended_at = max(since, row.ended_at), None
    return row


def _end(row: AbsenceRow | None, now: datetime) -> None:
    if row is not None and row.ended_at is None:
        row.ended_at = now


async def _known(session: AsyncSession) -> tuple[Mapping[uuid.UUID, ShopRow], Sequence[RotaSlotRow]]:
    slots = await slots_of(session)
    shops = await session.scalars(select(ShopRow).where(ShopRow.id.in_({one.shop for one in slots})))
    return {one.id: one for one in shops}, slots


async def _under_way(
    session: AsyncSession, shops: Mapping[uuid.UUID, ShopRow], slots: Sequence[RotaSlotRow], now: datetime
) -> list[_Duty]:
    """The slots of people who may enter that are under way; of two that begin together the longer one."""
    there = set(await session.scalars(select(PersonRow.id).where(PersonRow.active)))
    found: dict[tuple[uuid.UUID, uuid.UUID, datetime], _Duty] = {}
    for one in slots:
        span = span_at(slot_of(one), now, shop_zone(shops[one.shop].zone))
        if span is None or one.person not in there:
            continue
        key = (one.shop, one.person, span.start)
        if key not in found or found[key].span.end < span.end:
            found[key] = _Duty(shops[one.shop], one.person, span)
    return list(found.values())
