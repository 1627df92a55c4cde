"""The folder a replay writes into: its files, and the state from which an interrupted run goes on."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

import orjson

from copilot.domain.errors import BadInput
from copilot.replay.outcome import Outcome
from copilot.replay.totals import Totals

FINDINGS, CHANGES, REJECTED = "findings.jsonl", "diff.jsonl", "rejected.jsonl"
TOTALS, REPORT, JUNIT = "totals.json", "report.html", "junit.xml"
STATE = "replay.state"
FORMAT = 1


class Folder:
    """Writes outcomes as they come; use as a context manager."""

    def __init__(self, path: Path, *, compared: bool) -> None:
        """``compared``: whether there is a second version, whose differences get a file of their own."""
        self.path = path
        self._names = (FINDINGS, REJECTED, CHANGES) if compared else (FINDINGS, REJECTED)
        self._files: dict[str, BinaryIO] = {}

    def begin(self) -> None:
        """Start from nothing: earlier outputs are removed, so that none of them is taken for this run's."""
        self.path.mkdir(parents=True, exist_ok=True)
        for name in (FINDINGS, CHANGES, REJECTED, TOTALS, REPORT, JUNIT, STATE):
            (self.path / name).unlink(missing_ok=True)
        for name in self._names:
            self._files[name] = (self.path / name).open("wb")

    def go_on(self, state: Mapping[str, Any]) -> None:
        """Go on where ``state`` stands: what was written after it is cut off; ``BadInput`` when files are missing."""
        for name in self._names:
            path = self.path / name
            size = cast(int, state["sizes"].get(name, -1))
            if not path.is_file() or not 0 <= size <= path.stat().st_size:
                raise BadInput(f"{path}: is not as the interrupted run left it", remedy="run without --resume")
            file = path.open("r+b")
            file.truncate(size)
            file.seek(size)
            self._files[name] = file

    def write(self, outcome: Outcome) -> None:
        """Append the lines of ``outcome``."""
        self._files[FINDINGS].write(outcome.findings)
        self._files[REJECTED].write(outcome.rejected)
        if CHANGES in self._files:
            self._files[CHANGES].write(outcome.changes)

    def tell_nothing(self, name: str, why: str) -> Totals:
        """List the folder ``name``, which holds no archive, among the rejects; returns what to count."""
        row = {"file": name, "line": 0, "index": None, "kind": "nothing", "why": why}
        self._files[REJECTED].write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        return Totals(rejected={"nothing": 1})

    def save_state(self, state: Mapping[str, Any]) -> None:
        """Keep ``state`` together with how long the files are now."""
        sizes: dict[str, int] = {}
        for name, file in self._files.items():
            file.flush()
            sizes[name] = file.tell()
        whole = {"format": FORMAT, "sizes": sizes, **state}
        _replace(self.path / STATE, orjson.dumps(whole))

    def __enter__(self) -> Self:
        """Nothing happens yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()


def read_state(path: Path) -> dict[str, Any] | None:
    """The state in the folder ``path``; null when there is none that can be used."""
    try:
        value: Any = orjson.loads((path / STATE).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(value, dict):
        return None
    state = cast("dict[str, Any]", value)
    return state if state.get("format") == FORMAT else None


def write_totals(path: Path, totals: Totals) -> None:
    """Write ``totals.json`` into the folder ``path``."""
    data = orjson.dumps(totals.as_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
    _replace(path / TOTALS, data)


def write_reports(path: Path, totals: Totals, language: str, fail_on: str | None, workers: int = 1) -> None:
    """Write ``report.html`` and ``junit.xml`` into the folder ``path``; ``workers`` as ``render`` takes them."""
    from copilot.replay.report import junit, render

    _replace(path / REPORT, render(totals, language, workers).encode())
    _replace(path / JUNIT, junit(totals, fail_on).encode())


def read_totals(path: Path) -> Totals:
    """The totals in the folder ``path``; ``BadInput`` when it holds none."""
    file = path / TOTALS
    try:
        return Totals.from_json(orjson.loads(file.read_bytes()))
    except OSError:
        raise BadInput(f"{file}: is not there", remedy="name folders that replay wrote") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{file}: holds no totals of this version", remedy="replay again") from None


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    os.replace(new, path)
