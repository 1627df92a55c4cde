"""What was said while nobody could be told: the platform's list of conversations, read page by page, again and again.

The platform gives a delivery up after its fourth try. It documents no order of its list, so a round reads all of it,
one page a look. Messages have seconds and no number that grows over all conversations: a round begins a while before
the last one did and leaves out what that one gave.
"""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from copilot.sdk import Account, Batch, Malformed, MessageEvent
from copilot_adapter_tiktok_shop import events
from copilot_adapter_tiktok_shop.client import Client, many, segment
from copilot_adapter_tiktok_shop.wire import ChatMessage, ListedConversation

WAIT_SECONDS: Final = 300.0
"""Between two rounds: deliveries are the fast way."""
_FIRST: Final = int(timedelta(hours=1).total_seconds())
_OVERLAP: Final = 60
"""Seconds by which rounds overlap: what the platform stamped then may have been stored later."""
_MOST_KEPT: Final = 60
"""Ids of messages that a cursor holds; what does not fit is given again, and known to the core by its id."""
_TALKS: Final = "/customer_service/202309/conversations"
# The most that the platform gives at once.
_PAGE_TALKS, _PAGE_MESSAGES = "20", "10"

_Second = Annotated[int, Field(ge=0, lt=10**11)]
_Given = Annotated[tuple[Annotated[str, Field(max_length=30)], ...], Field(max_length=_MOST_KEPT)]


class Place(BaseModel):
    """Where reading goes on: a round that ``begun``, over messages since ``since``, at ``page`` ("": a new round).

    ``known`` were given by the round before, ``given`` by this one, as far as the next one will meet them again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    since: _Second
    begun: _Second = 0
    page: Annotated[str, Field(max_length=1_000)] = ""
    known: _Given = ()
    given: _Given = ()

    @classmethod
    def of(cls, cursor: str | None, now: int) -> "Place":
        """The place that ``cursor`` names; without one the first round's, which goes back an hour.

        Raises:
            Malformed: it is no cursor of ours.
        """
        if cursor is None:
            return cls(since=max(0, now - _FIRST), begun=now)
        try:
            found = cls.model_validate_json(cursor)
        except ValidationError:
            raise Malformed("the cursor is none of this adapter's") from None
        return found if found.page else found.model_copy(update={"begun": now})


async def poll(account: Account, cursor: str | None) -> Batch:
    """The messages of one page of conversations that are new since ``cursor``, oldest first.

    Raises:
        Malformed: the cursor or an answer cannot be read.
        AdapterError: the platform could not be asked.
    """
    place = Place.of(cursor, int(account.clock.now().timestamp()))
    client, query = Client(account), {"page_size": _PAGE_TALKS}
    data = await client.get(_TALKS, {**query, "page_token": place.page} if place.page else query)
    found: list[MessageEvent] = []
    met: list[str] = []
    for talk in many(ListedConversation, data.get("conversations"), f"GET {_TALKS}"):
        last = talk.latest_message
        if last is not None and last.create_time is not None and last.create_time < place.since:
            continue
        said = await _since(client, talk.id, place.since)
        met += [one.id for one in said if (one.create_time or 0) >= place.begun - _OVERLAP]
        found += [events.said(one, talk.id, account.shop) for one in said if one.id not in place.known]
    given = (*place.given, *met)[:_MOST_KEPT]
    following = data.get("next_page_token")
    if isinstance(following, str) and following not in ("", place.page):
        further = place.model_copy(update={"page": following, "given": given})
        return Batch(events=tuple(found), cursor=further.model_dump_json(), more=True)
    ended = Place(since=max(0, place.begun - _OVERLAP), known=given)
    return Batch(events=tuple(found), cursor=ended.model_dump_json(), wait=WAIT_SECONDS)


async def _since(client: Client, conversation: str, since: int) -> list[ChatMessage]:
    """The conversation's messages from ``since`` on, oldest first, as many pages as that takes."""
    path = f"{_TALKS}/{segment(conversation)}/messages"
    query = {"page_size": _PAGE_MESSAGES, "sort_order": "DESC", "sort_field": "create_time"}
    found: list[ChatMessage] = []
    async for data in client.pages("GET", path, query, None):
        page = many(ChatMessage, data.get("messages"), f"GET {path}")
        found += [one for one in page if (one.create_time or 0) >= since]
        if not page or any(one.create_time is not None and one.create_time < since for one in page):
            break
    return sorted({one.id: one for one in found}.values(), key=events.order)
