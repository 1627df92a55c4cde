"""The audit log: who did what to which object, the newest first. Rows are read here and changed nowhere."""

import uuid
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.audit import COMMAND
from copilot.desk.shapes import Moment, PersonShown
from copilot.domain.base import Shape
from copilot.store.tables import AuditRow, PersonRow, ShopRow, TokenRow
from copilot.web.auth import MayManage, parts_of
from copilot.web.errors import Unfit
from copilot.web.texts import Brief

router = APIRouter(prefix="/api/audit")

_PAGE = 100


class Done(Shape):
    """Something that was done. ``by`` null: an operator at the command line; ``name`` is what ``object`` is called."""

    id: str
    at: Moment
    by: PersonShown | None
    action: str
    object: str | None
    name: str | None
    detail: dict[str, Any] | None


class Log(Shape):
    """A page of the log; ``next`` is what ``before`` says for the page behind it. ``actions`` are those there are."""

    log: tuple[Done, ...]
    next: str | None
    actions: tuple[str, ...]


@router.get("")
async def log(
    request: Request,
    principal: MayManage,
    action: Brief | None = None,
    by: Brief | None = None,
    before: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=_PAGE)] = _PAGE,
) -> Log:
    """A page of the log, of one action (``person.added``, or ``person`` for all of a kind) or of one person."""
    query = select(AuditRow).order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(limit + 1)
    if action is not None:
        query = query.where((AuditRow.action == action) | AuditRow.action.startswith(f"{action}.", autoescape=True))
    if by is not None:
        query = query.where(AuditRow.by == by)
    async with parts_of(request).store.merchant(principal.merchant) as session:
        rows = (await session.scalars(await _from(session, query, before))).all()
        names = await _names(session, rows)
        actions = (await session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action))).all()
    shown = tuple(_done(row, names) for row in rows[:limit])
    return Log(log=shown, next=shown[-1].id if len(rows) > limit else None, actions=tuple(actions))


async def _from(session: AsyncSession, query: Select[AuditRow], before: uuid.UUID | None) -> Select[AuditRow]:
    if before is None:
        return query
    row = await session.scalar(select(AuditRow).where(AuditRow.id == before))
    if row is None:
        raise Unfit(field="before")
    return query.where(tuple_(AuditRow.at, AuditRow.id) < tuple_(row.at, row.id))


async def _names(session: AsyncSession, rows: Iterable[AuditRow]) -> dict[str, str]:
    """The names of the people, programs and shops that the rows speak of, by id."""
    ids = {id for row in rows for id in (_id(row.by), _id(row.object)) if id is not None}
    found: dict[str, str] = {}
    for table in (PersonRow, TokenRow, ShopRow):
        named = await session.execute(select(table.id, table.name).where(table.id.in_(ids)))
        found |= {str(id): name for id, name in named.all()}
    return found


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _done(row: AuditRow, names: dict[str, str]) -> Done:
    by = None if row.by == COMMAND else PersonShown(id=row.by, name=names.get(row.by, row.by))
    return Done(
        id=str(row.id),
        at=row.at,
        by=by,
        action=row.action,
        object=row.object,
        name=names.get(row.object or ""),
        detail=row.detail,
    )
