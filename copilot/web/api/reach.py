"""From an id in a request to the merchant's own row, or "not found": another merchant's rows do not exist here."""

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.model_use import forbids
from copilot.access.principal import SENIOR, Principal
from copilot.channel.sendables import ORDER_MESSAGE, kinds_of
from copilot.desk.card import Reader
from copilot.flow.shops import Rules
from copilot.store.tables import ConversationRow, DraftRow, MerchantRow, ShopRow
from copilot.web.errors import NotFound
from copilot.web.parts import Parts


@dataclass(frozen=True)
class Place:
    """A shop with its merchant's slug, which names a folder of rules."""

    shop: ShopRow
    merchant_slug: str


async def shop_of(session: AsyncSession, shop: uuid.UUID) -> Place:
    """The shop; ``NotFound`` when the merchant has none of that id."""
    row = await session.scalar(select(ShopRow).where(ShopRow.id == shop))
    if row is None:
        raise NotFound
    return Place(row, (await session.scalars(select(MerchantRow.slug))).one())


async def conversation_of(session: AsyncSession, conversation: uuid.UUID) -> ConversationRow:
    """The conversation; ``NotFound`` when the merchant has none of that id."""
    row = await session.scalar(select(ConversationRow).where(ConversationRow.id == conversation))
    if row is None:
        raise NotFound
    return row


async def draft_of(session: AsyncSession, draft: uuid.UUID) -> DraftRow:
    """The draft; ``NotFound`` when the merchant has none of that id."""
    row = await session.scalar(select(DraftRow).where(DraftRow.id == draft))
    if row is None:
        raise NotFound
    return row


def reader(parts: Parts, principal: Principal, shop: ShopRow) -> Reader:
    """Who reads, on the shop's clock."""
    models = bool(parts.settings.models) and not forbids(shop)
    role = "supervisor" if principal.role in SENIOR else "agent"
    able = ORDER_MESSAGE in kinds_of(parts.accounts.adapters.get(shop.adapter))
    return Reader(principal.language, ZoneInfo(shop.zone), parts.clock.now(), str(principal.id), models, role, able)


async def rules_of(parts: Parts, place: Place) -> Rules:
    """The rules of the shop."""
    return await parts.rules(place.shop, place.merchant_slug)
