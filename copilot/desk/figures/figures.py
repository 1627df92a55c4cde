"""Acceptance over days: all shops or one, by shop and by issue; there is no column of people."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock import shop_zone
from copilot.clock.days import day_start
from copilot.desk.figures.reading import read_drafts
from copilot.desk.figures.seen import Seen
from copilot.desk.figures.tally import Group, Line, Tally, lines, tally, told
from copilot.domain.base import Shape
from copilot.domain.issue_names import ISSUES
from copilot.store.tables import ShopRow

MOST_DAYS: Final = 31


class Figures(Shape):
    """From the day ``first`` to ``last``, both in: each shop's own days, by its zone. The largest stands first.

    ``total`` null: it is of fewer drafts than may be told of, and then no line is told either.
    """

    first: date
    last: date
    total: Tally | None
    shops: tuple[Line, ...]
    issues: tuple[Line, ...]


async def read_figures(
    session: AsyncSession, shops: Sequence[ShopRow], first: date, last: date, language: str
) -> Figures:
    """The figures of ``shops``, of which the caller knows that the reader may see them."""
    found: dict[uuid.UUID, list[Seen]] = {}
    for shop in shops:
        zone = shop_zone(shop.zone)
        start, end = day_start(first, zone), day_start(last + timedelta(days=1), zone)
        found[shop.id] = await read_drafts(session, shop.id, start, end)
    issues: dict[str, list[Seen]] = defaultdict(list)
    for drafts in found.values():
        for one in drafts:
            issues[one.outcome.issue].append(one)
    whole = tally(one for drafts in found.values() for one in drafts)
    return Figures(
        first=first,
        last=last,
        total=told(whole),
        shops=lines(whole, [Group(str(shop.id), shop.name, found[shop.id]) for shop in shops]),
        issues=lines(whole, [Group(issue, _name(issue, language), drafts) for issue, drafts in issues.items()]),
    )


async def chosen_shops(session: AsyncSession, shop: uuid.UUID | None) -> Sequence[ShopRow]:
    """The one shop, or all."""
    query = select(ShopRow).order_by(ShopRow.name, ShopRow.id)
    return (await session.scalars(query.where(ShopRow.id == shop) if shop is not None else query)).all()


def _name(issue: str, language: str) -> str:
    zh, en = ISSUES.get(issue, (issue, issue))
    return zh if language == "zh" else en
