"""The rota of a shop: its slots, its peaks, and the peak minutes of the days ahead that nobody covers."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time
from typing import Annotated, Any, Final

from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.tasks import ROTA_LOOK
from copilot.clock import Profile, shop_zone
from copilot.clock.rota import Slot, coverage_gaps
from copilot.desk.shapes import Moment
from copilot.domain.auto import WallTime, Weekday
from copilot.domain.base import Shape, StrictShape
from copilot.store import timers
from copilot.store.tables import PersonRow, RotaSlotRow, ShopRow

SETTING: Final = "rota"
"""Key in a shop's ``settings``: the shop's own ``Limits``."""
AHEAD: Final = 7
"""Days that are looked at for gaps."""


class OnDuty(StrictShape):
    """Hours of a person, the end excluded; one that is not later than the start is on the next day."""

    person: uuid.UUID
    starts: WallTime
    ends: WallTime
    days: tuple[Weekday, ...] = ()


class Hours(StrictShape):
    """Hours of a day in which many write."""

    starts: WallTime
    ends: WallTime


class Limits(StrictShape):
    """The shop's own; null: as the platform's profile says."""

    peaks: Annotated[tuple[Hours, ...], Field(max_length=10)] | None = None
    absent_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None


class Gap(Shape):
    """Peak minutes that nobody covers."""

    start: Moment
    end: Moment
    minutes: int


class RotaShown(Shape):
    """A shop's rota. ``own`` is what the shop set itself, ``gaps`` are those of the seven days from today."""

    shop: str
    zone: str
    slots: tuple[OnDuty, ...]
    people: dict[str, str]
    peaks: tuple[Hours, ...]
    absent_minutes: int | None
    own: Limits
    gaps: tuple[Gap, ...]


async def read_rota(session: AsyncSession, shop: ShopRow, profile: Profile | None, now: datetime) -> RotaShown:
    """The rota with its gaps."""
    rows = await slots_of(session, shop.id)
    people = (await session.scalars(select(PersonRow).where(PersonRow.active).order_by(PersonRow.name))).all()
    peaks, zone = peaks_of(shop, profile), shop_zone(shop.zone)
    there = {one.id for one in people}
    manned = [slot_of(row) for row in rows if row.person in there]
    gaps = coverage_gaps(manned, [as_slot(one) for one in peaks], now.astimezone(zone).date(), AHEAD, zone)
    return RotaShown(
        shop=str(shop.id),
        zone=shop.zone,
        slots=tuple(
            OnDuty.model_validate({"person": row.person, "starts": row.starts, "ends": row.ends, "days": row.days})
            for row in rows
        ),
        people={str(one.id): one.name for one in people},
        peaks=peaks,
        absent_minutes=absent_minutes(shop, profile),
        own=limits_of(shop),
        gaps=tuple(Gap(start=one.start, end=one.end, minutes=one.minutes) for one in gaps),
    )


async def save_rota(
    session: AsyncSession, shop: ShopRow, slots: Sequence[OnDuty], limits: Limits, now: datetime
) -> None:
    """Take these slots for the shop's rota; who is missing is looked at from now on."""
    await session.execute(delete(RotaSlotRow).where(RotaSlotRow.shop == shop.id))
    for one in slots:
        session.add(
            RotaSlotRow(
                merchant=shop.merchant,
                shop=shop.id,
                person=one.person,
                days=list(one.days),
                starts=one.starts,
                ends=one.ends,
            )
        )
    shop.settings = {**shop.settings, SETTING: limits.model_dump(mode="json")}
    await session.flush()
    await timers.arm(session, ROTA_LOOK, shop.merchant, now, merchant=shop.merchant, sooner=True)


async def slots_of(session: AsyncSession, shop: uuid.UUID | None = None) -> Sequence[RotaSlotRow]:
    """The slots of a shop, of all shops without one, by their start."""
    query = select(RotaSlotRow).order_by(RotaSlotRow.starts, RotaSlotRow.id)
    return (await session.scalars(query if shop is None else query.where(RotaSlotRow.shop == shop))).all()


def slot_of(row: RotaSlotRow) -> Slot:
    """As the arithmetic sees it."""
    return Slot(time.fromisoformat(row.starts), time.fromisoformat(row.ends), frozenset(row.days))


def as_slot(hours: Hours) -> Slot:
    """As the arithmetic sees it, every day."""
    return Slot(time.fromisoformat(hours.starts), time.fromisoformat(hours.ends))


def limits_of(shop: ShopRow) -> Limits:
    """What the shop set itself."""
    kept: dict[str, Any] = shop.settings.get(SETTING) or {}
    return Limits.model_validate(kept)


def peaks_of(shop: ShopRow, profile: Profile | None) -> tuple[Hours, ...]:
    """The shop's own peaks, else the platform's."""
    own = limits_of(shop).peaks
    if own is not None or profile is None:
        return own or ()
    return tuple(
        Hours(starts=f"{one.start:%H:%M}", ends=f"{one.end:%H:%M}") for one in profile.rota.peaks
    )  # fmt: skip


def absent_minutes(shop: ShopRow, profile: Profile | None) -> int | None:
    """After how many minutes those above are told that somebody is missing; None: they are not."""
    own = limits_of(shop).absent_minutes
    if own is not None:
        return own
    limit = profile.rota.absent_minutes if profile is not None else None
    return limit.whole if limit is not None else None
