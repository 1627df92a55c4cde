"""Records looks and connections: the platform's answers as redacted payload files, each with what it becomes.

It asks as the core would, stores nothing and sends nothing. What a file becomes is told by the adapter itself, from the
redacted answers and at the time at which they came.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import httpx

from copilot.domain.clock import Clock, FrozenClock
from copilot.sdk.contract import Account, AdapterSettings
from copilot.sdk.errors import AdapterError, Malformed
from copilot.sdk.events import Event
from copilot.sdk.inbound import Batch
from copilot.sdk.testing.kit.bench import Calls
from copilot.sdk.testing.recording import slug
from copilot.sdk.testing.redaction import Redactor
from copilot.sdk.testing.tape import Answer, Tape

T = TypeVar("T")
Mode = Literal["poll", "connect"]
_WAIT: Final = 5.0
"""Seconds between looks where the adapter names none."""
_LOST: Final = "Recorded, but a word of the protocol was redacted: record again with --keep and the name of its field."
_PATIENCE: Final = httpx.Timeout(10.0, read=75.0)
"""As long as a connection may be silent."""


@dataclass
class Listener:
    """Asks for ``shop`` by ``adapter`` with ``settings``, and writes payload files into ``folder``.

    ``told`` hears of each file, or of answers that could not be recorded (None). What brings nothing is written once.
    """

    adapter: Any
    mode: Mode
    shop: str
    settings: AdapterSettings
    folder: Path
    clock: Clock
    told: Callable[[Path | None], None] = lambda _: None
    transport: httpx.AsyncBaseTransport | None = None
    redactor: Redactor = field(default_factory=Redactor)
    _number: int = 0
    _nothing: bool = False

    async def run(self, stopped: asyncio.Event) -> None:
        """Listen until ``stopped``.

        Raises:
            AdapterError: the platform could not be asked, or what it answered cannot be read, which is written too.
        """
        tape, cursor = Tape(self.transport), None
        async with (
            httpx.AsyncClient(transport=tape, timeout=_PATIENCE, trust_env=False) as http,
            aclosing(self._batches(Account(self.shop, self.settings, http, self.clock))) as batches,
        ):
            try:
                while (batch := await _unless(stopped, anext(batches, None))) is not None:
                    if batch.events or not self._nothing:
                        await self._write(tape.take(), cursor, read=True)
                    self._nothing = self._nothing or not batch.events
                    tape.take()
                    cursor = batch.cursor or cursor
            except Malformed:
                await self._write(tape.take(), cursor, read=False)
                raise

    async def _batches(self, account: Account) -> AsyncGenerator[Batch]:
        if self.mode == "connect":
            async with aclosing(self.adapter.connect(account, None)) as feed:
                async for batch in feed:
                    yield batch
            return
        cursor: str | None = None
        while True:
            batch: Batch = await self.adapter.poll(account, cursor)
            yield batch
            cursor = batch.cursor or cursor
            if not batch.more:
                await asyncio.sleep(_WAIT if batch.wait is None else batch.wait)

    async def _write(self, answers: Sequence[Answer], cursor: str | None, *, read: bool) -> None:
        at = self.clock.now()
        if not answers:
            return
        try:
            told = [_answer(one, self.redactor) for one in answers]
        except ValueError:
            self.told(None)
            return
        place = None if cursor is None else self.redactor.place(cursor)
        becomes, following = await self._becomes(told, place, at)
        lost = read and becomes == "malformed"
        raw: dict[str, Any] = {
            "why": _LOST if lost else "Recorded; say what it is an example of.",
            "mode": self.mode,
            "at": at.isoformat(),
            "cursor": place,
            "answers": told,
            "becomes": becomes,
        }
        if following is not None:
            raw["next"] = following
        self._number += 1
        file = self.folder / f"recorded_{self.mode}_{slug(becomes)}_{self._number:03}.json"
        file.write_text(json.dumps(raw, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.told(file)

    async def _becomes(self, answers: list[dict[str, Any]], cursor: str | None, at: datetime) -> tuple[Any, str | None]:
        """What the adapter makes of it now, and the place behind it; whoever reads the file judges it."""
        events: list[Event] = []
        following: str | None = None
        async with httpx.AsyncClient(transport=httpx.MockTransport(Calls([*answers])), trust_env=False) as http:
            account = Account(self.redactor.text(self.shop), self.settings, http, FrozenClock(at))
            try:
                async with aclosing(self._once(account, cursor)) as batches:
                    async for batch in batches:
                        events += batch.events
                        following = batch.cursor or following
            except Malformed:
                return "malformed", None
            except AdapterError:
                # The recorded answers are over: that is how a recorded connection ends.
                pass
        return [event.model_dump(mode="json", exclude_none=True) for event in events], following

    async def _once(self, account: Account, cursor: str | None) -> AsyncGenerator[Batch]:
        if self.mode == "poll":
            yield await self.adapter.poll(account, cursor)
            return
        async with aclosing(self.adapter.connect(account, cursor)) as feed:
            async for batch in feed:
                yield batch


def _answer(answer: Answer, redactor: Redactor) -> dict[str, Any]:
    """An answer as a payload has it.

    Raises:
        ValueError: its body is no text.
    """
    told: dict[str, Any] = {} if answer.status == 200 else {"status": answer.status}
    if answer.headers:
        told["headers"] = dict(answer.headers)
    body = redactor.lines(bytes(answer.body))
    try:
        return {**told, "json": json.loads(body)}
    except ValueError:
        return {**told, "body": body}


async def _unless(stopped: asyncio.Event, awaited: Awaitable[T]) -> T | None:
    """What is awaited, or None when it is stopped before; nothing of it is left running."""
    task, stop = asyncio.ensure_future(awaited), asyncio.ensure_future(stopped.wait())
    try:
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        stop.cancel()
        task.cancel()
        await asyncio.wait((task,))
