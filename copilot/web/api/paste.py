"""Buyers' words from a chat that nothing reaches: a draft to copy, its order looked up; nothing is kept or sent."""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from copilot.desk import words
from copilot.desk.card import cited, look_at, order_why, owed, reason_text, titles
from copilot.desk.card_shapes import OrderWhyShown
from copilot.desk.words import Language, said
from copilot.domain.base import StrictShape
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.message import Kind, Message, Role
from copilot.domain.order import Order
from copilot.flow.across import Across
from copilot.flow.knowing import nothing_known
from copilot.flow.memory import MemoryFlow
from copilot.flow.understand.ids import typed_ids
from copilot.sdk import AdapterError
from copilot.store.tables import ShopRow
from copilot.web.api.reach import reader, shop_of
from copilot.web.auth import MayCheck, parts_of
from copilot.web.errors import Unfit
from copilot.web.parts import Parts
from copilot.web.texts import Brief, Words

router = APIRouter(prefix="/api")

# More numbers than these in one paste are no order's.
_MOST_NUMBERS = 3


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
    asked = await _asked(parts, place.shop, number, given.text)
    known = (parts.knowledge or nothing_known)(place.shop)
    flow = MemoryFlow(parts.shops, parts.clock, rules=rules, knowledge=Across(known, asyncio.get_running_loop()))
    conversation = _conversation(parts, place.shop, given.text, asked)
    # Reading and composing is work without waiting: in a loop of its own it holds up nobody's stream.
    result = await asyncio.to_thread(lambda: asyncio.run(flow.draft(conversation)))
    by = reader(parts, principal, place.shop)
    view = result.draft
    order = asked.shown(view)
    return {
        "draft": view.model_dump(mode="json") if view else None,
        "reason": result.reason,
        "reason_text": reason_text(result.reason, by.language),
        "order": order.model_dump(mode="json") if order else None,
        "order_state": asked.state,
        "order_why": why.model_dump(mode="json") if (why := _why(view, by.language)) else None,
        "titles": titles(view, by.language),
        "look_at": list(look_at(view, result.candidates, by)),
        "owes": [one.model_dump(mode="json") for one in owed(view.owes if view else (), by, view)],
        "cites": [one.model_dump(mode="json") for one in cited(view, by.language)],
    }


@dataclass(frozen=True)
class _Asked:
    """What the platform said of the numbers; ``entered`` is the one that the person gave beside the words."""

    state: str
    orders: tuple[Order, ...] = ()
    entered: str | None = None

    def shown(self, view: DraftView | None) -> Order | None:
        """The order to show: the draft's, else the only one there is."""
        about = view.order.id if view and view.order else None
        named = next((one for one in self.orders if one.id == about), None)
        return named or (self.orders[0] if len(self.orders) == 1 else None)


async def _asked(parts: Parts, shop: ShopRow, number: str, text: str) -> _Asked:
    """The order of ``number``; without one, those whose numbers stand in the buyer's words."""
    if number:
        found, state = await _order(parts, shop, number)
        return _Asked(state, (found,) if found else (), found.id if found else None)
    typed = typed_ids(text)[:_MOST_NUMBERS]
    results = await asyncio.gather(*(_order(parts, shop, one.number) for one in typed))
    orders = tuple({found.id: found for found, _ in results if found}.values())
    if orders:
        return _Asked("known", orders)
    if any(state == "unavailable" for _, state in results):
        return _Asked("unavailable")
    # A bare number may be a parcel's; only what was called an order's is said to be missing.
    return _Asked("not_found" if any(one.labelled for one in typed) else "none_given")


async def _order(parts: Parts, shop: ShopRow, number: str) -> tuple[Order | None, str]:
    """The order of that number and how well it is known."""
    try:
        found = await parts.recent.read(shop, number)
    except AdapterError:
        return None, "unavailable"
    return (found, "known") if found else (None, "not_found")


def _why(view: DraftView | None, language: Language) -> OrderWhyShown | None:
    """Why this order: nobody opened a chat here, and the words were pasted by the person."""
    why = order_why(view, language)
    text = words.PASTED_WHY.get(why.why) if why else None
    return why.model_copy(update={"why_text": said(words.PASTED_WHY, why.why, language)}) if why and text else why


def _conversation(parts: Parts, shop: ShopRow, text: str, asked: _Asked) -> Conversation:
    now = parts.clock.now()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    looked = asked.state in ("known", "not_found")
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
        orders=asked.orders if looked else None,
        entered_from_order=asked.entered,
    )
