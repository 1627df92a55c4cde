"""Writes notes into the platform's window and says beside them what became of the draft: the calls and their ends.

A note that was written twice harms nobody, because each has an id of its own and the older one is not known here; one
whose id is lost is written again under its key, which a platform with idempotent sends answers with the same id.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from copilot.channel.accounts import Accounts
from copilot.channel.outcomes import code_of
from copilot.domain.clock import Clock
from copilot.logs import get_logger
from copilot.sdk import Account, NativeApproval, Note, PrivateNote
from copilot.store.engine import Store
from copilot.store.tables import NoteRow, ShopRow

log = get_logger(__name__)

UNSURE: Final = (None, "outcome_unknown")
"""What the last attempt ended in when the note may stand there all the same."""
_CALL_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Notebook:
    """The notes of a store's shops."""

    store: Store
    accounts: Accounts
    clock: Clock

    def can_note(self, shop: ShopRow) -> bool:
        """Whether drafts can stand in the window of the shop's platform."""
        return isinstance(self.accounts.adapters.get(shop.adapter), PrivateNote)

    def is_keyed(self, shop: ShopRow) -> bool:
        """Whether writing a note again under its key gives the same note."""
        return bool(getattr(self.accounts.adapters.get(shop.adapter), "idempotent_send", False))

    async def write(self, shop: ShopRow, row: uuid.UUID, note: Note) -> bool:
        """Write the note of ``row``, whose attempt is noted already; False when it must be tried again."""
        try:
            receipt = await self._call(shop, lambda adapter, account: adapter.note(account, note, str(row)))
        # Around one job: a note must not stay "writing" for ever, whatever was raised; the draft stands on the desk.
        except Exception as error:
            code = code_of(error)
            await self._keep(shop, row, state="writing", shown=None if code == "outcome_unknown" else code)
            log.warning("note_not_written", note=str(row), error=error)
            return False
        try:
            await self._keep(shop, row, state="open", shown=None, note_id=receipt.message_id)
        except IntegrityError:
            # A defect of the adapter's: pressed there, it would decide about another draft.
            log.error("note_id_taken", note=str(row))
            await self._keep(shop, row, state="failed", shown="note_id_taken")
        return True

    async def say(self, shop: ShopRow, conversation: str, note_id: str, words: str) -> bool:
        """Say something beside a note, where the platform can; False when it must be tried again."""
        if not isinstance(self.accounts.adapters.get(shop.adapter), NativeApproval):
            return True
        try:
            await self._call(shop, lambda adapter, account: adapter.settled(account, conversation, note_id, words))
        # Around one job, as above: what is said beside a note is tried again, and nothing else waits for it.
        except Exception as error:
            log.warning("note_not_settled", shop=str(shop.id), error=error)
            return False
        return True

    async def _call(self, shop: ShopRow, fn: Callable[[Any, Account], Awaitable[Any]]) -> Any:
        async with asyncio.timeout(_CALL_SECONDS):
            return await self.accounts.call(shop, fn)

    async def _keep(self, shop: ShopRow, row: uuid.UUID, **values: object) -> None:
        async with self.store.merchant(shop.merchant) as session:
            kept = await session.scalar(select(NoteRow).where(NoteRow.id == row).with_for_update())
            if kept is not None:
                for name, value in values.items():
                    setattr(kept, name, value)
                kept.updated_at = self.clock.now()
