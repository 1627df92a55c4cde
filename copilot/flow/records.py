"""Reads conversations out of the store as the flow's vocabulary, and keeps what the flow writes about a draft."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from copilot.domain.case import Commitment
from copilot.domain.clock import Clock
from copilot.domain.conversation import Buyer, Conversation
from copilot.domain.draft import DraftState, DraftView
from copilot.domain.errors import FlowError
from copilot.domain.message import DraftMark, Kind, Media, Message, Role, SentBy
from copilot.flow.understand.cases import derive_cases, recall
from copilot.flow.understand.story import Book, Remembered
from copilot.store.direct import Direct, Transaction
from copilot.store.engine import Store
from copilot.store.tables import (
    BuyerRow,
    CaseRow,
    CommitmentRow,
    ConversationRow,
    DraftRow,
    MerchantRow,
    MessageRow,
    OutboxRow,
    ShopRow,
    table_of,
)

QUEUED = "queued"
EDITED = "edited"
"""The flag of a draft whose text an agent changed."""

# A talk that never ends is read from here on; what lies before it has been answered long ago.
LONGEST = 500


@dataclass(frozen=True)
class Talk:
    """A conversation with its shop; ``received`` and ``traces`` say when and in which delivery each message came.

    ``memory`` are the buyer's cases as they are kept, the oldest first.
    """

    conversation: Conversation
    shop: ShopRow
    merchant_slug: str
    received: dict[str, datetime]
    traces: dict[str, str] = field(default_factory=dict[str, str])
    memory: tuple[Remembered, ...] = ()

    @cached_property
    def book(self) -> Book:
        """The cases of the messages together with those that are remembered."""
        return recall(self.conversation, self.memory)

    @property
    def with_cases(self) -> Conversation:
        """The conversation with its cases as they stand before the unanswered turn, promises among them."""
        found = self.conversation.model_copy(update={"cases": self.book.cases})
        return found.model_copy(update={"cases": derive_cases(found)})


# Each way to the database costs a draft about as much as a step of its flow.
_SHOP = table_of(ShopRow)
_OF_TALK = (ConversationRow.entered_from_order, MerchantRow.slug)
_OF_BUYER = (BuyerRow.id, BuyerRow.platform_buyer_id, BuyerRow.nickname, BuyerRow.tags)
_ABOUT = Direct(
    select(*_OF_TALK, *_OF_BUYER, *_SHOP.columns)
    .select_from(ConversationRow)
    .join(ShopRow, ShopRow.id == ConversationRow.shop)
    .join(MerchantRow, MerchantRow.id == ConversationRow.merchant)
    .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
    .where(ConversationRow.id == bindparam("conversation"))
)


_CASE, _PROMISE, _ELSEWHERE = "case", "promise", "promise elsewhere"
_REMEMBERED = {
    "id": CaseRow.id,
    "case": CaseRow.body,
    "here": CaseRow.conversation == bindparam("conversation"),
    "state": CaseRow.state,
    "raised_by": CaseRow.raised_by,
    "raised_at": CaseRow.raised_at,
    "read_to": CaseRow.read_to,
    "picked_order": CaseRow.picked_order,
    "picked_at": CaseRow.picked_at,
    "resolved_at": CaseRow.resolved_at,
    "resolved_by": CaseRow.resolved_by,
    "evidence": CaseRow.evidence,
    "reopened": CaseRow.reopened,
    "reopened_at": CaseRow.reopened_at,
    "reopened_by": CaseRow.reopened_by,
    "product_id": CaseRow.product_id,
    "order_id": CaseRow.order_id,
    "follow_up": CaseRow.follow_up,
    "asked": CaseRow.follow_up_draft,
    "solved": CaseRow.solved,
    "solved_at": CaseRow.solved_at,
    "version": CaseRow.version,
}
# This conversation and the same buyer's others, found first and as an array: what is kept is then looked up by
# conversation. As a condition that is either this conversation or one of those, it was looked for in every case that
# the merchant ever had, for each draft.
_TALKS = func.array(
    union_all(
        select(bindparam("conversation", type_=ConversationRow.id.type)),
        select(ConversationRow.id).where(
            ConversationRow.buyer == bindparam("buyer"), ConversationRow.id != bindparam("conversation")
        ),
    ).scalar_subquery(),
    type_=ARRAY(ConversationRow.id.type),
)


def _theirs(kept: type[CaseRow] | type[CommitmentRow]) -> ColumnElement[bool]:
    """What belongs to this conversation, and what the same buyer raised about an order in another one."""
    here = kept.conversation == bindparam("conversation")
    return and_(kept.conversation == any_(_TALKS), or_(here, kept.order_id.is_not(None)))


_PROMISED = {
    "what": CommitmentRow.what,
    "amount": CommitmentRow.amount,
    "due": CommitmentRow.due,
    "by": CommitmentRow.by,
    "message": CommitmentRow.platform_message_id,
    "order": CommitmentRow.order_id,
    "state": CommitmentRow.state,
    "evidence": CommitmentRow.evidence,
}


def _as_object(parts: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]]) -> ColumnElement[Any]:
    """The parts as one JSON object; their names stand in the statement instead of going with it each time."""
    arguments: list[Any] = []
    for name, value in parts.items():
        arguments += [literal_column(f"'{name}'"), value]
    return func.jsonb_build_object(*arguments)


# One way for both.
_KEPT = Direct(
    union_all(
        select(
            literal(_CASE).label("kind"),
            _as_object(_REMEMBERED).label("body"),
            cast(CaseRow.position, Double).label("place"),
        ).where(_theirs(CaseRow)),
        select(
            case((CommitmentRow.conversation == bindparam("conversation"), _PROMISE), else_=_ELSEWHERE),
            _as_object(_PROMISED),
            cast(func.extract("epoch", CommitmentRow.created_at), Double),
        ).where(_theirs(CommitmentRow)),
    ).order_by("kind", "place")
)


class _Said(NamedTuple):
    """What of a message's row is read."""

    platform_message_id: str
    role: str
    kind: str
    text: str
    sent_at: datetime | None
    received_at: datetime
    order_id: str | None
    product_id: str | None
    media: dict[str, Any] | None
    agent: str | None
    sent_by: str | None
    recalled_at: datetime | None
    draft: dict[str, Any] | None
    trace: str | None


_WHEN = func.coalesce(MessageRow.sent_at, MessageRow.received_at)
_NEWEST = Direct(
    select(*(getattr(MessageRow, name) for name in _Said._fields))
    .where(MessageRow.conversation == bindparam("talk", type_=MessageRow.conversation.type), MessageRow.visible)
    .order_by(_WHEN.desc(), MessageRow.sequence.desc().nulls_first(), MessageRow.position.desc())
    .limit(LONGEST)
)


async def load_talk(session: AsyncSession, conversation: uuid.UUID) -> Talk:
    """The conversation with its messages and cases, and its shop; ``FlowError`` when it is not the merchant's."""
    about = await _ABOUT.first(session, {"conversation": conversation})
    if about is None:
        raise FlowError(f"there is no conversation {conversation}")
    entered_from_order, slug, buyer, platform_buyer, nickname, tags = about[:6]
    shop = ShopRow(**dict(zip(_SHOP.columns.keys(), about[6:], strict=True)))
    rows = await _newest(session, conversation)
    drafts = await _drafts_of(session, rows)
    messages = _behind_their_questions(rows, {message: set(one.burst) for message, one in drafts.items()})
    memory, promises = await _kept(session, conversation, buyer)
    found = Conversation(
        id=str(conversation),
        messages=tuple(_message(message, drafts.get(message.platform_message_id)) for message in messages),
        platform=shop.platform,
        market=shop.market,
        shop=shop.slug,
        buyer=Buyer(id=platform_buyer, nickname=nickname, tags=tuple(tags)) if buyer else Buyer(),
        commitments=promises,
        entered_from_order=entered_from_order,
    )
    received = {message.platform_message_id: message.received_at for message in messages}
    traces = {message.platform_message_id: message.trace for message in messages if message.trace}
    return Talk(found, shop, slug, received, traces, memory)


async def _newest(session: Transaction, conversation: uuid.UUID) -> list["_Said"]:
    """What people may see, in the order of the talk: by the platform's time and number, then by arrival."""
    rows = await _NEWEST.all(session, {"talk": conversation})
    return [_Said(*row) for row in reversed(rows)]


async def _drafts_of(session: AsyncSession, rows: list[_Said]) -> dict[str, DraftRow]:
    """The drafts that messages came from, by the platform's id of the message."""
    named = {row.platform_message_id: uuid.UUID(row.draft["id"]) for row in rows if row.draft and row.draft.get("id")}
    if not named:
        return {}
    found = await session.scalars(select(DraftRow).where(DraftRow.id.in_(set(named.values()))))
    drafts = {draft.id: draft for draft in found}
    return {message: drafts[draft] for message, draft in named.items() if draft in drafts}


def _behind_their_questions(rows: list[_Said], answers: dict[str, set[str]]) -> list[_Said]:
    """A reply from a draft stands right after the messages that the draft answers.

    What the buyer wrote while it was on its way is not answered by it, whatever the clocks say.
    """
    placed: list[_Said] = []
    for row in rows:
        answered = answers.get(row.platform_message_id)
        at = len(placed)
        if answered:
            # Only the buyer's later words are passed; whoever else spoke in between did so before this reply.
            while at and placed[at - 1].role == Role.BUYER and placed[at - 1].platform_message_id not in answered:
                at -= 1
            # Nothing of what it answers is there any more (removed): it stays where it was.
            at = at if at else len(placed)
        placed.insert(at, row)
    return placed


def _mark(draft: DraftRow) -> DraftMark:
    """What the draft put before the buyer; of one that an agent reworded only the text can tell."""
    view = DraftView.model_validate(draft.view) if draft.view else None
    mark = DraftMark(id=str(draft.id), revision=draft.revision)
    if view is None:
        return mark
    if view.named is not None:
        mark = mark.model_copy(update={"named": view.named, "order": view.order})
    if view.text != draft.text or EDITED in view.flags:
        return mark
    return mark.model_copy(update={"offered": view.options, "asks": view.asks})


async def _kept(
    session: Transaction, conversation: uuid.UUID, buyer: uuid.UUID | None
) -> tuple[tuple[Remembered, ...], tuple[Commitment, ...]]:
    """The conversation's cases and promises, the oldest first."""
    rows = await _KEPT.all(session, {"conversation": conversation, "buyer": buyer})
    memory = tuple(Remembered.model_validate(body) for kind, body, _ in rows if kind == _CASE)
    promises = [(kind, Commitment.model_validate(body)) for kind, body, _ in rows if kind != _CASE]
    # What was promised in another conversation counts where that conversation's case is known.
    about = {one.order_id for one in memory}
    return memory, tuple(one for kind, one in promises if kind == _PROMISE or one.order in about)


def _message(row: _Said, draft: DraftRow | None) -> Message:
    return Message(
        id=row.platform_message_id,
        role=Role(row.role),
        kind=Kind(row.kind),
        text=row.text,
        sent_at=row.sent_at or row.received_at,
        order_id=row.order_id,
        product_id=row.product_id,
        media=Media.model_validate(row.media) if row.media else None,
        agent=row.agent,
        sent_by=SentBy(row.sent_by) if row.sent_by else None,
        recalled_at=row.recalled_at,
        draft=_mark(draft) if draft is not None else None,
    )


class StoredConversations:
    """The port ``Conversations`` over the store; one read per draft, so that all steps see the same words."""

    def __init__(self, conversation: Conversation) -> None:
        """Serve ``conversation``, which the driver has read."""
        self._conversation = conversation

    async def get(self, merchant: str, conversation: str) -> Conversation:
        """The conversation of this draft."""
        if conversation != self._conversation.id:
            raise FlowError(f"the draft is about another conversation than {conversation}")
        return self._conversation


class StoredRows:
    """The port ``DraftRows`` over the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """``clock`` stamps what is written."""
        self._store = store
        self._clock = clock

    async def composed(
        self, merchant: str, draft: str, revision: int, view: DraftView, candidates: tuple[str, ...] | None = None
    ) -> None:
        """Keep the composed draft while nobody has moved on."""
        async with self._store.merchant(merchant) as session:
            await session.execute(
                update(DraftRow)
                .where(
                    DraftRow.id == uuid.UUID(draft),
                    DraftRow.revision == revision,
                    DraftRow.state == DraftState.WRITING,
                )
                .values(composed=view.model_dump(mode="json"), updated_at=self._clock.now())
            )

    async def deliver(self, merchant: str, draft: str) -> bool:
        """Queue the accepted text unless it is queued already."""
        async with self._store.merchant(merchant) as session:
            row = await session.scalar(select(DraftRow).where(DraftRow.id == uuid.UUID(draft)))
            if row is None or row.state != DraftState.APPROVED:
                return False
            return await queue_reply(session, row, self._clock)


def _readings(draft: DraftRow) -> dict[str, str]:
    """What the draft's text says in other languages, as it was approved together with it."""
    view = DraftView.model_validate(draft.view) if draft.view else None
    return dict(view.readings) if view is not None and view.text == draft.text else {}


async def queue_reply(session: AsyncSession, draft: DraftRow, clock: Clock, by: str | None = None) -> bool:
    """The outbox row of an approved draft, approved ``by`` somebody; False when there is one already.

    A row that was held because the buyer wrote in between is queued again with the text approved now.
    """
    now = clock.now()
    language, source = next(iter(_readings(draft).items()), (None, None))
    statement = insert(OutboxRow).values(
        merchant=draft.merchant,
        id=uuid.uuid4(),
        shop=draft.shop,
        conversation=draft.conversation,
        source_kind="draft",
        source_id=draft.id,
        text=draft.text,
        state=QUEUED,
        trace=draft.trace,
        by=by,
        source=source,
        source_language=language,
        created_at=now,
        updated_at=now,
    )
    added = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["merchant", "source_kind", "source_id"],
            set_={
                "text": statement.excluded.text,
                "source": source,
                "source_language": language,
                "state": QUEUED,
                "by": by,
                "updated_at": now,
            },
            where=OutboxRow.state == "held",
        ).returning(OutboxRow.id)
    )
    return added.scalar() is not None
