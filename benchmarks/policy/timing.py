"""Times a way to look at messages. Runs in the peers' environment too: it imports nothing but the standard library."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

Look = Callable[[Sequence[str]], object]
ROUNDS = 5
SECONDS = 1.5
"""How long a round may take: who is slow gets fewer messages, never fewer than ``FEWEST``."""
FEWEST = 24
FIRST = 1000
"""So many messages are looked at to tell what is found."""


def pin() -> None:
    """Keep this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def read(folder: Path, size: int) -> tuple[list[str], list[str]]:
    """The messages that all engines get, and the first ``size`` terms."""
    messages, terms = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("messages", "terms"))
    return messages, terms[:size]


def write(folder: Path, messages: Sequence[str], terms: Sequence[str]) -> None:
    """Leave messages and terms for ``read``."""
    for name, texts in (("messages", messages), ("terms", terms)):
        (folder / f"{name}.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")


def rate(look: Look, messages: Sequence[str], *, rounds: int, seconds: float) -> dict[str, float]:
    """{"per_second", "slowest", "fastest", "messages"}: the median of ``rounds`` over as many messages as fit."""
    some = messages[: _fitting(look, messages, seconds)]
    times = [_timed(look, some) for _ in range(rounds)]
    return {
        "per_second": len(some) / median(times),
        "slowest": len(some) / max(times),
        "fastest": len(some) / min(times),
        "messages": len(some),
    }


def _fitting(look: Look, messages: Sequence[str], seconds: float) -> int:
    """How many messages take about ``seconds``, found by looking at more and more."""
    size = fewest = min(FEWEST, len(messages))
    # The first look of all sets things up.
    look(messages[:size])
    while True:
        taken = _timed(look, messages[:size])
        if taken > seconds / 2:
            # Some of it may have been setting up what these messages were the first to need.
            taken = min(taken, _timed(look, messages[:size]))
        if size == len(messages) or taken > seconds / 2:
            return min(len(messages), max(fewest, int(size * seconds / taken)))
        size = min(len(messages), size * 4)


def _timed(look: Look, messages: Sequence[str]) -> float:
    start = time.perf_counter()
    look(messages)
    return time.perf_counter() - start


def memory() -> float | None:
    """The most memory this process has had so far, in MB; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


def say(figures: object) -> None:
    """Print ``figures`` as the one line that the caller reads."""
    print(json.dumps(figures), flush=True)
