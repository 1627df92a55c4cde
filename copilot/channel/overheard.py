"""What a colleague promised in the platform's own window: it left without us, and is owed all the same."""

import re
import uuid
from datetime import datetime, timedelta, tzinfo

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.orders import cached
from copilot.channel.owing import owe
from copilot.clock.days import shop_zone
from copilot.domain.message import Message
from copilot.domain.order import Order, OrderStatus
from copilot.domain.plan import Promise
from copilot.policy.claims import extract, promises
from copilot.policy.language import language_of
from copilot.policy.short_forms import plainly
from copilot.store.tables import ShopRow

AGENT = "agent"
PLATFORM = "platform"
"""The source of what was not sent through us."""


_SHIPS_WITHIN = re.compile(
    r"(?P<since>(?:您|你)?(?:下单|付款|拍下|订单)(?:之?后|起)?\s?)?(?P<hours>\d{1,3})\s?(?:个?小时|h)(?:之?内|以内)?"
    r"(?:会|就|都|给[您你]|为[您你]|帮[您你]|安排|尽快)*(?:发货|发出|寄出|发走)(?:的|哈|哦|呢|啊|呀|哒|~)*(?=[,，。!！~\s]|$)"
)
"""The shop's hours for sending, said as an answer."""
_HABIT = re.compile(
    r"我们(?:家)?(?:都|一般|通常|是)|都是|一般|通常|正常|默认|平时|平常|所有|基本|大部分|规定|预售|活动|大促|预计|大概|承诺|如果|要是|的话|[?？吗]"
)
"""What makes of them how the shop goes about it, and no word to one buyer."""


def promised_in(text: str, at: datetime, zone: tzinfo, waiting: Order | None = None) -> tuple[Promise, ...]:
    """What a colleague's own words, said ``at``, promise.

    ``waiting`` is the buyer's order that has not left yet: to them "ships within 48 hours" is a promise, to whoever has
    bought nothing it tells how the shop works.
    """
    text = plainly(text)
    claims = extract(text, language=language_of(text) or "zh", now=at, zone=zone)
    found = promises(text, claims, now=at, zone=zone, fact=AGENT)
    if waiting is None or any(one.what == "ship" for one in found):
        return found
    due = _ships_within(text, at, waiting)
    return found if due is None else (*found, Promise(what="ship", due=due, fact=AGENT))


def waits(order: Order) -> bool:
    """Whether ``order`` is still to be sent."""
    return order.status is OrderStatus.TO_SHIP


def _ships_within(text: str, at: datetime, waiting: Order) -> datetime | None:
    """When ``waiting`` leaves by the hours that ``text`` names: counted from its payment where the words say so."""
    said = _SHIPS_WITHIN.search(text)
    if said is None or _HABIT.search(text) is not None:
        return None
    placed = waiting.paid_at or waiting.created_at
    if placed is not None and placed > at:
        # Said before it was bought.
        return None
    since = placed if said["since"] and placed is not None else at
    due = since + timedelta(hours=int(said["hours"]))
    return due if due > at else None


async def owe_said(
    session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, message: Message, now: datetime
) -> None:
    """Keep what ``message``, an agent's, promises; what was due before we heard of it is history."""
    at = message.sent_at or now
    known = await cached(session, {(shop.id, message.order_id)}) if message.order_id is not None else {}
    waiting = next((order for order in known.values() if waits(order)), None)
    said = promised_in(message.text, at, shop_zone(shop.zone), waiting)
    await owe(
        session,
        [promise for promise in said if promise.due > now],
        merchant=shop.merchant,
        shop=shop.id,
        conversation=conversation,
        message=message.id,
        source=PLATFORM,
        at=at,
        now=now,
        order_id=message.order_id,
    )
