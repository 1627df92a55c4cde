"""What became of a call that broke off, read from the platform's own record and from the echoes that reached us.

It only says what it sees: a message is ours when it has our words, nobody else's claim on it, and no rival. What
follows from that is the outbox's to decide.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.sent import ReplyState
from copilot.domain.message import Role
from copilot.sdk import PlatformMessage
from copilot.store.tables import MessageRow, OutboxRow

_OUR_CLOCKS: Final = timedelta(seconds=2)
"""How far the clocks of two machines of ours may stand apart."""


class Trace(StrEnum):
    """Whether a reply left a trace on the platform."""

    ARRIVED = "arrived"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Seen:
    """A message of the shop's side: the platform's id and time."""

    message_id: str
    text: str
    sent_at: datetime | None


@dataclass(frozen=True)
class Found:
    """What the record says; ``message`` is there when it arrived, ``candidates`` is how many could be ours."""

    trace: Trace
    candidates: int = 0
    message: Seen | None = None


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same message: platforms trim edges and change line ends, nothing else."""
    return _plain(one) == _plain(other)


def _are(text: str, texts: Sequence[str]) -> bool:
    return any(same_words(text, one) for one in texts)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def wordings(row: OutboxRow) -> tuple[str, ...]:
    """The texts under which a reply may stand on the platform: above its questions where they can be tapped."""
    return (row.text, row.cards["text"]) if row.cards is not None else (row.text,)


def judge(texts: str | Sequence[str], seen: Iterable[Seen], taken: Collection[str], rivals: int) -> Found:
    """What ``seen`` says about a reply that stands on the platform as one of ``texts``.

    ``taken`` are ids that cannot be ours: bound to another reply, or known from before the call. ``rivals`` is how many
    other replies with the same words may have arrived in the same time; a match could be theirs.
    """
    ours = (texts,) if isinstance(texts, str) else texts
    fitting = {one.message_id: one for one in seen if one.message_id not in taken and _are(one.text, ours)}
    if not fitting:
        return Found(Trace.ABSENT)
    if len(fitting) > 1 or rivals:
        return Found(Trace.AMBIGUOUS, len(fitting))
    return Found(Trace.ARRIVED, 1, next(iter(fitting.values())))


async def look(
    session: AsyncSession, row: OutboxRow, told: Sequence[PlatformMessage], since: datetime, settle: timedelta
) -> Found:
    """What ``told``, the platform's record from ``since`` on, and our own messages say about ``row``."""
    seen = [Seen(one.message_id, one.text, one.sent_at) for one in told if one.sent_at >= since]
    echoes, before, doubtful = await _known(session, row, [one.message_id for one in seen])
    replies = (
        await session.scalars(
            select(OutboxRow).where(OutboxRow.conversation == row.conversation, OutboxRow.id != row.id)
        )
    ).all()
    taken = before | {reply.platform_message_id for reply in replies if reply.platform_message_id}
    rivals = sum(_is_rival(reply, row, since - settle) for reply in replies)
    rivals += sum(_are(one.text, wordings(row)) for one in doubtful if one.message_id not in taken)
    return judge(wordings(row), [*seen, *echoes], taken, rivals)


async def _known(session: AsyncSession, row: OutboxRow, told: Sequence[str]) -> tuple[list[Seen], set[str], list[Seen]]:
    """Messages of the shop's side that reached us since the call began, and the ids of those from before it."""
    began = row.attempted_at or row.created_at
    messages = await session.scalars(
        select(MessageRow).where(
            MessageRow.conversation == row.conversation,
            MessageRow.role == Role.AGENT,
            or_(MessageRow.received_at >= began - _OUR_CLOCKS, MessageRow.platform_message_id.in_(told)),
        )
    )
    echoes: list[Seen] = []
    before: set[str] = set()
    doubtful: list[Seen] = []
    for message in messages:
        if message.received_at < began - _OUR_CLOCKS:
            before.add(message.platform_message_id)
            continue
        echoes.append(Seen(message.platform_message_id, message.text, message.sent_at))
        if message.received_at < began:
            # It may have come before the call, or because of it to a machine whose clock is behind.
            doubtful.append(echoes[-1])
    return echoes, before, doubtful


def unseen_id(row: OutboxRow) -> str:
    """The id of a message that a person saw on the platform and we did not."""
    return f"reply:{row.id}"


def _is_rival(reply: OutboxRow, row: OutboxRow, since: datetime) -> bool:
    """Whether ``reply`` may be the one that a message with these words belongs to."""
    unplaced = reply.state == ReplyState.UNCONFIRMED or reply.platform_message_id == unseen_id(reply)
    return unplaced and reply.updated_at >= since and any(_are(one, wordings(row)) for one in wordings(reply))
