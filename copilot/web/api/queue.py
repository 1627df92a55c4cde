"""Whose conversation is whose: take, give, put back, end, mark, tag, see, and hand over everything at once."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.access.principal import Action, Principal
from copilot.desk.handover import read_handover
from copilot.desk.queue import moves
from copilot.desk.queue.drain import drain
from copilot.desk.queue.owner import queue_of
from copilot.domain.base import StrictShape
from copilot.store.tables import ConversationRow, PersonRow
from copilot.web.api.reach import conversation_of, reader, shop_of
from copilot.web.auth import MayReply, parts_of
from copilot.web.errors import NotAllowed, NotApplicable, NotFound, Unfit, WithOther
from copilot.web.texts import Brief, Note

router = APIRouter(prefix="/api")

Tag = Annotated[Brief, Field(min_length=1, max_length=40)]


class Given(StrictShape):
    """To whom, null: to whoever comes; ``holder`` is who held it when the person looked, null: nobody."""

    to: uuid.UUID | None
    holder: uuid.UUID | None
    note: Note | None = None


class Bulk(StrictShape):
    """Everything that ``holder`` holds, or some of it, to ``to`` (null: to whoever comes)."""

    holder: uuid.UUID
    to: uuid.UUID | None
    conversations: Annotated[tuple[uuid.UUID, ...], Field(max_length=500)] | None = None
    note: Note | None = None


class Mark(StrictShape):
    """Whether it is marked."""

    marked: bool


class Tags(StrictShape):
    """The conversation's tags, all of them."""

    tags: Annotated[tuple[Tag, ...], Field(max_length=20)]


class Seen(StrictShape):
    """The newest message that the person saw."""

    message: uuid.UUID


@router.post("/conversations/{conversation}/take")
async def take(request: Request, conversation: uuid.UUID, principal: MayReply) -> dict[str, Any]:
    """Take what is with nobody; taking one's own changes nothing."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    _require_person(principal)
    async with parts.store.merchant(principal.merchant) as session:
        row = await _movable(session, conversation)
        if row.assignee not in (None, principal.id) and row.ended_at is None:
            raise await _with(session, row)
        if await moves.assign(session, row, principal.id, how=moves.MANUAL, by=str(principal.id), now=now):
            await _note(session, principal, "conversation.taken", row, now)
        return await _holder(session, row)


@router.post("/conversations/{conversation}/give")
async def give(
    request: Request, conversation: uuid.UUID, given: Annotated[Given, Body()], principal: MayReply
) -> dict[str, Any]:
    """Give it to a colleague, whose toggle and limit do not matter, or back to the queue."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    _require_person(principal)
    async with parts.store.merchant(principal.merchant) as session:
        row = await _movable(session, conversation)
        _require_may_move(principal, row.assignee)
        if row.assignee != given.holder:
            raise await _with(session, row)
        await _move(session, principal, row, given.to, given.note, now)
        await drain(session, principal.merchant, parts.profiles.of, now)
        return await _holder(session, row)


@router.post("/conversations/{conversation}/end")
async def end(request: Request, conversation: uuid.UUID, principal: MayReply) -> dict[str, str]:
    """End the session, which frees a place: the one who waits longest gets it."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    _require_person(principal)
    async with parts.store.merchant(principal.merchant) as session:
        row = await _movable(session, conversation)
        _require_may_move(principal, row.assignee)
        if await moves.end(session, row, by=str(principal.id), now=now):
            await _note(session, principal, "conversation.ended", row, now)
            await drain(session, principal.merchant, parts.profiles.of, now)
        return {"state": "closed"}


@router.post("/handover")
async def hand_over(request: Request, given: Annotated[Bulk, Body()], principal: MayReply) -> dict[str, Any]:
    """Hand over what one person holds, each conversation with the note that its next holder needs."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    _require_person(principal)
    _require_may_move(principal, given.holder)
    async with parts.store.merchant(principal.merchant) as session:
        if given.to == given.holder:
            raise Unfit(field="to")
        rows = await _held_by(session, given)
        moved: list[dict[str, Any]] = []
        for row in rows:
            if await _platform_gives(session, row):
                continue
            await _move(session, principal, row, given.to, given.note, now)
            place = await shop_of(session, row.shop)
            note = await read_handover(session, row.id, reader(parts, principal, place.shop))
            moved.append({"conversation": str(row.id), "lines": list(note.lines)})
        await drain(session, principal.merchant, parts.profiles.of, now)
    return {"moved": moved}


@router.post("/conversations/{conversation}/mark", status_code=204)
async def mark(request: Request, conversation: uuid.UUID, given: Annotated[Mark, Body()], principal: MayReply) -> None:
    """Mark it, or take the mark away."""
    parts = parts_of(request)
    _require_person(principal)
    async with parts.store.merchant(principal.merchant) as session:
        row = await _row(session, conversation)
        await moves.mark(session, row, principal.id if given.marked else None, parts.clock.now())


@router.post("/conversations/{conversation}/tags")
async def tags(
    request: Request, conversation: uuid.UUID, given: Annotated[Tags, Body()], principal: MayReply
) -> dict[str, list[str]]:
    """Give it these tags."""
    parts = parts_of(request)
    cleaned = [one.strip() for one in given.tags if one.strip()]
    async with parts.store.merchant(principal.merchant) as session:
        row = await _row(session, conversation)
        await moves.tag(session, row, cleaned, parts.clock.now())
        return {"tags": row.tags}


@router.post("/conversations/{conversation}/view", status_code=204)
async def view(request: Request, conversation: uuid.UUID, given: Annotated[Seen, Body()], principal: MayReply) -> None:
    """Note that the person has seen it."""
    parts = parts_of(request)
    _require_person(principal)
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        if not await moves.view(session, row, principal.id, given.message, parts.clock.now()):
            raise NotFound


async def _row(session: AsyncSession, conversation: uuid.UUID) -> ConversationRow:
    row = await moves.locked(session, conversation)
    if row is None:
        raise NotFound
    return row


async def _movable(session: AsyncSession, conversation: uuid.UUID) -> ConversationRow:
    row = await _row(session, conversation)
    if await _platform_gives(session, row):
        raise NotApplicable
    return row


async def _platform_gives(session: AsyncSession, row: ConversationRow) -> bool:
    return queue_of((await shop_of(session, row.shop)).shop).by == "platform"


async def _held_by(session: AsyncSession, given: Bulk) -> list[ConversationRow]:
    found = (
        select(ConversationRow)
        .where(ConversationRow.assignee == given.holder, ConversationRow.ended_at.is_(None))
        .order_by(ConversationRow.id)
        .with_for_update()
    )
    if given.conversations is not None:
        found = found.where(ConversationRow.id.in_(given.conversations))
    return list(await session.scalars(found))


async def _move(
    session: AsyncSession,
    principal: Principal,
    row: ConversationRow,
    to: uuid.UUID | None,
    note: str | None,
    now: datetime,
) -> None:
    by = str(principal.id)
    if to is None:
        moved = await moves.put_back(session, row, by=by, now=now, note=note)
        action = "conversation.put_back"
    else:
        await _require_answers(session, to)
        how = moves.TRANSFER if row.assignee is not None else moves.MANUAL
        moved = await moves.assign(session, row, to, how=how, by=by, now=now, note=note)
        action = "conversation.given"
    if moved:
        await _note(session, principal, action, row, now)


async def _require_answers(session: AsyncSession, person: uuid.UUID) -> None:
    row = await session.scalar(select(PersonRow).where(PersonRow.id == person, PersonRow.active))
    if row is None or row.role == "qa":
        raise Unfit(field="to")


def _require_may_move(principal: Principal, holder: uuid.UUID | None) -> None:
    """What others hold is moved by those above the agents."""
    if holder not in (None, principal.id) and not principal.can(Action.ASSIGN):
        raise NotAllowed(Action.ASSIGN)


def _require_person(principal: Principal) -> None:
    if principal.kind != "person":
        raise NotAllowed("a program holds no conversations")


async def _with(session: AsyncSession, row: ConversationRow) -> WithOther:
    return WithOther(**await _holder(session, row))


async def _holder(session: AsyncSession, row: ConversationRow) -> dict[str, Any]:
    if row.assignee is None:
        return {"holder": None, "how": None}
    name = await session.scalar(select(PersonRow.name).where(PersonRow.id == row.assignee))
    return {"holder": {"id": str(row.assignee), "name": name or ""}, "how": row.assigned_how}


async def _note(session: AsyncSession, principal: Principal, action: str, row: ConversationRow, now: datetime) -> None:
    detail = {"to": str(row.assignee) if row.assignee else None}
    await audit.record(
        session,
        merchant=principal.merchant,
        by=str(principal.id),
        action=action,
        object=str(row.id),
        detail=detail,
        at=now,
    )
