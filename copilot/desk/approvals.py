"""What supervisors are asked, and how a card shows what became of it.

Owns the reading of rows and their one line; a request is moved in ``flow/approvals``.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, case, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk import words
from copilot.desk.approval_shapes import ApprovalCounts, ApprovalShown
from copilot.desk.approval_words import APPROVAL, CEILINGS
from copilot.desk.card_shapes import Beyond
from copilot.desk.escalation import escalation_text
from copilot.desk.shapes import BuyerShown, PersonShown
from copilot.desk.words import Language, said
from copilot.domain.draft import DraftView
from copilot.domain.errors import BadInput
from copilot.domain.money import Money
from copilot.flow.approvals import ApprovalState, newest_of
from copilot.model.composer.wording import Wording
from copilot.store.tables import ApprovalRow, BuyerRow, ConversationRow, DraftRow, PersonRow, ShopRow

MOST: Final = 200
"""How many requests a page of the list shows, those due first."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)

Names = Mapping[str, str]


def beyond(view: DraftView | None, wording: Wording, language: Language) -> tuple[Beyond, ...]:
    """The options of the draft's plan that only a supervisor could give."""
    found: list[Beyond] = []
    for one in view.over_ceiling if view is not None else ():
        if one.cost is None or one.ceiling is None or one.left is None:
            continue
        title = _title(one.key, one.title, language)
        line = said(APPROVAL, "beyond", language).format(
            what=title,
            cost=wording.money(one.cost),
            ceiling=said(CEILINGS, one.ceiling, language),
            left=wording.money(one.left),
        )
        found.append(Beyond(key=one.key, title=title, cost=one.cost, ceiling=one.ceiling, left=one.left, text=line))
    return tuple(found)


async def approval_of(
    session: AsyncSession, draft: DraftRow, wording: Wording, reader: str | None
) -> ApprovalShown | None:
    """The newest request about the draft, as its card shows it; ``reader`` is who looks."""
    row = await newest_of(session, draft)
    if row is None:
        return None
    return _shown(row, None, draft.view, await _names(session, [row]), wording, reader)


@dataclass(frozen=True)
class After:
    """Where a page of the list ends: the last request as it stood then, so that one that moves since loses nobody.

    Written "group-due-updated-id", times in microseconds.
    """

    ended: int
    due: datetime
    updated: datetime
    id: uuid.UUID

    @classmethod
    def of(cls, row: ApprovalRow) -> Self:
        """The place right behind ``row``."""
        is_open = row.state == ApprovalState.REQUESTED
        return cls(0 if is_open else 1, (row.due_at if is_open else None) or _NEVER, row.updated_at, row.id)

    def __str__(self) -> str:
        """As it goes over the wire."""
        due, updated = ((at - _START) // timedelta(microseconds=1) for at in (self.due, self.updated))
        return f"{self.ended}-{due}-{updated}-{self.id.hex}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read one.

        Raises:
            BadInput: it is not one of ours; the text is not repeated.
        """
        try:
            ended, due, updated, id = written.split("-")
            times = [_START + timedelta(microseconds=int(at)) for at in (due, updated)]
            return cls(int(ended), times[0], times[1], uuid.UUID(hex=id))
        except (ValueError, OverflowError):
            raise BadInput("the place in the list is not one of ours", remedy="start without one") from None


async def read_approvals(
    session: AsyncSession,
    language: Language,
    now: Wording,
    reader: str,
    *,
    only_open: bool,
    after: After | None = None,
) -> tuple[tuple[ApprovalShown, ...], After | None]:
    """A page of the requests, what is due first on top; those that ended behind, the last one first.

    With it comes where the next page begins; None when there is none.
    """
    is_open = ApprovalRow.state == ApprovalState.REQUESTED
    never = literal(_NEVER, DateTime(timezone=True))
    # All ascending, so that a place is one comparison; the newest change first means the longest ago last.
    order = (
        case((is_open, 0), else_=1),
        case((is_open, func.coalesce(ApprovalRow.due_at, never)), else_=never),
        never - ApprovalRow.updated_at,
        ApprovalRow.id,
    )
    query = (
        select(ApprovalRow, ShopRow.zone, BuyerRow, DraftRow.view)
        .join(DraftRow, DraftRow.id == ApprovalRow.draft)
        .join(ShopRow, ShopRow.id == ApprovalRow.shop)
        .join(ConversationRow, ConversationRow.id == ApprovalRow.conversation)
        .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
        .order_by(*order)
        .limit(MOST + 1)
    )
    if after is not None:
        place = (after.ended, after.due, never - literal(after.updated, DateTime(timezone=True)), after.id)
        query = query.where(tuple_(*order) > tuple_(*place))
    rows = (await session.execute(query.where(is_open) if only_open else query)).all()
    page = rows[:MOST]
    names = await _names(session, [row for row, *_ in page])
    shown = tuple(
        _shown(row, buyer, view, names, Wording(language, now.now, ZoneInfo(zone)), reader)
        for row, zone, buyer, view in page
    )
    return shown, After.of(page[-1][0]) if len(rows) > MOST else None


async def read_approval(
    session: AsyncSession, approval: uuid.UUID, wording: Wording, reader: str
) -> ApprovalShown | None:
    """One request; None when there is none."""
    query = (
        select(ApprovalRow, DraftRow.view)
        .join(DraftRow, DraftRow.id == ApprovalRow.draft)
        .where(ApprovalRow.id == approval)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    row, view = found
    return _shown(row, None, view, await _names(session, [row]), wording, reader)


async def count_approvals(session: AsyncSession, now: datetime) -> ApprovalCounts:
    """How many are open, and how many of those are late, whatever a page shows of them."""
    late = func.count().filter(ApprovalRow.due_at < now)
    query = select(func.count(), late).where(ApprovalRow.state == ApprovalState.REQUESTED)
    found = (await session.execute(query)).one()
    return ApprovalCounts(open=found[0], late=found[1])


async def _names(session: AsyncSession, rows: Iterable[ApprovalRow]) -> Names:
    """The names of the people who asked and ruled, by their ids as rows keep them."""
    ids = {uuid.UUID(by) for row in rows for by in (row.asked_by, row.ruled_by) if by is not None and _is_id(by)}
    if not ids:
        return {}
    found = await session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(ids)))
    return {str(id): name for id, name in found.all()}


def _is_id(by: str) -> bool:
    try:
        uuid.UUID(by)
    except ValueError:
        return False
    return True


def _shown(
    row: ApprovalRow,
    buyer: BuyerRow | None,
    view: dict[str, Any] | None,
    names: Names,
    wording: Wording,
    reader: str | None,
) -> ApprovalShown:
    language: Language = "zh" if wording.language == "zh" else "en"
    is_open = row.state == ApprovalState.REQUESTED
    allowed = None if row.ruled_minor is None else Money.from_minor(row.ruled_minor, row.currency)
    title = _title(row.option, row.option, language) if row.option else said(APPROVAL, "own_words", language)
    amount = wording.money(allowed) if allowed is not None else ""
    return ApprovalShown(
        id=str(row.id),
        conversation=str(row.conversation),
        shop=str(row.shop),
        buyer=BuyerShown(id=buyer.platform_buyer_id, nickname=buyer.nickname) if buyer is not None else BuyerShown(),
        draft=str(row.draft),
        revision=row.revision,
        state=row.state,
        text=said(APPROVAL, row.state, language).format(what=title, amount=amount),
        title=title,
        option=row.option,
        own_text=row.text,
        vouched=tuple(row.vouched),
        order_id=row.order_id,
        cost=Money.from_minor(row.minor, row.currency),
        ceiling=row.ceiling,
        ceiling_text=said(CEILINGS, row.ceiling, language),
        left=Money.from_minor(row.left_minor, row.currency),
        lowerable=row.lowerable,
        note=row.notes.get("asked"),
        escalation=_escalation(view, language),
        asked_by=_person(row.asked_by, names),
        asked_at=row.created_at,
        mine=row.asked_by == reader,
        due=row.due_at,
        late=is_open and row.due_at is not None and row.due_at < wording.now,
        ruled_by=_person(row.ruled_by, names) if row.ruled_by is not None else None,
        ruled_at=row.ruled_at,
        allowed=allowed,
        ruling_note=row.notes.get("ruled"),
    )


def _escalation(view: dict[str, Any] | None, language: Language) -> str | None:
    found = DraftView.model_validate(view).escalation if view else None
    return escalation_text(found, language) if found is not None else None


def _person(by: str, names: Names) -> PersonShown:
    return PersonShown(id=by, name=names.get(by, ""))


def _title(key: str, title: str, language: Language) -> str:
    return said(words.OPTION_TITLES, key, language) if key in words.OPTION_TITLES else title
