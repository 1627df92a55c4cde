"""What the drafts of today took of models, shop by shop, as their traces tell: numbers, never words.

Only what was traced with a draft is here (its wording and the reading of its turn); every call, those that failed and
those of translations too, is counted at ``/metrics``.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.base import Shape
from copilot.store.tables import DraftRow, ShopRow, SpanRow


class Today(Shape):
    """Drafts whose words are a model's, drafts that were composed, and the tokens of both directions."""

    by_model: int = 0
    composed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


async def spent_today(session: AsyncSession, shops: Sequence[ShopRow], now: datetime) -> Mapping[uuid.UUID, Today]:
    """By shop since its own midnight; a shop without drafts is not there."""
    found: dict[uuid.UUID, Today] = {}
    for zone in sorted({shop.zone for shop in shops}):
        midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        here = [shop.id for shop in shops if shop.zone == zone]
        rows = await session.execute(
            select(DraftRow.shop, *_COUNTED)
            .join(DraftRow, DraftRow.id == SpanRow.draft)
            .where(SpanRow.at >= midnight, DraftRow.shop.in_(here), func.jsonb_typeof(_TOKENS) == "array")
            .group_by(DraftRow.shop)
        )
        for shop, by_model, composed, tokens_in, tokens_out in rows.all():
            found[shop] = Today(by_model=by_model, composed=composed, tokens_in=tokens_in, tokens_out=tokens_out)
    return found


_TOKENS = SpanRow.detail["tokens"]
_BY = SpanRow.detail["written_by"].astext
_COUNTED = (
    func.count(SpanRow.draft.distinct()).filter(_BY == "model"),
    func.count(SpanRow.draft.distinct()).filter(_BY == "composer"),
    func.coalesce(func.sum(cast(cast(_TOKENS[0].astext, Text), BigInteger)), 0),
    func.coalesce(func.sum(cast(cast(_TOKENS[1].astext, Text), BigInteger)), 0),
)
