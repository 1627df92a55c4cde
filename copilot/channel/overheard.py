"""What a colleague promised in the platform's own window: it left without us, and is owed all the same."""

import uuid
from datetime import datetime, tzinfo

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.owing import owe
from copilot.clock.days import shop_zone
from copilot.domain.message import Message
from copilot.domain.plan import Promise
from copilot.policy.claims import extract, promises
from copilot.policy.language import language_of
from copilot.policy.short_forms import plainly
from copilot.store.tables import ShopRow

AGENT = "agent"
PLATFORM = "platform"
"""The source of what was not sent through us."""


def promised_in(text: str, at: datetime, zone: tzinfo) -> tuple[Promise, ...]:
    """What a colleague's own words, said ``at``, promise."""
    text = plainly(text)
    claims = extract(text, language=language_of(text) or "zh", now=at, zone=zone)
    return promises(text, claims, now=at, zone=zone, fact=AGENT)


async def owe_said(
    session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, message: Message, now: datetime
) -> None:
    """Keep what ``message``, an agent's, promises; what was due before we heard of it is history."""
    at = message.sent_at or now
    said = promised_in(message.text, at, shop_zone(shop.zone))
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
