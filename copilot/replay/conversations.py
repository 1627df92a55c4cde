"""Reads conversations (docs/formats.md, "conversation") line by line; errors name fields, never what stood in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from copilot.domain.conversation import Conversation
from copilot.domain.errors import BadInput
from copilot.replay.lines import BadLine, Line, read_jsonl

ZoneOf = Callable[[str, str], ZoneInfo | None]
"""From platform and market to the zone that naive times are in; None when unknown."""

_TIME_KEYS = frozenset(
    "sent_at shown_at recalled_at created_at paid_at ship_by delivered_at eta at deadline due".split()
)
# Free-form parts: a key called "at" in them is not ours to read.
_OPAQUE = frozenset("attributes terms sessions assignments coverage".split())
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Read:
    """A conversation and the place it came from."""

    source: str
    number: int
    conversation: Conversation


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone ``name`` ("Asia/Shanghai"); ``BadInput`` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f"--timezone {name}: no such time zone", remedy="use a name such as Asia/Shanghai") from None


def read_conversations(
    source: str | Path, *, zone: ZoneInfo | None = None, zone_of: ZoneOf | None = None, now: datetime | None = None
) -> Iterator[Read | BadLine]:
    """The conversations of ``source``, in order.

    A time without an offset is read in ``zone``, else in ``zone_of(platform, market)``; without either the line is
    bad. With ``now``, messages without a time get the time of the message before them, or ``now`` when none has one.

    Raises:
        BadInput: a file that is empty or damaged.
        OSError: a file that cannot be opened.
    """
    for line in read_jsonl(source):
        if isinstance(line, BadLine):
            yield line
            continue
        read = _conversation(line, zone, zone_of)
        yield (
            read
            if isinstance(read, BadLine) or now is None
            else Read(read.source, read.number, with_times(read.conversation, now))
        )


def _conversation(line: Line, zone: ZoneInfo | None, zone_of: ZoneOf | None) -> Read | BadLine:
    if zone is None and zone_of is not None:
        zone = zone_of(str(line.value.get("platform") or ""), str(line.value.get("market") or ""))
    try:
        value = _placed(line.value, zone, ()) if zone is not None else line.value
        return Read(line.source, line.number, Conversation.model_validate(value))
    except ValidationError as error:
        return BadLine(line.source, line.number, _fields(error))
    except RecursionError:
        return BadLine(line.source, line.number, "is nested too deeply")


def _placed(value: object, zone: ZoneInfo, path: tuple[str, ...]) -> object:
    """``value`` with ``zone`` on every naive time of ours."""
    if isinstance(value, list):
        return [_placed(item, zone, path) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {
            key: item if key in _OPAQUE else _placed(item, zone, (*path, key))
            for key, item in cast("dict[str, object]", value).items()
        }
    if isinstance(value, str) and path and path[-1] in _TIME_KEYS:
        try:
            time = datetime.fromisoformat(value.strip())
        except ValueError:
            return value
        return value if time.tzinfo is not None else time.replace(tzinfo=zone).isoformat()
    return value


def _fields(error: ValidationError) -> str:
    """The places and problems of ``error``, without the input."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    told: list[str] = []
    for problem in problems[:_SHOWN]:
        place = ".".join(str(part) for part in problem["loc"]) or "the object"
        if problem["type"] == "timezone_aware":
            told.append(f"{place}: the time has no offset; write one or give --timezone")
        else:
            told.append(f"{place}: {problem['msg'].removeprefix('Value error, ')}")
    more = len(problems) - _SHOWN
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")


def with_times(conversation: Conversation, now: datetime) -> Conversation:
    """``conversation`` with a time on every message; the order of the list stands."""
    if all(message.sent_at is not None for message in conversation.messages):
        return conversation
    last = next((message.sent_at for message in conversation.messages if message.sent_at is not None), now)
    messages = list(conversation.messages)
    for index, message in enumerate(messages):
        last = message.sent_at or last
        messages[index] = message.model_copy(update={"sent_at": last})
    return conversation.model_copy(update={"messages": tuple(messages)})
