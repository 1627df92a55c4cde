"""What a file of a platform's traffic becomes, by the adapter that knows it; nothing of it is stored or sent."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from copilot.channel.registry import Registry, installed
from copilot.cli.adapters_proofs import proof_of
from copilot.domain.clock import FrozenClock
from copilot.domain.errors import BadInput
from copilot.sdk import Delivery, Event, Malformed, Webhook
from copilot.sdk.testing.kit.bench import Bench, read
from copilot.sdk.testing.kit.payloads import Payload, parse_payload
from copilot.settings import load_settings


def tried(file: Path, name: str | None) -> Sequence[Event] | None:
    """The events of ``file``; None when its adapter cannot read it.

    Raises:
        BadInput: no adapter, or more than one, takes it for its own.
    """
    payload = _payload(file)
    registry = installed(load_settings().adapters)
    chosen = name or _who_knows(registry, payload)
    bench = Bench(proof := proof_of(chosen), FrozenClock(proof.now))
    try:
        return asyncio.run(bench.becomes(payload))
    except Malformed:
        return None


def _payload(file: Path) -> Payload:
    raw = file.read_bytes()
    try:
        found: Any = json.loads(raw)
        return parse_payload(file.stem, {"becomes": [], **found} if _is_payload(found) else _wrapped(raw))
    except (ValueError, TypeError, KeyError):
        return parse_payload(file.stem, _wrapped(raw))


def _wrapped(raw: bytes) -> dict[str, Any]:
    return {"body": raw.decode("utf-8", "replace"), "becomes": []}


def _is_payload(found: Any) -> bool:
    return isinstance(found, dict) and "becomes" in found


def _who_knows(registry: Registry, payload: Payload) -> str:
    if payload.kind != "delivery":
        raise BadInput("an exchange does not say whose it is", remedy="name it: --adapter NAME")
    known = [name for name in registry.names() if _knows(registry.get(name), payload.delivery)]
    if len(known) != 1:
        told = ", ".join(known) or "none"
        raise BadInput(f"adapters that know it: {told}", remedy="name it: --adapter NAME")
    return known[0]


def _knows(adapter: object, delivery: Delivery) -> bool:
    if not isinstance(adapter, Webhook):
        return False
    try:
        read(adapter, delivery, None)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    except Malformed:
        return False
    return True
