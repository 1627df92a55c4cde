"""What happened while nobody could be told: the platform's lists of conversations and orders, in rounds.

The platform gives a delivery up after its fourth try. It documents no order of its conversations, so a round reads all
of them, one page a look, and then what moved among the orders (``missed``). Messages have seconds and no number that
grows over all conversations: a round begins a while before the last one did and leaves out what that one gave.
"""

from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from copilot.sdk import Account, Assigned, Batch, Event, Malformed
from copilot.sdk.marks import OVERLAP_SECONDS, Mark
from copilot_adapter_tiktok_shop import events, missed
from copilot_adapter_tiktok_shop.client import Client, many, segment
from copilot_adapter_tiktok_shop.reception import agent_among
from copilot_adapter_tiktok_shop.wire import ChatMessage, ListedConversation

WAIT_SECONDS: Final = 300.0
"""Between two rounds: deliveries are the fast way."""
_FIRST: Final = int(timedelta(hours=1).total_seconds())
_MOST_KEPT: Final = 40
"""Ids of messages that a cursor holds; what does not fit is given again, and known to the core by its id."""
_TALKS: Final = "/customer_service/202309/conversations"
# The most that the platform gives at once.
_PAGE_TALKS, _PAGE_MESSAGES = "20", "10"

_Second = Annotated[int, Field(ge=0, lt=10**11)]
_Given = Annotated[tuple[Annotated[str, Field(max_length=30)], ...], Field(max_length=60)]


class Place(BaseModel):
    """Where reading goes on: a round that ``begun``, over messages since ``since``, at ``page`` ("": a new round).

    ``known`` were given by the round before, ``given`` by this one, as far as the next one will meet them again.
    ``reading`` says which list it is in; the marks say how far those of orders are known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    since: _Second
    begun: _Second = 0
    page: Annotated[str, Field(max_length=500)] = ""
    known: _Given = ()
    given: _Given = ()
    reading: Literal["talks"] | missed.Listed = "talks"
    orders: Mark | None = None
    returns: Mark | None = None
    cancellations: Mark | None = None

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
        return found if found.page or found.reading != "talks" else found.model_copy(update={"begun": now})

    def then(self, **changed: object) -> str:
        """The cursor of the place that differs by ``changed``."""
        return self.model_copy(update=changed).model_dump_json(exclude_defaults=True)


async def poll(account: Account, cursor: str | None) -> Batch:
    """What is new since ``cursor`` on one page: messages, oldest first, with whose they are, or orders that moved.

    Raises:
        Malformed: the cursor or an answer cannot be read.
        AdapterError: the platform could not be asked.
    """
    now = int(account.clock.now().timestamp())
    place = Place.of(cursor, now)
    if place.reading != "talks":
        return await _orders(account, place, place.reading, now)
    return await _talks(account, place)


async def _orders(account: Account, place: Place, listed: missed.Listed, now: int) -> Batch:
    told, mark, more = await missed.look(account, listed, getattr(place, listed) or Mark.first(now), now)
    if more:
        return Batch(events=told, cursor=place.then(**{listed: mark}), more=True)
    following = missed.LISTS[missed.LISTS.index(listed) + 1 :]
    if following:
        return Batch(events=told, cursor=place.then(**{listed: mark, "reading": following[0]}), more=True)
    return Batch(events=told, cursor=place.then(**{listed: mark, "reading": "talks"}), wait=WAIT_SECONDS)


async def _talks(account: Account, place: Place) -> Batch:
    client, query = Client(account), {"page_size": _PAGE_TALKS}
    data = await client.get(_TALKS, {**query, "page_token": place.page} if place.page else query)
    found: list[Event] = []
    met: list[str] = []
    for talk in many(ListedConversation, data.get("conversations"), f"GET {_TALKS}"):
        last = talk.latest_message
        if last is not None and last.create_time is not None and last.create_time < place.since:
            continue
        said, tips = await _since(client, talk.id, place.since)
        met += [one.id for one in said if (one.create_time or 0) >= place.begun - OVERLAP_SECONDS]
        found += [events.said(one, talk.id, account.shop, tips) for one in said if one.id not in place.known]
        if talk.participants:
            # Behind its messages, which make it known.
            found.append(Assigned(shop=account.shop, conversation=talk.id, agent=agent_among(talk.participants)))
    given = (*place.given, *met)[:_MOST_KEPT]
    following = data.get("next_page_token")
    if isinstance(following, str) and following not in ("", place.page):
        return Batch(events=tuple(found), cursor=place.then(page=following, given=given), more=True)
    since = max(0, place.begun - OVERLAP_SECONDS)
    ended = place.then(since=since, begun=0, page="", known=given, given=(), reading=missed.LISTS[0])
    return Batch(events=tuple(found), cursor=ended, more=True)


async def _since(client: Client, conversation: str, since: int) -> tuple[list[ChatMessage], str]:
    """The conversation's messages from ``since`` on, oldest first, as many pages as that takes.

    Behind them what the platform says of those that it does not show here, in words for people.
    """
    path = f"{_TALKS}/{segment(conversation)}/messages"
    query = {"page_size": _PAGE_MESSAGES, "sort_order": "DESC", "sort_field": "create_time", "need_data": "true"}
    found: list[ChatMessage] = []
    tips = ""
    async for data in client.pages("GET", path, query, None):
        told = data.get("unsupported_msg_tips")
        tips = told if isinstance(told, str) and told else tips
        page = many(ChatMessage, data.get("messages"), f"GET {path}")
        found += [one for one in page if (one.create_time or 0) >= since]
        if not page or any(one.create_time is not None and one.create_time < since for one in page):
            break
    return sorted({one.id: one for one in found}.values(), key=events.order), tips
