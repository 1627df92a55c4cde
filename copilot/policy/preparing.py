"""Packs compiled ahead, by a process of their own, into the cache that others read them from.

Compiling takes seconds of a processor, and a process that does it beside its requests answers those late: Python runs
one thread at a time. ``python -m copilot.policy.preparing`` reads what is wanted from standard input. What it cannot
compile it leaves alone: whoever loads it then is told why.
"""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from copilot.domain.errors import BadConfiguration
from copilot.policy.compile import cache_key
from copilot.policy.load import choose_pack, open_folders
from copilot.policy.opening import load_pack

_NICENESS: Final = 5
"""How far it stands back behind those who answer somebody."""


@dataclass(frozen=True)
class Wanted:
    """A pack over its folders on a day; ``searched`` also makes what speeds up checks, ``values`` as ``load_pack``."""

    name: str
    folders: tuple[Path, ...]
    day: date
    values: Mapping[str, int] = field(default_factory=dict[str, int])
    searched: bool = False

    def compile(self, cache_dir: Path) -> None:
        """Bring it into the cache.

        Raises:
            BadConfiguration: a file cannot be used.
        """
        pack = load_pack(self.name, self.folders, self.day, cache_dir, self.values)
        if self.searched:
            pack.prepare()

    def mark(self) -> str:
        """Changes with any policy file that the pack is made of, with the engine, and with what is wanted.

        Raises:
            BadConfiguration: there is no such pack, or a file cannot be read.
        """
        opened = open_folders(self.folders)
        chosen, _ = choose_pack(opened.packs(), self.name, self.day)
        limits = json.dumps(dict(self.values), sort_keys=True)
        return chr(0).join((cache_key(opened, chosen.edition), limits, str(self.searched)))


def is_prepared(wanted: Sequence[Wanted], cache_dir: Path) -> bool:
    """Whether all of it was compiled before, as the files are now.

    Raises:
        BadConfiguration: a file cannot be used.
    """
    return _mark(wanted, cache_dir).exists()


def written(wanted: Sequence[Wanted], cache_dir: Path) -> bytes:
    """What the process that compiles is told."""
    rows = [
        {
            "name": one.name,
            "folders": [str(folder) for folder in one.folders],
            "day": one.day.isoformat(),
            "values": dict(one.values),
            "searched": one.searched,
        }
        for one in wanted
    ]
    return json.dumps({"cache": str(cache_dir), "wanted": rows}).encode()


def prepare(told: bytes) -> bool:
    """Compile what ``written`` says; whether all of it could be."""
    given: dict[str, Any] = json.loads(told)
    cache_dir = Path(given["cache"])
    wanted = [
        Wanted(
            row["name"],
            tuple(Path(folder) for folder in row["folders"]),
            date.fromisoformat(row["day"]),
            row["values"],
            row["searched"],
        )
        for row in given["wanted"]
    ]
    with _alone(cache_dir):
        # One merchant's broken file keeps nobody else's pack from being compiled.
        done = [_is_compiled(one, cache_dir) for one in wanted]
        if all(done):
            _mark(wanted, cache_dir).touch()
    return all(done)


def _is_compiled(wanted: Wanted, cache_dir: Path) -> bool:
    try:
        wanted.compile(cache_dir)
    except BadConfiguration:
        return False
    return True


def _mark(wanted: Sequence[Wanted], cache_dir: Path) -> Path:
    """The empty file that says so."""
    marks = "\n".join(sorted({one.mark() for one in wanted}))
    return cache_dir / f"prepared-{hashlib.sha256(marks.encode()).hexdigest()[:32]}"


@contextlib.contextmanager
def _alone(cache_dir: Path) -> Generator[None]:
    """Only one at a time below the folder: a server and its worker begin together and want the same."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    with (cache_dir / "preparing.lock").open("wb") as lock:
        try:
            import fcntl
        except ImportError:  # where files cannot be locked like this, both compile
            yield
            return
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    with contextlib.suppress(AttributeError, OSError):  # not every system knows it
        os.nice(_NICENESS)
    sys.exit(0 if prepare(sys.stdin.buffer.read()) else 1)
