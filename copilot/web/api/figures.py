"""Acceptance over days, for those above the agents, of shops and issues; and a week's blind sample, for QA as well."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock import shop_zone
from copilot.desk.figures.figures import MOST_DAYS, Figures, chosen_shops, read_figures
from copilot.desk.figures.sample import Sample, last_whole_week, read_sample
from copilot.store.tables import ShopRow
from copilot.web.api.reach import shop_of
from copilot.web.auth import MaySample, MayWatch, parts_of
from copilot.web.errors import Unfit, WeekRuns

router = APIRouter(prefix="/api/figures")
_WEEK = 7
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)
_ANY_ZONE = "UTC"


def _of_this_age(day: date) -> date:
    # Far outside it no zone has a midnight that can be told.
    if not _FIRST <= day <= _LAST:
        raise ValueError("no day of ours")
    return day


Day = Annotated[date, AfterValidator(_of_this_age)]
"""A day that figures may be asked of."""


def require_days(first: date, last: date) -> None:
    """Go on only when ``first`` to ``last`` are days that may be asked for at once."""
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise Unfit(field="from")


@router.get("")
async def figures(
    request: Request,
    principal: MayWatch,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
    shop: uuid.UUID | None = None,
) -> Figures:
    """The days from ``from`` to ``to``, both in; without them the seven up to today."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        shops = await _chosen(session, shop)
        last = last or parts.clock.now().astimezone(shop_zone(_zone(shops))).date()
        first = first or last - timedelta(days=_WEEK - 1)
        require_days(first, last)
        return await read_figures(session, shops, first, last, principal.language)


@router.get("/sample")
async def sample(
    request: Request,
    principal: MaySample,
    week: Day | None = None,
    shop: uuid.UUID | None = None,
) -> Sample:
    """The sample of the week in which the day ``week`` lies; without it of the last whole one.

    A week that still runs, or is to come, would be another sample tomorrow.
    """
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        shops = await _chosen(session, shop)
        last = last_whole_week(shops, parts.clock.now())
        monday = week - timedelta(days=week.weekday()) if week else last
        if monday > last:
            raise WeekRuns(field="week", last=last.isoformat())
        return await read_sample(session, shops, monday, principal.language, parts.accounts.vault)


async def _chosen(session: AsyncSession, shop: uuid.UUID | None) -> Sequence[ShopRow]:
    """The shops that are asked about; "not found" where the merchant has none of that id."""
    if shop is not None:
        await shop_of(session, shop)
    return await chosen_shops(session, shop)


def _zone(shops: Sequence[ShopRow]) -> str:
    """By whose clock "today" is meant where nobody named a day."""
    return shops[0].zone if shops else _ANY_ZONE
