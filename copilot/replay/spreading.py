"""Spreads jobs over processes; results come back in the order of the jobs, for any number of processes."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from copilot.domain.errors import BadConfiguration

Job = TypeVar("Job")
Result = TypeVar("Result")

_AHEAD = 3
"""Jobs that may wait for a process: enough to keep it busy, few enough to keep memory flat."""


def spread(
    jobs: Iterable[Job], work: Callable[[Job], Result], workers: int, begin: Callable[..., None], given: tuple[Any, ...]
) -> Generator[tuple[Job, Result]]:
    """Each job with what ``work`` made of it in one of ``workers`` processes, which begin with ``begin(*given)``.

    ``BadConfiguration`` when one of them is killed.
    """
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), begin, given)
    waiting: deque[tuple[Job, Future[Result]]] = deque()
    try:
        for job in jobs:
            with _unheard():
                waiting.append((job, pool.submit(work, job)))
            if len(waiting) >= workers + _AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    except BrokenProcessPool:
        raise BadConfiguration(
            "a process of the replay was ended from outside, perhaps for want of memory",
            remedy="go on with --resume and fewer --workers",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _unheard() -> Generator[None]:
    """Ctrl-C reaches the whole group of processes; those started in here never hear it, the parent decides."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
