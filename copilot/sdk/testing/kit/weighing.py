"""What a call holds in memory while it runs: how a check tells that something was refused before it was read.

Counted by the interpreter, so that it is the same on a busy machine.
"""

import tracemalloc
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def held(call: Callable[[], T]) -> tuple[int, T]:
    """The most bytes that ``call`` held at once, beyond what there was before, and what it returned."""
    was_on = tracemalloc.is_tracing()
    if not was_on:
        tracemalloc.start(1)
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        given = call()
        return tracemalloc.get_traced_memory()[1] - before, given
    finally:
        if not was_on:
            tracemalloc.stop()
