"""Checks of level base for platforms that are asked or stay connected: where reading goes on, and how it ends."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from copilot.sdk.errors import AdapterError, Malformed, Throttled
from copilot.sdk.inbound import Batch
from copilot.sdk.testing.kit.bench import Bench, heard
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.payloads import Payload

_FAULTS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("a server error", {"status": 500, "body": "oops"}),
    ("rubbish", {"status": 200, "body": "<html>"}),
    ("an empty answer", {"status": 200, "body": ""}),
    ("a list of nothing", {"status": 200, "json": [None]}),
    ("a broken connection", {"cut": "read"}),
    ("nobody who listens", {"cut": "connect"}),
    ("no answer in time", {"cut": "timeout"}),
    ("a refusal", {"status": 403, "json": {}}),
)
_CURSORS: Final = ("", "x", "0", "-1", "\u4e0b", "9" * 3000, "[]", "{}", "null", "a|b|c")


def _exchanges(bench: Bench, way: str) -> Sequence[Payload]:
    found = [one for one in bench.proof.corpus if one.kind == "exchange" and bench.way_of(one) == way]
    if not found:
        wrong(f"no payload is a recorded {way}: record one")
    return [one for one in found if not one.malformed]


async def poll_moves(bench: Bench) -> None:
    """A look gives the place from which the next one goes on, and the same look again gives the same."""
    for payload in _exchanges(bench, "poll"):
        adapter = bench.adapter()
        batches: list[Batch] = []
        for _ in range(2):
            async with bench.account(payload=payload) as (account, _):
                batches.append(await adapter.poll(account, payload.raw.get("cursor")))
        require(batches[0] == batches[1], f"{payload.name}: the same look again gives something else")
        if "next" in payload.raw:
            require(batches[0].cursor == payload.raw["next"], f"{payload.name}: the cursor is not the recorded one")


async def poll_faults(bench: Bench) -> None:
    """However a look fails, the error is one of the contract's."""
    await _faults(bench, "poll")


async def poll_cursors(bench: Bench) -> None:
    """A cursor that cannot be read is Malformed, or begins anew."""
    await _cursors(bench, "poll")


async def poll_throttled(bench: Bench) -> None:
    """A platform that asks to slow down is understood, with the seconds it names."""
    await _throttled(bench, "poll")


async def connect_moves(bench: Bench) -> None:
    """A connection gives the place from which the next one goes on."""
    for payload in _exchanges(bench, "connect"):
        cursors: list[str] = []
        async with bench.account(payload=payload) as (account, _):
            feed = bench.adapter().connect(account, payload.raw.get("cursor"))
            try:
                async for batch in feed:
                    cursors += [batch.cursor] if batch.cursor is not None else []
            except AdapterError:
                pass
            finally:
                await feed.aclose()
        if "next" in payload.raw:
            require(cursors[-1:] == [payload.raw["next"]], f"{payload.name}: the cursor is not the recorded one")


async def connect_faults(bench: Bench) -> None:
    """However a connection ends, the error is one of the contract's."""
    await _faults(bench, "connect")


async def connect_cursors(bench: Bench) -> None:
    """A cursor that cannot be read is Malformed, or begins anew."""
    await _cursors(bench, "connect")


async def connect_closes(bench: Bench) -> None:
    """A connection that is closed is closed at once."""
    payload = _exchanges(bench, "connect")[0]
    async with bench.account(payload=payload) as (account, _):
        feed = bench.adapter().connect(account, payload.raw.get("cursor"))
        await anext(feed)
        try:
            async with asyncio.timeout(1):
                await feed.aclose()
        except TimeoutError:
            wrong("a connection that is closed does not end within a second")


async def _faults(bench: Bench, way: str) -> None:
    for what, answer in _FAULTS:
        async with bench.account([answer]) as (account, _):
            try:
                await heard(bench.adapter(), account, None, way)
            except AdapterError:
                continue
            except Exception as error:
                wrong(f"{what}: {type(error).__name__} escapes: raise an AdapterError")
            if "cut" in answer or answer["status"] >= 400:
                wrong(f"{what}: taken for nothing new")


async def _cursors(bench: Bench, way: str) -> None:
    payload = _exchanges(bench, way)[0]
    for cursor in _CURSORS:
        async with bench.account(payload=payload) as (account, _):
            try:
                await heard(bench.adapter(), account, cursor, way)
            except Malformed:
                continue
            except Exception as error:
                wrong(f"a cursor of garbage: {type(error).__name__} escapes: raise Malformed")


async def _throttled(bench: Bench, way: str) -> None:
    answer = {"status": 429, "headers": {"retry-after": "7"}, "json": {}}
    async with bench.account([answer]) as (account, _):
        try:
            await heard(bench.adapter(), account, None, way)
        except Throttled as error:
            require(error.retry_after == 7, "the seconds of Retry-After are lost")
            return
        except AdapterError as error:
            wrong(f"429 is {error.code}, not throttled")
    wrong("429 is taken for nothing new")
