"""Drives drafts on the store: starts them, resumes them after a decision, proposes them at the deadline.

Everything here is idempotent, because jobs run at least once: a job that comes again finds the row moved on and does
nothing. Runs under the lock ``draft:<conversation>``, except ``propose_due``, which must work while a run hangs.
"""

import asyncio
import uuid
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.model_use import forbids
from copilot.channel.turn import FOLLOW_UP
from copilot.channel.waking import draft_later, drafting
from copilot.clock import can_reply, draft_deadline
from copilot.clock.deadline import Reply, burst_closes
from copilot.domain.clock import Clock
from copilot.domain.draft import OPEN_STATES, DraftState, DraftView, Rejection, RejectReason
from copilot.domain.message import Role
from copilot.domain.plan import Ruling
from copilot.domain.reason import Reason
from copilot.domain.trace import Step
from copilot.flow import casebook
from copilot.flow.approvals import ruling_of
from copilot.flow.deps import Deps
from copilot.flow.drafts import Drafts
from copilot.flow.follow_up import FollowUps
from copilot.flow.foreign import drafted_abroad
from copilot.flow.granting import About, StoredGrants
from copilot.flow.graph import Resumption, compile_graph, flow_version, resumption
from copilot.flow.keeping import StoredRows
from copilot.flow.knowing import KnowledgeOf, nothing_known
from copilot.flow.looking_up import OrderBook, Work, received_of, with_orders
from copilot.flow.publishing import shadow_counts
from copilot.flow.publishing.shadow import Watched
from copilot.flow.shapes import DecisionInput, End
from copilot.flow.shops import Rules, Shops
from copilot.flow.showing import ShowingRows
from copilot.flow.state import State
from copilot.flow.talks import StoredConversations, Talk, load_talk
from copilot.flow.threads import Threads
from copilot.flow.translating import home_language
from copilot.flow.translations import readers
from copilot.flow.understand import unanswered
from copilot.flow.understand.heard import remembering
from copilot.flow.views import candidates_of, end_of, view_of
from copilot.model.pace import Pace
from copilot.model.writer import Writer
from copilot.store.engine import Store
from copilot.store.tables import DecisionRow, DraftRow

_FOR_WANT_OF_ORDERS = frozenset({Reason.ORDER_NOT_FOUND, Reason.ORDER_AMBIGUOUS, Reason.FACTS_MISSING})


@dataclass(frozen=True)
class Driver:
    """The flow of one process; ``threads`` are in the store, ``book`` looks orders up, ``knowledge`` is of shops."""

    store: Store
    threads: Threads
    shops: Shops
    clock: Clock
    writer: Writer | None = None
    pace: Pace = field(default_factory=Pace)
    book: OrderBook | None = None
    lookup_seconds: float = 2.0
    knowledge: KnowledgeOf = nothing_known

    @property
    def drafts(self) -> Drafts:
        """The rows."""
        return Drafts(self.store, self.clock)

    async def draft_conversation(self, merchant: uuid.UUID, conversation: uuid.UUID, tries: int = 0) -> None:
        """Draft the buyer's unanswered turn, or let go of drafts that are overtaken.

        ``tries`` is how often the turn came back by its timer because nobody had begun.
        """
        with remembering():
            await self._draft(merchant, conversation, tries)

    async def _draft(self, merchant: uuid.UUID, conversation: uuid.UUID, tries: int) -> None:
        if tries:
            async with self.store.merchant(merchant) as session:
                await draft_later(session, merchant, conversation, self.clock.now(), tries)
        begun = await self._begin(merchant, conversation)
        if begun.cold:
            # Compiling takes longer than a transaction may last, and holds up whoever shares the loop.
            await asyncio.to_thread(self._rules, begun.talk)
            begun = await self._begin(merchant, conversation, wait=False)
        row, talk = begun.row, begun.talk
        if row is not None and row.state == DraftState.BLOCKED and row.reason in _FOR_WANT_OF_ORDERS:
            # Asked again about the same turn: the platform may know more by now.
            deadline = draft_deadline(self.clock.now(), self._rules(talk).profile)
            row = await self.drafts.reopen(row, deadline=deadline, flow_version=flow_version())
        if row is not None and row.state == DraftState.WRITING:
            await self._write(Work(row, talk), None, new=begun.new)

    async def _begin(self, merchant: uuid.UUID, conversation: uuid.UUID, *, wait: bool = True) -> "_Begun":
        """The turn's draft; with ``wait`` nothing happens while the shop's rules are not loaded."""
        async with self.store.merchant(merchant) as session:
            talk = await load_talk(session, conversation)
            if wait and not self.shops.loaded(talk.shop, talk.merchant_slug, self.clock.now()):
                return _Begun(talk, cold=True)
            await drafting(session, conversation)
            burst = list(unanswered(talk.conversation).messages)
            row, decided = await self.drafts.answering(session, conversation, burst)
            new = row is None and bool(burst) and not decided
            if new:
                deadline = draft_deadline(min(received_of(talk)), self._rules(talk).profile)
                row = await self.drafts.begin(
                    session,
                    talk.shop,
                    conversation,
                    burst,
                    deadline=deadline,
                    flow_version=flow_version(),
                    trace=talk.traces.get(burst[-1]),
                )
            if row is None or row.state not in OPEN_STATES:
                # Nothing is going to be written: what was said since is all there is to read.
                await casebook.refresh(session, talk, self.clock.now())
        return _Begun(talk, row, new=new)

    async def resume(self, merchant: uuid.UUID, draft: uuid.UUID) -> None:
        """Bring the graph up to what the row says; a draft rejected with a reason is written again."""
        work = await self._work(merchant, draft)
        if work is None:
            return
        async with self.store.merchant(merchant) as session:
            ruling = await ruling_of(session, draft, work.row.revision)
            decision = await session.scalar(
                select(DecisionRow).where(DecisionRow.draft == draft).order_by(DecisionRow.at.desc()).limit(1)
            )
        if work.row.flow_version == FOLLOW_UP:
            if decision is not None and decision.kind == "reject":
                await FollowUps(self.store, self.shops, self.clock, self.book).again(work.row)
            return
        if ruling is not None and work.row.state == DraftState.PROPOSED:
            await self._allow(work, ruling)
            return
        if decision is None:
            return
        standing = await self._standing(work.row, decision.revision)
        rejection = Rejection.model_validate(decision.rejection) if decision.rejection else None
        if rejection is not None and rejection.reason is not RejectReason.ALREADY_ANSWERED:
            await self._rewrite(work, decision, rejection, standing)
            return
        if standing:
            await self._invoke(resumption(_given(decision)), work)
        await self.threads.forget(str(work.row.id))

    async def propose_due(self, merchant: uuid.UUID, draft: uuid.UUID) -> None:
        """The deadline: propose what is stored; compose it now when even that is missing."""
        work = await self._work(merchant, draft)
        if work is None or work.row.state != DraftState.WRITING or await self.drafts.show_stored(work.row):
            return
        if work.row.flow_version == FOLLOW_UP:
            await FollowUps(self.store, self.shops, self.clock, self.book).again(work.row)
            return
        # Whoever holds the lock died or hangs: compose beside it, without its thread and without a model.
        beside = replace(self, threads=Threads(compile_graph()), writer=None, lookup_seconds=0.0)
        try:
            await beside._write(work, None)
        # Around one job: a draft that cannot be written at all must say so instead of looking unfinished for ever.
        except Exception:
            await self.drafts.show(work.row, None, Reason.FAILED)
            raise

    async def expire(self, merchant: uuid.UUID, draft: uuid.UUID) -> None:
        """The platform takes no more replies: an open draft is let go of."""
        work = await self._work(merchant, draft)
        if work is not None and not self._can_reply(work.talk).possible:
            await self.drafts.expire(work.row)

    # A rejected draft: same draft, next revision, in the same thread where it still stands.

    async def _rewrite(self, work: Work, decision: DecisionRow, rejection: Rejection, standing: bool) -> None:
        row = work.row
        if row.state == DraftState.REJECTED:
            deadline = draft_deadline(self.clock.now(), self._rules(work.talk).profile)
            reopened = await self.drafts.reopen(row, deadline=deadline, flow_version=flow_version())
            if reopened is None:
                return
            row = reopened
        if row.state != DraftState.WRITING:
            return
        again = replace(work, row=row)
        if standing:
            await self._invoke(resumption(_given(decision)), again)
        else:
            await self._write(again, rejection)

    async def _allow(self, work: Work, ruling: Ruling) -> None:
        """Write the draft again with what a supervisor allowed for it."""
        standing = await self._standing(work.row, work.row.revision)
        deadline = draft_deadline(self.clock.now(), self._rules(work.talk).profile)
        row = await self.drafts.reopen(work.row, deadline=deadline, flow_version=flow_version())
        if row is None:
            return
        again = replace(work, row=row)
        if standing:
            allowed = DecisionInput(kind="ruling", revision=work.row.revision, ruling=ruling.model_dump(mode="json"))
            await self._invoke(resumption(allowed), again)
        else:
            await self._write(again, None)

    # The graph.

    async def _write(self, work: Work, rejection: Rejection | None, *, new: bool = False) -> None:
        """Write the draft from the start, in a thread that holds nothing; a ``new`` draft has none yet."""
        if not new:
            await self.threads.forget(str(work.row.id))
        ruling = await self._ruling(work.row)
        start: State = {
            "merchant": str(work.row.merchant),
            "conversation": str(work.row.conversation),
            "draft": str(work.row.id),
            "revision": work.row.revision,
            "rejection": rejection.model_dump(mode="json") if rejection else None,
            "ruling": ruling.model_dump(mode="json") if ruling else None,
        }
        await self._invoke(start, work)

    async def _ruling(self, row: DraftRow) -> Ruling | None:
        """What was allowed for an earlier revision of the draft; the first one has none."""
        if row.revision == 1:
            return None
        async with self.store.merchant(row.merchant) as session:
            return await ruling_of(session, row.id)

    async def _invoke(self, given: State | Resumption, work: Work) -> None:
        draft = str(work.row.id)
        steps: list[Step] = []
        work = await with_orders(work, self.book, self.clock, self.lookup_seconds, steps)
        rows = self._rows(work)
        deps = self._deps(work, steps, rows)
        if isinstance(given, dict) and await self._abroad(work, given, deps):
            return
        reached = await self.threads.run(draft, given, deps)
        if work.row.state != DraftState.WRITING:
            await self.drafts.trace(work.row, steps)
            return
        end = end_of(reached.state)
        await self._show(work, reached.state, None if end else view_of(reached.state), end, deps, rows.shown)
        if not reached.waiting:
            await self.threads.forget(draft)

    def _rows(self, work: Work) -> ShowingRows:
        """The draft's row for a run; a composed draft is on screen before a model is asked."""

        async def also(session: AsyncSession, view: DraftView) -> None:
            await casebook.refresh(session, work.talk, self.clock.now(), view)

        async def show(view: DraftView, candidates: tuple[str, ...]) -> bool:
            return await self.drafts.show(
                work.row,
                view,
                candidates=candidates,
                until=self._can_reply(work.talk).until,
                received=max(received_of(work.talk), default=None),
                also=lambda session: also(session, view),
                composed=True,
            )

        return ShowingRows(StoredRows(self.store, self.clock), show)

    async def _show(
        self,
        work: Work,
        state: State,
        view: DraftView | None,
        end: End | None,
        deps: Deps,
        shown: DraftView | None = None,
    ) -> None:
        async def count(session: AsyncSession) -> None:
            await shadow_counts.count(session, work.row.merchant, work.row.shop, deps.watched, self.clock.now())

        if shown is not None:
            await self.drafts.improve(work.row, shown, view, steps=deps.steps, also=count)
            return

        async def also(session: AsyncSession) -> None:
            await casebook.refresh(session, work.talk, self.clock.now(), view)
            await count(session)

        await self.drafts.show(
            work.row,
            view,
            end.reason if end else None,
            candidates=candidates_of(state),
            escalation=end.escalation if end else None,
            until=self._can_reply(work.talk).until,
            received=max(received_of(work.talk), default=None),
            steps=deps.steps,
            also=also,
        )

    async def _abroad(self, work: Work, start: State, deps: Deps) -> bool:
        """Draft for a buyer in whose language only a model could; whether this is such a draft."""

        async def reading() -> str:
            async with self.store.merchant(work.row.merchant) as session:
                return next(iter(await readers(session)), home_language(deps.rules))

        drafted = await drafted_abroad(start, deps, reading)
        if drafted is None:
            return False
        await self._show(work, drafted.state, drafted.view, drafted.end, deps)
        return True

    async def _standing(self, row: DraftRow, revision: int) -> bool:
        """Whether the thread waits at the pause for this very revision, in the flow as it is now."""
        if row.flow_version != flow_version():
            return False
        found = await self.threads.standing(str(row.id))
        return found.waiting and found.state.get("revision") == revision

    # What a draft stands on.

    async def _work(self, merchant: uuid.UUID, draft: uuid.UUID) -> Work | None:
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(select(DraftRow).where(DraftRow.id == draft))
            if row is None:
                return None
            return Work(row, await load_talk(session, row.conversation))

    def _can_reply(self, talk: Talk) -> Reply:
        said = [m.sent_at for m in talk.conversation.messages if m.role is Role.BUYER and m.sent_at]
        bought = [order.created_at for order in talk.conversation.orders or () if order.created_at]
        profile = self._rules(talk).profile
        return can_reply(profile, self.clock.now(), max(said, default=None), max(bought, default=None))

    def _deps(self, work: Work, steps: list[Step], kept: ShowingRows) -> Deps:
        rules = self._rules(work.talk)
        found = work.talk.with_cases
        received = received_of(work.talk) or [self.clock.now()]
        return Deps(
            clock=self.clock,
            conversations=StoredConversations(found),
            rows=kept,
            rules=rules,
            prompts=self.shops.prompts,
            writer=self.writer.for_draft() if self.writer and not forbids(work.talk.shop) else None,
            pace=self.pace,
            deadline=work.row.deadline_at,
            quiet_until=burst_closes(min(received), max(received), rules.profile),
            posture=work.talk.shop.posture,
            grants=StoredGrants(
                self.store,
                work.row.merchant,
                About(work.row.shop, work.row.conversation, work.row.id, zone=work.talk.shop.zone),
                self.clock,
            ),
            knowledge=self.knowledge(work.talk.shop),
            orders_as_of=work.orders_as_of,
            steps=steps,
            watched=Watched(rules.shadow),
        )

    def _rules(self, talk: Talk) -> Rules:
        return self.shops.of_shop(talk.shop, talk.merchant_slug, self.clock.now())


@dataclass(frozen=True)
class _Begun:
    """A turn with the draft that answers it, ``new`` or there before; ``cold``: its shop's rules come first."""

    talk: Talk
    row: DraftRow | None = None
    new: bool = False
    cold: bool = False


def _given(decision: DecisionRow) -> DecisionInput:
    return DecisionInput(kind=decision.kind, revision=decision.revision, rejection=decision.rejection)
