"""A shipped pack is compiled once a run: a tester that wants it meanwhile waits instead of compiling it as well."""

import fcntl
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

Make = Callable[[], dict[str, Any]]
Cached = Callable[[Path | None, str, Make], dict[str, Any]]


def wait_for_each_other(home: Path) -> None:
    """From now on this process compiles nothing into ``home`` that another tester is compiling."""
    from copilot.policy import opening, pack

    opening.cached = alone(opening.cached, home)
    pack.cached = alone(pack.cached, home)


def alone(cached: Cached, home: Path) -> Cached:
    """``cached``, by one process at a time for what is not in ``home`` yet; other folders are left as they are."""

    @functools.wraps(cached)
    def run(folder: Path | None, name: str, make: Make) -> dict[str, Any]:
        if folder != home or (home / f"{name}.json").exists():
            return cached(folder, name, make)
        locks = home / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        with (locks / name).open("wb") as lock:
            # Gone with the process that holds it, however that ends.
            fcntl.flock(lock, fcntl.LOCK_EX)
            return cached(folder, name, make)

    return run
