"""Times calls and processes and sums them up. It asserts nothing: a busy machine must not fail a build."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: seconds, and how many samples they come from; ``p99`` is None for a few processes.

    ``most`` is how long p99 may be, where the row judges itself.
    """

    what: str
    p50: float
    p99: float | None
    samples: int
    target: str = ""
    most: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether p99 is within its target; None: nothing judges it."""
        if self.most is None:
            return None
        return self.p99 is not None and self.p99 <= self.most


def calls(what: str, run: Sequence[Callable[[], object]], *, rounds: int, target: str = "") -> Row:
    """Time each of ``run`` ``rounds`` times, after one round that does not count."""
    for call in run:
        call()
    times: list[float] = []
    for _ in range(rounds):
        for call in run:
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
    return summed(what, times, target)


def summed(what: str, times: list[float], target: str = "", most: float | None = None) -> Row:
    """The row for ``times`` in seconds; a target for p95 is told beside what p95 is. ``most`` judges p99."""
    cuts = quantiles(times, n=100, method="inclusive")
    told = f"{target}; p95 here {cuts[94] * 1000:.0f} ms" if "p95" in target else target
    return Row(what, cuts[49], cuts[98], len(times), told, most)


def process(what: str, *arguments: str, stdin: str = "", times: int = 5, target: str = "") -> Row:
    """Time ``reply-copilot ARGUMENTS`` as a process, after one run that does not count."""
    command = [sys.executable, "-m", "copilot.cli.main", *arguments]
    taken: list[float] = []
    for _ in range(times + 1):
        start = time.perf_counter()
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, env=dict(os.environ))
        taken.append(time.perf_counter() - start)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} exited with {done.returncode}: {done.stderr.strip()[-300:]}")
    return Row(what, sorted(taken[1:])[times // 2], None, times, target)


def machine() -> float:
    """Seconds that this machine takes for a fixed piece of pure Python, to compare runs of different machines."""
    start = time.perf_counter()
    sum(index * index % 7 for index in range(2_000_000))
    return time.perf_counter() - start


def told(seconds: float | None) -> str:
    """``seconds`` in the unit that people read easily."""
    if seconds is None:
        return "–"
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds * 1e6:.0f} µs"
