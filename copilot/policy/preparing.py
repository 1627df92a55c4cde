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
from copilot.policy.compile import digest_key
from copilot.policy.document import Document
from copilot.policy.load import choose_pack, open_folders
from copilot.policy.model import PackFile
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


@dataclass
class Marks:
    """What tells one thing wanted from another; files that several are made of are read once."""

    _read: dict[tuple[Path, ...], tuple[str, list[tuple[PackFile, Document]]]] = field(
        default_factory=dict[tuple[Path, ...], tuple[str, list[tuple[PackFile, Document]]]]
    )

    def of(self, wanted: Wanted) -> str:
        """Changes with any policy file that the pack is made of, with the engine, and with what is wanted.

        Raises:
            BadConfiguration: there is no such pack, or a file cannot be read.
        """
        if (read := self._read.get(wanted.folders)) is None:
            opened = open_folders(wanted.folders)
            read = self._read[wanted.folders] = (opened.digest(), opened.packs())
        digest, packs = read
        chosen, _ = choose_pack(packs, wanted.name, wanted.day)
        limits = json.dumps(dict(wanted.values), sort_keys=True)
        return chr(0).join((digest_key(digest, chosen.edition), limits, str(wanted.searched)))


def missing(wanted: Mapping[str, Wanted], cache_dir: Path) -> list[Wanted]:
    """Which of ``wanted``, by their marks, were not compiled before as their files are now."""
    return [one for mark, one in wanted.items() if not _done(mark, cache_dir).exists()]


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
    cache_dir, marks = Path(given["cache"]), Marks()
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
        return all([_is_compiled(one, marks, cache_dir) for one in wanted])


def _is_compiled(wanted: Wanted, marks: Marks, cache_dir: Path) -> bool:
    """Compile it unless another process did meanwhile. One by one: who is ended halfway leaves what it has done."""
    try:
        done = _done(marks.of(wanted), cache_dir)
        if not done.exists():
            wanted.compile(cache_dir)
            done.touch()
    except BadConfiguration:
        return False
    return True


def _done(mark: str, cache_dir: Path) -> Path:
    """The empty file that says so."""
    return cache_dir / f"prepared-{hashlib.sha256(mark.encode()).hexdigest()[:32]}"


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
