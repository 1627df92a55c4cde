"""Deliveries of Chatwoot: which events they are, and whether they are this shop's.

A delivery that is signed and speaks of another account is Malformed, so that a person sees the wrong setting; one of
another inbox than the shop's is simply not for it.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from pydantic import ValidationError

from copilot.sdk import (
    Account,
    Assigned,
    ConversationChanged,
    Delivery,
    Ended,
    Event,
    FaqCardTap,
    Malformed,
    MessageEvent,
    MessageRecalled,
    Rated,
    bounded,
)
from copilot_adapter_chatwoot.chat import OPTIONS
from copilot_adapter_chatwoot.contacts import called
from copilot_adapter_chatwoot.messages import messages, part_ids, place
from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.wire import (
    ChatMessage,
    Conversation,
    ConversationTold,
    MessageTold,
    Named,
    Option,
    Told,
    Wire,
)

W = TypeVar("W", bound=Wire)


def events(delivery: Delivery, account: Account) -> tuple[Event, ...]:
    """The events of a delivery; none for what says nothing about chats, and for private notes.

    Raises:
        Malformed: its kind is known and it cannot be read, or it is of another account.
    """
    told = _read(delivery, Told, "the delivery is none of Chatwoot's")
    read = _EVENTS.get(told.event)
    return read(delivery, account) if read else ()


def said(wire: ChatMessage, conversation: str, contact: Named | None, account: Account) -> tuple[MessageEvent, ...]:
    """A message as events; none for a private note. ``contact`` is the buyer, where it is known who that is."""
    if wire.private:
        return ()
    level, tags = called(contact, account.settings)
    return tuple(
        MessageEvent(
            shop=account.shop,
            conversation=conversation,
            message=message,
            buyer=contact.id if contact is not None else None,
            nickname=(contact.name or None) if contact is not None else None,
            sequence=place(wire),
            level=level,
            tags=tags,
        )
        for message in messages(wire)
    )


def _created(delivery: Delivery, account: Account) -> tuple[Event, ...]:
    told = _message(delivery, account)
    if told is None:
        return ()
    theirs = told.sender if told.message_type == "incoming" else None
    return said(told, told.conversation.id, theirs or told.conversation.meta.sender, account)


def _updated(delivery: Delivery, account: Account) -> tuple[Event, ...]:
    """A message taken back, the option that a buyer tapped, or the stars they gave; nothing else is news."""
    told = _message(delivery, account)
    if told is None or told.private:
        return ()
    conversation, changed = told.conversation.id, told.content_attributes
    if changed.get("deleted") is True:
        # Which files it had is not told any more.
        return tuple(
            MessageRecalled(shop=account.shop, conversation=conversation, message_id=one) for one in part_ids(told.id)
        )
    if told.content_type == OPTIONS:
        return _tapped(told, changed, account)
    stars = _stars(changed)
    if told.content_type == "input_csat" and stars is not None:
        return (Rated(shop=account.shop, conversation=conversation, stars=stars),)
    return ()


def _tapped(told: MessageTold, changed: dict[str, Any], account: Account) -> tuple[Event, ...]:
    """The option that was tapped. Chatwoot lets one be tapped once, and gives the tap no number of its own."""
    values = changed.get("submitted_values")
    first: Any = cast("list[Any]", values)[0] if isinstance(values, list) and values else None
    try:
        chosen = Option.model_validate(first)
    except ValidationError:
        return ()
    buyer = told.conversation.meta.sender
    return (
        FaqCardTap(
            shop=account.shop,
            conversation=told.conversation.id,
            card=chosen.value,
            message_id=f"{told.id}/tapped",
            question=chosen.title or None,
            buyer=buyer.id if buyer is not None else None,
            nickname=(buyer.name or None) if buyer is not None else None,
        ),
    )


def _stars(changed: dict[str, Any]) -> int | None:
    value: Any = changed
    for key in ("submitted_values", "csat_survey_response", "rating"):
        value = cast("dict[str, Any]", value).get(key) if isinstance(value, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5 else None


def _opened(delivery: Delivery, account: Account) -> tuple[Event, ...]:
    told = _conversation(delivery, account)
    return (ConversationChanged(shop=account.shop, conversation=told.id),) if told else ()


def _status(delivery: Delivery, account: Account) -> tuple[Event, ...]:
    told = _conversation(delivery, account)
    if told is None or told.status != "resolved":
        return ()
    return (Ended(shop=account.shop, conversation=told.id, at=told.updated_at),)


def _moved(delivery: Delivery, account: Account) -> tuple[Event, ...]:
    """Somebody else has the conversation now; labels and priorities are not ours."""
    told = _conversation(delivery, account)
    if told is None or not any("assignee_id" in change for change in told.changed_attributes):
        return ()
    person = told.meta.assignee if told.meta.assignee_type != "AgentBot" else None
    agent = person.id if person else None
    return (Assigned(shop=account.shop, conversation=told.id, agent=agent, at=told.updated_at),)


_EVENTS: Final[dict[str, Callable[[Delivery, Account], tuple[Event, ...]]]] = {
    "message_created": _created,
    "message_updated": _updated,
    "conversation_created": _opened,
    "conversation_status_changed": _status,
    # What a bot is told in place of the line above.
    "conversation_resolved": _status,
    "conversation_updated": _moved,
}


def _message(delivery: Delivery, account: Account) -> MessageTold | None:
    told = _read(delivery, MessageTold, "a delivery about a message cannot be read")
    return told if _ours(told.account, told.conversation, account, told.inbox) else None


def _conversation(delivery: Delivery, account: Account) -> ConversationTold | None:
    told = _read(delivery, ConversationTold, "a delivery about a conversation cannot be read")
    return told if _ours(told.account, told, account) else None


def is_of_inbox(conversation: Conversation, settings: ChatwootSettings, inbox: Named | None = None) -> bool:
    """Whether the conversation belongs to the shop, which may be one inbox only.

    Raises:
        Malformed: it does not say which inbox it is of, and that matters.
    """
    if settings.inbox_id is None:
        return True
    found = conversation.inbox_id or (inbox.id if inbox else "")
    if not found:
        raise Malformed("Chatwoot does not say which inbox a conversation is of")
    return found == settings.inbox_id


def _ours(of: Named | None, conversation: Conversation, account: Account, inbox: Named | None = None) -> bool:
    settings: ChatwootSettings = account.settings
    if of is not None and of.id != settings.account_id:
        raise Malformed("the delivery is of another account than the shop's settings name")
    return is_of_inbox(conversation, settings, inbox)


def _read(delivery: Delivery, shape: type[W], otherwise: str) -> W:
    try:
        return shape.model_validate_json(bounded(delivery.body))
    except ValidationError:
        raise Malformed(otherwise) from None
