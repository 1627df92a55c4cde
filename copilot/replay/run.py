"""A whole replay: archives in, the files of a folder out. Interrupted, it leaves a report that says so."""

import hashlib
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from copilot import __version__
from copilot.domain.errors import BadInput
from copilot.replay import cutting, parquet, table
from copilot.replay.archives import Archive, Kind, Nothing
from copilot.replay.cutting import pieces
from copilot.replay.folder import FORMAT, Folder, read_state
from copilot.replay.options import Options
from copilot.replay.outcome import Outcome
from copilot.replay.parquet import need_parquet
from copilot.replay.pieces import Piece
from copilot.replay.spreading import share
from copilot.replay.totals import Changes, Totals
from copilot.replay.worker import Worker, lend, open_worker, work

_SAVE_EVERY = 5.0
"""Seconds between two states: what a killed run has to do again."""
_SMALL = 1024 * 1024
"""Bytes of archives below which more processes cost more than they bring."""

Progress = Callable[[int, int], None]
"""Told after each piece: bytes read of all archives, messages seen."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to replay: ``archives``, what was ``empty`` instead of one, into the folder ``out``."""

    archives: list[Archive]
    empty: list[Nothing]
    out: Path
    workers: int = 1
    resume: bool = False
    fail_on: str | None = None


def run(job: Job, options: Options, progress: Progress | None = None) -> Totals:
    """Judge everything and write findings, changes and rejects; the caller writes totals and reports.

    Ctrl-C ends the run: its totals are ``partial`` and hold the pieces that were done, all before any that was not.

    Raises:
        BadConfiguration: an unknown pack, a missing package, a worker that was killed.
        PolicyFileError: a broken rule file, before anything is written.
        BadInput: a run that cannot be resumed.
    """
    if any(archive.kind is Kind.PARQUET for archive in job.archives):
        need_parquet()
    worker = Worker(options, job.archives)
    with Folder(job.out, compared=options.against is not None) as folder:
        return _Run(job, options, worker, folder).go(progress)


class _Run:
    """A run under way: how many pieces are done, and what they added up to."""

    def __init__(self, job: Job, options: Options, worker: Worker, folder: Folder) -> None:
        self._job, self._options, self._worker, self._folder = job, options, worker, folder
        self._key = _key(job, options, worker)
        self._done = 0
        self._edge = (-1, -1)
        self.totals = Totals()
        self._before = [0]
        for archive in job.archives:
            self._before.append(self._before[-1] + archive.size)

    def go(self, progress: Progress | None) -> Totals:
        state = self._state()
        if state is None:
            self._folder.begin()
            self._begin()
        else:
            self._folder.go_on(state)
            self.totals = Totals.from_json(state["totals"])
            self._done, self._edge = state["done"], (state["edge"][0], state["edge"][1])
        self.totals.run = self._told()
        saved = time.monotonic()
        outcomes = self._outcomes()
        try:
            for piece, outcome in outcomes:
                self._add(piece, outcome)
                if progress is not None:
                    seen = sum(self.totals.messages.values())
                    progress(self._before[piece.archive] + piece.done, seen)
                if time.monotonic() - saved >= _SAVE_EVERY:
                    self._save()
                    saved = time.monotonic()
        except KeyboardInterrupt:
            self.totals.run["partial"] = True
            self._save()
        else:
            (self._job.out / "replay.state").unlink(missing_ok=True)
        finally:
            outcomes.close()
        return self.totals

    def _begin(self) -> None:
        for archive in self._job.archives:
            self.totals.archives[archive.name] = {"conversations": 0, "messages": 0, "rejected": 0}
        if self._options.against is not None:
            self.totals.changes = Changes()
        shard = self._options.shard
        # What holds no archive belongs to no part of the whole; the first one tells it.
        for nothing in self._job.empty if shard is None or shard[0] == 1 else ():
            self.totals.merge(self._folder.tell_nothing(nothing.name, nothing.why))

    def _outcomes(self) -> Generator[tuple[Piece, Outcome]]:
        left = islice(self._pieces(), self._done, None)
        workers = self._job.workers
        if workers <= 1 or self._before[-1] < _SMALL:
            return ((piece, self._worker.work(piece)) for piece in left)
        return self._shared(left, workers)

    def _shared(self, left: Iterator[Piece], workers: int) -> Generator[tuple[Piece, Outcome]]:
        if lend(self._worker):
            # What judging makes or loads as it goes, such as the states of expressions, is shared when it is there.
            for piece in islice(left, 1):
                yield piece, self._worker.work(piece)
        yield from share(left, work, workers - 1, open_worker, (self._options, self._job.archives))

    def _pieces(self) -> Iterator[Piece]:
        for number, archive in enumerate(self._job.archives):
            yield from pieces(number, archive, self._options.mapping)

    def _add(self, piece: Piece, outcome: Outcome) -> None:
        self._folder.write(outcome)
        self.totals.merge(outcome.totals)
        if outcome.edges is not None:
            first, mine, last = outcome.edges
            if mine and (piece.archive, first) != self._edge:
                self.totals.archives[self._job.archives[piece.archive].name]["conversations"] += 1
            self._edge = (piece.archive, last)
        self._done += 1

    def _told(self) -> dict[str, Any]:
        shard = self._options.shard
        return {
            **self._options.told(),
            "fail_on": self._job.fail_on,
            "partial": False,
            "shard": list(shard) if shard is not None else None,
            "rules": self._worker.rules,
        }

    def _save(self) -> None:
        self._folder.save_state(
            {"key": self._key, "done": self._done, "edge": list(self._edge), "totals": self.totals.as_json()}
        )

    def _state(self) -> dict[str, Any] | None:
        if not self._job.resume:
            return None
        state = read_state(self._job.out)
        if state is not None and state["key"] != self._key:
            raise BadInput(
                f"{self._job.out}: archives, rules or options have changed since the run was interrupted",
                remedy="run without --resume",
            )
        return state


def _key(job: Job, options: Options, worker: Worker) -> str:
    """What must be the same for an interrupted run to go on."""
    mapping = options.mapping.model_dump(mode="json")
    # Another version may cut archives elsewhere, and the state counts pieces.
    version = [FORMAT, __version__, cutting.BLOCK, table.ROWS, parquet.ROWS]
    parts = [version, [archive.identity for archive in job.archives], options.told(), options.shard, mapping]
    return hashlib.sha256(orjson.dumps([*parts, worker.hashes])).hexdigest()
