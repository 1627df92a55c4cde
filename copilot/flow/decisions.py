"""What an agent decides about a draft: one transaction, matched on the revision and the text the agent saw.

The row is compared and set, the reply queued and the jobs deferred together or not at all; the graph is resumed
afterwards and is not needed for the reply to leave.
"""

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.scopes import ALL_SCOPES, OutOfScope, Scope
from copilot.channel.presenting.moved import tell_draft
from copilot.channel.tasks import PROPOSE_DUE, RESUME_DRAFT, draft_lock, rewrite_lock
from copilot.channel.turn import buyer_went_on, question_over
from copilot.channel.waking import DRAFT_BELT, send_now
from copilot.desk.queue.holding import require_held
from copilot.desk.reviewing import scope_of_draft
from copilot.domain.clock import Clock
from copilot.domain.draft import DraftState, DraftView, EditClass, Rejection, RejectReason, move
from copilot.domain.errors import BadInput, QuestionOver, StaleDraft, TextBlocked
from copilot.domain.verdict import Decision as Outcome
from copilot.domain.verdict import Verdict
from copilot.flow.approvals import withdraw
from copilot.flow.granting import reserve
from copilot.flow.judging import text_hash
from copilot.flow.keeping import queue_reply
from copilot.store import queue, timers
from copilot.store.engine import Store
from copilot.store.tables import DecisionRow, DraftRow, OutboxRow


class DecisionKind(StrEnum):
    """What an agent can do with a proposed draft."""

    ACCEPT = "accept"
    EDIT = "edit"
    REJECT = "reject"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Decision:
    """An agent's decision about what stood on the card: ``revision`` and ``text_hash`` of the text that was shown.

    ``text`` is the edited text of an ``edit`` with ``verdict`` from its check, and ``view`` the draft with that text in
    it, which tells what sending it owes; ``rejection`` goes with ``reject``. A draft that is held without a text can be
    rejected or ignored, with the hash that its card shows, which may be empty. ``role`` ("agent", "supervisor") says
    which ceilings count; ``holder`` is who must hold the conversation, None: whoever decides may. ``edit_class`` says
    what an edit made of the text, ``waited_ms`` how long it waited to be taken back. ``scopes`` are the parts of an
    agent's work that are the decider's.
    """

    draft: uuid.UUID
    revision: int
    text_hash: str
    kind: DecisionKind
    by: str
    text: str | None = None
    verdict: Verdict | None = None
    rejection: Rejection | None = None
    view: DraftView | None = None
    role: str = "agent"
    holder: uuid.UUID | None = None
    edit_class: EditClass | None = None
    waited_ms: int | None = None
    scopes: frozenset[Scope] = ALL_SCOPES


_NEXT = {
    DecisionKind.ACCEPT: DraftState.APPROVED,
    DecisionKind.EDIT: DraftState.APPROVED,
    DecisionKind.REJECT: DraftState.REJECTED,
    DecisionKind.IGNORE: DraftState.REJECTED,
}
_FROM = {
    DecisionKind.ACCEPT: (DraftState.PROPOSED,),
    DecisionKind.EDIT: (DraftState.PROPOSED,),
    DecisionKind.REJECT: (DraftState.PROPOSED, DraftState.BLOCKED),
    DecisionKind.IGNORE: (DraftState.PROPOSED, DraftState.BLOCKED),
}


SENDING = frozenset({DecisionKind.ACCEPT, DecisionKind.EDIT})


async def decide(store: Store, merchant: uuid.UUID, decision: Decision, clock: Clock) -> DraftState:
    """Carry out ``decision``; returns the draft's new state.

    Raises:
        StaleDraft: the draft is not proposed, its revision or text is another than the decision names, or the buyer
            wrote what it does not answer; carries the draft as it stands now.
        TextBlocked: the edited text is blocked by policy.
        BadInput: an edit without text, or a rejection without a reason.
        QuestionOver: it is a follow-up whose window has passed.
        OverCeiling: it gives more than is left; nothing is decided.
        HeldByOther: the conversation is with somebody else.
        OutOfScope: sending it takes a scope that whoever decides does not have.
    """
    _complete(decision)
    async with store.merchant(merchant) as session:
        seen = await session.scalar(select(DraftRow).where(DraftRow.id == decision.draft))
        if seen is not None and decision.holder is not None:
            await require_held(session, seen.conversation, decision.holder, clock.now())
        if seen is not None and decision.kind in SENDING and await buyer_went_on(session, seen):
            # The job that supersedes the draft is on its way.
            raise StaleDraft(str(decision.draft), await current(session, decision.draft))
        row = await _compare_and_set(session, decision, clock)
        if row is None:
            raise StaleDraft(str(decision.draft), await current(session, decision.draft))
        if decision.kind in SENDING and question_over(row, clock.now()):
            raise QuestionOver
        if decision.kind in SENDING:
            _require_scope(decision, row)
        session.add(_record(decision, row, clock))
        await timers.cancel(session, PROPOSE_DUE, row.id)
        await withdraw(session, row.id, clock.now())
        if decision.kind in SENDING:
            await reserve(session, row, by=decision.by, role=decision.role, clock=clock)
            await queue_reply(session, row, clock, decision.by)
            await _send(session, row, clock)
        again = decision.kind is DecisionKind.REJECT
        # A model may still be wording the draft under the conversation's lock: a rejection does not wait for it, and
        # what it says in the end is of a revision that is gone.
        lock = rewrite_lock(row.id) if again else draft_lock(row.conversation)
        await queue.defer(session, RESUME_DRAFT, lock=lock, merchant=merchant, ref=row.id)
        if again:
            # Should that job fail, the draft must not look for ever as if it were being written again.
            due = clock.now() + DRAFT_BELT
            await timers.arm(session, RESUME_DRAFT, row.id, due, merchant=merchant, lock=lock)
        await tell_draft(
            session,
            merchant=merchant,
            shop=row.shop,
            conversation=row.conversation,
            draft=row.id,
            state=row.state,
            at=clock.now(),
        )
        return DraftState(row.state)


def _require_scope(decision: Decision, row: DraftRow) -> None:
    for needed in (Scope.MESSAGE_REPLY, scope_of_draft(row.view)):
        if needed not in decision.scopes:
            raise OutOfScope(needed)


def _complete(decision: Decision) -> None:
    if decision.kind is DecisionKind.EDIT:
        if not (decision.text or "").strip():
            raise BadInput("an edit needs its text")
        # Fails closed: a text that nobody judged is not sent.
        if decision.verdict is None:
            raise BadInput("an edited text needs its verdict", remedy="check the text first")
        if decision.verdict.decision is Outcome.BLOCK:
            raise TextBlocked(decision.verdict)
    if decision.kind is DecisionKind.REJECT and decision.rejection is None:
        raise BadInput("a rejection needs a reason", remedy=f"one of {', '.join(r.value for r in RejectReason)}")


async def _compare_and_set(session: AsyncSession, decision: Decision, clock: Clock) -> DraftRow | None:
    before = _FROM[decision.kind]
    after = {move(state, _NEXT[decision.kind]) for state in before}.pop()
    values: dict[str, Any] = {"state": after, "updated_at": clock.now()}
    if decision.kind is DecisionKind.EDIT and decision.text is not None:
        values |= {"text": decision.text, "text_hash": text_hash(decision.text)}
        if decision.view is not None:
            values["view"] = decision.view.model_dump(mode="json")
    return await session.scalar(
        update(DraftRow)
        .where(
            DraftRow.id == decision.draft,
            DraftRow.revision == decision.revision,
            func.coalesce(DraftRow.text_hash, "") == decision.text_hash,
            DraftRow.state.in_(before),
        )
        .values(**values)
        .returning(DraftRow)
    )


def _record(decision: Decision, row: DraftRow, clock: Clock) -> DecisionRow:
    return DecisionRow(
        merchant=row.merchant,
        id=uuid.uuid4(),
        draft=row.id,
        revision=decision.revision,
        kind=decision.kind,
        text_hash=row.text_hash or decision.text_hash,
        by=decision.by,
        rejection=decision.rejection.model_dump(mode="json") if decision.rejection else None,
        at=clock.now(),
        edit_class=EditClass.VERBATIM if decision.kind is DecisionKind.ACCEPT else decision.edit_class,
        waited_ms=decision.waited_ms,
    )


async def _send(session: AsyncSession, row: DraftRow, clock: Clock) -> None:
    reply = select(OutboxRow).where(OutboxRow.source_kind == "draft", OutboxRow.source_id == row.id)
    await send_now(session, (await session.scalars(reply)).one(), clock.now())


async def current(session: AsyncSession, draft: uuid.UUID) -> dict[str, object] | None:
    """The draft as it stands now, for whoever was too late; None when there is none."""
    row = await session.scalar(select(DraftRow).where(DraftRow.id == draft).execution_options(populate_existing=True))
    if row is None:
        return None
    return {
        "draft": str(row.id),
        "revision": row.revision,
        "state": row.state,
        "text": row.text,
        "text_hash": row.text_hash,
    }
