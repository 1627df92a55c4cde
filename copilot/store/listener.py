"""One listening connection for a process: it wakes readers up and carries nothing they rely on."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import psycopg

from copilot.domain.errors import DatabaseUnavailable
from copilot.logs import get_logger
from copilot.store.connect import connected
from copilot.store.ending import end
from copilot.store.url import DatabaseUrl

CHANNEL = "copilot_events"
POLL_SECONDS = 2.0
"""How long a reader waits at most: a lost wake-up, or a slow transaction, costs no more than this."""

_WORDS = 2

_log = get_logger(__name__)


class Listener:
    """Counts wake-ups; ``wait`` returns when the count has moved or two seconds are over."""

    def __init__(self) -> None:
        """Use ``listening``; alone it only polls."""
        self.count = 0
        self._moved = asyncio.Event()
        self._about: WeakValueDictionary[str, Listener] = WeakValueDictionary()

    def about(self, word: str) -> "Listener":
        """One that is woken only by what concerns ``word``, a merchant's id or a topic; keep it as long as you wait."""
        return self._about.setdefault(word, Listener())

    def _wake(self) -> None:
        self.count += 1
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def _told(self, words: str) -> None:
        """Wake whom a notice concerns: "merchant topic"; one that names no topic may concern everybody."""
        named = words.split(" ")
        for listener in self._everybody() if len(named) < _WORDS else filter(None, map(self._about.get, named)):
            listener._wake()
        self._wake()

    def _everybody(self) -> list["Listener"]:
        return list(self._about.values())

    async def wait(self, seen: int, timeout: float = POLL_SECONDS) -> None:  # noqa: ASYNC109 - it is a poll's length
        """Wait for a wake-up after count ``seen``, at most ``timeout`` seconds."""
        if self.count == seen:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), timeout)

    async def run(self, url: DatabaseUrl) -> None:
        """Listen until cancelled; a lost connection is made anew while readers poll."""
        while True:
            try:
                async with connected(url) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    # Something may have happened while nobody listened.
                    self._told("")
                    async for notice in connection.notifies():
                        self._told(notice.payload)
            except (psycopg.Error, DatabaseUnavailable) as error:
                _log.warning("events.listener_lost", error=error)
            await asyncio.sleep(POLL_SECONDS)


@asynccontextmanager
async def listening(url: DatabaseUrl) -> AsyncGenerator[Listener]:
    """A listener with its connection; use ``store.listen_url``, because a pooler does not pass notifications on."""
    listener = Listener()
    task = asyncio.create_task(listener.run(url), name="events listener")
    try:
        yield listener
    finally:
        await end(task)
