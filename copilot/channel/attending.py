"""Whose a conversation is, asked after its platform told only that somebody joined or left it.

What is answered is taken like an assignment that a platform tells by itself.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from copilot.channel.accounts import Accounts
from copilot.channel.surprises import SURPRISES
from copilot.channel.taking import Taking
from copilot.channel.tasks import ATTENDED_TALK
from copilot.channel.told import told_by_feed
from copilot.domain.clock import Clock
from copilot.logs import get_logger
from copilot.sdk import AdapterError, Assigned, Attending
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, ShopRow

log = get_logger(__name__)

_AGAIN: Final = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60))
"""How long after each vain attempt it is asked again; then the next change, or the next look, tells."""


@dataclass(frozen=True)
class Attendance:
    """Asks about the conversations of a store."""

    store: Store
    accounts: Accounts
    taking: Taking
    clock: Clock

    async def ask(self, merchant: uuid.UUID, conversation: uuid.UUID, tries: int = 0) -> None:
        """Ask who has it, and keep that; ``tries`` is how many attempts were in vain."""
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(select(ConversationRow).where(ConversationRow.id == conversation))
            shop = await session.get(ShopRow, (merchant, row.shop)) if row is not None else None
        if row is None or shop is None or not isinstance(self.accounts.adapters.get(shop.adapter), Attending):
            return
        place = row.platform_conversation_id
        try:
            agent = await self.accounts.call(shop, lambda adapter, account: adapter.attended_by(account, place))
            event = Assigned(shop=shop.platform_shop_id, conversation=place, agent=agent)
        except (AdapterError, *SURPRISES) as error:
            log.warning("attendance_unknown", conversation=str(conversation), error=type(error).__name__, attempt=tries)
            if tries < len(_AGAIN):
                async with self.store.merchant(merchant) as session:
                    due = self.clock.now() + _AGAIN[tries]
                    await timers.arm(session, ATTENDED_TALK, conversation, due, merchant=merchant, attempt=tries + 1)
            return
        told = [told_by_feed(shop, event)]
        await self.taking.heard(shop, told, uuid.uuid4().hex, self.clock.now(), None)
