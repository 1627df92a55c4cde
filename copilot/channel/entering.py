"""Conversations that a shop is invited into: kept when the invitation comes, entered by a job, and read from the start.

What was said before the shop was there is taken like anything else that its platform tells.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from copilot.channel.accounts import Accounts
from copilot.channel.taking import Taking
from copilot.channel.tasks import ENTER_TALK
from copilot.channel.told import told_by_feed
from copilot.domain.clock import Clock
from copilot.logs import get_logger
from copilot.sdk import AdapterError, Entering, MessageEvent
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, ShopRow

log = get_logger(__name__)

_AGAIN: Final = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1800))
"""How long after each vain attempt it is tried again; then a person enters."""


@dataclass(frozen=True)
class Enterer:
    """Enters the conversations of a store."""

    store: Store
    accounts: Accounts
    taking: Taking
    clock: Clock

    async def enter(self, merchant: uuid.UUID, conversation: uuid.UUID, tries: int = 0) -> None:
        """Enter, and take what was said before; ``tries`` is how many attempts were in vain."""
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(select(ConversationRow).where(ConversationRow.id == conversation))
            shop = await session.get(ShopRow, (merchant, row.shop)) if row is not None else None
        if row is None or shop is None or not isinstance(self.accounts.adapters.get(shop.adapter), Entering):
            return
        place = row.platform_conversation_id
        try:
            said: tuple[MessageEvent, ...] = await self.accounts.call(
                shop, lambda adapter, account: adapter.enter(account, place)
            )
        except AdapterError as error:
            log.warning("conversation_not_entered", conversation=str(conversation), error=error, attempt=tries)
            if tries < len(_AGAIN):
                async with self.store.merchant(merchant) as session:
                    due = self.clock.now() + _AGAIN[tries]
                    await timers.arm(session, ENTER_TALK, conversation, due, merchant=merchant, attempt=tries + 1)
            return
        told = [told_by_feed(shop, event) for event in said]
        taken = await self.taking.heard(shop, told, uuid.uuid4().hex, self.clock.now(), None)
        log.info("conversation_entered", conversation=str(conversation), new=taken.new, dead=taken.dead)
