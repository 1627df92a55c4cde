"""The shop writes first, about an order: the rule of the platform's profile, the platform's consent, and our row.

Opening says nothing to the buyer; what is written then goes through the same checks and hands as any reply.
"""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from copilot.access import audit
from copilot.channel.accounts import Accounts
from copilot.channel.lookup import Lookup
from copilot.channel.storable import is_storable_id
from copilot.channel.surprises import SURPRISES
from copilot.clock import Profile, may_write_first
from copilot.domain.clock import Clock
from copilot.domain.order import Order
from copilot.logs import get_logger
from copilot.playbook.situation import after_sale_state
from copilot.sdk import AdapterError, ContactNotAllowed, Malformed, Opening, PlatformDown, Unsupported
from copilot.store import events
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, ShopRow

log = get_logger(__name__)

_SECONDS: Final = 10.0
"""How long the platform may take for each of the two calls; a person waits."""


class NoSuchOrder(AdapterError):
    """The shop has no order of this number."""

    code = "order_not_found"


def can_open(accounts: Accounts, shop: ShopRow) -> bool:
    """Whether the shop's platform lets anybody write first at all."""
    return isinstance(accounts.adapters.get(shop.adapter), Opening)


@dataclass(frozen=True)
class Opener:
    """Opens conversations about orders, for one process."""

    store: Store
    accounts: Accounts
    lookup: Lookup
    clock: Clock

    async def open(self, shop: ShopRow, order_id: str, profile: Profile | None, *, by: str) -> uuid.UUID:
        """Our id of the conversation with the buyer of ``order_id``, the existing one where there is one.

        ``profile`` holds the platform's rule; None: only the platform decides. ``by`` is who wants it, for the audit.

        Raises:
            Unsupported: on this platform nobody writes first.
            NoSuchOrder: the shop has no such order.
            ContactNotAllowed: the order is too old and nothing is open on it, or the platform does not let us.
            AdapterError: the platform could not be asked.
        """
        if not can_open(self.accounts, shop):
            raise Unsupported("the platform lets nobody write first")
        found = await self.lookup.order(shop, order_id, _SECONDS)
        if found is None:
            raise NoSuchOrder("the shop has no order of this number")
        now = self.clock.now()
        if profile is not None and not _allowed(profile, found.order, now):
            raise ContactNotAllowed("the order is older than the platform's window, and no return of it is open")
        place = await self._ask(shop, found.order.id)
        if not is_storable_id(place):
            raise Malformed("the platform's id of the conversation is none that can be kept")
        conversation = await self._keep(shop, place, found.order.id, now, by)
        log.info("conversation_opened", conversation=str(conversation), shop=str(shop.id))
        return conversation

    async def _ask(self, shop: ShopRow, order_id: str) -> str:
        try:
            async with asyncio.timeout(_SECONDS):
                return await self.accounts.call(
                    shop, lambda adapter, account: adapter.open_conversation(account, order_id)
                )
        except AdapterError:
            raise
        except SURPRISES as error:
            log.warning("conversation_not_opened", shop=str(shop.id), error=type(error).__name__)
            raise PlatformDown("the conversation could not be opened") from None

    async def _keep(self, shop: ShopRow, place: str, order_id: str, now: datetime, by: str) -> uuid.UUID:
        row = insert(ConversationRow).values(
            merchant=shop.merchant,
            id=uuid.uuid4(),
            shop=shop.id,
            platform_conversation_id=place,
            entered_from_order=order_id,
            tags=[],
            created_at=now,
            updated_at=now,
        )
        # The platform ties the order to it by opening it; what a buyer entered from says more and stays.
        known = row.on_conflict_do_update(
            index_elements=["merchant", "shop", "platform_conversation_id"],
            set_={
                "entered_from_order": func.coalesce(
                    ConversationRow.entered_from_order, row.excluded.entered_from_order
                ),
                "updated_at": now,
            },
        ).returning(ConversationRow.id)
        async with self.store.merchant(shop.merchant) as session:
            conversation = (await session.scalars(known)).one()
            await audit.record(
                session,
                merchant=shop.merchant,
                by=by,
                action="conversation.open",
                object=str(conversation),
                at=now,
            )
            await events.append(
                session,
                merchant=shop.merchant,
                shop=shop.id,
                topic="conversation.changed",
                ref=str(conversation),
                at=now,
            )
        return conversation


def _allowed(profile: Profile, order: Order, now: datetime) -> bool:
    under_return = any(after_sale_state(one) == "in_progress" for one in order.after_sales)
    return may_write_first(profile, order.created_at, now, under_return=under_return)
