"""Spreads jobs over processes; results come back in the order of the jobs, for any number of processes."""

import gc
import multiprocessing
import signal
import sys
import threading
import warnings
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
    jobs: Iterable[Job],
    work: Callable[[Job], Result],
    workers: int,
    begin: Callable[..., None],
    given: tuple[Any, ...],
) -> Generator[tuple[Job, Result]]:
    """Each job with what ``work`` made of it in one of ``workers`` processes, which begin with ``begin(*given)``.

    ``BadConfiguration`` when one of them is killed.
    """
    with _pool(workers, begin, given, inherit=False) as pool:
        waiting: deque[tuple[Job, Future[Result]]] = deque()
        for job in jobs:
            waiting.append((job, _submitted(pool, work, job)))
            if len(waiting) >= workers + _AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()


def share(
    jobs: Iterable[Job],
    work: Callable[[Job], Result],
    others: int,
    begin: Callable[..., None],
    given: tuple[Any, ...],
) -> Generator[tuple[Job, Result]]:
    """As ``spread``, in this process and in ``others`` besides: whatever those cannot take at once is done here.

    The others are copies of this one, sharing what it has in memory, where that is safe. Each process gets its jobs in
    their order.
    """
    with _pool(others, begin, given, inherit=True) as pool:
        waiting: deque[tuple[Job, Future[Result]]] = deque()
        for job in jobs:
            busy = sum(not future.done() for _, future in waiting)
            # One more than they work on, so that they need not wait for this process to be done with its own.
            waiting.append((job, _submitted(pool, work, job) if busy <= others else _done(work, job)))
            while waiting and (waiting[0][1].done() or len(waiting) > others + _AHEAD):
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()


def _submitted(pool: ProcessPoolExecutor, work: Callable[[Job], Result], job: Job) -> Future[Result]:
    with _unheard():
        return pool.submit(work, job)


def _done(work: Callable[[Job], Result], job: Job) -> Future[Result]:
    future: Future[Result] = Future()
    future.set_result(work(job))
    return future


@contextmanager
def _pool(
    workers: int, begin: Callable[..., None], given: tuple[Any, ...], *, inherit: bool
) -> Generator[ProcessPoolExecutor]:
    start = "fork" if inherit and can_inherit() else "spawn"
    if start == "fork":
        # What is collected is written to, and what is written to is shared no more.
        gc.freeze()
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context(start), begin, given)
    try:
        yield pool
    except BrokenProcessPool:
        raise BadConfiguration(
            "a process of the replay was ended from outside, perhaps for want of memory",
            remedy="go on with --resume and fewer --workers",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
        if start == "fork":
            gc.unfreeze()


def can_inherit() -> bool:
    """Whether a copy of this process works: not beside other threads, and not with the libraries of other systems."""
    return sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def _unheard() -> Generator[None]:
    """Ctrl-C reaches the whole group of processes; those started in here never hear it, the parent decides."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with warnings.catch_warnings():
            # Python counts the threads of numerical libraries too, which are made for being copied.
            warnings.filterwarnings("ignore", ".*fork.*", DeprecationWarning)
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
