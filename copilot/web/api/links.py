"""Links into the platform's back office, for one conversation."""

import uuid

from fastapi import APIRouter, Request

from copilot.desk.owed_shapes import LinksShown
from copilot.desk.places import read_links
from copilot.web.api.reach import conversation_of, shop_of
from copilot.web.auth import MayRead, parts_of

router = APIRouter(prefix="/api")


@router.get("/conversations/{conversation}/links")
async def links(request: Request, conversation: uuid.UUID, principal: MayRead) -> LinksShown:
    """The platform's pages of the conversation, its buyer's orders and the products in it, as far as they are known."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        place = await shop_of(session, row.shop)
        return await read_links(session, parts.accounts, row, place.shop)
