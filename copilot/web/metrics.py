"""``/metrics``: what this process measured, and what the database says at the time of asking.

The database is asked at most every two seconds, by numbers over all merchants; a database that does not answer is
itself a number, and the rest is still told.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from copilot.channel.tasks import PROPOSE_DUE
from copilot.domain.clock import Clock, SystemClock
from copilot.metrics import label
from copilot.store import queue, timers
from copilot.store.engine import Store

_FRESH_SECONDS = 2.0
_TALLIES = text("SELECT what, state, number FROM app.tallies()")


@dataclass(frozen=True)
class Numbers:
    """What the database said; without an answer ``up`` is False and the rest empty."""

    up: bool
    jobs: tuple[queue.Waiting, ...] = ()
    timers: tuple[tuple[str, int, float], ...] = ()
    tallies: tuple[tuple[str, str, int], ...] = ()
    heartbeat: float | None = None


class Exposition:
    """The text of ``/metrics`` over an open store."""

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        """Nothing is asked yet."""
        self._store = store
        self._clock = clock or SystemClock()
        self._asked: tuple[float, Numbers] | None = None
        self._asking = asyncio.Lock()

    async def render(self) -> bytes:
        """Prometheus's text format."""
        registry = CollectorRegistry()
        registry.register(_Told(await self._numbers(), self._store))
        return generate_latest() + generate_latest(registry)

    async def _numbers(self) -> Numbers:
        async with self._asking:
            now = self._clock.monotonic()
            if self._asked is None or now - self._asked[0] >= _FRESH_SECONDS:
                self._asked = (now, await self._ask())
            return self._asked[1]

    async def _ask(self) -> Numbers:
        try:
            async with self._store.system() as session:
                return Numbers(
                    up=True,
                    jobs=tuple(await queue.lengths(session)),
                    timers=tuple(await timers.overdue(session, self._clock.now())),
                    tallies=tuple((what, state, number) for what, state, number in await session.execute(_TALLIES)),
                    heartbeat=await queue.heartbeat_age(session),
                )
        except (SQLAlchemyError, OSError):
            return Numbers(up=False)


class _Told(Collector):
    def __init__(self, numbers: Numbers, store: Store) -> None:
        self._numbers = numbers
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Every family, also those without a row: a missing one cannot be alerted on."""
        found = self._numbers
        yield _one("database_up", "Whether the database answers.", float(found.up))
        yield from self._pool()
        if not found.up:
            return
        jobs = [(one.task, float(one.number), one.seconds) for one in found.jobs]
        yield _many("queue_jobs", "Jobs that wait for a worker.", "task", ((name, number) for name, number, _ in jobs))
        yield _many(
            "queue_age_seconds", "Age of the oldest waiting job.", "task", ((name, age) for name, _, age in jobs)
        )
        late = list(found.timers)
        yield _many("timers_overdue", "Timers past their time.", "kind", ((kind, number) for kind, number, _ in late))
        yield _many("timers_late_seconds", "How late the latest is.", "kind", ((kind, age) for kind, _, age in late))
        overdue = sum(number for kind, number, _ in late if kind == PROPOSE_DUE)
        yield _one("drafts_late", "Drafts that are not shown yet although their deadline is past.", overdue)
        yield _many("drafts", "Drafts by state.", "state", self._tally("draft"))
        yield _many("outbox", "Replies by state.", "state", self._tally("outbox"))
        letters = sum(number for _, number in self._tally("dead_letter"))
        yield _one("dead_letters", "Deliveries that could not be used and wait for a person.", letters)
        if found.heartbeat is not None:
            yield _one("worker_heartbeat_age_seconds", "Since any worker was last heard of.", found.heartbeat)

    def _tally(self, what: str) -> list[tuple[str, float]]:
        return [(state, float(number)) for kind, state, number in self._numbers.tallies if kind == what]

    def _pool(self) -> Iterator[Metric]:
        pool = self._store.engine.pool
        if isinstance(pool, QueuePool):
            yield _one("pool_size", "Connections that the pool may hold.", float(pool.size()))
            yield _one("pool_in_use", "Connections that are in use.", float(pool.checkedout()))


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"copilot_{name}", words, value=value)


def _many(name: str, words: str, key: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(f"copilot_{name}", words, labels=[key])
    told: dict[str, float] = {}
    for value, number in values:
        # Two unknown names share one label; the exposition may have it only once.
        known = told.get(label(value))
        told[label(value)] = number if known is None else max(known, number) if "seconds" in name else known + number
    for value, number in told.items():
        family.add_metric([value], number)
    return family
