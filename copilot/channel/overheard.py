"""What a colleague promised in the platform's own window: it left without us, and is owed all the same."""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.owing import owe
from copilot.clock.days import shop_zone
from copilot.domain.message import Message
from copilot.policy.claims import extract, promises
from copilot.policy.language import language_of
from copilot.store.tables import ShopRow

AGENT = "agent"
PLATFORM = "platform"
"""The source of what was not sent through us."""


async def owe_said(
    session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, message: Message, now: datetime
) -> None:
    """Keep what ``message``, an agent's, promises; what was due before we heard of it is history."""
    at, zone = message.sent_at or now, shop_zone(shop.zone)
    claims = extract(message.text, language=language_of(message.text) or "zh", now=at, zone=zone)
    said = promises(message.text, claims, now=at, zone=zone, fact=AGENT)
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
