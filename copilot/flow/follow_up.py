"""The one question after a serious case has ended: armed, put before an agent in time, or left as a to-do.

Nothing is sent from here. Every move is made on the locked row of the case: a job that comes twice does nothing.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import owing
from copilot.channel.presenting.moved import tell_draft
from copilot.channel.tasks import CASE_FOLLOW_UP, CASE_FOLLOW_UP_END, PROPOSE_DUE, draft_lock
from copilot.channel.turn import FOLLOW_UP
from copilot.channel.waking import DRAFT_BELT
from copilot.clock import can_reply
from copilot.domain.case import Case, CaseState, OrderChoice, OrderWhy
from copilot.domain.clock import Clock
from copilot.domain.draft import OPEN_STATES, DraftState, DraftView, move
from copilot.domain.issue import Issue
from copilot.domain.message import Role
from copilot.domain.order import Order
from copilot.domain.reason import Reason
from copilot.flow.approvals import withdraw
from copilot.flow.drafts import Drafts
from copilot.flow.follow_up_facts import order_of
from copilot.flow.follow_up_need import ends_the_question, goes_on
from copilot.flow.follow_up_text import Question
from copilot.flow.follow_up_window import first_moment, window
from copilot.flow.judging import text_hash
from copilot.flow.looking_up import Looked, OrderBook
from copilot.flow.shops import Rules, Shops
from copilot.flow.talks import Talk, load_talk
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import CaseRow, DraftRow

ASK_SOLVED: Final = "ask_solved"
"""What the to-do asks of a person; a promise to follow something up has a code of its own."""
_SECONDS: Final = 2.0
"""How long the platform may take to tell of the orders: what the buyer writes meanwhile waits for the same lock."""
_AGAIN: Final = timedelta(hours=6)
"""After so long it is looked again whether what goes on has ended."""
_NOT_SENT = frozenset({DraftState.REJECTED, DraftState.FAILED})
_TO_WORD = ("armed", "proposed")
_LEAVING = frozenset({DraftState.APPROVED, DraftState.SENDING})


@dataclass(frozen=True)
class FollowUps:
    """The follow-ups of a store; ``book`` tells of the buyers' orders."""

    store: Store
    shops: Shops
    clock: Clock
    book: OrderBook | None = None

    async def arm(self, merchant: uuid.UUID, case: uuid.UUID) -> None:
        """A case was resolved: when its issue is followed up, say when."""
        async with self.store.merchant(merchant) as session:
            row = await _locked(session, case)
            if row is None or row.state != CaseState.RESOLVED or row.resolved_at is None or row.follow_up is not None:
                return
            rules = self._rules(await load_talk(session, row.conversation))
            playbook = rules.playbooks.by_issue.get(Issue(row.issue))
            hours = playbook.rule.follow_up_hours if playbook else None
            now = self.clock.now()
            row.version, row.updated_at = row.version + 1, now
            if hours is None:
                row.follow_up = "none"
                return
            start, end = window(row.resolved_at, hours)
            row.follow_up_from, row.follow_up_until = start, end
            moment = first_moment(start, end, now, rules.terms.desk_hours, rules.zone)
            if end < now:
                row.follow_up = "over"
                return
            row.follow_up = "armed"
            await self._wait(session, row, moment or max(start, now))

    async def due(self, merchant: uuid.UUID, case: uuid.UUID) -> None:
        """The moment has come: propose the question, or leave a to-do where the chat is closed."""
        # Asked before anything is locked: what the platform tells may prove a promise, or that something goes on.
        looked = await self._look(merchant, case)
        orders = looked.orders if looked else None
        async with self.store.merchant(merchant) as session:
            row = await _locked(session, case)
            if row is None or row.follow_up != "armed" or row.follow_up_from is None or row.follow_up_until is None:
                return
            talk, now = _with(await load_talk(session, row.conversation), orders), self.clock.now()
            rules = self._rules(talk)
            ended = await ends_the_question(session, row, now)
            moment = first_moment(row.follow_up_from, row.follow_up_until, now, rules.terms.desk_hours, rules.zone)
            if ended is None and moment is not None and moment > now:
                # The shop is closed, or this came too early: later within the window.
                await self._wait(session, row, moment)
                return
            # Where the platform does not answer nobody knows how the matter stands: what was known may be over.
            unknown = looked is not None and looked.unreachable
            if ended is None and (unknown or await goes_on(session, row, order_of(_case(row), orders))):
                hours, later = rules.terms.desk_hours, max(now, row.follow_up_from) + _AGAIN
                again = first_moment(row.follow_up_from, row.follow_up_until, later, hours, rules.zone)
                if again is not None:
                    await self._wait(session, row, again)
                    return
                # At the end of the window a person, who can look, asks; what still goes on is not asked about at all.
                ended = None if unknown else "over"
            row.version, row.updated_at = row.version + 1, now
            if ended is not None:
                row.follow_up = ended
                return
            view = None
            if moment is not None and not unknown and _reachable(talk, rules, now):
                view = self._compose(talk, row, rules)
            if view is None:
                await self._owe(session, row, talk, now)
            else:
                await self._propose(session, row, talk, view, now)

    async def end(self, merchant: uuid.UUID, case: uuid.UUID) -> None:
        """The window is over: a question that nobody sent is let go of."""
        async with self.store.merchant(merchant) as session:
            row = await _locked(session, case)
            now = self.clock.now()
            if row is None or row.follow_up != "proposed" or row.follow_up_until is None or now < row.follow_up_until:
                return
            draft = await session.scalar(select(DraftRow).where(DraftRow.id == row.follow_up_draft).with_for_update())
            if draft is None:
                return
            if draft.state in _LEAVING:
                # It leaves, or the outbox finds it too late; then this looks again.
                await self._ends(session, row, now + DRAFT_BELT)
            if draft.state not in OPEN_STATES | _NOT_SENT:
                return
            row.follow_up, row.version, row.updated_at = "over", row.version + 1, now
            if draft.state in OPEN_STATES:
                draft.state, draft.reason = move(DraftState(draft.state), DraftState.EXPIRED), Reason.EXPIRED
                draft.updated_at = now
                await timers.cancel(session, PROPOSE_DUE, draft.id)
                await withdraw(session, draft.id, now)
                await _tell(session, draft, now)

    async def again(self, draft: DraftRow) -> None:
        """An agent rejected the question: word it differently."""
        drafts = Drafts(self.store, self.clock)
        async with self.store.merchant(draft.merchant) as session:
            row = await session.scalar(select(CaseRow).where(CaseRow.follow_up_draft == draft.id))
            talk = await load_talk(session, draft.conversation)
        if row is None or row.follow_up_until is None:
            return
        if self.clock.now() >= row.follow_up_until:
            await self.end(draft.merchant, row.id)
            return
        if draft.state == DraftState.REJECTED:
            reopened = await drafts.reopen(draft, deadline=row.follow_up_until, flow_version=FOLLOW_UP)
            if reopened is None:
                return
            draft = reopened
        if draft.state == DraftState.WRITING:
            looked = await self._look(draft.merchant, row.id)
            talk = _with(talk, looked.orders if looked else None)
            view = self._compose(talk, row, self._rules(talk), draft.revision - 1)
            await drafts.show(draft, view, None if view else Reason.FAILED)

    def _compose(self, talk: Talk, row: CaseRow, rules: Rules, variant: int = 0) -> DraftView | None:
        question = Question(self.store, self.shops, self.clock)
        return question.compose(talk, _case(row), rules, variant, product=row.product_id, since=row.raised_at)

    async def _look(self, merchant: uuid.UUID, case: uuid.UUID) -> Looked | None:
        """The buyer's orders as they are now; None when there is nobody to tell, or nobody is asked any more."""
        if self.book is None:
            return None
        async with self.store.merchant(merchant) as session:
            conversation = await session.scalar(
                select(CaseRow.conversation).where(CaseRow.id == case, CaseRow.follow_up.in_(_TO_WORD))
            )
        if conversation is None:
            return None
        return await self.book.orders(merchant, conversation, timeout=_SECONDS, fresh=True)

    def _rules(self, talk: Talk) -> Rules:
        return self.shops.of_shop(talk.shop, talk.merchant_slug, self.clock.now())

    async def _wait(self, session: AsyncSession, row: CaseRow, until: datetime) -> None:
        lock = draft_lock(row.conversation)
        await timers.arm(session, CASE_FOLLOW_UP, row.id, until, merchant=row.merchant, lock=lock)

    async def _ends(self, session: AsyncSession, row: CaseRow, at: datetime) -> None:
        # Under the lock of the drafts: the job that drafts takes them before their cases.
        lock = draft_lock(row.conversation)
        await timers.arm(session, CASE_FOLLOW_UP_END, row.id, at, merchant=row.merchant, lock=lock)

    async def _propose(self, session: AsyncSession, row: CaseRow, talk: Talk, view: DraftView, now: datetime) -> None:
        draft = DraftRow(
            merchant=row.merchant,
            id=uuid.uuid4(),
            shop=talk.shop.id,
            conversation=row.conversation,
            revision=1,
            state=DraftState.PROPOSED,
            flow_version=FOLLOW_UP,
            # It answers nothing. What comes behind the last words overtakes it.
            burst=[message.id for message in talk.conversation.messages[-1:]],
            view=view.model_dump(mode="json"),
            language=view.language,
            text=view.text,
            text_hash=text_hash(view.text),
            deadline_at=row.follow_up_until,
            trace=uuid.uuid4().hex,
            created_at=now,
            updated_at=now,
        )
        session.add(draft)
        row.follow_up, row.follow_up_draft = "proposed", draft.id
        await session.flush()
        if row.follow_up_until is not None:
            await self._ends(session, row, row.follow_up_until)
        await _tell(session, draft, now)

    async def _owe(self, session: AsyncSession, row: CaseRow, talk: Talk, now: datetime) -> None:
        """Somebody has to ask in another way."""
        row.follow_up = "owed"
        await owing.owe_to_do(
            session,
            ASK_SOLVED,
            source=FOLLOW_UP,
            due=row.follow_up_until or now,
            merchant=row.merchant,
            shop=talk.shop.id,
            conversation=row.conversation,
            case=row.id,
            order_id=row.order_id,
            now=now,
        )


def _case(row: CaseRow) -> Case:
    """The case with its order also where the buyer never named it."""
    case = Case.model_validate(row.body)
    if case.order is None and row.order_id is not None:
        return case.model_copy(update={"order": OrderChoice(id=row.order_id, why=OrderWhy.CASE)})
    return case


def _with(talk: Talk, orders: tuple[Order, ...] | None) -> Talk:
    return replace(talk, conversation=talk.conversation.model_copy(update={"orders": orders}))


def _said(talk: Talk) -> Sequence[datetime]:
    return [one.sent_at for one in talk.conversation.messages if one.role is Role.BUYER and one.sent_at is not None]


def _reachable(talk: Talk, rules: Rules, now: datetime) -> bool:
    """Whether the platform still takes a message; where nothing is left of what the buyer said nobody knows."""
    said, bought = _said(talk), [one.created_at for one in talk.conversation.orders or () if one.created_at]
    if not talk.conversation.messages:
        return False
    return can_reply(rules.profile, now, max(said, default=None), max(bought, default=None)).possible


async def _locked(session: AsyncSession, case: uuid.UUID) -> CaseRow | None:
    return await session.scalar(select(CaseRow).where(CaseRow.id == case).with_for_update())


async def _tell(session: AsyncSession, draft: DraftRow, now: datetime) -> None:
    state = DraftState(draft.state).value
    await tell_draft(
        session,
        merchant=draft.merchant,
        shop=draft.shop,
        conversation=draft.conversation,
        draft=draft.id,
        state=state,
        at=now,
    )
