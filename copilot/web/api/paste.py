"""Buyers' words from a chat that nothing reaches: a draft to copy, its order looked up; nothing is kept or sent."""

import asyncio
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from copilot.desk.card import look_at, order_why, owed, reason_text
from copilot.domain.base import StrictShape
from copilot.domain.conversation import Conversation
from copilot.domain.message import Kind, Message, Role
from copilot.domain.order import Order
from copilot.flow.memory import MemoryFlow
from copilot.sdk import AdapterError
from copilot.store.tables import ShopRow
from copilot.web.api.reach import reader, shop_of
from copilot.web.auth import MayCheck, parts_of
from copilot.web.errors import Unfit
from copilot.web.parts import Parts
from copilot.web.texts import Brief, Words

router = APIRouter(prefix="/api")

_LOOKUP_SECONDS = 6.0


class Pasted(StrictShape):
    """What the buyer wrote, one message a line, and the order it is about when the person knows it."""

    shop: uuid.UUID
    text: Words
    order_id: Brief | None = None


@router.post("/paste")
async def paste(request: Request, given: Annotated[Pasted, Body()], principal: MayCheck) -> dict[str, Any]:
    """Draft an answer."""
    parts = parts_of(request)
    if not given.text.strip():
        raise Unfit(field="text")
    async with parts.store.merchant(principal.merchant) as session:
        place = await shop_of(session, given.shop)
    rules = await parts.rules(place.shop, place.merchant_slug)
    number = (given.order_id or "").strip().lstrip("#")
    order, state = await _order(parts, place.shop, number)
    flow = MemoryFlow(parts.shops, parts.clock, rules=rules)
    conversation = _conversation(parts, place.shop, given.text, order, state)
    # Reading and composing is work without waiting: in a loop of its own it holds up nobody's stream.
    result = await asyncio.to_thread(lambda: asyncio.run(flow.draft(conversation)))
    by = reader(parts, principal, place.shop)
    view = result.draft
    return {
        "draft": view.model_dump(mode="json") if view else None,
        "reason": result.reason,
        "reason_text": reason_text(result.reason, by.language),
        "order": order.model_dump(mode="json") if order else None,
        "order_state": state,
        "order_why": why.model_dump(mode="json") if (why := order_why(view, by.language)) else None,
        "look_at": list(look_at(view, result.candidates, by.language)),
        "owes": [one.model_dump(mode="json") for one in owed(view.owes if view else (), by, view)],
    }


async def _order(parts: Parts, shop: ShopRow, number: str) -> tuple[Order | None, str]:
    """The order of that number and how well it is known."""
    if not number:
        return None, "none_given"
    try:
        found = await parts.lookup.order(shop, number, _LOOKUP_SECONDS)
    except AdapterError:
        return None, "unavailable"
    return (found.order, "known") if found else (None, "not_found")


def _conversation(parts: Parts, shop: ShopRow, text: str, order: Order | None, state: str) -> Conversation:
    now = parts.clock.now()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    known = {"known": (order,) if order else (), "not_found": ()}
    return Conversation(
        # The threads of a process are kept apart by this; two people may paste at once.
        id=f"paste-{uuid.uuid4()}",
        messages=tuple(
            Message(id=f"m{at}", role=Role.BUYER, kind=Kind.TEXT, text=line, sent_at=now)
            for at, line in enumerate(lines)
        ),
        platform=shop.platform,
        market=shop.market,
        shop=shop.slug,
        # Nobody could look is not the same as nothing was found.
        orders=known.get(state),
        entered_from_order=order.id if order else None,
    )
