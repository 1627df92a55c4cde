"""A shipped pack is compiled once a run: a tester that wants it meanwhile waits instead of compiling it as well."""

import fcntl
import functools
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
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


def read_shipped() -> list[object]:
    """The shipped policy files as they are read; whoever holds them spares everybody else the reading."""
    from copilot.assets import policy_folders
    from copilot.files import load_documents
    from copilot.policy.document import read_document

    held: list[object] = []
    for folder in policy_folders():
        held += [read_document(path) for kind in ("rules", "packs", "fold") for path in (folder / kind).rglob("*.yaml")]
        held += [
            load_documents(path)
            for kind in ("playbooks", "profiles", "terms", "voice", "calendars")
            for path in (folder / kind).rglob("*.yaml")
        ]
    return held


@contextmanager
def compiling_aside(home: Path) -> Iterator[None]:
    """Meanwhile a process compiles all shipped packs into ``home``, as a server's own would.

    That one is ended with its server, which most tests need for less time than a pack takes.
    """
    from copilot.assets import policy_folders, prompt_folders
    from copilot.flow.shops import Shops
    from copilot.model.prompts import Prompts
    from copilot.policy import pack_names, preparing

    shops = Shops(policy_folders(), Prompts(prompt_folders()))
    wanted: list[preparing.Wanted] = []
    for name in pack_names(shops.folders):
        platform, _, market = name.partition(".")
        one = shops.wanted_of_platform(platform, market, datetime.now(UTC), pack=name)
        wanted += [one, replace(one, searched=True)]
    with subprocess.Popen([sys.executable, "-P", "-m", preparing.__name__], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(preparing.written(wanted, home))
        process.stdin.close()
        try:
            yield
        finally:
            process.kill()
