"""Writing first, about an order: whether the platform's rule lets the shop, and the conversation to write in."""

import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request
from pydantic import Field

from copilot.access.scopes import Scope
from copilot.channel.accounts import ShopNotConnected
from copilot.channel.opening import NoSuchOrder, Opener
from copilot.channel.storable import is_storable_id
from copilot.desk.queue.holding import require_held
from copilot.desk.queue.moves import HeldByOther
from copilot.domain.base import StrictShape
from copilot.sdk import AdapterError, ContactNotAllowed, Unsupported
from copilot.web.api.reach import shop_of
from copilot.web.auth import MayReply, parts_of
from copilot.web.errors import NotConnected, Unfit, Unreachable
from copilot.web.holding import bound, with_other
from copilot.web.scopes import require_scope
from copilot.web.texts import Brief

router = APIRouter(prefix="/api/shops")

_SAYS: Final[tuple[tuple[type[AdapterError], str, int], ...]] = (
    (NoSuchOrder, "order_not_found", 404),
    (ContactNotAllowed, "contact_not_allowed", 409),
    (Unsupported, "cannot_write_first", 422),
)


class About(StrictShape):
    """The number of the order to write about."""

    order: Annotated[Brief, Field(min_length=1)]


@router.post("/{shop}/conversations", status_code=201)
async def opened(
    request: Request, shop: uuid.UUID, given: Annotated[About, Body()], principal: MayReply
) -> dict[str, str]:
    """The conversation with the order's buyer, theirs who opened it when nobody had it; nothing is sent yet."""
    parts = parts_of(request)
    order = given.order.strip()
    if not order or not is_storable_id(order):
        raise Unfit(field="order")
    async with parts.store.merchant(principal.merchant) as session:
        place = await shop_of(session, shop)
    await require_scope(parts, principal, Scope.ORDER_HANDLING, str(shop))
    profile = parts.profiles.of(place.shop.profile, parts.clock.now())
    opener = Opener(parts.store, parts.accounts, parts.lookup, parts.clock)
    try:
        conversation = await opener.open(place.shop, order, profile, by=str(principal.id))
    except ShopNotConnected:
        raise NotConnected from None
    except AdapterError as error:
        code, status = next(
            ((code, status) for kind, code, status in _SAYS if isinstance(error, kind)), ("platform_unavailable", 503)
        )
        raise Unreachable(code, status) from None
    if principal.kind == "person":
        async with parts.store.merchant(principal.merchant) as session:
            try:
                # Without a message it would stand in nobody's list.
                await require_held(session, conversation, principal.id, parts.clock.now())
            except HeldByOther as error:
                if bound(principal) is not None:
                    raise await with_other(session, error) from None
    return {"id": str(conversation)}
