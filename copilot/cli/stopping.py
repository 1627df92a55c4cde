"""How a running process is told to stop: once to finish what it does, twice to leave at once."""

import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopping:
    """``asked`` is set by the first request to stop, ``forced`` by the second."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.asked = asyncio.Event()
        self.forced = asyncio.Event()

    def ask(self) -> None:
        """Ask to stop; asking again forces it."""
        (self.forced if self.asked.is_set() else self.asked).set()


@contextmanager
def on_signals() -> Generator[Stopping]:
    """SIGTERM and Ctrl-C ask to stop for the block; afterwards they do what they did before."""
    loop, stopping = asyncio.get_running_loop(), Stopping()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stopping.ask)
    try:
        yield stopping
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
