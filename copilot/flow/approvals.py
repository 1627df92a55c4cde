"""What an agent may not give, a supervisor may: the request, its clock, the ruling, and what the ruling lets through.

A request stands for one revision of a draft and falls with it. Every move is made under the draft's row, so that a
ruling, a decision and a newer turn cannot pass one another; two supervisors rule once.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.tasks import APPROVAL_DUE, APPROVAL_SOON, RESUME_DRAFT, draft_lock
from copilot.channel.turn import buyer_went_on
from copilot.channel.waking import DRAFT_BELT
from copilot.domain.draft import DraftState, DraftView
from copilot.domain.errors import BadInput, FlowError, StaleDraft
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import Grant, Limits, NotOffered, Ruling
from copilot.flow.granting import require_left
from copilot.flow.judging import text_hash
from copilot.playbook.authority import limits_of
from copilot.playbook.terms import Terms
from copilot.store import events, queue, timers
from copilot.store.tables import ApprovalRow, DraftRow


class ApprovalState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    LOWERED = "lowered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RulingKind(StrEnum):
    """What a supervisor can say to a request."""

    APPROVE = "approve"
    LOWER = "lower"
    REFUSE = "refuse"


_RULED: Final = {
    RulingKind.APPROVE: ApprovalState.APPROVED,
    RulingKind.LOWER: ApprovalState.LOWERED,
    RulingKind.REFUSE: ApprovalState.REFUSED,
}
ALLOWED: Final = (ApprovalState.APPROVED, ApprovalState.LOWERED)


class AlreadyAsked(FlowError):
    """This revision of the draft has an open request."""

    code = "already_asked"

    def __init__(self) -> None:
        """It needs no more words."""
        super().__init__("a request for this draft is open", remedy="wait for its ruling")


class NotOpen(FlowError):
    """The request was ruled or withdrawn before, or there is none (``state`` None)."""

    code = "approval_not_open"

    def __init__(self, state: str | None) -> None:
        """``state`` is where it stands."""
        super().__init__(f"the request is {state or 'not there'}", remedy="read it again")
        self.state = state


class NotLowerable(BadInput):
    """What was asked for is goods or a step, which has no amount to allow less of."""

    code = "not_lowerable"

    def __init__(self) -> None:
        """It needs no more words."""
        super().__init__("what was asked for has no amount that can be lowered", remedy="approve it or refuse it")


class OwnRequest(FlowError):
    """Nobody rules on what they asked for themselves."""

    code = "own_request"

    def __init__(self) -> None:
        """It needs no more words."""
        super().__init__("the request is one's own", remedy="another supervisor rules on it")


@dataclass(frozen=True)
class OwnWords:
    """The agent's own text that gives more than they may: its cost, and the ceiling that it passes with what is left.

    ``vouched`` are the words of it that the agent stands for.
    """

    text: str
    cost: Money
    ceiling: str
    left: Money
    vouched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A request about what stood on the card: for an option that was left out, by its key, or for the agent's words."""

    draft: uuid.UUID
    revision: int
    text_hash: str
    by: str
    option: str | None = None
    words: OwnWords | None = None
    note: str | None = None
    due: datetime | None = None


async def ask(session: AsyncSession, asked: Asked, now: datetime) -> ApprovalRow:
    """Put the request before the supervisors.

    Raises:
        StaleDraft: the draft is not proposed, or another revision or text than was asked about.
        BadInput: the option is none that was left out for want of authority.
        AlreadyAsked: a request for this revision is open.
    """
    draft = await session.scalar(select(DraftRow).where(DraftRow.id == asked.draft).with_for_update())
    seen = (DraftState.PROPOSED, asked.revision, asked.text_hash)
    if draft is None or (draft.state, draft.revision, draft.text_hash) != seen or await buyer_went_on(session, draft):
        raise StaleDraft(str(asked.draft), None)
    if await ruling_of(session, draft.id, draft.revision) is not None:
        # What was allowed is about to be written into it.
        raise AlreadyAsked
    view = DraftView.model_validate(draft.view)
    row = _row(draft, view, asked, now)
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError:
        raise AlreadyAsked from None
    if asked.due is not None:
        await timers.arm(session, APPROVAL_DUE, row.id, asked.due, merchant=row.merchant)
        # Called to mind half-way: whatever the clock, that leaves as much time as has gone.
        await timers.arm(session, APPROVAL_SOON, row.id, now + (asked.due - now) / 2, merchant=row.merchant)
    await _tell(session, row, now)
    return row


def _row(draft: DraftRow, view: DraftView, asked: Asked, now: datetime) -> ApprovalRow:
    row = ApprovalRow(
        merchant=draft.merchant,
        id=uuid.uuid4(),
        shop=draft.shop,
        conversation=draft.conversation,
        draft=draft.id,
        revision=draft.revision,
        order_id=view.order.id if view.order else None,
        notes={"asked": asked.note} if asked.note else {},
        state=ApprovalState.REQUESTED,
        asked_by=asked.by,
        due_at=asked.due,
        created_at=now,
        updated_at=now,
    )
    if asked.words is not None:
        words = asked.words
        row.text, row.text_hash, row.vouched = words.text, text_hash(words.text), list(words.vouched)
        row.issue = _issue(view)
        _price(row, words.cost, words.ceiling, words.left)
        return row
    option = next((one for one in view.over_ceiling if one.key == asked.option), None)
    if option is None:
        raise BadInput("the option was not left out for want of authority", remedy="ask for one that the card lists")
    row.option, row.lowerable, row.issue = option.key, option.lowerable, option.issue
    _price(row, *_priced(option))
    return row


def _priced(option: NotOffered) -> tuple[Money, str, Money]:
    if option.cost is None or option.ceiling is None or option.left is None:
        raise BadInput("it is not known what the option costs", remedy="ask for one that the card lists")
    return option.cost, option.ceiling, option.left


def _price(row: ApprovalRow, cost: Money, ceiling: str, left: Money) -> None:
    row.minor, row.currency, row.ceiling, row.left_minor = cost.minor, cost.currency, ceiling, left.minor


def _issue(view: DraftView) -> Issue | None:
    if view.grant is not None and view.grant.issue is not None:
        return view.grant.issue
    return view.issues[0].issue if view.issues else None


@dataclass(frozen=True)
class Ruled:
    """What a supervisor says to a request; ``amount`` goes with ``lower``."""

    approval: uuid.UUID
    kind: RulingKind
    by: str
    amount: Money | None = None
    note: str | None = None


async def rule(session: AsyncSession, ruled: Ruled, terms: Terms, now: datetime) -> ApprovalRow:
    """Carry out the ruling: what was allowed is written into the same draft, a refusal is shown on its card.

    Raises:
        NotOpen: there is no such request, or it was ruled or withdrawn before; its draft has moved on.
        OwnRequest: the supervisor asked for it themself.
        NotLowerable: goods have no amount to allow less of.
        BadInput: a lower amount that is none.
        OverCeiling: the supervisor's own ceilings leave less.
    """
    found = await session.scalar(select(ApprovalRow.draft).where(ApprovalRow.id == ruled.approval))
    draft = await session.scalar(select(DraftRow).where(DraftRow.id == found).with_for_update())
    one = select(ApprovalRow).where(ApprovalRow.id == ruled.approval).with_for_update()
    row = await session.scalar(one.execution_options(populate_existing=True))
    if row is None or draft is None or row.state != ApprovalState.REQUESTED:
        raise NotOpen(row and row.state)
    if row.asked_by == ruled.by:
        raise OwnRequest
    here = (draft.state, draft.revision) == (DraftState.PROPOSED, row.revision)
    if not here or await buyer_went_on(session, draft):
        # The job that withdraws it is on its way.
        raise NotOpen(ApprovalState.WITHDRAWN)
    minor = _minor(row, ruled)
    if minor is not None:
        grant = Grant(
            cost=Money.from_minor(minor, row.currency),
            settled=False,
            issue=_named(row),
            limits={"supervisor": limits_of(terms.authority.supervisor, _named(row))},
        )
        await require_left(session, draft, grant, order=row.order_id, by=ruled.by, role="supervisor", now=now)
    row.ruled_by, row.ruled_at, row.ruled_minor, row.updated_at = ruled.by, now, minor, now
    row.notes = {**row.notes, **({"ruled": ruled.note} if ruled.note else {})}
    await _end(session, row, _RULED[ruled.kind], now)
    if minor is not None and row.option is not None:
        lock = draft_lock(row.conversation)
        await queue.defer(session, RESUME_DRAFT, lock=lock, merchant=row.merchant, ref=row.draft)
        # Should that job fail, what was allowed must not be forgotten.
        due = now + DRAFT_BELT
        await timers.arm(session, RESUME_DRAFT, row.draft, due, merchant=row.merchant, lock=lock)
    return row


def _minor(row: ApprovalRow, ruled: Ruled) -> int | None:
    """What is allowed, in minor units; None for a refusal."""
    if ruled.kind is RulingKind.REFUSE:
        return None
    if ruled.kind is RulingKind.APPROVE:
        return row.minor
    if not row.lowerable:
        raise NotLowerable
    amount = ruled.amount
    fits = amount is not None and amount.whole and amount.currency == row.currency
    if amount is None or not fits or not 0 < amount.minor < row.minor:
        raise BadInput("a lower amount lies between nothing and what was asked for", remedy="enter one in its currency")
    return amount.minor


def _named(row: ApprovalRow) -> Issue | None:
    return Issue(row.issue) if row.issue else None


async def requested(session: AsyncSession, draft: uuid.UUID) -> bool:
    """Whether a supervisor is being asked about the draft; the caller holds the draft's row."""
    open_one = select(ApprovalRow.id).where(ApprovalRow.draft == draft, ApprovalRow.state == ApprovalState.REQUESTED)
    return await session.scalar(open_one.limit(1)) is not None


async def withdraw(session: AsyncSession, draft: uuid.UUID, now: datetime) -> None:
    """End the open requests of a draft that was decided or overtaken; the caller holds the draft's row."""
    open_ones = (
        select(ApprovalRow)
        .where(ApprovalRow.draft == draft, ApprovalRow.state == ApprovalState.REQUESTED)
        .with_for_update()
    )
    for row in await session.scalars(open_ones):
        row.updated_at = now
        await _end(session, row, ApprovalState.WITHDRAWN, now)


async def ruling_of(session: AsyncSession, draft: uuid.UUID, revision: int | None = None) -> Ruling | None:
    """What was last allowed for an option of the draft; of one ``revision`` only, when that is named."""
    query = select(ApprovalRow).where(
        ApprovalRow.draft == draft, ApprovalRow.state.in_(ALLOWED), ApprovalRow.option.is_not(None)
    )
    if revision is not None:
        query = query.where(ApprovalRow.revision == revision)
    row = await session.scalar(query.order_by(ApprovalRow.ruled_at.desc()).limit(1))
    return ruling_in(row) if row is not None else None


def ruling_in(row: ApprovalRow) -> Ruling:
    """The ruling of a request that was allowed."""
    if row.ruled_by is None or row.ruled_minor is None:
        raise ValueError("the request was not allowed")
    return Ruling(
        approval=str(row.id),
        by=row.ruled_by,
        cost=Money.from_minor(row.ruled_minor, row.currency),
        option=row.option,
        order=row.order_id,
        lowered=row.state == ApprovalState.LOWERED,
    )


async def allowed_words(session: AsyncSession, draft: DraftRow, text: str) -> ApprovalRow | None:
    """The ruling that lets exactly this text of the agent's out for the draft as it stands."""
    return await session.scalar(
        select(ApprovalRow).where(
            ApprovalRow.draft == draft.id,
            ApprovalRow.revision == draft.revision,
            ApprovalRow.state == ApprovalState.APPROVED,
            ApprovalRow.text_hash == text_hash(text),
        )
    )


def grant_in(row: ApprovalRow, terms: Terms) -> Grant:
    """What sending the allowed words counts, against the ceilings of whoever allowed them."""
    limits: dict[str, Limits] = {"supervisor": limits_of(terms.authority.supervisor, _named(row))}
    ruling = ruling_in(row)
    return Grant(cost=ruling.cost, settled=True, issue=_named(row), ruling=ruling, limits=limits)


async def call_to_mind(session: AsyncSession, approval: uuid.UUID, now: datetime, what: str) -> None:
    """Tell watchers that a request is due "soon" or "overdue", while it is open."""
    row = await session.scalar(select(ApprovalRow).where(ApprovalRow.id == approval))
    if row is not None and row.state == ApprovalState.REQUESTED:
        await _tell(session, row, now, what)


async def newest_of(session: AsyncSession, draft: DraftRow) -> ApprovalRow | None:
    """The newest request about the draft, whatever became of it."""
    query = select(ApprovalRow).where(ApprovalRow.draft == draft.id)
    return await session.scalar(query.order_by(ApprovalRow.created_at.desc()).limit(1))


async def _end(session: AsyncSession, row: ApprovalRow, state: ApprovalState, now: datetime) -> None:
    row.state = state
    for kind in (APPROVAL_SOON, APPROVAL_DUE):
        await timers.cancel(session, kind, row.id)
    await _tell(session, row, now)


async def _tell(session: AsyncSession, row: ApprovalRow, now: datetime, what: str | None = None) -> None:
    await session.flush()
    topic = f"approval.{what or row.state}"
    await events.append(session, merchant=row.merchant, shop=row.shop, topic=topic, ref=str(row.id), at=now)
