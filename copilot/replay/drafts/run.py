"""Runs a flow replay: conversations in, ``drafts.jsonl``, ``offers.jsonl`` and the sums out, over several processes.

Batches come back in the order they were given, so the files are the same for any number of processes.
"""

import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from copilot import logs
from copilot.model.completion import Completer
from copilot.replay.drafts.state import DraftState, key_of
from copilot.replay.drafts.totals import DRAFTS, OFFERS, STATE, DraftTotals, forget, merged
from copilot.replay.drafts.work import Batch, Drafting, DraftSettings, Found
from copilot.replay.spreading import spread

BATCH = 32
"""Conversations of a batch: about a second of work."""
_SAVE_EVERY = 10.0
"""Seconds between two states: what a killed run has to do again."""

Progress = Callable[[int, int], None]
"""Told after each batch: conversations and turns drafted so far."""


def run(
    conversations: Iterable[Found],
    settings: DraftSettings,
    out: Path,
    *,
    workers: int = 1,
    model: Completer | None = None,
    progress: Progress | None = None,
    identity: Sequence[object] = (),
    resume: bool = False,
) -> DraftTotals:
    """Draft every buyer turn of ``conversations`` and write what came of it into the folder ``out``.

    ``offers.jsonl`` is written only when other playbooks are compared with. ``model`` words drafts in this process (to
    record its answers), whatever ``workers`` says. Interrupted by Ctrl-C, the files and the sums hold the batches that
    were done, and the sums say that they are ``partial``; with ``resume`` the same run (the same settings, rules and
    ``identity`` of the archives) goes on from there, another one starts anew.

    Raises:
        BadConfiguration: a policy file, prompt or folder that cannot be used (nothing is written then), or a process
            that was killed.
        BadInput: a recording that cannot be read.
    """
    # This process finds out whether the settings can be used at all, before a file is touched.
    with Drafting(settings, model) as drafting:
        out.mkdir(parents=True, exist_ok=True)
        with _Outputs(out, settings, identity, resume) as outputs:
            left = islice(_batches(conversations), outputs.done, None)
            try:
                for batch in _done(left, settings, drafting, workers if model is None else 1):
                    outputs.add(batch)
                    if progress is not None:
                        progress(*outputs.seen)
            except KeyboardInterrupt:
                outputs.interrupted()
    return outputs.totals


class _Outputs:
    """The two files of a run, its sums so far, and the state that it can go on from; use as a context manager."""

    def __init__(self, out: Path, settings: DraftSettings, identity: Sequence[object], resume: bool) -> None:
        self._out = out
        self._key = key_of(settings, identity)
        state = DraftState.read(out, self._key) if resume else None
        names = (DRAFTS, OFFERS) if settings.compares else (DRAFTS,)
        if state is None or set(state.sizes) != set(names):
            forget(out)
            state = DraftState(self._key, 0, dict.fromkeys(names, 0), DraftTotals().as_json())
        self._files = {name: _opened(out / name, state.sizes[name]) for name in names}
        # Exchanged as a whole, so that Ctrl-C at any moment finds sums and files that agree.
        self._kept = replace(state, totals={**state.totals, "partial": False})
        self._saved = time.monotonic()

    @property
    def done(self) -> int:
        return self._kept.done

    @property
    def totals(self) -> DraftTotals:
        return DraftTotals.from_json(self._kept.totals)

    @property
    def seen(self) -> tuple[int, int]:
        return self._kept.totals["conversations"], self._kept.totals["turns"]

    def add(self, batch: Batch) -> None:
        for name, lines in ((DRAFTS, batch.drafts), (OFFERS, batch.offers)):
            if name in self._files:
                self._files[name].write(lines)
        sizes = {name: file.tell() for name, file in self._files.items()}
        totals = merged((self._kept.totals, batch.totals))
        self._kept = DraftState(self._key, self._kept.done + 1, sizes, totals)
        if time.monotonic() - self._saved >= _SAVE_EVERY:
            self._save()

    def interrupted(self) -> None:
        """Nothing more will come; what is here is a part."""
        self._kept = replace(self._kept, totals={**self._kept.totals, "partial": True})

    def _save(self) -> None:
        for file in self._files.values():
            file.flush()
        self._kept.save(self._out)
        self._saved = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._kept.totals["partial"] or kind is not None:
            for name, file in self._files.items():
                file.flush()
                file.truncate(self._kept.sizes[name])
            self._save()
        else:
            (self._out / STATE).unlink(missing_ok=True)
        for file in self._files.values():
            file.close()


def _opened(path: Path, size: int) -> BinaryIO:
    """``path``, cut to ``size``, ready to be written on."""
    file = path.open("r+b" if size else "wb")
    file.truncate(size)
    file.seek(size)
    return file


def _done(batches: Iterator[list[Found]], settings: DraftSettings, drafting: Drafting, workers: int) -> Iterator[Batch]:
    """What came of each batch: made in this process where another one would take longer to begin than to help."""
    if workers > 1:
        ahead = list(islice(batches, 2))
        batches = chain(ahead, batches)
        if len(ahead) > 1:
            return (batch for _, batch in spread(batches, _work, workers, _open, (settings,)))
    return map(drafting.batch, batches)


def _batches(conversations: Iterable[Found]) -> Iterator[list[Found]]:
    left = iter(conversations)
    while batch := list(islice(left, BATCH)):
        yield batch


_drafting: list[Drafting] = []
"""The open flow of a worker process; it lives as long as the process."""


def _open(settings: DraftSettings) -> None:
    # Ctrl-C reaches the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logs.configure("ERROR")
    _drafting.append(Drafting(settings))


def _work(batch: list[Found]) -> Batch:
    return _drafting[0].batch(batch)
