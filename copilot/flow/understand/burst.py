"""The buyer's unanswered burst: what was said since a person of the shop last spoke.

Owns who has answered whom; it keeps cards and pictures apart from typed words and refuses to read meaning into them.
"""

from collections.abc import Iterable

from copilot.domain.base import Shape, Time
from copilot.domain.conversation import Conversation
from copilot.domain.message import Kind, Message, Role, SentBy
from copilot.flow.understand.language import detect
from copilot.flow.understand.placeholders import named_only, typed
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

_MACHINE = frozenset({SentBy.AUTO, SentBy.PLATFORM_BOT})
_OF_ORDERS = frozenset({Kind.ORDER_CARD, Kind.RETURN_CARD})


class Burst(Shape):
    """One unanswered turn of a buyer.

    ``messages`` are message ids (the position in the conversation where a message carries none); ``text`` the typed
    words, one line a message. ``start`` is the position of the first message that belongs to it, ``total`` how many
    buyer messages it holds; ``settled`` how many of ``texts`` a note of the system stands behind ("details have been
    entered"), which is no handover; ``others`` how many messages came in a form that nothing here reads (a voice, a
    file); ``language_before`` the language the buyer used earlier, null when unknown;
    ``began_at`` and ``said_at`` when the first and the last of them were said, null when unknown.
    """

    messages: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    order_cards: tuple[str, ...] = ()
    product_cards: tuple[str, ...] = ()
    photos: int = 0
    videos: int = 0
    stickers: int = 0
    others: int = 0
    start: int = 0
    settled: int = 0
    language_before: str | None = None
    began_at: Time | None = None
    said_at: Time | None = None

    @property
    def text(self) -> str:
        """The typed words joined by newlines."""
        return "\n".join(self.texts)

    @property
    def empty(self) -> bool:
        """Whether nothing waits for an answer."""
        return not self.messages


def answers_buyer(message: Message) -> bool:
    """Whether ``message`` is a person's word of the shop; machines and recalled messages do not answer."""
    return message.role is Role.AGENT and message.sent_by not in _MACHINE and message.recalled_at is None


def unanswered(conversation: Conversation) -> Burst:
    """The buyer's messages since the shop's last word; empty when the last word was the shop's."""
    start = 0
    for position, message in enumerate(conversation.messages):
        if answers_buyer(message):
            start = position + 1
    return gather(conversation.messages, start, len(conversation.messages))


def gather(messages: tuple[Message, ...], start: int, end: int) -> Burst:
    """The buyer's messages in positions ``start`` to ``end`` (exclusive) as one burst."""
    mine = [
        (position, message)
        for position, message in enumerate(messages[start:end], start)
        if message.role is Role.BUYER and message.recalled_at is None
    ]
    kinds = [message.kind for _, message in mine]
    words = {
        position: typed(message.text) for position, message in mine if _may_hold_words(message) and not _unread(message)
    }
    noted = max((position for position in range(start, end) if _takes_note(messages[position])), default=-1)
    return Burst(
        messages=tuple(message.id or str(position) for position, message in mine),
        texts=tuple(one.text for one in words.values() if one.text),
        order_cards=_distinct(message.order_id for _, message in mine if message.kind in _OF_ORDERS),
        product_cards=_distinct(message.product_id for _, message in mine if message.kind is Kind.PRODUCT_CARD),
        photos=kinds.count(Kind.IMAGE) + sum(one.photos for one in words.values()),
        videos=kinds.count(Kind.VIDEO) + sum(one.videos for one in words.values()),
        stickers=kinds.count(Kind.STICKER) + sum(one.stickers for one in words.values()),
        others=sum(1 for _, message in mine if _unread(message)) + sum(one.others for one in words.values()),
        start=mine[0][0] if mine else start,
        settled=sum(1 for position, one in words.items() if one.text and position < noted),
        language_before=_language_of_buyer(messages[:start]),
        began_at=next((message.sent_at for _, message in mine if message.sent_at is not None), None),
        said_at=next((message.sent_at for _, message in reversed(mine) if message.sent_at is not None), None),
    )


def auto_answered(conversation: Conversation, burst: Burst) -> bool:
    """Whether the turn is nothing but tapped questions, and a stored answer stands behind the last of them."""
    wanted = set(burst.messages)
    mine = [at for at, one in enumerate(conversation.messages) if (one.id or str(at)) in wanted]
    if not mine or any(conversation.messages[at].kind is not Kind.FAQ_CARD for at in mine):
        return False
    behind = conversation.messages[mine[-1] + 1 :]
    return any(one.role is Role.AGENT and one.sent_by is SentBy.AUTO and one.recalled_at is None for one in behind)


def last_shop_text(conversation: Conversation, burst: Burst) -> str | None:
    """What the shop said right before ``burst``, one line a message; null when the buyer opened the chat."""
    said: list[str] = []
    for message in reversed(conversation.messages[: burst.start]):
        if message.role is Role.BUYER:
            break
        if message.role in (Role.AGENT, Role.BOT) and message.text.strip() and message.recalled_at is None:
            said.append(message.text.strip())
    return "\n".join(reversed(said)) or None


def _may_hold_words(message: Message) -> bool:
    return message.kind in (Kind.TEXT, Kind.OTHER, Kind.FAQ_CARD)


def _is_typed(message: Message) -> bool:
    return _may_hold_words(message) and not _unread(message) and bool(typed(message.text).text)


def _unread(message: Message) -> bool:
    if message.kind is Kind.COUPON_CARD:
        return True
    return message.kind is Kind.OTHER and (not message.text.strip() or named_only(message.text))


def _takes_note(message: Message) -> bool:
    """Whether ``message`` is a note of the system on what was done; who talks to the buyer settles nothing."""
    return message.role is Role.SYSTEM and bool(message.text.strip()) and not says("handover", fold(message.text))


def _distinct(ids: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in ids if one))


def _language_of_buyer(messages: tuple[Message, ...]) -> str | None:
    for message in reversed(messages):
        if message.role is Role.BUYER and _is_typed(message):
            found = detect(message.text)
            if found:
                return found
    return None
