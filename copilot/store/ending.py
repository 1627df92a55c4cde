"""Ends a task of our own: asks again when the first request to stop was lost.

A cancellation that meets a library just as its wait ends can be taken for the end of that wait; a loop then goes on,
and whoever waits for its end waits for ever.
"""

import asyncio
from typing import Final

from copilot.logs import get_logger

_AGAIN: Final = 1.0
"""Seconds until a task that goes on is asked to stop once more."""
_MOST: Final = 20

log = get_logger(__name__)


async def end(task: asyncio.Task[None], again: float = _AGAIN) -> None:
    """Stop ``task`` and wait until it has ended; how it ended is its own matter."""
    for _ in range(_MOST):
        task.cancel()
        await asyncio.wait({task}, timeout=again)
        if task.done():
            if not task.cancelled() and (error := task.exception()) is not None:
                log.warning("task.ended_badly", task=task.get_name(), error=error)
            return
    log.error("task.goes_on", task=task.get_name())
