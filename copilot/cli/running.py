"""How a process that runs for long runs: on which event loop, and how often it looks for garbage.

Commands that answer once use ``asyncio.run``: they would be done before any of this pays.
"""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any

_YOUNG = 50_000
"""So many new objects between two looks for cycles. At Python's own 700 a draft pays for dozens of looks, which find
nothing, because almost everything goes with its last reference."""


def run_for_long(main: Coroutine[Any, Any, None]) -> None:
    """Run ``main`` to its end on the quickest loop there is here; KeyboardInterrupt and errors as ``asyncio.run``."""
    gc.set_threshold(_YOUNG, 10, 10)
    with asyncio.Runner(loop_factory=_quickest()) as runner:
        runner.run(main)


def _quickest() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not on every system: the standard loop does the same
        return None
    return uvloop.new_event_loop
