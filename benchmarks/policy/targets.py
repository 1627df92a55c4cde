"""What the engine must reach, and whether it did. A figure that is missing has not been reached."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.measure import Row
from benchmarks.policy import starting
from benchmarks.policy.replaying import MESSAGES
from benchmarks.policy.results import Results, draft_row


@dataclass(frozen=True, slots=True)
class Target:
    """A bar and what was measured, both in ``unit``; ``at_least``: more is better."""

    what: str
    bar: float
    measured: float | None
    unit: str
    at_least: bool = False

    @property
    def reached(self) -> bool | None:
        """None when nothing was measured."""
        if self.measured is None:
            return None
        return self.measured >= self.bar if self.at_least else self.measured <= self.bar

    @property
    def margin(self) -> float | None:
        """How many times better than the bar; below 1 the bar is missed."""
        if not self.measured:
            return None
        return self.measured / self.bar if self.at_least else self.bar / self.measured


def targets(results: Results) -> list[Target]:
    """Every bar, in the order of the report."""
    return [*_batches(results), *_checks(results), *_starts(results), *_replay(results)]


def _batches(results: Results) -> Iterator[Target]:
    for kind in ("list", "terms", "everything"):
        # The search by hashes is used with and without the extra, so it is held to both bars.
        name = f"reply-copilot, {kind}, hashes"
        for size, bar, extra in (
            (10_000, 300_000, ""),
            (10_000, 500_000, ", with the extra"),
            (100_000, 200_000, ", with the extra"),
        ):
            measured = results.per_second(name, size)
            yield Target(f"{name}, {size:,} terms{extra}", bar, measured, "messages/s", at_least=True)
        few, many = results.per_second(name, 100), results.per_second(name, 10_000)
        yield Target(f"{name}, time(10,000) / time(100)", 1.3, few / many if few and many else None, "×")


def _checks(results: Results) -> Iterator[Target]:
    for language in ("zh", "en"):
        row = results.row(draft_row(language, candidate=False))
        yield Target(f"one check of a draft, {language}, p50", 150e-6, row.p50 if row else None, "s")
        yield Target(f"one check of a draft, {language}, p99", 2e-3, row.p99 if row else None, "s")


def _starts(results: Results) -> Iterator[Target]:
    for what, bar in (
        (starting.CACHED, 0.8),
        (starting.CACHED_PERSONAL, 1.5),
        (starting.UNCACHED, 2.0),
        (starting.TESTED, 10.0),
    ):
        yield Target(what, bar, _seconds(results.row(what)), "s")


def _seconds(row: Row | None) -> float | None:
    return row.p50 if row else None


def _replay(results: Results) -> Iterator[Target]:
    runs = [run for run in results.replays if run.messages == MESSAGES]
    middle = runs[len(runs) // 2] if runs else None
    yield Target(f"replay of {MESSAGES:,} messages", 10.0, middle.seconds if middle else None, "s")
    peaks = [run.peak for run in runs if run.peak is not None]
    yield Target("memory of all its processes", 500.0, max(peaks, default=None), "MB")
