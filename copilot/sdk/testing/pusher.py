"""Deliveries from an emulated platform: in order, again when they are not answered, and wrong when faults say so.

Times of the platforms' retry plans are compressed, because nobody waits twelve hours for a test.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from copilot.sdk.testing.faults import Faults
from copilot.sdk.testing.trust import trusted

_RETRIES: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
_PATIENCE: Final = 3.0


@dataclass(frozen=True)
class Push:
    """One signed delivery, ready to be posted; ``query`` and ``path`` are appended to the address."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    method: str = "POST"
    path: str = ""


@dataclass(frozen=True)
class Delivered:
    """What an attempt came to; ``status`` is None when nobody answered in time."""

    push: Push
    attempt: int
    status: int | None


class Pusher:
    """Posts deliveries to one address. ``log`` holds the last attempts, newest last."""

    def __init__(self, faults: Faults, retries: tuple[float, ...] = _RETRIES, patience: float = _PATIENCE) -> None:
        """``retries`` are the waits before each further attempt, ``patience`` how long an answer may take; seconds."""
        self.url: str | None = None
        self.log: deque[Delivered] = deque(maxlen=1000)
        self._faults = faults
        self._retries = retries
        self._patience = patience
        self._waiting: deque[Push] = deque()
        self._held: Push | None = None
        self._sending: asyncio.Task[None] | None = None
        self._later: set[asyncio.Task[None]] = set()
        self._client: httpx.AsyncClient | None = None

    def push(self, push: Push) -> None:
        """Send in the background; without an address the delivery is lost, as when nobody subscribed."""
        if self.url is None:
            return
        self._waiting.append(push)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._drain())

    async def settled(self) -> None:
        """Return when nothing is on its way, retries included; a delivery held back by ``reorder`` goes out now."""
        while self._tasks():
            await asyncio.wait(self._tasks())
        if self._held is not None:
            held, self._held = self._held, None
            await self._attempt(held, 1)
            await self.settled()

    async def aclose(self) -> None:
        """Stop; what is on its way is lost."""
        tasks = self._tasks()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _tasks(self) -> list[asyncio.Task[None]]:
        running = [self._sending] if self._sending is not None else []
        return [task for task in (*running, *self._later) if not task.done()]

    async def _drain(self) -> None:
        while self._waiting:
            await self._send(self._waiting.popleft())

    async def _send(self, push: Push) -> None:
        if self._faults.take("drop"):
            return
        if self._faults.take("delay"):
            self._start(self._after(self._faults.delay_seconds, push, 1))
            return
        if self._held is None and self._faults.take("reorder"):
            self._held = push
            return
        twice = self._faults.take("duplicate")
        await self._attempt(push, 1)
        if twice:
            await self._attempt(push, 1)
        if self._held is not None:
            held, self._held = self._held, None
            await self._attempt(held, 1)

    async def _attempt(self, push: Push, attempt: int) -> None:
        status = await self._post(push)
        self.log.append(Delivered(push, attempt, status))
        if (status is None or not 200 <= status < 300) and attempt <= len(self._retries):
            self._start(self._after(self._retries[attempt - 1], push, attempt + 1))

    async def _after(self, seconds: float, push: Push, attempt: int) -> None:
        await asyncio.sleep(seconds)
        await self._attempt(push, attempt)

    async def _post(self, push: Push) -> int | None:
        assert self.url is not None  # push() takes nothing without one
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._patience, trust_env=False, verify=trusted())
        headers = {"content-type": "application/json", **push.headers}
        try:
            answer = await self._client.request(
                push.method, self.url + push.path, content=push.body, headers=headers, params=push.query or None
            )
        except httpx.HTTPError:
            return None
        return answer.status_code

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)
