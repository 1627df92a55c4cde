"""The rows of drafts while the flow works on them: begun, overtaken, reopened, shown. The row is the truth.

Every move is a compare-and-set on revision and state in one transaction with its event and its timer, so that a job
that comes twice, or two workers at once, change nothing the second time.
"""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot import metrics
from copilot.channel.tasks import EXPIRE_DRAFT, PROPOSE_DUE, RESUME_DRAFT
from copilot.channel.turn import FOLLOW_UP, buyer_went_on
from copilot.domain.clock import Clock
from copilot.domain.draft import OPEN_STATES, DraftState, DraftView, move
from copilot.domain.plan import Escalation
from copilot.domain.reason import Reason
from copilot.domain.trace import Step
from copilot.domain.verdict import Decision
from copilot.flow.approvals import withdraw
from copilot.flow.judging import text_hash
from copilot.logs import get_logger
from copilot.store import events, spans, timers
from copilot.store.engine import Store
from copilot.store.tables import DraftRow, ShopRow

log = get_logger(__name__)

"""``flow_version`` of a draft that no run of the graph wrote: it asks whether a case is solved."""
_NO_MODEL = "no_model"


@dataclass(frozen=True)
class Drafts:
    """The drafts of a store."""

    store: Store
    clock: Clock

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
            deadline_at=deadline,
            trace=trace or uuid.uuid4().hex,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        await session.flush()
        await timers.arm(session, PROPOSE_DUE, row.id, deadline, merchant=row.merchant)
        await self._tell(session, row)
        return row

    async def get(self, merchant: uuid.UUID, draft: uuid.UUID) -> DraftRow | None:
        """The draft as it stands."""
        async with self.store.merchant(merchant) as session:
            return await session.scalar(select(DraftRow).where(DraftRow.id == draft))

    async def reopen(self, row: DraftRow, *, deadline: datetime, flow_version: str) -> DraftRow | None:
        """The draft at its next revision, being written again; None when somebody else has moved it meanwhile.

        ``row`` is rejected, or held without a text.
        """
        async with self.store.merchant(row.merchant) as session:
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
        also: Callable[[AsyncSession], Awaitable[object]] | None = None,
    ) -> bool:
        """Put a written draft before the agent: proposed, or held with the reason why there is no text to accept.

        ``candidates`` are orders to choose from, ``escalation`` says who must look at a turn without a text, ``until``
        is when the platform stops taking replies, ``received`` when the last message that it answers reached us.
        ``also`` is done in the same transaction. False when somebody else has moved it meanwhile.
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
        }
        if view is not None:
            values |= {
                "view": view.model_dump(mode="json"),
                "text": view.text,
                "text_hash": text_hash(view.text),
                "language": view.language,
            }
        async with self.store.merchant(row.merchant) as session:
            shown = await session.scalar(
                update(DraftRow)
                .where(DraftRow.id == row.id, DraftRow.revision == row.revision, DraftRow.state == DraftState.WRITING)
                .values(**values)
                # Not the whole row: it holds the draft twice.
                .returning(DraftRow.id),
                # The transaction holds no row yet that would have to follow.
                execution_options={"synchronize_session": False},
            )
            if shown is None:
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
        await events.append(
            session,
            merchant=row.merchant,
            shop=row.shop,
            topic=f"draft.{(state or DraftState(row.state)).value}",
            ref=str(row.id),
            at=self.clock.now(),
        )


def _measure(view: DraftView | None, seconds: float, *, late: bool) -> None:
    metrics.observe_proposed(seconds, written_by=view.written_by if view else None, late=late)
    if view is None:
        return
    verdict = view.verdict
    metrics.count_verdict(verdict.decision, ((found.family, found.severity) for found in verdict.findings))
    if view.composed_because not in (None, _NO_MODEL):
        metrics.count_model_skipped(view.composed_because or "")
