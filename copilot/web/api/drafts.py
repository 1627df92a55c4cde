"""One draft: its card, and what an agent decides about it."""

import uuid
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import AfterValidator, Field

from copilot.access import audit
from copilot.access.principal import SENIOR, Principal
from copilot.access.scopes import OutOfScope
from copilot.desk.card import whole_card
from copilot.desk.card_shapes import Card
from copilot.desk.edits import edit_class
from copilot.desk.own_text import Bench, Judged
from copilot.desk.queue.moves import HeldByOther
from copilot.desk.sights import note_sight
from copilot.domain.base import StrictShape
from copilot.domain.draft import DraftState, DraftView, EditClass, Rejection, RejectReason
from copilot.domain.errors import OverCeiling, QuestionOver, StaleDraft
from copilot.domain.issue import Issue
from copilot.flow import decisions
from copilot.flow.approvals import allowed_words, grant_in
from copilot.flow.decisions import Decision, DecisionKind
from copilot.store.tables import DraftRow
from copilot.web.api.reach import draft_of, reader, shop_of
from copilot.web.auth import MayDecide, MayRead, parts_of
from copilot.web.errors import AboveCeiling, TooLateToAsk, Unfit
from copilot.web.holding import bound, require_mine, with_other
from copilot.web.judging import bench_for, require_sendable, sendable_pair
from copilot.web.parts import Parts
from copilot.web.scopes import refuse
from copilot.web.stale import stale
from copilot.web.texts import Brief, Note, Vouched, Words

router = APIRouter(prefix="/api/drafts")


def _known(value: str) -> str:
    return Issue(value).value


IssueName = Annotated[str, AfterValidator(_known)]


class Said(Rejection):
    """Why a draft is rejected, as it comes from outside."""

    issue: IssueName | None = None
    order: Brief | None = None
    fact: Brief | None = None
    note: Note | None = None
    without: Annotated[tuple[Brief, ...], Field(max_length=10)] = ()


class Decided(StrictShape):
    """A decision about what stood on the card; ``source`` is the text of which an edited one is the translation.

    ``waited_ms`` is how long the page held it back, so that it could be taken back.
    """

    revision: int = Field(ge=1, le=2**31 - 1)
    text_hash: Brief | None = None
    kind: DecisionKind
    text: Words | None = None
    source: Words | None = None
    vouch: Vouched = ()
    rejection: Said | None = None
    waited_ms: int | None = Field(None, ge=0, le=60_000)


class Seen(StrictShape):
    """A text of the draft is on screen; ``typed``: words were begun in the conversation before."""

    revision: int = Field(ge=1, le=2**31 - 1)
    text_hash: Brief
    typed: bool


@router.get("/{draft}")
async def card(request: Request, draft: uuid.UUID, principal: MayRead) -> Card:
    """The card."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await draft_of(session, draft)
        place = await shop_of(session, row.shop)
        return await whole_card(session, row, reader(parts, principal, place.shop))


@router.post("/{draft}/sight", status_code=204)
async def seen(request: Request, draft: uuid.UUID, given: Annotated[Seen, Body()], principal: MayDecide) -> None:
    """Note that whoever answers the buyer had the text before them; what has changed meanwhile is not noted.

    A machine has no eyes, and whoever only looks on does not answer: of them nothing is noted.
    """
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await draft_of(session, draft)
        stands = (row.state, row.revision, row.text_hash) == (DraftState.PROPOSED, given.revision, given.text_hash)
        if stands and principal.kind == "person":
            now, senior = parts.clock.now(), principal.role in SENIOR
            await note_sight(session, row, person=principal.id, senior=senior, typed=given.typed, now=now)


@router.post("/{draft}/decision")
async def decide(
    request: Request, draft: uuid.UUID, given: Annotated[Decided, Body()], principal: MayDecide
) -> dict[str, str]:
    """Carry out the decision, if the card is still the one that was shown."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await draft_of(session, draft)
        # Told before anything is judged; decided over again together with the draft.
        await require_mine(session, parts, principal, row.conversation)
    _require_choice(row, given)
    edit = given.kind is DecisionKind.EDIT
    judged, view, made = await _judged(parts, principal, row, given) if edit else (None, None, None)
    decision = Decision(
        draft=draft,
        revision=given.revision,
        text_hash=given.text_hash or "",
        kind=given.kind,
        by=str(principal.id),
        text=judged.text if judged else None,
        verdict=judged.verdict if judged else None,
        rejection=given.rejection if given.kind is DecisionKind.REJECT else None,
        view=view,
        role="supervisor" if principal.role in SENIOR else "agent",
        holder=bound(principal),
        edit_class=made,
        waited_ms=given.waited_ms,
        scopes=principal.scopes,
    )
    try:
        state = await decisions.decide(parts.store, principal.merchant, decision, parts.clock)
    except StaleDraft:
        raise await stale(parts, principal, row) from None
    except HeldByOther as error:
        async with parts.store.merchant(principal.merchant) as session:
            raise await with_other(session, error) from None
    except OutOfScope as error:
        await refuse(parts, principal, error.scope, str(draft))
    except QuestionOver:
        raise TooLateToAsk from None
    except OverCeiling as error:
        raise AboveCeiling(ceiling=error.ceiling, left=error.left) from None
    await _note(parts, principal, given, draft)
    return {"state": state.value}


def _require_choice(row: DraftRow, given: Decided) -> None:
    """Options are chosen among those that the draft has or had, and one stays."""
    said = given.rejection
    if given.kind is not DecisionKind.REJECT or said is None:
        return
    chooses = said.reason is RejectReason.OPTIONS
    if not chooses and said.without:
        raise Unfit(field="without")
    if not chooses or row.view is None:
        return
    view = DraftView.model_validate(row.view)
    known = {one.key for one in (*view.options, *view.left_out)}
    if not set(said.without) < known:
        raise Unfit(field="without")


_Made = tuple[Judged, DraftView | None, EditClass | None]


async def _judged(parts: Parts, principal: Principal, row: DraftRow, given: Decided) -> _Made:
    """The edited text under policy and ledger; a text that may not leave is refused here.

    A card that has changed is told first: its reader would vouch for words of another one.
    """
    if (row.state, row.revision, row.text_hash) != (DraftState.PROPOSED, given.revision, given.text_hash):
        raise await stale(parts, principal, row)
    if not (given.text or "").strip():
        raise Unfit(field="text")
    bench = await bench_for(parts, principal, draft=row.id, text=given.text or "")
    async with parts.store.merchant(principal.merchant) as session:
        allowed = await allowed_words(session, row, given.text or "")
    vouch = given.vouch
    if allowed is not None:
        bench = replace(bench, allowed=grant_in(allowed, bench.rules.terms))
        vouch = (*vouch, *allowed.vouched)
    if given.source:
        return _pair(bench, given.source, given.text or "", vouch)
    judged = require_sendable(bench.judge(given.text or "", vouch))
    return judged, bench.edited(judged), edit_class(bench, judged)


def _pair(bench: Bench, source: str, text: str, vouch: tuple[str, ...]) -> _Made:
    """The translation that leaves, and the draft with it: what it owes is what its source promises."""
    pair = sendable_pair(bench, source, text, vouch)
    view = bench.edited(pair.translation)
    told = {"owes": pair.source.owes, "readings": {pair.languages[0]: source}}
    edited = view.model_copy(update=told) if view is not None else None
    return pair.translation, edited, edit_class(bench, pair.translation)


async def _note(parts: Parts, principal: Principal, given: Decided, draft: uuid.UUID) -> None:
    detail: dict[str, Any] = {"revision": given.revision, "text_hash": given.text_hash}
    if given.vouch and given.kind is DecisionKind.EDIT:
        detail["vouched"] = len(given.vouch)
    if given.rejection is not None and given.kind is DecisionKind.REJECT:
        detail["reason"] = given.rejection.reason.value
    async with parts.store.merchant(principal.merchant) as session:
        await audit.record(
            session,
            merchant=principal.merchant,
            by=str(principal.id),
            action=f"draft.{given.kind.value}",
            object=str(draft),
            at=parts.clock.now(),
            detail=detail,
        )
