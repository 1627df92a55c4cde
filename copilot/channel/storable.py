"""What of a message a database can keep: its ids, its words, and what a receipt does not tell of it."""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from copilot.sdk import MessageEvent

_AHEAD: Final = timedelta(seconds=5)
"""How far a platform's clock may run ahead of ours before its time is not believed."""
_LONGEST_ID: Final = 500
_LARGEST: Final = 2**63 - 1
# Neither has a place in a database's text: the buyer's other words must not be lost for it.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def told_late(event: MessageEvent, now: datetime) -> dict[str, Any]:
    """What a receipt does not tell of a message that we sent."""
    sent, media = event.message.sent_at, event.message.media
    whole = event.sequence is not None and -_LARGEST <= event.sequence <= _LARGEST
    return {
        "sequence": event.sequence if whole else None,
        "sent_at": min(sent, now + _AHEAD) if sent else None,
        "media": media.model_copy(update={"url": storable(media.url)}).model_dump(mode="json") if media else None,
    }


def is_storable_id(value: str) -> bool:
    """Whether ``value`` can be a platform's id at all, as far as a database can keep it."""
    return len(value) <= _LONGEST_ID and not _UNSTORABLE.search(value)


def storable(words: str) -> str:
    """``words`` without what a database has no place for."""
    return _UNSTORABLE.sub("\ufffd", words)


def is_storable(event: MessageEvent) -> bool:
    """Whether a message can be kept under its ids."""
    try:
        check_ids(event)
    except ValueError:
        return False
    return True


def check_ids(event: MessageEvent) -> None:
    """Refuse a message that cannot be kept under its ids.

    Raises:
        ValueError: an id is missing, or is none that can be kept; it is not repeated.
    """
    if not event.message.id:
        raise ValueError("a message without a platform id cannot be told from its second delivery")
    ids = (event.message.id, event.message.order_id, event.message.product_id, event.conversation, event.buyer)
    for one in (*ids, event.order_key, event.entered_from_order):
        if one is not None and not is_storable_id(one):
            raise ValueError("a platform id is longer than any, or holds what is no text")
