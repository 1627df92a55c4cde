"""Recorded traffic: files that hold what a platform sent or answered, and what it must become.

Three kinds, told apart by their keys. A delivery: ``json`` or ``body`` (with ``headers``, ``query``, ``method``,
``path``), ``shops``. A look or a connection: ``answers`` and ``cursor``, ``next``, ``at``. A send: ``send`` and
``answers``. Each has ``becomes``: events, the word "malformed", a receipt, or an error's code.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from copilot.domain.errors import BadInput
from copilot.domain.message import Kind, Role, SentBy
from copilot.sdk.events import AnyEvent, Event, MessageEvent
from copilot.sdk.inbound import Delivery

_EVENTS: Final[TypeAdapter[tuple[Event, ...]]] = TypeAdapter(tuple[AnyEvent, ...])
_BIG: Final = re.compile(rb'[:\[,\s\\"](\d{17,})(?=[,\]}\s])')
_CARDS: Final = frozenset({Kind.ORDER_CARD, Kind.PRODUCT_CARD, Kind.COUPON_CARD, Kind.RETURN_CARD})
_MACHINES: Final = frozenset({SentBy.AUTO, SentBy.PLATFORM_BOT})
Kinds = Literal["delivery", "exchange", "send"]


@dataclass(frozen=True)
class Payload:
    """One file. ``becomes`` are events; ``malformed`` says that it must be refused instead."""

    name: str
    kind: Kinds
    raw: Mapping[str, Any] = field(repr=False)
    becomes: tuple[Event, ...] = ()
    malformed: bool = False

    @property
    def delivery(self) -> Delivery:
        """The request as it was recorded, its body as it is signed."""
        raw = self.raw
        body = raw["body"].encode() if "body" in raw else compact(raw["json"])
        headers = {str(name).lower(): str(value) for name, value in raw.get("headers", {}).items()}
        return Delivery(raw.get("method", "POST"), headers, dict(raw.get("query", {})), body, raw.get("path", ""))

    @property
    def answers(self) -> Sequence[Mapping[str, Any]]:
        """What the platform answers, call by call."""
        return self.raw.get("answers", ())

    @property
    def at(self) -> datetime | None:
        """When a look or a connection was recorded; None: at the proof's time."""
        said = self.raw.get("at")
        return datetime.fromisoformat(said) if isinstance(said, str) else None

    @property
    def situation(self) -> str:
        """What it is an example of."""
        if self.malformed:
            return "malformed"
        if not self.becomes:
            return "nothing"
        said = next((event for event in self.becomes if isinstance(event, MessageEvent)), None)
        if said is None:
            return "other_event"
        found = _of_message(said)
        source = self.delivery.body if self.kind == "delivery" else compact(self.answers)
        return "big_numbers" if found == "text" and _BIG.search(source) else found


def _of_message(said: MessageEvent) -> str:
    message = said.message
    if not said.visible:
        return "invisible"
    if message.role is Role.BOT or message.sent_by in _MACHINES:
        return "machine"
    if message.role in (Role.AGENT, Role.SYSTEM):
        return "colleague" if message.role is Role.AGENT else "system"
    if message.kind in _CARDS:
        return "card"
    if message.kind is Kind.OTHER:
        return "unknown_kind"
    return "text" if message.kind is Kind.TEXT else "media"


def compact(value: object) -> bytes:
    """``value`` as the shortest JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def payload_folder(module_file: str) -> Path:
    """Where the payloads of the package with ``module_file`` are: beside it when installed, else in its tests."""
    package = Path(module_file).resolve().parent
    packaged = package / "payloads"
    return packaged if packaged.is_dir() else package.parent / "tests" / "payloads"


def read_payloads(folder: Path) -> tuple[Payload, ...]:
    """All files of ``folder``, by name.

    Raises:
        BadInput: there is none, or one is not of the form above; the message names it.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise BadInput(f"{folder} has no payloads", remedy="record some: reply-copilot adapters record")
    return tuple(read_payload(file) for file in files)


def read_payload(file: Path) -> Payload:
    """One file.

    Raises:
        BadInput: it is not of the form above.
    """
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return parse_payload(file.stem, raw)
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        place = f"{type(error).__name__}" if isinstance(error, ValidationError) else str(error)
        raise BadInput(f"{file}: not a payload: {place}", remedy="see docs/writing-an-adapter.md#payloads") from None


def parse_payload(name: str, raw: dict[str, Any]) -> Payload:
    """A file's JSON as a payload; raises what validation raises."""
    becomes = raw["becomes"]
    if "send" in raw:
        return Payload(name, "send", {**raw, "becomes": dict(becomes)})
    kind: Kinds = "exchange" if "answers" in raw else "delivery"
    if kind == "delivery" and not ({"json", "body"} & raw.keys()):
        raise ValueError("it has neither json nor body nor answers nor send")
    if becomes == "malformed":
        return Payload(name, kind, raw, malformed=True)
    return Payload(name, kind, raw, _EVENTS.validate_python(becomes))
