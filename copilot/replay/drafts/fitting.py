"""What stands in an archive → a conversation that can be drafted.

Archives are read leniently by the rest of a replay; here every message gets the shape that the flow needs, and what
cannot have one is told by the name of its field.
"""

from datetime import datetime, tzinfo
from typing import Any, cast

from pydantic import ValidationError

from copilot.domain.conversation import Conversation
from copilot.domain.message import Kind, Role, SentBy
from copilot.replay.chatwoot import from_chatwoot, is_chatwoot
from copilot.replay.times import moment

_KINDS = frozenset(Kind)
_ROLES = frozenset(Role)
_SENDERS = frozenset(SentBy)
_TIMES = frozenset(
    (
        "created_at paid_at ship_by delivered_at eta at deadline due received_at refunded_at settled_at"
        " sent_at recalled_at"
    ).split()
)
# Free-form parts: a key called "at" in them is not ours to read.
_OPAQUE = frozenset(("attributes", "terms", "sessions", "assignments", "coverage", "messages"))
_DEEPEST = 40
_YEARS = range(1970, 2200)
LONGEST = 5000
"""Characters of a message that a draft reads."""


class Unfit(Exception):
    """A conversation that cannot be drafted; its text names fields and problems, never what stood there."""


def fitted(value: dict[str, Any], zone: tzinfo, platform: str, market: str, form: str | None = None) -> Conversation:
    """The conversation in ``value``, in our form or in Chatwoot's.

    Times without an offset are in ``zone``, messages' times may have the ``form`` of ``strptime``; ``platform`` and
    ``market`` count where it names none. Raises ``Unfit``.
    """
    if is_chatwoot(value):
        value = from_chatwoot(value)
    messages = value.get("messages")
    if not isinstance(messages, list) or not _name(value.get("id")):
        raise Unfit("needs an id and a list of messages")
    try:
        whole = cast("dict[str, Any]", _placed(value, zone, 0))
        return Conversation.model_validate(
            {
                **whole,
                "id": _name(value["id"]),
                "platform": _name(value.get("platform")) or platform,
                "market": _name(value.get("market")) or market,
                "shop": _name(value.get("shop")),
                "messages": [one for raw in cast("list[Any]", messages) for one in _message(raw, zone, form)],
            }
        )
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        raise Unfit(_field(problems[0]["loc"]) + ": " + problems[0]["type"]) from None


def _field(place: tuple[int | str, ...]) -> str:
    """The name of a field without positions, so that the same problem counts together."""
    return ".".join(part for part in place if isinstance(part, str)) or "the object"


def _message(raw: Any, zone: tzinfo, form: str | None) -> list[dict[str, Any]]:
    """The message as the flow needs it; none for a private note or what is no message."""
    if not isinstance(raw, dict):
        return []
    message = cast("dict[str, Any]", raw)
    text, kind, media = message.get("text"), message.get("kind") or Kind.TEXT, message.get("media")
    # A list or an object in the place of a word has no hash to be looked up by.
    role, sent_by = _name(message.get("role")), _name(message.get("sent_by"))
    if role not in _ROLES or message.get("private"):
        return []
    sent_at, recalled = _time(message.get("sent_at"), zone, form), message.get("recalled_at")
    return [
        {
            "id": _name(message.get("id")),
            "role": role,
            "kind": kind if isinstance(kind, str) and kind in _KINDS else Kind.OTHER,
            "text": _name(text)[:LONGEST] if isinstance(text, str) else "",
            "sent_at": sent_at,
            "order_id": _name(message.get("order_id")) or None,
            "product_id": _name(message.get("product_id")) or None,
            "agent": _name(message.get("agent")) or None,
            "sent_by": sent_by if sent_by in _SENDERS else None,
            "media": cast("dict[str, Any]", media) if isinstance(media, dict) else None,
            # Some archives only say that it was taken back.
            "recalled_at": (_time(recalled, zone) or sent_at) if recalled else None,
        }
    ]


def _placed(value: object, zone: tzinfo, depth: int) -> object:
    """``value`` with an offset on every time of ours; what is nested too deeply is left as it is."""
    if depth > _DEEPEST:
        return value
    if isinstance(value, list):
        return [_placed(item, zone, depth + 1) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    found: dict[str, object] = {}
    for key, item in cast("dict[str, object]", value).items():
        if key in _OPAQUE:
            found[key] = item
        elif key in _TIMES and isinstance(item, str | int | float):
            found[key] = _time(item, zone)
        else:
            found[key] = _placed(item, zone, depth + 1)
    return found


def _time(value: object, zone: tzinfo, form: str | None = None) -> datetime | None:
    # Days at the end of the calendar cannot be carried into another zone; no shop has sold anything then.
    found = moment(value, zone, form)
    return found if found is not None and found.year in _YEARS else None


def _name(value: object) -> str:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
