"""The protocol's payloads, only the parts that are read: a transaction, its room events, an answer that names one.

The homeserver answers for what is around an event's content: where that cannot be read it is Malformed. The content is
whatever somebody's program wrote: what cannot be read of it must not take the others of its transaction with it. Errors
say where, never what.
"""

import re
from typing import Annotated, Any, Final, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import from_json

from copilot.sdk import Delivery, Identity, Malformed, bounded

MOST_BYTES: Final = 8 * 2**20
"""A homeserver packs up to a hundred events of 64 KiB into a transaction, and sends the oldest one again until it is
taken: a transaction that is refused for its size would hold up all that follow it."""
_PATH: Final = re.compile(
    r"(?:(?P<shop>[^/]{1,200})/)?_matrix/app/v1/(?P<what>transactions|ping|users|rooms|thirdparty)(?:/.*)?\Z", re.DOTALL
)

Id = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x20\x7f]+$")]


class Wire(BaseModel):
    """A payload of which only some parts are read."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class RoomEvent(Wire):
    """Something that happened in a room; ``origin_server_ts`` is unix time in milliseconds."""

    type: str = Field(max_length=255)
    event_id: Id
    room_id: Id
    sender: Id
    origin_server_ts: int = Field(ge=0, le=10**13)
    content: dict[str, Any] = Field(default_factory=dict[str, Any])
    state_key: str | None = None
    redacts: Id | None = None


class Transaction(Wire):
    """What the homeserver tells in one call."""

    events: list[dict[str, Any]]


class Sent(Wire):
    """The answer to an event that was sent."""

    event_id: Id


class Uploaded(Wire):
    """The answer to a file that was uploaded."""

    content_uri: Annotated[str, StringConstraints(pattern=r"^mxc://[^/\s]+/[^/\s]+$", max_length=500)]


class Related(Wire):
    """What an event says that it is about (``m.relates_to``)."""

    class Reply(Wire):
        """``m.in_reply_to``."""

        event_id: Id

    rel_type: str | None = None
    event_id: Id | None = None
    key: str | None = Field(None, max_length=2000)
    in_reply_to: Reply | None = Field(None, alias="m.in_reply_to")


W = TypeVar("W", bound=Wire)


def called(delivery: Delivery) -> tuple[Identity, str]:
    """Whose a delivery is, by its address, and what it is: transactions, ping, or a question.

    Raises:
        Malformed: it is no call of a homeserver.
    """
    found = _PATH.match(delivery.path)
    if found is None:
        raise Malformed("no call that a homeserver makes to an application service")
    shop = found["shop"]
    return (Identity(shops=(shop,)) if shop else Identity(unnamed=True)), found["what"]


def transaction(body: bytes) -> list[RoomEvent | None]:
    """The room events of a transaction, in their order; None for one of a type that is not read anyway.

    Raises:
        Malformed: it is none, or an event of a known type cannot be read.
    """
    try:
        told = Transaction.model_validate(from_json(bounded(body, MOST_BYTES)))
    except ValueError:
        raise Malformed("not a transaction") from None
    return wire_events(told.events)


def wire_events(told: list[dict[str, Any]]) -> list[RoomEvent | None]:
    """Room events in their order; None for one of a type that is not read anyway.

    Raises:
        Malformed: one of a known type cannot be read.
    """
    return [_event(one) for one in told]


_READ: Final = frozenset(
    {"m.room.message", "m.room.encrypted", "m.room.member", "m.room.redaction", "m.sticker", "m.reaction"}
)


def _event(told: dict[str, Any]) -> RoomEvent | None:
    kind = told.get("type")
    if not isinstance(kind, str):
        raise Malformed("an event has no type")
    if kind not in _READ:
        return None
    return read(RoomEvent, told)


def part(value: object) -> dict[str, Any]:
    """``value`` where it is an object; what a person's program wrote there may be anything."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def words(content: dict[str, Any]) -> str | None:
    """What ``content`` says; None when that is nothing that could be read."""
    body = content.get("body")
    return body if isinstance(body, str) else None


def related(content: dict[str, Any]) -> Related:
    """What an event says that it is about; nothing where that cannot be read."""
    try:
        return Related.model_validate(part(content.get("m.relates_to")))
    except (ValidationError, RecursionError):
        return Related.model_validate({})


def read(shape: type[W], value: object) -> W:
    """``value`` in its shape.

    Raises:
        Malformed: it has another one.
    """
    try:
        return shape.model_validate(value)
    except (ValidationError, RecursionError):
        raise Malformed(f"{shape.__name__} cannot be read") from None
