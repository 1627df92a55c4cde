"""Reads conversations out of the store as the flow's vocabulary, and keeps what the flow writes about a draft."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.case import Case
from copilot.domain.clock import Clock
from copilot.domain.conversation import Buyer, Conversation
from copilot.domain.draft import DraftState, DraftView
from copilot.domain.errors import FlowError
from copilot.domain.message import Kind, Message, Role, SentBy
from copilot.store.engine import Store
from copilot.store.tables import (
    BuyerRow,
    CaseRow,
    ConversationRow,
    DraftRow,
    MerchantRow,
    MessageRow,
    OutboxRow,
    ShopRow,
)

QUEUED = "queued"


@dataclass(frozen=True)
class Talk:
    """A conversation with its shop; ``received`` is when each message reached us, by the platform's id."""

    conversation: Conversation
    shop: ShopRow
    merchant_slug: str
    received: dict[str, datetime]


async def load_talk(session: AsyncSession, conversation: uuid.UUID) -> Talk:
    """The conversation with its messages and cases, and its shop; ``FlowError`` when it is not the merchant's."""
    row = await session.scalar(select(ConversationRow).where(ConversationRow.id == conversation))
    if row is None:
        raise FlowError(f"there is no conversation {conversation}")
    shop = (await session.scalars(select(ShopRow).where(ShopRow.id == row.shop))).one()
    buyer = await session.scalar(select(BuyerRow).where(BuyerRow.id == row.buyer)) if row.buyer else None
    messages = (
        await session.scalars(
            select(MessageRow).where(MessageRow.conversation == conversation).order_by(MessageRow.position)
        )
    ).all()
    slug = (await session.scalars(select(MerchantRow.slug).where(MerchantRow.id == row.merchant))).one()
    cases = await session.scalars(
        select(CaseRow).where(CaseRow.conversation == conversation).order_by(CaseRow.position)
    )
    found = Conversation(
        id=str(row.id),
        messages=tuple(_message(message) for message in messages),
        platform=shop.platform,
        market=shop.market,
        shop=shop.slug,
        buyer=Buyer(id=buyer.platform_buyer_id, nickname=buyer.nickname, tags=tuple(buyer.tags)) if buyer else Buyer(),
        cases=tuple(Case.model_validate(case.body) for case in cases),
        entered_from_order=row.entered_from_order,
    )
    return Talk(found, shop, slug, {message.platform_message_id: message.received_at for message in messages})


def _message(row: MessageRow) -> Message:
    return Message(
        id=row.platform_message_id,
        role=Role(row.role),
        kind=Kind(row.kind),
        text=row.text,
        sent_at=row.sent_at or row.received_at,
        order_id=row.order_id,
        product_id=row.product_id,
        agent=row.agent,
        sent_by=SentBy(row.sent_by) if row.sent_by else None,
        recalled_at=row.recalled_at,
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

    async def composed(self, merchant: str, draft: str, revision: int, view: DraftView) -> None:
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


async def queue_reply(session: AsyncSession, draft: DraftRow, clock: Clock) -> bool:
    """The outbox row of an approved draft; False when there is one already.

    A row that was held because the buyer wrote in between is queued again with the text approved now.
    """
    now = clock.now()
    statement = insert(OutboxRow).values(
        merchant=draft.merchant,
        id=uuid.uuid4(),
        shop=draft.shop,
        conversation=draft.conversation,
        source_kind="draft",
        source_id=draft.id,
        text=draft.text,
        state=QUEUED,
        created_at=now,
        updated_at=now,
    )
    added = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["merchant", "source_kind", "source_id"],
            set_={"text": statement.excluded.text, "state": QUEUED, "updated_at": now},
            where=OutboxRow.state == "held",
        ).returning(OutboxRow.id)
    )
    return added.scalar() is not None
