"""The rows of drafts while the flow works on them: begun, overtaken, reopened, shown. The row is the truth.

Every move is a compare-and-set on revision and state in one transaction with its event and its timer, so that a job
that comes twice, or two workers at once, change nothing the second time.
"""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot import metrics
from copilot.channel.presenting.moved import tell_draft
from copilot.channel.tasks import EXPIRE_DRAFT, PROPOSE_DUE, RESUME_DRAFT
from copilot.channel.turn import FOLLOW_UP, buyer_went_on
from copilot.domain.clock import Clock
from copilot.domain.draft import OPEN_STATES, DraftState, DraftView, move
from copilot.domain.plan import Escalation
from copilot.domain.reason import Reason
from copilot.domain.trace import Step
from copilot.domain.verdict import Decision
from copilot.flow.approvals import requested, withdraw
from copilot.flow.judging import text_hash
from copilot.logs import get_logger
from copilot.store import events, spans, timers
from copilot.store.direct import Direct
from copilot.store.engine import Store
from copilot.store.tables import DraftRow, ShopRow, table_of

log = get_logger(__name__)

"""``flow_version`` of a draft that no run of the graph wrote: it asks whether a case is solved."""
_NO_MODEL = "no_model"
Also = Callable[[AsyncSession], Awaitable[object]]

_DRAFTS = table_of(DraftRow)
_KNOWN = Direct(
    select(_DRAFTS.c.state, _DRAFTS.c.burst).where(
        _DRAFTS.c.conversation == bindparam("talk"), _DRAFTS.c.state != DraftState.SUPERSEDED
    )
)
_BEGUN = (
    "merchant",
    "id",
    "shop",
    "conversation",
    "revision",
    "state",
    "flow_version",
    "burst",
    "candidates",
    "deadline_at",
    "trace",
    "created_at",
    "updated_at",
)
_BEGIN = Direct(insert(_DRAFTS), _BEGUN)


@cache
def _showing(names: tuple[str, ...]) -> Direct:
    """Writes these columns while the draft is being written; returns its id, not the row, which holds it twice."""
    return Direct(
        update(_DRAFTS)
        .where(
            _DRAFTS.c.id == bindparam("the_draft"),
            _DRAFTS.c.revision == bindparam("the_revision"),
            _DRAFTS.c.state == literal(DraftState.WRITING),
        )
        .values({name: bindparam(name, type_=_DRAFTS.c[name].type) for name in names})
        .returning(_DRAFTS.c.id)
    )


@dataclass(frozen=True)
class Drafts:
    """The drafts of a store."""

    store: Store
    clock: Clock

    async def answering(
        self, session: AsyncSession, conversation: uuid.UUID, burst: list[str]
    ) -> tuple[DraftRow | None, bool]:
        """The open draft of this very turn, and whether a person has dealt with one (a job that came twice).

        Open drafts of another turn are superseded.
        """
        known = await _KNOWN.all(session, {"talk": conversation})
        if not any(state in OPEN_STATES for state, _ in known):
            return None, any(answered == burst for _, answered in known)
        found = await self.overtake(session, conversation, burst)
        return found, found is None and await self.decided(session, conversation, burst)

    async def overtake(self, session: AsyncSession, conversation: uuid.UUID, burst: list[str]) -> DraftRow | None:
        """Supersede open drafts that answer another turn than ``burst``; the one that answers it is returned."""
        kept: DraftRow | None = None
        rows = await session.scalars(
            select(DraftRow)
            .where(DraftRow.conversation == conversation, DraftRow.state.in_(OPEN_STATES))
            # A decision that is being made goes first: what it approved is not open any more when the lock is ours.
            .with_for_update()
        )
        for row in rows:
            if burst and row.burst == burst:
                kept = row
                continue
            if row.flow_version == FOLLOW_UP and not burst and not await buyer_went_on(session, row):
                # It answers nothing; it is overtaken only when somebody speaks.
                continue
            row.state = move(DraftState(row.state), DraftState.SUPERSEDED)
            row.reason = Reason.SUPERSEDED
            row.updated_at = self.clock.now()
            await timers.cancel(session, PROPOSE_DUE, row.id)
            await withdraw(session, row.id, self.clock.now())
            await self._tell(session, row)
        return kept

    async def decided(self, session: AsyncSession, conversation: uuid.UUID, burst: list[str]) -> bool:
        """Whether this very turn has a draft that a person has dealt with (a job that came twice)."""
        open_or_gone = OPEN_STATES | {DraftState.SUPERSEDED}
        bursts = await session.scalars(
            select(DraftRow.burst).where(DraftRow.conversation == conversation, DraftRow.state.not_in(open_or_gone))
        )
        return any(known == burst for known in bursts)

    async def begin(
        self,
        session: AsyncSession,
        shop: ShopRow,
        conversation: uuid.UUID,
        burst: list[str],
        *,
        deadline: datetime,
        flow_version: str,
        trace: str | None = None,
    ) -> DraftRow:
        """A new draft for the messages of ``burst``, being written, with its deadline armed."""
        now = self.clock.now()
        row = DraftRow(
            merchant=shop.merchant,
            id=uuid.uuid4(),
            shop=shop.id,
            conversation=conversation,
            revision=1,
            state=DraftState.WRITING,
            flow_version=flow_version,
            burst=burst,
            candidates=[],
            deadline_at=deadline,
            trace=trace or uuid.uuid4().hex,
            created_at=now,
            updated_at=now,
        )
        await _BEGIN.run(session, {name: getattr(row, name) for name in _BEGUN})
        await timers.arm(session, PROPOSE_DUE, row.id, deadline, merchant=row.merchant)
        await self._tell(session, row)
        return row

    async def get(self, merchant: uuid.UUID, draft: uuid.UUID) -> DraftRow | None:
        """The draft as it stands."""
        async with self.store.merchant(merchant) as session:
            return await session.scalar(select(DraftRow).where(DraftRow.id == draft))

    async def reopen(self, row: DraftRow, *, deadline: datetime, flow_version: str) -> DraftRow | None:
        """The draft at its next revision, being written again; None when somebody else has moved it meanwhile.

        ``row`` is rejected, or held without a text. None as well for a rejected one when somebody has spoken since:
        another draft answers the newer turn.
        """
        async with self.store.merchant(row.merchant) as session:
            if row.state == DraftState.REJECTED and await buyer_went_on(session, row):
                await timers.cancel(session, RESUME_DRAFT, row.id)
                return None
            reopened = await session.scalar(
                update(DraftRow)
                .where(DraftRow.id == row.id, DraftRow.revision == row.revision, DraftRow.state == row.state)
                .values(
                    state=move(DraftState(row.state), DraftState.WRITING),
                    revision=row.revision + 1,
                    composed=None,
                    view=None,
                    deadline_at=deadline,
                    flow_version=flow_version,
                    updated_at=self.clock.now(),
                )
                .returning(DraftRow)
            )
            if reopened is not None:
                await timers.cancel(session, RESUME_DRAFT, row.id)
                await timers.arm(session, PROPOSE_DUE, row.id, deadline, merchant=row.merchant)
                await self._tell(session, reopened)
            return reopened

    async def show(
        self,
        row: DraftRow,
        view: DraftView | None,
        reason: Reason | None = None,
        *,
        candidates: Sequence[str] = (),
        escalation: Escalation | None = None,
        until: datetime | None = None,
        received: datetime | None = None,
        steps: Sequence[Step] = (),
        also: Also | None = None,
        composed: bool = False,
    ) -> bool:
        """Put a written draft before the agent: proposed, or held with the reason why there is no text to accept.

        ``candidates`` are orders to choose from, ``escalation`` says who must look at a turn without a text, ``until``
        is when the platform stops taking replies, ``received`` when the last message that it answers reached us.
        ``also`` is done in the same transaction. ``composed`` says that a model still words it. False when somebody
        else has moved it meanwhile.
        """
        held = view is None or view.verdict.decision is Decision.BLOCK
        state = move(DraftState.WRITING, DraftState.BLOCKED if held else DraftState.PROPOSED)
        now = self.clock.now()
        values: dict[str, Any] = {
            "state": state,
            "reason": (reason or Reason.BLOCKED) if held else None,
            "candidates": list(candidates),
            "escalation": escalation.model_dump(mode="json") if escalation else None,
            "updated_at": now,
            "shown_at": now,
        }
        if view is not None:
            values |= {
                "view": view.model_dump(mode="json"),
                "text": view.text,
                "text_hash": text_hash(view.text),
                "language": view.language,
            }
        if composed and view is not None:
            values["composed"] = values["view"]
        async with self.store.merchant(row.merchant) as session:
            # The transaction holds no row yet that would have to follow.
            matched = {"the_draft": row.id, "the_revision": row.revision}
            if await _showing(tuple(values)).first(session, {**values, **matched}) is None:
                return False
            await timers.cancel(session, PROPOSE_DUE, row.id)
            if until is not None:
                await timers.arm(session, EXPIRE_DRAFT, row.id, until, merchant=row.merchant)
            await self._tell(session, row, state)
            await self._trace(session, row, steps)
            if also is not None:
                await also(session)
        late = max(0.0, (now - row.deadline_at).total_seconds()) if row.deadline_at else 0.0
        log.info("draft_shown", draft=str(row.id), revision=row.revision, state=state.value, late_seconds=late)
        _measure(view, (now - (received or row.created_at)).total_seconds(), late=late > 0)
        return True

    async def improve(
        self, row: DraftRow, shown: DraftView, view: DraftView | None, *, steps: Sequence[Step], also: Also
    ) -> bool:
        """Put ``view`` in the place of ``shown``, the composed draft that is on screen since.

        Only while nobody has touched that one: decided about it, or asked a supervisor. Same revision, another text, so
        that a decision about the old one is told that it is old. ``also`` is done in any case; whether it was replaced.
        """
        better = view is not None and view != shown and view.verdict.decision is not Decision.BLOCK
        async with self.store.merchant(row.merchant) as session:
            replaced = better and view is not None and await self._replace(session, row, shown, view)
            await self._trace(session, row, steps)
            await also(session)
        if replaced and view is not None:
            log.info("draft_improved", draft=str(row.id), revision=row.revision, text=view.text != shown.text)
        _measure_text(view)
        return replaced

    async def _replace(self, session: AsyncSession, row: DraftRow, shown: DraftView, view: DraftView) -> bool:
        now = self.clock.now()
        standing = await session.scalar(
            select(DraftRow.id)
            .where(
                DraftRow.id == row.id,
                DraftRow.revision == row.revision,
                DraftRow.state == DraftState.PROPOSED,
                DraftRow.text_hash == text_hash(shown.text),
            )
            .with_for_update()
        )
        # Asked only when the row is ours: a request that is being made holds it.
        if standing is None or await requested(session, row.id):
            return False
        values = {
            "view": view.model_dump(mode="json"),
            "text": view.text,
            "text_hash": text_hash(view.text),
            "language": view.language,
            "updated_at": now,
        }
        await session.execute(
            update(DraftRow).where(DraftRow.id == row.id).values(**values),
            execution_options={"synchronize_session": False},
        )
        if view.text != shown.text:
            await self._tell(session, row, DraftState.PROPOSED)
        else:
            # The same words, and why no model wrote them: nothing to announce.
            about = str(row.conversation)
            await events.append(
                session, merchant=row.merchant, shop=row.shop, topic="conversation.changed", ref=about, at=now
            )
        return True

    async def expire(self, row: DraftRow) -> bool:
        """Let go of a draft that can no longer be sent; False when it is not open any more."""
        if row.state not in OPEN_STATES:
            return False
        async with self.store.merchant(row.merchant) as session:
            gone = await session.scalar(
                update(DraftRow)
                .where(DraftRow.id == row.id, DraftRow.state == row.state, DraftRow.revision == row.revision)
                .values(
                    state=move(DraftState(row.state), DraftState.EXPIRED),
                    reason=Reason.WINDOW_CLOSED,
                    updated_at=self.clock.now(),
                )
                .returning(DraftRow)
            )
            if gone is not None:
                await withdraw(session, gone.id, self.clock.now())
                await self._tell(session, gone)
            return gone is not None

    async def trace(self, row: DraftRow, steps: Sequence[Step]) -> None:
        """Keep the steps of a run that moved no draft."""
        async with self.store.merchant(row.merchant) as session:
            await self._trace(session, row, steps)

    async def _trace(self, session: AsyncSession, row: DraftRow, steps: Sequence[Step]) -> None:
        await spans.record_all(session, steps, merchant=row.merchant, trace=row.trace or str(row.id), draft=row.id)

    async def show_stored(self, row: DraftRow) -> bool:
        """Show the composed draft that was kept while writing; False when none was."""
        if row.composed is None:
            return False
        await self.show(row, DraftView.model_validate(row.composed))
        return True

    async def _tell(self, session: AsyncSession, row: DraftRow, state: DraftState | None = None) -> None:
        """What happened to the draft; ``state`` is its new one where ``row`` is older."""
        await tell_draft(
            session,
            merchant=row.merchant,
            shop=row.shop,
            conversation=row.conversation,
            draft=row.id,
            state=(state or DraftState(row.state)).value,
            at=self.clock.now(),
        )


def _measure(view: DraftView | None, seconds: float, *, late: bool) -> None:
    metrics.observe_proposed(seconds, written_by=view.written_by if view else None, late=late)
    _measure_text(view)


def _measure_text(view: DraftView | None) -> None:
    if view is None:
        return
    verdict = view.verdict
    metrics.count_verdict(verdict.decision, ((found.family, found.severity) for found in verdict.findings))
    if view.composed_because not in (None, _NO_MODEL):
        metrics.count_model_skipped(view.composed_because or "")
