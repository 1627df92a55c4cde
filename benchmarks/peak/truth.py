"""What is wrong after the peak: told by the database, the shoppers' windows, the page, and the agent's own memory."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from benchmarks.desk import Desk
from benchmarks.peak.crowd import Visitor
from copilot.domain.message import Role
from copilot.store.events import EventId
from copilot.store.tables import ConversationRow, EventRow, MessageRow, OutboxRow
from copilot.web.place import Place


@dataclass(frozen=True)
class Heard:
    """A reply in a shopper's window that came through us."""

    id: str
    text: str


@dataclass(frozen=True)
class Left:
    """A reply that the database says was sent: into which conversation of the platform, as which message."""

    conversation: str
    message: str | None
    text: str


def astray(crowd: Sequence[Visitor], heard: Mapping[str, Sequence[Heard]]) -> list[str]:
    """Texts that hold what belongs to another shopper; ``heard`` is by the shopper's name."""
    return [
        f"{visitor.name} was told of {other.name}: {reply.text}"
        for visitor in crowd
        for reply in heard.get(visitor.name, ())
        for other in crowd
        if other is not visitor and any(mark in reply.text for mark in other.marks)
    ]


def undecided(heard: Mapping[str, Sequence[Heard]], decided: Mapping[str, Sequence[str]]) -> list[str]:
    """Texts that arrived more often than the agent sent them with that shopper's name above the conversation."""
    faults: list[str] = []
    for name, replies in heard.items():
        more = Counter(_plain(reply.text) for reply in replies) - Counter(map(_plain, decided.get(name, ())))
        faults += [f"{name} got {times} time(s) what nobody sent them: {text}" for text, times in more.items()]
    return faults


def unrecorded(heard: Mapping[str, Sequence[Heard]], left: Sequence[Left]) -> list[str]:
    """Replies that stand in a window and not in the outbox, or the other way; ``heard`` by the conversation's id."""
    windows = Counter(Left(talk, one.id, one.text) for talk, replies in heard.items() for one in replies)
    outbox = Counter(left)
    return [
        *(f"in a window, not in the outbox: {one.text}" for one in (windows - outbox).elements()),
        *(f"sent says the outbox, but not in the window: {one.text}" for one in (outbox - windows).elements()),
    ]


def lost(stored: Iterable[EventId], told: Sequence[EventId], since: EventId) -> list[str]:
    """Events after ``since`` that the page was not told of, or twice, or that nobody stored."""
    wanted, times = {one for one in stored if one > since}, Counter(one for one in told if one > since)
    counts = {
        "events that never reached the page": len(wanted - times.keys()),
        "events that reached it twice": sum(number > 1 for number in times.values()),
        "events of the page that nobody stored": len(times.keys() - wanted),
    }
    return [f"{number} {what}" for what, number in counts.items() if number]


def misplaced(said: Mapping[str, Sequence[str]], stored: Mapping[str, Sequence[str]]) -> list[str]:
    """Shoppers' messages that are missing, stored twice or out of order, both by the conversation's id."""
    faults: Counter[str] = Counter()
    for talk, messages in said.items():
        found = stored.get(talk, ())
        faults["messages missing"] += len(set(messages) - set(found))
        faults["messages stored twice"] += len(found) - len(set(found))
        faults["talks out of order"] += [one for one in found if one in set(messages)] != list(messages)
    return [f"{number} {what}" for what, number in faults.items() if number]


async def stored_events(desk: Desk) -> set[EventId]:
    """All events of the merchant."""
    async with desk.store.merchant(desk.merchant) as session:
        rows = await session.execute(select(EventRow.xid, EventRow.id))
        return {EventId(int(xid), number) for xid, number in rows.all()}


def events_of(told: Iterable[str]) -> list[EventId]:
    """The events behind what the page was told."""
    return [Place.parse(one).event for one in told]


async def replies_left(desk: Desk) -> list[Left]:
    """What the outbox says was sent."""
    async with desk.store.merchant(desk.merchant) as session:
        rows = await session.execute(
            select(ConversationRow.platform_conversation_id, OutboxRow.platform_message_id, OutboxRow.text)
            .join(OutboxRow, OutboxRow.conversation == ConversationRow.id)
            .where(OutboxRow.state == "sent")
        )
        return [Left(*row) for row in rows.all()]


async def replies_on_their_way(desk: Desk) -> int:
    """How many replies have not come to an end."""
    async with desk.store.merchant(desk.merchant) as session:
        moving = select(OutboxRow.id).where(OutboxRow.state.in_(("queued", "sending")))
        return len((await session.scalars(moving)).all())


async def stored_messages(desk: Desk) -> dict[str, list[str]]:
    """The shoppers' messages by conversation, in the order that the desk shows."""
    async with desk.store.merchant(desk.merchant) as session:
        rows = await session.execute(
            select(ConversationRow.platform_conversation_id, MessageRow.platform_message_id)
            .join(MessageRow, MessageRow.conversation == ConversationRow.id)
            .where(MessageRow.role == Role.BUYER)
            .order_by(MessageRow.sent_at, MessageRow.sequence, MessageRow.position)
        )
        found: dict[str, list[str]] = {}
        for talk, message in rows.all():
            found.setdefault(talk, []).append(message)
        return found


def _plain(text: str) -> str:
    """Without what the page draws as it likes: line breaks and runs of spaces."""
    return " ".join(text.split())
