"""Keeps cases as rows: what a turn or a sent message made of them, and what no message can tell beside it.

Owns the comparison of what was read with what is kept; reading is ``understand/cases``,
resolving ``channel/resolving``. A row is written only when something changed, and only over the version that was read.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import owing
from copilot.channel.tasks import CASE_FOLLOW_UP, CASE_RESOLVED
from copilot.domain.case import Case, CaseState, CommitmentState, OrderChoice, OrderWhy
from copilot.domain.draft import DraftView
from copilot.domain.message import Role
from copilot.flow.talks import Talk, load_talk
from copilot.flow.understand import unanswered
from copilot.flow.understand.story import TALK, Read, Remembered
from copilot.store import queue, timers
from copilot.store.direct import Direct
from copilot.store.tables import CaseRow, table_of

_CASES = table_of(CaseRow)
_INSERT = insert(_CASES)
_NOT_READ = frozenset(
    {"merchant", "id", "created_at", "position", "version", "follow_up_from", "follow_up_until", "follow_up_draft"}
)
_READ = [column.name for column in _CASES.columns if column.name not in _NOT_READ]
_UPSERT = Direct(
    _INSERT.on_conflict_do_update(
        index_elements=["merchant", "id"],
        set_={**{name: _INSERT.excluded[name] for name in _READ}, "version": _CASES.c.version + 1},
        # Somebody decided something about it meanwhile: the next reading knows of that.
        where=_CASES.c.version == _INSERT.excluded.version,
    ),
    ["merchant", "id", *_READ, "version", "created_at"],
)
_OPEN_QUESTION = frozenset({"armed", "proposed", "owed"})


async def refresh(session: AsyncSession, talk: Talk, now: datetime, view: DraftView | None = None) -> int:
    """Bring the rows of ``talk`` up to date, in the session's transaction; returns how many were written.

    ``view`` is the draft that was just written: an order that an agent picked for it stands in its case from now on.
    """
    rows = [row for one in talk.book.after if (row := _row(talk, one, now, view)) is not None]
    touched = {*(str(row["id"]) for row in rows), *talk.book.dropped}
    await _lock(session, [uuid.UUID(one.id) for one in talk.memory if one.id in touched])
    for row in rows:
        # A case that was not spoken of here keeps its place.
        row["conversation"] = row["conversation"] or await _place(session, row["id"])
        await _UPSERT.run(session, row)
    if rows:
        await _tell_timers(session, talk, rows, now)
    if talk.book.dropped:
        gone = [uuid.UUID(one) for one in talk.book.dropped]
        await session.execute(delete(CaseRow).where(CaseRow.id.in_(gone), CaseRow.state != CaseState.RESOLVED))
    return len(rows)


async def _lock(session: AsyncSession, cases: Sequence[uuid.UUID]) -> None:
    """Take the rows in one order: another talk of the same buyer may be at them, having read them in another one."""
    if len(cases) > 1:
        of = select(CaseRow.id).where(CaseRow.id.in_(cases)).order_by(CaseRow.id)
        await session.execute(of.with_for_update())


async def _tell_timers(session: AsyncSession, talk: Talk, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """What was resolved by the talk itself is to be followed up, what goes on is not."""
    known = {one.id: one for one in talk.memory}
    for row in rows:
        kept = known.get(str(row["id"]))
        if row["state"] == CaseState.RESOLVED and (kept is None or kept.state is not CaseState.RESOLVED):
            await queue.defer(session, CASE_RESOLVED, merchant=row["merchant"], ref=row["id"])
        if kept is not None and kept.follow_up in _OPEN_QUESTION and row["follow_up"] not in _OPEN_QUESTION:
            await timers.cancel(session, CASE_FOLLOW_UP, row["id"])
            await _withdraw_to_do(session, row["conversation"], row["id"], now)


async def reread(session: AsyncSession, conversation: uuid.UUID, now: datetime) -> int:
    """Read the conversation again and bring its rows up to date; returns how many were written."""
    return await refresh(session, await load_talk(session, conversation), now)


async def _withdraw_to_do(session: AsyncSession, conversation: uuid.UUID, case: uuid.UUID, now: datetime) -> None:
    """The buyer has written: nobody has to call them up any more."""
    for promise in await owing.open_of(session, conversation):
        if promise.source == "follow_up" and promise.case_id == case:
            await owing.settle(session, promise.id, CommitmentState.WITHDRAWN, by=None, evidence=None, now=now)


async def _place(session: AsyncSession, case: uuid.UUID) -> uuid.UUID:
    return (await session.scalars(select(CaseRow.conversation).where(CaseRow.id == case))).one()


def _row(talk: Talk, one: Read, now: datetime, view: DraftView | None) -> dict[str, Any] | None:
    """The row as it has to be; None when it is so already, or is none of this conversation's business."""
    if one.kept is None and not one.touched:
        return None
    then, picked = _before(talk, one), _picked(view, one, talk.book.after)
    kept = one.kept or Remembered(id=str(uuid.uuid4()), case=one.case)
    case, settled = one.case, then.case if then is not None else one.case
    if picked is not None:
        choice = OrderChoice(id=picked, why=OrderWhy.AGENT)
        case, settled = (each.model_copy(update={"order": choice}) for each in (case, settled))
    settled = _whole(settled, kept.case) if one.kept is not None else settled
    order = case.order.id if case.order else kept.order_id
    row: dict[str, Any] = {
        "merchant": talk.shop.merchant,
        "id": uuid.UUID(kept.id),
        "state": case.state.value,
        "body": settled.model_dump(mode="json", exclude={"commitments"}),
        "issue": case.issue.value,
        "order_id": order,
        "product_id": one.product or kept.product_id or _product(talk, order),
        "raised_by": kept.raised_by or one.raised_by,
        "raised_at": kept.raised_at or one.raised_at or now,
        "picked_order": picked or kept.picked_order,
        "picked_at": now if picked else kept.picked_at,
        "resolved_at": kept.resolved_at,
        "resolved_by": kept.resolved_by,
        "evidence": kept.evidence,
        "reopened": kept.reopened,
        "reopened_at": kept.reopened_at,
        "reopened_by": kept.reopened_by,
        "follow_up": kept.follow_up,
        "solved": kept.solved,
        "solved_at": kept.solved_at,
    }
    moved = _moved(talk, one, kept, now)
    stays = kept.here or not one.touched
    if one.kept is not None and stays and {**row, **moved} == {**row, **_as_kept(kept)}:
        return None
    read_to = kept.read_to if one.kept is not None and not one.touched else _read_to(talk) or kept.read_to
    return {
        **row,
        **moved,
        "conversation": uuid.UUID(talk.conversation.id) if one.touched else None,
        "read_to": read_to,
        "version": kept.version,
        "created_at": now,
        "updated_at": now,
    }


def _moved(talk: Talk, one: Read, kept: Remembered, now: datetime) -> dict[str, Any]:
    """What became of a resolution, and of our question after it."""
    was, ended = kept.state is CaseState.RESOLVED, one.case.state is CaseState.RESOLVED
    moved: dict[str, Any] = {}
    if one.solved is not None and kept.solved is None:
        moved |= {"solved": one.solved, "solved_at": now, "follow_up": "answered"}
    if was and not ended:
        moved |= {"resolved_at": None, "resolved_by": None, "evidence": None}
        moved |= {"reopened": kept.reopened + 1, "reopened_at": now, "reopened_by": f"message:{one.by}"}
    if not was and ended:
        moved |= {"resolved_at": one.at or now, "resolved_by": TALK, "evidence": f"message:{one.by}"}
        moved |= {"follow_up": None, "solved": None, "solved_at": None}
    if kept.follow_up in _OPEN_QUESTION and "follow_up" not in moved and _went_on(talk, kept, one):
        moved["follow_up"] = "answered" if one.asked else "cancelled"
    return moved


def _went_on(talk: Talk, kept: Remembered, one: Read) -> bool:
    """Whether the buyer has written since the case was resolved, or the case is open again."""
    if one.case.state is not CaseState.RESOLVED or kept.resolved_at is None:
        return True
    asked = [m.sent_at for m in talk.conversation.messages if m.draft and m.draft.id == kept.asked and m.sent_at]
    since = max([kept.resolved_at, *asked])
    return any(
        message.role is Role.BUYER and message.sent_at is not None and message.sent_at > since
        for message in talk.conversation.messages
    )


def _whole(found: Case, kept: Case) -> Case:
    """What was read, with what is kept where nothing could be read any more."""
    changes = {"order": found.order or kept.order, "language": found.language or kept.language}
    return found.model_copy(update=changes)


def _before(talk: Talk, one: Read) -> Read | None:
    """The same case before the unanswered turn."""
    return next(
        (
            each
            for each in talk.book.before
            if each.case.issue is one.case.issue and (each.kept, each.raised_by) == (one.kept, one.raised_by)
        ),
        None,
    )


def _as_kept(kept: Remembered) -> dict[str, Any]:
    return {
        "state": kept.state.value,
        "body": kept.case.model_dump(mode="json", exclude={"commitments"}),
        "issue": kept.case.issue.value,
        **kept.model_dump(
            include={
                "order_id",
                "product_id",
                "raised_by",
                "raised_at",
                "picked_order",
                "picked_at",
                "resolved_at",
                "resolved_by",
                "evidence",
                "reopened",
                "reopened_at",
                "reopened_by",
                "follow_up",
                "solved",
                "solved_at",
            }
        ),
    }


def _read_to(talk: Talk) -> datetime | None:
    """The time of the last words that stand in the cases as they were before the unanswered turn."""
    answered = talk.conversation.messages[: unanswered(talk.conversation).start]
    return max((message.sent_at for message in answered if message.sent_at), default=None)


def _product(talk: Talk, order: str | None) -> str | None:
    """The one thing of the order; None when it holds several, or is not known."""
    found = next((one for one in talk.conversation.orders or () if one.id == order), None)
    products = {item.product_id for item in found.items if item.product_id} if found else set[str]()
    return products.pop() if len(products) == 1 else None


def _picked(view: DraftView | None, one: Read, after: tuple[Read, ...]) -> str | None:
    """The order that an agent picked for a draft about this case."""
    if view is None or view.order is None or view.order.why is not OrderWhy.AGENT:
        return None
    if one.kept is not None and one.kept.picked_order == view.order.id:
        return None
    issues = {reading.issue for reading in view.issues}
    live = [each for each in after if each.case.state is not CaseState.RESOLVED]
    about = one.case.issue in issues if issues else bool(live) and live[-1] is one
    return view.order.id if about and one.case.state is not CaseState.RESOLVED else None
