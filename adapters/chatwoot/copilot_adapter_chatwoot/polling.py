"""What was said while nobody could be told: Chatwoot's own lists, read from where the last look ended.

Chatwoot gives a delivery up when it is not taken. A look brings what deliveries may have brought already; the core
knows a message by its id.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from copilot.sdk import Account, Batch, Malformed, MessageEvent
from copilot_adapter_chatwoot.client import Client, segment
from copilot_adapter_chatwoot.events import is_of_inbox, said
from copilot_adapter_chatwoot.messages import place
from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.wire import ChatMessage, ConversationPage, Listed, MessagePage

WAIT_SECONDS: Final = 60.0
"""Between two looks: deliveries are the fast way."""
_FIRST: Final = timedelta(hours=1)
"""How far back a shop's first look goes."""
_CURSOR: Final = re.compile(r"([0-9]{1,11})-([0-9]{1,30})")


@dataclass(frozen=True)
class Place:
    """Up to where all is known: ``active`` unix seconds of conversations, ``message`` the highest number given.

    Numbers of messages grow over all conversations; 0 before the first look.
    """

    active: int
    message: int = 0

    @classmethod
    def of(cls, cursor: str | None, account: Account) -> "Place":
        """The place that ``cursor`` names; without one the first look's.

        Raises:
            Malformed: it is no cursor of ours.
        """
        if cursor is None:
            return cls(int((account.clock.now() - _FIRST).timestamp()))
        found = _CURSOR.fullmatch(cursor)
        if found is None:
            raise Malformed("the cursor is none of this adapter's")
        return cls(int(found[1]), int(found[2]))

    @property
    def cursor(self) -> str:
        """The place as text."""
        return f"{self.active}-{self.message}"


async def poll(account: Account, cursor: str | None) -> Batch:
    """Messages since ``cursor``, those of one conversation in their order; without a cursor those of the last hour.

    Raises:
        Malformed: the cursor or an answer cannot be read.
        AdapterError: Chatwoot could not be asked.
    """
    begin = Place.of(cursor, account)
    settings: ChatwootSettings = account.settings
    talks = [talk async for talk in _active(account, begin.active) if is_of_inbox(talk, settings)]
    # Whoever writes while we read is left to the next look: a higher number elsewhere would hide theirs.
    bound = max((number for talk in talks for one in talk.messages if (number := place(one)) is not None), default=0)
    events: list[MessageEvent] = []
    for talk in reversed(talks):
        async for wire in _since(account, talk.id, begin):
            number = place(wire)
            if number is not None and begin.message < number <= bound:
                events += said(wire, talk.id, talk.meta.sender, account)
    active = max((talk.active for talk in talks), default=begin.active)
    end = Place(max(active, begin.active), max(bound, begin.message))
    return Batch(events=tuple(events), cursor=end.cursor, wait=WAIT_SECONDS)


async def _active(account: Account, since: int) -> AsyncIterator[Listed]:
    """The conversations in which something happened since then, the latest in front, each once."""
    settings: ChatwootSettings = account.settings
    query = {"status": "all", "assignee_type": "all"}
    if settings.inbox_id is not None:
        query["inbox_id"] = settings.inbox_id
    known, number = set[str](), 1
    while True:
        page = (await Client(account).read("/conversations", ConversationPage, {**query, "page": str(number)})).data
        fresh = [one for one in page.payload if one.id not in known]
        for one in fresh:
            if one.active < since:
                return
            known.add(one.id)
            yield one
        # A page without anything new is the last one, or the same one again.
        if not fresh:
            return
        number += 1


async def _since(account: Account, conversation: str, begin: Place) -> AsyncIterator[ChatMessage]:
    """A conversation's messages above the place, oldest first; at first those of the last hour, one page."""
    path = f"/conversations/{segment(conversation)}/messages"
    if not begin.message:
        newest = (await Client(account).read(path, MessagePage)).payload
        for one in newest:
            if one.created_at is not None and one.created_at.timestamp() >= begin.active:
                yield one
        return
    after = begin.message
    while True:
        page = (await Client(account).read(path, MessagePage, {"after": str(after)})).payload
        numbers = [number for one in page if (number := place(one)) is not None]
        for one in page:
            yield one
        # A platform that answers with the same page again would be asked for ever.
        if not numbers or max(numbers) <= after:
            return
        after = max(numbers)
