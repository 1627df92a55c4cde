"""Runs the parts one after the other and gathers their figures; a part that fails leaves its reason."""

import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Row
from benchmarks.policy import environment
from benchmarks.policy.children import NotMeasured, figures, plain
from benchmarks.policy.corpus import MESSAGES, messages, terms
from benchmarks.policy.replaying import MESSAGES as REPLAYED
from benchmarks.policy.replaying import replays
from benchmarks.policy.results import ENGINES, PEERS, SIZES, Engine, Rate, Results
from benchmarks.policy.starting import TIMES, loads, starts
from benchmarks.policy.timing import ROUNDS, SECONDS, write
from copilot.domain.errors import CopilotError


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: numbers of terms, messages of the batches, rounds and their seconds, and so on."""

    sizes: tuple[int, ...] = SIZES
    messages: int = MESSAGES
    rounds: int = ROUNDS
    seconds: float = SECONDS
    check_rounds: int = 20
    starts: int = TIMES
    replayed: int = REPLAYED
    replays: int = 3


FULL = Extent()
QUICK = Extent((100, 1_000), 5_000, 1, 0.3, 1, 1, 20_000, 1)
"""Shows that everything runs; its figures mean nothing."""


class Collecting:
    """One run."""

    def __init__(self, extent: Extent) -> None:
        """Nothing runs yet."""
        self.extent = extent
        self.results = Results(sizes=extent.sizes)

    def batches(self) -> None:
        """Our engine and the peers over the same messages and terms, one core each, one at a time."""
        with TemporaryDirectory() as name, self._part("messages and terms"):
            corpus = messages(self.extent.messages)
            write(Path(name), corpus, terms(max(self.extent.sizes), corpus))
            absent = environment.install(tuple(peer.package for peer in PEERS))
            for engine in ENGINES:
                for size in self.extent.sizes:
                    self._rate(engine, size, Path(name), absent.get(engine.package))

    def _rate(self, engine: Engine, size: int, folder: Path, absent: str | None) -> None:
        with self._part(f"{engine.name}, {size:,} terms"):
            if absent is not None:
                raise NotMeasured(absent)
            limits = (str(size), str(self.extent.rounds), str(self.extent.seconds))
            if engine.ours:
                told = figures("benchmarks.policy.engine", str(folder), engine.kind, engine.matcher, *limits)
            else:
                # A home of its own: what the peer keeps or reads there is not the user's.
                home = {"HOME": str(folder), "USERPROFILE": str(folder)}
                arguments = (str(folder), engine.name, *limits)
                told = figures("benchmarks.policy.peers", *arguments, python=environment.python(), env=home)
            self.results.rates[engine.name, size] = Rate(**told)

    def checks(self) -> None:
        """One check at a time."""
        with self._part("one check at a time"):
            rows = figures("benchmarks.policy.latency", str(self.extent.check_rounds))
            self.results.rows += [Row(**row) for row in rows]

    def starts(self) -> None:
        """From nothing to the first verdict."""
        self._rows("first verdict of the command", starts)
        self._rows("load_pack", loads)

    def _rows(self, part: str, rows: Callable[[int], Iterable[Row]]) -> None:
        with self._part(part):
            for row in rows(self.extent.starts):
                self.results.rows.append(row)

    def replay(self) -> None:
        """A whole archive."""
        with self._part("replay"):
            self.results.replays = replays(self.extent.replayed, self.extent.replays)

    @contextmanager
    def _part(self, name: str) -> Generator[None]:
        print(name, file=sys.stderr, flush=True)
        try:
            yield
        except (NotMeasured, CopilotError) as error:
            self.results.missing[name] = plain(str(error))


PARTS = ("batches", "checks", "starts", "replay")
"""The methods of ``Collecting`` that measure, in the order in which they run."""
