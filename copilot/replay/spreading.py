"""Spreads pieces over processes; outcomes come back in the order of the pieces, for any number of processes."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from copilot.domain.errors import BadConfiguration
from copilot.replay.archives import Archive
from copilot.replay.options import Options
from copilot.replay.outcome import Outcome
from copilot.replay.pieces import Piece
from copilot.replay.worker import Worker

_AHEAD = 3
"""Pieces that may wait for a process: enough to keep it busy, few enough to keep memory flat."""

Done = tuple[Piece, Outcome]


def alone(pieces: Iterable[Piece], worker: Worker) -> Generator[Done]:
    """Outcomes made in this process."""
    for piece in pieces:
        yield piece, worker.work(piece)


def spread(pieces: Iterable[Piece], options: Options, archives: list[Archive], workers: int) -> Generator[Done]:
    """Outcomes made by ``workers`` processes; ``BadConfiguration`` when one of them is killed."""
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _open, (options, archives))
    waiting: deque[tuple[Piece, Future[Outcome]]] = deque()
    try:
        for piece in pieces:
            with _unheard():
                waiting.append((piece, pool.submit(_work, piece)))
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


_opened: list[Worker] = []
"""The worker of a process; it lives as long as the process."""


def _open(options: Options, archives: list[Archive]) -> None:
    _opened.append(Worker(options, archives))


def _work(piece: Piece) -> Outcome:
    return _opened[0].work(piece)
