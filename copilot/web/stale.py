"""A draft that has changed under somebody's hand, with the card as it stands now."""

from typing import Any

from copilot.access.principal import Principal
from copilot.desk.card import newest_card
from copilot.desk.thread import newest_draft
from copilot.store.tables import DraftRow
from copilot.web.api.reach import reader, shop_of
from copilot.web.errors import Stale
from copilot.web.parts import Parts


async def stale(parts: Parts, principal: Principal, row: DraftRow) -> Stale:
    """The refusal that shows the conversation's card as it stands."""
    return Stale(card=await _current(parts, principal, row))


async def _current(parts: Parts, principal: Principal, row: DraftRow) -> dict[str, Any] | None:
    async with parts.store.merchant(principal.merchant) as session:
        newest = await newest_draft(session, row.conversation)
        place = await shop_of(session, row.shop)
        found = await newest_card(session, newest, reader(parts, principal, place.shop))
    return found.model_dump(mode="json") if found else None
