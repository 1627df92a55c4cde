"""A conversation's cases as a person reads them: what about, which order, whose move, who ended it and how."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk import words
from copilot.desk.card import Reader
from copilot.desk.shapes import Moment
from copilot.desk.words import Words, said
from copilot.domain.base import Shape
from copilot.domain.case import CaseState
from copilot.domain.issue_names import ISSUES
from copilot.store.tables import CaseRow, PersonRow

RESOLVED_BY: Words = {
    "order": ("订单显示已办好", "the order shows it"),
    "talk": ("双方已道别", "both sides said goodbye"),
    "erased": ("买家信息已清除", "the buyer was erased"),
    "person": ("客服", "an agent"),
}
FOLLOW_UPS: Words = {
    "armed": ("等待回访", "to be asked about"),
    "proposed": ("回访草稿待处理", "a question is drafted"),
    "owed": ("待人工回访", "somebody has to ask"),
    "cancelled": ("有新情况，不再回访", "something came up: not asked"),
    "over": ("回访时间已过", "the time to ask is over"),
    "answered": ("买家已答复", "the buyer has answered"),
}


class CaseShown(Shape):
    """One case. ``text`` names it in the reader's language, ``resolved_text`` who or what ended it.

    ``resolved_by`` is a person's id, ``order`` or ``talk``; ``solved`` is the buyer's answer to our question.
    """

    id: str
    issue: str
    text: str
    order_id: str | None = None
    product_id: str | None = None
    state: str
    state_text: str
    raised_at: Moment | None = None
    resolved_at: Moment | None = None
    resolved_by: str | None = None
    resolved_text: str | None = None
    evidence: str | None = None
    reopened: int = 0
    reopened_at: Moment | None = None
    follow_up: str | None = None
    follow_up_text: str | None = None
    follow_up_from: Moment | None = None
    follow_up_until: Moment | None = None
    solved: bool | None = None


class CaseList(Shape):
    """The cases of a conversation, the oldest first."""

    cases: tuple[CaseShown, ...]


async def read_cases(session: AsyncSession, conversation: uuid.UUID, reader: Reader) -> CaseList:
    """What ``conversation`` is and was about."""
    found = select(CaseRow).where(CaseRow.conversation == conversation).order_by(CaseRow.position)
    rows = (await session.scalars(found)).all()
    people = {row.resolved_by for row in rows if row.resolved_by and row.resolved_by not in RESOLVED_BY}
    names = await _names(session, people)
    return CaseList(cases=tuple(shown_case(row, names, reader) for row in rows))


async def _names(session: AsyncSession, people: set[str]) -> dict[str, str]:
    if not people:
        return {}
    rows = await session.execute(select(PersonRow.id, PersonRow.name))
    return {str(person): name for person, name in rows.all() if str(person) in people}


def shown_case(row: CaseRow, names: Mapping[str, str], reader: Reader) -> CaseShown:
    """The case of ``row`` in the reader's language; ``names`` are those of people by id."""
    language = reader.language
    ended = row.state == CaseState.RESOLVED
    asked = row.follow_up if row.follow_up in FOLLOW_UPS else None
    return CaseShown(
        id=str(row.id),
        issue=row.issue,
        text=said(ISSUES, row.issue, language),
        order_id=row.order_id,
        product_id=row.product_id,
        state=row.state,
        state_text=said(words.CASE_STATES, row.state, language),
        raised_at=row.raised_at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        resolved_text=_resolved(row.resolved_by, names, reader) if ended and row.resolved_by else None,
        evidence=row.evidence,
        reopened=row.reopened,
        reopened_at=row.reopened_at,
        follow_up=asked,
        follow_up_text=said(FOLLOW_UPS, asked, language) if asked else None,
        follow_up_from=row.follow_up_from,
        follow_up_until=row.follow_up_until,
        solved=row.solved,
    )


def _resolved(by: str, names: Mapping[str, str], reader: Reader) -> str:
    if by in RESOLVED_BY:
        return said(RESOLVED_BY, by, reader.language)
    return names.get(by) or said(RESOLVED_BY, "person", reader.language)
