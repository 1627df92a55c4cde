"""The one job queue: puts jobs in within the caller's transaction, and gives back those that a dead worker held.

Jobs carry ids and nothing else, because the queue keeps and logs them. It schedules nothing ahead and retries
nothing: a waiting job blocks its lock, so everything that waits is a timer.
"""

import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import procrastinate
import procrastinate.jobs
import procrastinate.manager
import psycopg
from procrastinate.exceptions import ConnectorException
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.store.direct import Transaction, driver_of
from copilot.store.engine import JOBS_POOL, TRUSTED_SECONDS, UNHURRIED, session_setup
from copilot.store.url import DatabaseUrl

IdValue = uuid.UUID | int | str | None

URGENT = 0
"""Priority of what a person or a platform waits for now; drafts with a deadline rank below, nearest first."""
BACKGROUND = -(2**31) + 1
"""Priority of housekeeping."""

GIVE_UP_AFTER = 5
"""How often a job may take its worker down before it stays failed."""

_MOST_BREAKS = 2
_QUEUE = "copilot"
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:[.:][A-Za-z0-9_-]+)*")


@dataclass(frozen=True)
class NewJob:
    """A job to be put in: the task's name and its ids; two jobs with one ``lock`` never run at the same time."""

    task: str
    ids: Mapping[str, IdValue] = field(default_factory=dict[str, IdValue])
    lock: str | None = None
    priority: int = URGENT


def deadline_priority(deadline: datetime) -> int:
    """The priority of work with a deadline: the nearer, the higher, and always below ``URGENT``."""
    return max(BACKGROUND + 1, min(URGENT - 1, -int((deadline - _EPOCH).total_seconds())))


async def defer(
    session: Transaction, task: str, *, lock: str | None = None, priority: int = URGENT, **ids: IdValue
) -> int:
    """Put a job in within the session's transaction; it runs after the commit, and vanishes with a rollback.

    ``ids`` are uuids, whole numbers or names such as "draft:<uuid>"; the task gets uuids as text. ``lock`` is
    ``draft:<conversation>`` or ``send:<conversation>``. Returns the job's number.

    Raises:
        ValueError: a value that is not an id; it is not repeated.
    """
    return (await defer_all(session, [NewJob(task, ids, lock, priority)]))[0]


async def defer_all(session: Transaction, jobs: Sequence[NewJob]) -> list[int]:
    """Put several jobs in with one statement, in their order; see ``defer``."""
    if not jobs:
        return []
    prepared = [_prepared(job) for job in jobs]
    connection = await driver_of(session)
    put_in = await _deferring.job_manager.batch_defer_jobs_async(prepared, connection=connection)
    return [job.id for job in put_in if job.id is not None]


PUT_IN = (
    f"procrastinate_defer_jobs_v1(ARRAY(SELECT ROW('{_QUEUE}', j.task, j.priority, j.lock, NULL, j.args, NULL)"
    "::procrastinate_job_to_defer_v1"
    " FROM jsonb_to_recordset({}) AS j(task text, priority integer, lock text, args jsonb)))"
)
"""An expression that puts in the jobs of a JSON array of ``as_row``, in their order: for statements that do more."""


def as_row(job: NewJob) -> dict[str, object]:
    """``job`` for ``PUT_IN``; see ``defer``."""
    prepared = _prepared(job)
    return {"task": job.task, "priority": job.priority, "lock": job.lock, "args": prepared.task_kwargs}


def _prepared(job: NewJob) -> procrastinate.jobs.Job:
    if job.lock is not None:
        check_id("lock", job.lock)
    return procrastinate.jobs.Job(
        queue=_QUEUE,
        task_name=job.task,
        lock=job.lock,
        queueing_lock=None,
        priority=job.priority,
        task_kwargs={name: check_id(name, value) for name, value in job.ids.items()},
    )


def check_id(name: str, value: IdValue) -> int | str | None:
    """``value`` as the queue may keep it.

    Raises:
        ValueError: it is not an id but could be somebody's words or number.
    """
    if value is None or (isinstance(value, int) and abs(value) < 2**31):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, str) and len(value) <= 100 and (_NAME.fullmatch(value) or _is_uuid(value)):
        return value
    raise ValueError(f"{name}: jobs and timers carry ids of ours only")


def _is_uuid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False


def make_app(url: DatabaseUrl | None = None) -> procrastinate.App:
    """The queue's application object; with ``url`` its pool can be opened, without it can only put jobs in."""
    if url is None:
        return procrastinate.App(connector=procrastinate.PsycopgConnector())

    async def configure(connection: psycopg.AsyncConnection[Any]) -> None:
        # Each thing the queue does is one statement, whole by itself.
        await connection.set_autocommit(True)
        for statement in (*session_setup(connection.info.server_version), UNHURRIED):
            await connection.execute(statement.encode())

    connector = procrastinate.PsycopgConnector(
        conninfo=url.conninfo,
        min_size=1,
        max_size=JOBS_POOL,
        configure=configure,
        pool_factory=_TrustingPool,
    )
    app = procrastinate.App(connector=connector)
    app.job_manager = _Manager(connector)
    return app


class _Manager(procrastinate.manager.JobManager):
    """Notes the end of a job once more when the connection broke meanwhile.

    A job whose end is not noted looks as if it still ran, and holds its lock, for as long as its worker lives: only a
    silent worker's jobs are taken over. Where no connection comes back in time the worker itself starts anew.
    """

    async def finish_job(
        self, job: procrastinate.jobs.Job, status: procrastinate.jobs.Status, delete_job: bool
    ) -> None:
        for _ in range(_MOST_BREAKS):
            try:
                await super().finish_job(job, status, delete_job)
            except ConnectorException as error:
                if not isinstance(error.__cause__, psycopg.OperationalError):
                    raise
            else:
                return
        await super().finish_job(job, status, delete_job)


class _TrustingPool(AsyncConnectionPool[psycopg.AsyncConnection[Any]]):
    """Asks a connection whether it is still there only when it has rested, like the pool of the tables."""

    def __init__(self, **arguments: Any) -> None:
        """``arguments`` are the pool's own."""
        settings: dict[str, Any] = {**arguments, "check": self._ask_after_rest, "reset": self._note_rest}
        super().__init__(**settings)
        self._rested: WeakKeyDictionary[psycopg.AsyncConnection[Any], float] = WeakKeyDictionary()

    async def _note_rest(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._rested[connection] = time.monotonic()

    async def _ask_after_rest(self, connection: psycopg.AsyncConnection[Any]) -> None:
        if time.monotonic() - self._rested.get(connection, 0.0) > TRUSTED_SECONDS:
            await self.check_connection(connection)


_deferring = make_app()


@dataclass(frozen=True)
class Rescued:
    """What became of a job whose worker went silent: ``again`` is its new number, None when it was given up."""

    job: int
    task: str
    again: int | None


# A worker whose row is gone cannot be alive for its jobs either. The job is finished as failed and put in anew, because
# the queue's own retry would fail where another job holds the lock, and leave this one "doing" for ever.
_STALLED = text(
    """
    SELECT j.id, j.task_name, j.attempts
      FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
     WHERE j.status = 'doing'
       AND (w.id IS NULL OR w.last_heartbeat < clock_timestamp() - make_interval(secs => :silent))
     ORDER BY j.id FOR UPDATE OF j SKIP LOCKED
    """
)
_END = text(
    "UPDATE procrastinate_jobs SET status = 'failed', attempts = attempts + 1, abort_requested = false WHERE id = :id"
)
_AGAIN = text(
    """
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args, attempts)
    SELECT queue_name, task_name, priority, lock, args, attempts FROM procrastinate_jobs WHERE id = :id
    RETURNING id
    """
)


async def rescue(session: AsyncSession, silent_seconds: float) -> list[Rescued]:
    """Put in anew what workers held that have been silent for ``silent_seconds``; a killer job is given up at last."""
    rescued: list[Rescued] = []
    for job, task, attempts in (await session.execute(_STALLED, {"silent": silent_seconds})).all():
        await session.execute(_END, {"id": job})
        again = None
        if attempts + 1 < GIVE_UP_AFTER:
            again = (await session.execute(_AGAIN, {"id": job})).scalar_one()
        rescued.append(Rescued(job, task, again))
    return rescued


async def put_back(session: AsyncSession, job: int) -> int:
    """Put a running job in anew, for a worker that leaves; it waits while the old one holds the lock."""
    return (await session.execute(_AGAIN, {"id": job})).scalar_one()


async def heartbeat_age(session: AsyncSession) -> float | None:
    """Seconds since any worker was last heard of; None when there is none."""
    query = "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers"
    age = (await session.execute(text(query))).scalar_one()
    return None if age is None else float(age)


async def waiting(session: AsyncSession) -> int:
    """How many jobs wait for a worker."""
    query = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
    return (await session.execute(text(query))).scalar_one()


@dataclass(frozen=True)
class Waiting:
    """How many jobs of a task wait for a worker, and how long the oldest has, in seconds."""

    task: str
    number: int
    seconds: float


_LENGTHS = text(
    """
    SELECT j.task_name, count(*), coalesce(extract(epoch FROM clock_timestamp() - min(e.at)), 0)
      FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
     WHERE j.status = 'todo' GROUP BY j.task_name ORDER BY j.task_name
    """
)


async def lengths(session: AsyncSession) -> list[Waiting]:
    """What waits in the queue, by task; a task that nothing waits for is left out."""
    rows = (await session.execute(_LENGTHS)).all()
    return [Waiting(task, number, max(0.0, float(seconds))) for task, number, seconds in rows]
