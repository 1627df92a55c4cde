"""What a transaction leaves for others, written with one statement: events, jobs, timers and steps of traces.

Each of them has a function of its own where it stands alone. Where several come together, as with every message, the
ways to the database would cost more than the rows.
"""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID

from copilot.domain.trace import Step
from copilot.store.direct import Direct, Transaction
from copilot.store.listener import CHANNEL
from copilot.store.queue import PUT_IN, URGENT, IdValue, NewJob, as_row, check_id

_TIMER: Final = "id uuid, kind text, ref text, due_at timestamptz, attempt integer, lock text, priority integer"
_TIMERS: Final = f"""
    INSERT INTO timers (id, kind, ref, due_at, merchant, attempt, lock, priority)
    SELECT t.id, t.kind, t.ref, t.due_at, :merchant, t.attempt, t.lock, t.priority
      FROM given, jsonb_to_recordset(given.rows -> '%s') AS t({_TIMER})
     ORDER BY t.kind, t.ref
    ON CONFLICT (kind, ref) DO UPDATE SET due_at = excluded.due_at"""
# Rows for which transactions may wait for each other are locked in one order. A timer that becomes no sooner is locked
# as well: it cannot fire before the transaction that relied on it has ended.
_WRITE: Final = Direct(
    text(
        f"""
        WITH given AS (SELECT CAST(:rows AS jsonb) AS rows),
        armed AS ({_TIMERS % "armed"}, merchant = excluded.merchant, attempt = excluded.attempt, lock = excluded.lock,
            priority = excluded.priority),
        hastened AS ({_TIMERS % "hastened"} WHERE timers.due_at > excluded.due_at),
        said AS (
            INSERT INTO events (merchant, shop, topic, ref, at)
            SELECT :merchant, e.shop, e.topic, e.ref, e.at
              FROM given, jsonb_to_recordset(given.rows -> 'events')
                AS e(shop uuid, topic text, ref text, at timestamptz)
            RETURNING topic
        ),
        traced AS (
            INSERT INTO spans (merchant, id, trace, draft, name, at, seconds, detail)
            SELECT :merchant, s.id, s.trace, s.draft, s.name, s.at, s.seconds, s.detail
              FROM given, jsonb_to_recordset(given.rows -> 'steps') AS s(
                id uuid, trace text, draft uuid, name text, at timestamptz, seconds double precision, detail jsonb)
        )
        SELECT (SELECT {PUT_IN.format("given.rows -> 'jobs'")} FROM given),
               (SELECT count(pg_notify('{CHANNEL}', :merchant || ' ' || topic))
                  FROM (SELECT DISTINCT topic FROM said) once)
        """
    ).bindparams(bindparam("merchant", type_=UUID()))
)


@dataclass
class Consequences:
    """What is left for others of one merchant; nothing of it is there before ``write``."""

    merchant: uuid.UUID
    _events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _jobs: list[NewJob] = field(default_factory=list[NewJob])
    _armed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict[tuple[str, str], dict[str, Any]])
    _hastened: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict[tuple[str, str], dict[str, Any]])
    _steps: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def tell(self, topic: str, ref: str, at: datetime, shop: uuid.UUID | None = None) -> None:
        """Tell watchers, as ``events.append``."""
        self._events.append(
            {"shop": None if shop is None else str(shop), "topic": topic, "ref": ref, "at": at.isoformat()}
        )

    def run(self, task: str, *, lock: str | None = None, priority: int = URGENT, **ids: IdValue) -> None:
        """Put a job in, as ``queue.defer``.

        Raises:
            ValueError: a value that is not an id; it is not repeated.
        """
        self._jobs.append(NewJob(task, ids, lock, priority))

    def arm(
        self,
        kind: str,
        ref: uuid.UUID | str,
        due_at: datetime,
        *,
        attempt: int = 0,
        lock: str | None = None,
        sooner: bool = False,
    ) -> None:
        """Run task ``kind`` for ``ref`` at ``due_at``, as ``timers.arm``; the last word about the same two holds.

        Raises:
            ValueError: ``ref`` or ``lock`` is not an id.
        """
        about = str(check_id("ref", ref))
        timer = {
            "id": str(uuid.uuid4()),
            "kind": kind,
            "ref": about,
            "due_at": due_at.isoformat(),
            "attempt": attempt,
            "lock": None if lock is None else check_id("lock", lock),
            "priority": URGENT,
        }
        (self._hastened if sooner else self._armed)[kind, about] = timer

    def trace(self, trace: str, step: Step) -> None:
        """Keep a step of a trace, as ``spans.record``."""
        self._steps.append(
            {
                "id": str(uuid.uuid4()),
                "trace": trace,
                "name": step.name,
                "at": step.at.isoformat(),
                "seconds": step.seconds,
                "detail": step.detail,
            }
        )

    async def write(self, transaction: Transaction) -> None:
        """Write everything in the transaction; it happens when that commits."""
        rows = {
            "events": self._events,
            "jobs": [as_row(job) for job in self._jobs],
            "armed": list(self._armed.values()),
            "hastened": list(self._hastened.values()),
            "steps": self._steps,
        }
        if any(rows.values()):
            await _WRITE.run(transaction, {"merchant": self.merchant, "rows": json.dumps(rows)})
