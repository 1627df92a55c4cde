"""Checks of level base over recorded traffic, however it came: each example becomes what it says."""

from collections.abc import Awaitable, Callable
from typing import Final

from copilot.sdk.errors import AdapterError, Malformed
from copilot.sdk.testing.kit.bench import Bench
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.payloads import Payload

SITUATIONS: Final = {
    "text": "a buyer's words are a buyer's message",
    "colleague": "what a colleague writes in the platform's own window is an agent's message, never dropped as an echo",
    "machine": "what the platform or a robot writes by itself is told apart from people",
    "invisible": "what people must not see says so",
    "card": "a card alone is a message about its order or product",
    "media": "a picture, a video or a sticker says what it is",
    "unknown_kind": "a message of a kind that nobody knows is kept as other",
    "big_numbers": "ids beyond 2**53 that come as numbers keep every digit",
    "nothing": "what says nothing about chats and orders is no event, and no error",
}
"""Those every proof has an example of, or says why not; with what must hold."""


def example_of(situation: str) -> Callable[[Bench], Awaitable[None]]:
    """The check that all examples of ``situation`` become what they say."""

    async def check(bench: Bench) -> None:
        for payload in bench.of(situation):
            await _same(bench, payload)

    return check


async def others(bench: Bench) -> None:
    """Every other example too: system messages, edits, ratings, orders that moved."""
    for payload in bench.proof.corpus:
        if payload.kind != "send" and payload.situation in ("other_event", "system"):
            await _same(bench, payload)


async def malformed(bench: Bench) -> None:
    """What should be known and cannot be read is Malformed: it is kept, not lost."""
    for payload in bench.of("malformed"):
        try:
            events = await bench.becomes(payload)
        except Malformed:
            continue
        except AdapterError as error:
            wrong(f"{payload.name}: {error.code} instead of malformed")
        wrong(f"{payload.name}: becomes {len(events)} events instead of Malformed")


async def _same(bench: Bench, payload: Payload) -> None:
    try:
        events = await bench.becomes(payload)
    except AdapterError as error:
        wrong(f"{payload.name}: {error.code} instead of events")
    require(len(events) == len(payload.becomes), f"{payload.name}: {len(events)} events, wanted {len(payload.becomes)}")
    for number, (got, wanted) in enumerate(zip(events, payload.becomes, strict=True)):
        require(type(got) is type(wanted), f"{payload.name}: event {number} is {got.type}, wanted {wanted.type}")
        left, right = got.model_dump(), wanted.model_dump()
        differing = sorted(key for key in left if left[key] != right[key])
        require(not differing, f"{payload.name}: event {number} differs in {', '.join(differing)}")
