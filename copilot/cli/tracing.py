"""Puts together what is known of one draft's way from the delivery to the send; never a text.

It reads the spans, decisions, replies and events of the draft. Whatever does not look like a name, a hash or a number
is withheld: a trace is something that people paste into tickets.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.errors import BadInput
from copilot.logs import WITHHELD
from copilot.store.engine import Store
from copilot.store.tables import DecisionRow, DirectoryRow, DraftRow, EventRow, OutboxRow, ShopRow, SpanRow

SHORTEST_PREFIX = 4
_HEX = re.compile(r"[0-9a-f]*")
_DIGITS = 32
_NAME = re.compile(r"[\w.@:/+-]{0,120}", re.ASCII)
_SHOWN = 5


@dataclass(frozen=True)
class Step:
    """One thing that happened: when, what, for how long (None: it has no length), and names and numbers about it."""

    at: datetime
    name: str
    seconds: float | None = None
    detail: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Trace:
    """One draft with its steps in the order they began."""

    draft: DraftRow
    shop: str
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, object]:
        """As ``--json`` prints it; times are RFC 3339."""
        row = self.draft
        return {
            "draft": str(row.id),
            "shop": self.shop,
            "conversation": str(row.conversation),
            "state": row.state,
            "reason": row.reason,
            "revision": row.revision,
            "flow_version": row.flow_version,
            "trace": row.trace,
            "deadline_at": row.deadline_at.isoformat() if row.deadline_at else None,
            "steps": [
                {"at": step.at.isoformat(), "name": step.name, "seconds": step.seconds, "detail": step.detail}
                for step in self.steps
            ],
        }


async def trace_of(store: Store, written: str) -> Trace:
    """The trace of the draft whose id begins with ``written``.

    Raises:
        BadInput: it is no beginning of an id, no draft has it, or several have.
    """
    first, last = _range(written)
    found: list[tuple[uuid.UUID, uuid.UUID]] = []
    for merchant in await _merchants(store):
        async with store.merchant(merchant) as session:
            query = select(DraftRow.id).where(DraftRow.id.between(first, last)).limit(_SHOWN)
            found += [(merchant, draft) for draft in await session.scalars(query)]
    if len(found) > 1:
        ids = ", ".join(str(draft) for _, draft in found[:_SHOWN])
        raise BadInput(f"{written}: several drafts begin like that ({ids})", remedy="write more of the id")
    if not found:
        raise BadInput(
            f"{written}: there is no such draft", remedy="take the id from the desk's address or from the log"
        )
    merchant, draft = found[0]
    async with store.merchant(merchant) as session:
        return await _read(session, draft)


def _range(written: str) -> tuple[uuid.UUID, uuid.UUID]:
    digits = written.strip().lower().replace("-", "")
    if not _HEX.fullmatch(digits) or not SHORTEST_PREFIX <= len(digits) <= _DIGITS:
        raise BadInput(
            f"{written}: is not the beginning of a draft's id", remedy=f"give at least {SHORTEST_PREFIX} of its digits"
        )
    return uuid.UUID(digits.ljust(_DIGITS, "0")), uuid.UUID(digits.ljust(_DIGITS, "f"))


async def _merchants(store: Store) -> Sequence[uuid.UUID]:
    async with store.system() as session:
        query = select(DirectoryRow.merchant).where(DirectoryRow.kind == "shop").distinct()
        return list(await session.scalars(query))


async def _read(session: AsyncSession, draft: uuid.UUID) -> Trace:
    row = (await session.scalars(select(DraftRow).where(DraftRow.id == draft))).one()
    shop = (await session.scalars(select(ShopRow.slug).where(ShopRow.id == row.shop))).one()
    reply = await session.scalar(
        select(OutboxRow).where(OutboxRow.source_kind == "draft", OutboxRow.source_id == draft)
    )
    spans = await session.scalars(select(SpanRow).where(_of(row)))
    decisions = await session.scalars(select(DecisionRow).where(DecisionRow.draft == draft))
    about = [str(draft), *([str(reply.id)] if reply else [])]
    moves = await session.scalars(
        select(EventRow).where(
            EventRow.ref.in_(about), or_(EventRow.topic.like("draft.%"), EventRow.topic.like("reply.%"))
        )
    )
    steps = [
        *(Step(span.at, span.name, span.seconds, cast("dict[str, Any]", plain(span.detail))) for span in spans),
        *(Step(move.at, move.topic) for move in moves),
        *(_decided(decision) for decision in decisions),
        *(_replied(reply) if reply else ()),
    ]
    return Trace(row, shop, tuple(sorted(steps, key=lambda step: step.at)))


def _of(row: DraftRow) -> Any:
    """The draft's own spans, and those of the delivery that it answers; not those of its sister drafts."""
    own = SpanRow.draft == row.id
    return or_(own, and_(SpanRow.trace == row.trace, SpanRow.draft.is_(None))) if row.trace else own


def _decided(row: DecisionRow) -> Step:
    return Step(row.at, "decision", None, {"kind": row.kind, "revision": row.revision, "by": plain(row.by)})


def _replied(row: OutboxRow) -> Iterator[Step]:
    detail = {"reply": str(row.id), "state": row.state, "attempts": row.attempts, "error": plain(row.error)}
    yield Step(row.created_at, "reply", None, detail)
    if row.sent_at is not None:
        yield Step(row.sent_at, "sent", None, {"platform_message": plain(row.platform_message_id)})


def plain(value: Any) -> Any:
    """``value`` with everything withheld that could be somebody's words."""
    if isinstance(value, dict):
        return {str(plain(key)): plain(inner) for key, inner in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in cast("Sequence[Any]", value)]
    if value is None or isinstance(value, bool | int | float):
        return value
    return value if isinstance(value, str) and _NAME.fullmatch(value) else WITHHELD
