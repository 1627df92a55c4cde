"""What a shop's phrases lack, for those above the agents."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request

from copilot.desk.phrase_report import MOST_DAYS, PhraseReport, read_report
from copilot.web.api.reach import shop_of
from copilot.web.auth import MayWatch, parts_of

router = APIRouter(prefix="/api/shops")


@router.get("/{shop}/phrases/report")
async def report(
    request: Request, shop: uuid.UUID, principal: MayWatch, days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 30
) -> PhraseReport:
    """The phrases that nobody sent in so many days, and what buyers asked that none of them answers."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        place = await shop_of(session, shop)
        return await read_report(session, place.shop, days, parts.clock.now())
