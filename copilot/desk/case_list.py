"""The cases of all conversations: what each buyer wanted, was offered and promised, by when, and whose move it is.

Owns the reading of rows, page by page. What is serious is the shops' playbooks' to say and is handed in; a case is
ended in ``channel/resolving``.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from copilot.channel.owing import OPEN
from copilot.desk import words
from copilot.desk.card import Reader, owed_text
from copilot.desk.case_shapes import CaseCounts, CaseLine, OptionNamed, Promised, Which
from copilot.desk.cases import shown_case
from copilot.desk.shapes import BuyerShown, PersonShown
from copilot.desk.words import Language, said
from copilot.domain.case import Case, CaseState, Option
from copilot.domain.errors import BadInput
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.store.tables import BuyerRow, CaseRow, CommitmentRow, ConversationRow, PersonRow, ShopRow

MOST: Final = 200
"""How many cases a page of the list shows."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STILL_ASKED: Final = ("armed", "proposed", "owed")
"""A resolution that is yet to be asked about."""


@dataclass(frozen=True)
class After:
    """Where a page ends: the last case as it stood then; written "resolved-due-raised-id", in microseconds."""

    resolved: datetime | None
    due: datetime
    raised: datetime
    id: uuid.UUID

    def __str__(self) -> str:
        """As it goes over the wire; "0" stands for a case that is open."""
        times = (self.resolved or _START, self.due, self.raised)
        return "-".join((*(str((at - _START) // timedelta(microseconds=1)) for at in times), self.id.hex))

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read one.

        Raises:
            BadInput: it is not one of ours; the text is not repeated.
        """
        try:
            *figures, id = written.split("-")
            resolved, due, raised = (_START + timedelta(microseconds=int(at)) for at in figures)
            return cls(None if resolved == _START else resolved, due, raised, uuid.UUID(hex=id))
        except (ValueError, OverflowError):
            raise BadInput("the place in the list is not one of ours", remedy="start without one") from None


@dataclass(frozen=True)
class Wanted:
    """What of the cases is read; ``serious`` are the issues that each shop's playbooks follow up."""

    which: Which = Which.OPEN
    issue: Issue | None = None
    shop: uuid.UUID | None = None
    serious: Mapping[uuid.UUID, frozenset[Issue]] | None = None


async def read_all_cases(
    session: AsyncSession, wanted: Wanted, language: Language, now: datetime, after: After | None = None
) -> tuple[tuple[CaseLine, ...], After | None]:
    """A page of cases, what is due first on top, then the longest open; solved ones behind, the last one first.

    With it comes where the next page begins; None when there is none.
    """
    owed = _owed()
    found = _page(wanted, owed, after)
    everything = (await session.execute(found.limit(MOST + 1))).all()
    rows = everything[:MOST]
    promises = await _promises(session, [row[0].id for row in rows])
    names = await _names(session, (row[0].resolved_by for row in rows))
    shown = tuple(
        _line(
            one,
            talk,
            BuyerShown(id=buyer.platform_buyer_id, nickname=buyer.nickname) if buyer else BuyerShown(),
            PersonShown(id=str(holder.id), name=holder.name) if holder else None,
            promises.get(one.id, ()),
            is_serious,
            names,
            Reader(language, ZoneInfo(place.zone), now),
        )
        for one, talk, place, buyer, holder, _, is_serious in rows
    )
    if len(everything) <= MOST:
        return shown, None
    last, due = rows[-1][0], rows[-1][5]
    return shown, After(_ended(last), due or _NEVER, last.raised_at or last.created_at, last.id)


async def count_cases(session: AsyncSession, wanted: Wanted, now: datetime) -> tuple[CaseCounts, dict[str, int]]:
    """How long each list is for the shop and issue that are wanted, and how many cases of the list each issue has."""
    owed = _owed()
    is_in = {which: _in(which, owed, wanted) for which in Which}
    columns = [func.count().filter(is_in[which]) for which in Which]
    query = _joined(select(*columns, func.count().filter(owed.c.due < now)), owed)
    query = query.where(_of_shop(wanted), _of_issue(wanted))
    figures = (await session.execute(query)).one()
    named = {which.value: int(figures[at]) for at, which in enumerate(Which)}
    counts = CaseCounts(**named, late=int(figures[len(columns)]))
    each = _joined(select(CaseRow.issue, func.count()), owed).where(_of_shop(wanted), is_in[wanted.which])
    by_issue = (await session.execute(each.group_by(CaseRow.issue).order_by(CaseRow.issue))).all()
    return counts, {issue: int(count) for issue, count in by_issue}


def _page(wanted: Wanted, owed: FromClause, after: After | None) -> Select[*tuple[Any, ...]]:
    never = literal(_NEVER, DateTime(timezone=True))
    solved = CaseRow.state == CaseState.RESOLVED
    ended = case((solved, func.coalesce(CaseRow.resolved_at, CaseRow.updated_at)), else_=None)
    raised = func.coalesce(CaseRow.raised_at, CaseRow.created_at)
    # All ascending, so that a place is one comparison; the last one solved first means the longest ago last.
    order = (
        case((solved, 1), else_=0),
        never - func.coalesce(ended, never),
        func.coalesce(owed.c.due, never),
        raised,
        CaseRow.id,
    )
    found = _joined(select(CaseRow, ConversationRow, ShopRow, BuyerRow, PersonRow, owed.c.due, _serious(wanted)), owed)
    found = (
        found.join(ShopRow, ShopRow.id == ConversationRow.shop)
        .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
        .outerjoin(PersonRow, PersonRow.id == ConversationRow.assignee)
        .where(_in(wanted.which, owed, wanted), _of_shop(wanted), _of_issue(wanted))
        .order_by(*order)
    )
    if after is not None:
        behind = never - literal(after.resolved or _NEVER, DateTime(timezone=True))
        place = (0 if after.resolved is None else 1, behind, after.due, after.raised, after.id)
        found = found.where(tuple_(*order) > tuple_(*place))
    return found


def _joined(query: Select[*tuple[Any, ...]], owed: FromClause) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(CaseRow)
        .join(ConversationRow, ConversationRow.id == CaseRow.conversation)
        .outerjoin(owed, owed.c.case == CaseRow.id)
    )


def _owed() -> FromClause:
    """Each case for which something is owed, with the first due of it."""
    about = _case_of_promise()
    return (
        select(about.c.case.label("case"), func.min(CommitmentRow.due).label("due"), func.count().label("count"))
        .select_from(CommitmentRow)
        .join(about, true())
        .where(CommitmentRow.state.in_(OPEN))
        .group_by(about.c.case)
        .subquery("owed")
    )


def _case_of_promise() -> FromClause:
    """The case of a promise: its own, else the newest about its order, else the newest: as a draft reads it."""
    one = aliased(CaseRow)
    return (
        select(one.id.label("case"))
        .where(one.conversation == CommitmentRow.conversation)
        .order_by(
            func.coalesce(one.id == CommitmentRow.case_id, false()).desc(),
            func.coalesce(one.order_id == CommitmentRow.order_id, false()).desc(),
            one.position.desc(),
        )
        .limit(1)
        .lateral("about")
    )


def _in(which: Which, owed: FromClause, wanted: Wanted) -> ColumnElement[bool]:
    live = CaseRow.state != CaseState.RESOLVED
    match which:
        case Which.OPEN:
            return live
        case Which.RESOLVED:
            return CaseRow.state == CaseState.RESOLVED
        case Which.SERIOUS:
            return and_(_serious(wanted), or_(live, func.coalesce(CaseRow.follow_up.in_(_STILL_ASKED), false())))
        case Which.OWED:
            return func.coalesce(owed.c.count > 0, false())
        case Which.ALL:
            return true()


def _serious(wanted: Wanted) -> ColumnElement[bool]:
    """Whether the shop of a case follows its issue up."""
    shops: dict[frozenset[Issue], list[uuid.UUID]] = {}
    for shop, issues in (wanted.serious or {}).items():
        if issues:
            shops.setdefault(issues, []).append(shop)
    alike = [
        and_(ConversationRow.shop.in_(those), CaseRow.issue.in_(sorted(one.value for one in issues)))
        for issues, those in shops.items()
    ]
    return or_(false(), *alike)


def _of_shop(wanted: Wanted) -> ColumnElement[bool]:
    return ConversationRow.shop == wanted.shop if wanted.shop is not None else true()


def _of_issue(wanted: Wanted) -> ColumnElement[bool]:
    return CaseRow.issue == wanted.issue.value if wanted.issue is not None else true()


async def _promises(session: AsyncSession, cases: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[CommitmentRow]]:
    """The promises of ``cases``, what is open first, by their time."""
    if not cases:
        return {}
    about = _case_of_promise()
    talks = select(CaseRow.conversation).where(CaseRow.id.in_(cases))
    found = (
        select(about.c.case, CommitmentRow)
        .select_from(CommitmentRow)
        .join(about, true())
        .where(CommitmentRow.conversation.in_(talks), about.c.case.in_(cases))
        .order_by(case((CommitmentRow.state.in_(OPEN), 0), else_=1), CommitmentRow.due, CommitmentRow.created_at)
    )
    kept: dict[uuid.UUID, list[CommitmentRow]] = {}
    for id, row in (await session.execute(found)).all():
        kept.setdefault(id, []).append(row)
    return kept


async def _names(session: AsyncSession, people: Iterable[str | None]) -> dict[str, str]:
    """The names of those people who are ours, by id."""
    wanted = {one for one in people if one}
    if not wanted:
        return {}
    rows = (await session.execute(select(PersonRow.id, PersonRow.name))).all()
    return {str(id): name for id, name in rows if str(id) in wanted}


def _line(
    row: CaseRow,
    talk: ConversationRow,
    buyer: BuyerShown,
    holder: PersonShown | None,
    promises: Sequence[CommitmentRow],
    serious: bool,
    names: Mapping[str, str],
    reader: Reader,
) -> CaseLine:
    body = Case.model_validate(row.body)
    picked = next((one for one in body.offered if one.id == body.chosen), None)
    owed = [one.due for one in promises if one.state in OPEN and one.due is not None]
    return CaseLine(
        **dict(shown_case(row, names, reader)),
        conversation=str(row.conversation),
        shop=str(talk.shop),
        buyer=buyer,
        holder=holder,
        serious=serious,
        offered=tuple(_named(one, reader) for one in body.offered),
        chosen=_named(picked, reader) if picked is not None else None,
        refused=body.refused_all,
        asked=tuple(said(words.SLOTS, slot, reader.language) for slot in body.asked_for),
        promised=tuple(_promised(one, reader) for one in promises),
        due=min(owed, default=None),
        late=any(due < reader.now for due in owed),
    )


def _named(option: Option, reader: Reader) -> OptionNamed:
    known = option.key in words.OPTION_TITLES
    return OptionNamed(
        key=option.key, title=said(words.OPTION_TITLES, option.key, reader.language) if known else option.title
    )


def _promised(row: CommitmentRow, reader: Reader) -> Promised:
    return Promised(
        id=str(row.id),
        what=row.what,
        text=owed_text(row.what, row.due, reader),
        amount=Money.model_validate(row.amount) if row.amount else None,
        due=row.due,
        state=row.state,
        late=row.state in OPEN and row.due is not None and row.due < reader.now,
    )


def _ended(row: CaseRow) -> datetime | None:
    return (row.resolved_at or row.updated_at) if row.state == CaseState.RESOLVED else None
