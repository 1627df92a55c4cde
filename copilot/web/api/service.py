"""A shop's service over days, for those above the agents: as we count it, and as its platform does."""

import uuid
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request

from copilot.channel.service import Missing, counted_by_platform
from copilot.clock import shop_zone
from copilot.desk.figures.service import OwnService, read_service
from copilot.domain.base import Shape
from copilot.sdk import ServiceRecord
from copilot.web.api.figures import Day, require_days
from copilot.web.api.reach import shop_of
from copilot.web.auth import MayWatch, parts_of

router = APIRouter(prefix="/api/shops")

_DAYS: Final = 7


class ServiceShown(Shape):
    """A shop's service from ``first`` to ``last``, both in.

    ``own`` null: of too few sessions to be told, or no rule to count by. ``platform_missing`` says why ``platform`` is
    null: ``not_offered``, ``not_connected`` or ``unavailable``.
    """

    first: date
    last: date
    own: OwnService | None
    platform: ServiceRecord | None
    platform_missing: Missing | None


@router.get("/{shop}/service")
async def service(
    request: Request,
    principal: MayWatch,
    shop: uuid.UUID,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
) -> ServiceShown:
    """The days from ``from`` to ``to``, both in; without them the last seven whole ones."""
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        row = (await shop_of(session, shop)).shop
        # The platform counts whole days, in arrears.
        last = last or now.astimezone(shop_zone(row.zone)).date() - timedelta(days=1)
        first = first or last - timedelta(days=_DAYS - 1)
        require_days(first, last)
        own = await read_service(session, row, parts.profiles.of(row.profile, now), first, last, now)
    # Outside the transaction: the platform takes its time.
    counted = await counted_by_platform(parts.accounts, row, first, last)
    return ServiceShown(first=first, last=last, own=own, platform=counted.record, platform_missing=counted.missing)
