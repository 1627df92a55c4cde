"""What an agent may not give: asking a supervisor for it, and the supervisor's ruling."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Request
from pydantic import Field, model_validator
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.access.principal import SENIOR, Principal
from copilot.clock.deadline import answer_deadline
from copilot.desk.approval_shapes import ApprovalList, ApprovalShown
from copilot.desk.approvals import After, count_approvals, read_approval, read_approvals
from copilot.desk.card import shown_view
from copilot.desk.own_text import Bench, only_authority_blocks
from copilot.domain.base import StrictShape
from copilot.domain.draft import DraftState
from copilot.domain.errors import BadInput, OverCeiling, StaleDraft
from copilot.domain.money import Money
from copilot.flow import approvals
from copilot.flow.approvals import AlreadyAsked, Asked, NotOpen, OwnRequest, OwnWords, Ruled, RulingKind
from copilot.flow.granting import require_left
from copilot.flow.shops import Rules
from copilot.model.composer.wording import Wording
from copilot.store import events
from copilot.store.tables import ApprovalRow, DraftRow, MessageRow
from copilot.web.api.reach import draft_of, reader, rules_of, shop_of
from copilot.web.auth import MayDecide, MayRead, parts_of
from copilot.web.errors import (
    AboveCeiling,
    AskedAlready,
    Blocked,
    NotAllowed,
    NotFound,
    NotLowerable,
    OwnAsked,
    Unfit,
    WrongState,
)
from copilot.web.holding import require_mine
from copilot.web.judging import bench_for, require_vouched
from copilot.web.parts import Parts
from copilot.web.place import Place
from copilot.web.stale import stale
from copilot.web.texts import Brief, Note, Vouched, Words

router = APIRouter(prefix="/api")


class Wanted(StrictShape):
    """What stood on the card, and what is asked for: an ``option`` left out, or the agent's ``text``.

    With neither it is about the draft as it stands, which gives more than the agent has left.
    """

    revision: int = Field(ge=1, le=2**31 - 1)
    text_hash: Brief
    option: Brief | None = None
    text: Words | None = None
    vouch: Vouched = ()
    note: Note | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> "Wanted":
        if self.option is not None and self.text is not None:
            raise ValueError("an option or a text, not both")
        return self


class Said(StrictShape):
    """A supervisor's ruling; ``amount`` goes with ``lower``."""

    kind: RulingKind
    amount: Money | None = None
    note: Note | None = None


@router.post("/drafts/{draft}/approval", status_code=201)
async def ask(
    request: Request, draft: uuid.UUID, given: Annotated[Wanted, Body()], principal: MayDecide
) -> ApprovalShown:
    """Ask a supervisor; people only, so that nobody asks through a program and rules as themselves."""
    if principal.kind != "person":
        raise NotAllowed("approvals")
    parts, now = parts_of(request), parts_of(request).clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        row = await draft_of(session, draft)
        place = await shop_of(session, row.shop)
        rules = await rules_of(parts, place)
        due = await _due(session, row, rules, now)
    asked = Asked(draft, given.revision, given.text_hash, str(principal.id), given.option, note=given.note, due=due)
    if (row.state, row.revision, row.text_hash) != (DraftState.PROPOSED, given.revision, given.text_hash):
        raise await stale(parts, principal, row)
    if given.option is None:
        asked = replace(asked, words=await _own_words(parts, principal, row, given, now))
    try:
        async with parts.store.merchant(principal.merchant) as session:
            await require_mine(session, parts, principal, row.conversation)
            made = await approvals.ask(session, asked, now)
            await _note(session, principal, "approval.requested", made, now)
            shown = await read_approval(session, made.id, _wording(parts, principal, place.shop.zone), asked.by)
    except StaleDraft:
        raise await stale(parts, principal, row) from None
    except AlreadyAsked:
        raise AskedAlready from None
    except BadInput:
        raise Unfit(field="option") from None
    assert shown is not None  # written in the same transaction
    return shown


@router.get("/approvals")
async def listed(
    request: Request, principal: MayDecide, list: Literal["open", "all"] = "open", after: Brief | None = None
) -> ApprovalList:
    """A page of what supervisors are asked, the first due on top; ``after`` is where the page before ended."""
    _require_senior(principal)
    try:
        place = After.parse(after) if after is not None else None
    except BadInput:
        raise Unfit(field="after") from None
    parts = parts_of(request)
    wording = _wording(parts, principal, "UTC")
    async with parts.store.merchant(principal.merchant) as session:
        begin = Place(await events.position(session), wording.now)
        rows, more = await read_approvals(
            session, principal.language, wording, str(principal.id), only_open=list == "open", after=place
        )
        counts = await count_approvals(session, wording.now)
    following = str(more) if more is not None else None
    return ApprovalList(approvals=rows, counts=counts, next=following, event=str(begin), now=wording.now)


@router.get("/approvals/{approval}")
async def one(request: Request, approval: uuid.UUID, principal: MayRead) -> ApprovalShown:
    """One request."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        found = await _approval(session, approval)
        place = await shop_of(session, found.shop)
        who = reader(parts, principal, place.shop)
        shown = await read_approval(session, approval, who.wording, str(principal.id))
    if shown is None:
        raise NotFound
    return shown


@router.post("/approvals/{approval}/ruling")
async def ruling(
    request: Request, approval: uuid.UUID, given: Annotated[Said, Body()], principal: MayDecide
) -> ApprovalShown:
    """Approve, allow less, or refuse."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        found = await _approval(session, approval)
        _require_senior(principal)
        place = await shop_of(session, found.shop)
        rules = await rules_of(parts, place)
    ruled = Ruled(approval, given.kind, str(principal.id), given.amount, given.note)
    try:
        async with parts.store.merchant(principal.merchant) as session:
            made = await approvals.rule(session, ruled, rules.terms, now)
            await _note(session, principal, f"approval.{made.state}", made, now)
            shown = await read_approval(session, made.id, _wording(parts, principal, place.shop.zone), ruled.by)
    except NotOpen as error:
        raise WrongState(state=error.state) from None
    except OwnRequest:
        raise OwnAsked from None
    except approvals.NotLowerable:
        raise NotLowerable(field="kind") from None
    except BadInput:
        raise Unfit(field="amount") from None
    except OverCeiling as error:
        raise AboveCeiling(ceiling=error.ceiling, left=error.left) from None
    assert shown is not None  # it was locked in the same transaction
    return shown


def _require_senior(principal: Principal) -> None:
    if principal.role not in SENIOR:
        raise NotAllowed("approvals")


def _wording(parts: Parts, principal: Principal, zone: str) -> Wording:
    return Wording(principal.language, parts.clock.now(), ZoneInfo(zone))


async def _approval(session: AsyncSession, approval: uuid.UUID) -> ApprovalRow:
    row = await session.scalar(select(ApprovalRow).where(ApprovalRow.id == approval))
    if row is None:
        raise NotFound
    return row


async def _due(session: AsyncSession, draft: DraftRow, rules: Rules, now: datetime) -> datetime | None:
    """By when a ruling helps: the platform's clock for the turn; when that is over, when the shop comes back."""
    turn = select(func.min(MessageRow.received_at)).where(
        MessageRow.conversation == draft.conversation, MessageRow.platform_message_id.in_(draft.burst)
    )
    since = await session.scalar(turn)
    if since is not None and (due := answer_deadline(since, now, rules.profile)) > now:
        return due
    terms = rules.terms
    if terms.hold_minutes is None:
        return None
    return rules.calendar.soon(now, terms.hold_minutes, terms.desk_hours)


async def _own_words(parts: Parts, principal: Principal, row: DraftRow, given: Wanted, now: datetime) -> OwnWords:
    """The agent's text with what it costs; one that policy blocks for anything else is refused here.

    Raises:
        Blocked: a rule blocks it that no supervisor can lift.
        NeedsVouching: it states what nothing known supports.
        Unfit: it gives nothing, or no more than the agent may give themself.
    """
    text = given.text if given.text is not None else row.text or ""
    bench = await bench_for(parts, principal, draft=row.id, text=text)
    judged = bench.judge(text, given.vouch)
    if not only_authority_blocks(judged):
        raise Blocked(verdict=judged.verdict.model_dump(mode="json"))
    require_vouched(judged)
    cost = bench.too_much(judged)
    if cost is not None and bench.authority is not None:
        return OwnWords(text, cost, bench.authority.ceiling, bench.authority.left, given.vouch)
    return await _above_what_is_left(parts, principal, row, bench, text, given, now)


async def _above_what_is_left(
    parts: Parts, principal: Principal, row: DraftRow, bench: Bench, text: str, given: Wanted, now: datetime
) -> OwnWords:
    """A text within what one order may cost that a buyer's or a day's ceiling refuses all the same."""
    edited = bench.edited(bench.judge(text, given.vouch))
    view = shown_view(row)
    grant = edited.grant if edited is not None else None
    if grant is None or view is None:
        raise Unfit(field="text")
    role = "supervisor" if principal.role in SENIOR else "agent"
    order = view.order.id if view.order else None
    try:
        async with parts.store.merchant(principal.merchant) as session:
            await require_left(session, row, grant, order=order, by=str(principal.id), role=role, now=now)
    except OverCeiling as over:
        amount, _, currency = over.left.partition(" ")
        return OwnWords(text, grant.cost, over.ceiling, Money(amount=amount, currency=currency), given.vouch)
    raise Unfit(field="text")


async def _note(session: AsyncSession, principal: Principal, action: str, row: ApprovalRow, now: datetime) -> None:
    detail: dict[str, Any] = {"draft": str(row.draft), "revision": row.revision, "cost": f"{row.minor} {row.currency}"}
    if row.option is not None:
        detail["option"] = row.option
    if row.text_hash is not None:
        detail["text_hash"] = row.text_hash
    if row.ruled_minor is not None:
        detail["allowed"] = f"{row.ruled_minor} {row.currency}"
    await audit.record(
        session,
        merchant=principal.merchant,
        by=str(principal.id),
        action=action,
        object=str(row.id),
        at=now,
        detail=detail,
    )
