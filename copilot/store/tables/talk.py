"""Conversations, messages, and the cases and promises that come out of them."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, true
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, Json, OfMerchant, Serial, same_merchant


class ConversationRow(OfMerchant, Base):
    """A conversation of a shop with one buyer; ``posture`` unset means the shop's.

    What the platform itself tells of it: ``platform_agent`` is whom it gave it to, by its name for them, ``stars`` of
    five the buyer gave at ``rated_at``, ``read_at`` up to when the buyer has read. ``ended_at`` says that its session
    is over until the buyer writes again. It is with ``assignee`` since ``assigned_at`` (``assigned_how``: auto, manual,
    transfer), or waits for somebody since ``queued_at``; ``held_before`` says who held it last. ``opened_by`` is the
    buyer's message (our id) that opened the session; the conversation's own id where that was not kept yet.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("buyer", "buyers"),
        UniqueConstraint("merchant", "shop", "platform_conversation_id"),
        same_merchant("assignee", "people"),
        Index(None, "merchant", "updated_at"),
        Index(None, "merchant", "buyer"),
        Index(
            "conversations_held_idx",
            "merchant",
            "assignee",
            postgresql_where=sql("assignee IS NOT NULL AND ended_at IS NULL"),
        ),
        Index(
            "conversations_queued_idx",
            "merchant",
            "queued_at",
            postgresql_where=sql("assignee IS NULL AND ended_at IS NULL AND queued_at IS NOT NULL"),
        ),
        CheckConstraint("assigned_how IN ('auto', 'manual', 'transfer')", name="assigned_how"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )

    shop: Mapped[uuid.UUID]
    buyer: Mapped[uuid.UUID | None]
    platform_conversation_id: Mapped[str]
    entered_from_order: Mapped[str | None]
    posture: Mapped[str | None]
    language: Mapped[str | None]
    looked_up_at: Mapped[datetime | None]
    platform_agent: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    stars: Mapped[int | None]
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    assignee: Mapped[uuid.UUID | None]
    assigned_how: Mapped[str | None]
    assigned_at: Mapped[datetime | None]
    held_before: Mapped[uuid.UUID | None]
    queued_at: Mapped[datetime | None]
    marked_by: Mapped[uuid.UUID | None]
    marked_at: Mapped[datetime | None]
    tags: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    opened_by: Mapped[uuid.UUID | None]
    rated_at: Mapped[datetime | None]


class MessageRow(OfMerchant, Base):
    """A message; ``sent_at`` is the platform's time, ``received_at`` ours, ``position`` the order of arrival.

    ``sequence`` is the platform's own order within the conversation, ``visible`` whether people may see it, ``media`` a
    picture's or video's address and size, ``draft`` the mark of the draft it came from, ``trace`` the delivery's,
    ``card`` the entry whose question the buyer tapped.
    """

    __tablename__ = "messages"
    __table_args__ = (
        same_merchant("conversation", "conversations"),
        UniqueConstraint("merchant", "conversation", "platform_message_id"),
        Index(None, "merchant", "conversation", "position"),
    )

    conversation: Mapped[uuid.UUID]
    position: Mapped[Serial]
    platform_message_id: Mapped[str]
    role: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    visible: Mapped[bool] = mapped_column(default=True, server_default=true())
    media: Mapped[Json | None]
    trace: Mapped[str | None]
    order_id: Mapped[str | None]
    product_id: Mapped[str | None]
    agent: Mapped[str | None]
    sent_by: Mapped[str | None]
    draft: Mapped[Json | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    card: Mapped[str | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class CaseRow(OfMerchant, Base):
    """One matter between a buyer and the shop; it stands where it was spoken of last and outlives its messages.

    ``body`` is the ``Case`` as it stood when the shop had last answered, read from messages up to ``read_to``;
    ``state``, ``issue`` and ``order_id`` are as of now. ``raised_by`` is the platform's id of the message that raised
    it; ``product_id`` what it is about, where one thing can be told. What no message tells: ``picked_order`` is an
    agent's choice; ``resolved_by`` is a person's id, ``order`` (``evidence`` names what shows it) or ``talk`` (both
    sides said goodbye); ``reopened`` counts how often it was raised again, ``reopened_by`` names the message.

    ``follow_up`` is where the one question after a resolution stands: ``none`` (the issue is not asked about),
    ``armed``, ``proposed`` (a draft), ``owed`` (a to-do), ``cancelled``, ``over`` (its time ran out), ``answered``;
    ``solved`` is what the buyer answered. ``version`` guards against a writer who read before another one wrote.
    """

    __tablename__ = "cases"
    __table_args__ = (
        same_merchant("conversation", "conversations"),
        Index(None, "merchant", "conversation", "position"),
        Index(None, "merchant", "order_id"),
        Index(None, "merchant", "raised_at"),
        CheckConstraint(
            "follow_up IN ('none', 'armed', 'proposed', 'owed', 'cancelled', 'over', 'answered')", name="follow_up"
        ),
    )

    conversation: Mapped[uuid.UUID]
    position: Mapped[Serial]
    state: Mapped[str]
    body: Mapped[Json]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    issue: Mapped[str] = mapped_column(server_default="unclear")
    order_id: Mapped[str | None]
    product_id: Mapped[str | None]
    raised_by: Mapped[str | None]
    raised_at: Mapped[datetime | None]
    read_to: Mapped[datetime | None]
    picked_order: Mapped[str | None]
    picked_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    evidence: Mapped[str | None]
    reopened: Mapped[int] = mapped_column(default=0, server_default="0")
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[str | None]
    follow_up: Mapped[str | None]
    follow_up_from: Mapped[datetime | None]
    follow_up_until: Mapped[datetime | None]
    follow_up_draft: Mapped[uuid.UUID | None]
    solved: Mapped[bool | None]
    solved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class CommitmentRow(OfMerchant, Base):
    """A promise in a message that was sent; ``amount`` is Money.

    ``source`` says how the message came about (``draft``, ``typed``, ``platform``), ``by`` who sent it; ``evidence``
    names what shows that it was kept ("after_sale:9", "message:m7") or says it in a person's words, ``settled_by`` is
    that person.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        same_merchant("conversation", "conversations"),
        same_merchant("case_id", "cases"),
        same_merchant("draft", "drafts"),
        Index(None, "merchant", "conversation"),
        Index(None, "merchant", "state", "due"),
    )

    conversation: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID | None]
    draft: Mapped[uuid.UUID | None]
    platform_message_id: Mapped[str | None]
    order_id: Mapped[str | None]
    what: Mapped[str]
    amount: Mapped[Json | None]
    due: Mapped[datetime | None]
    by: Mapped[str | None]
    source: Mapped[str] = mapped_column(default="draft", server_default="draft")
    state: Mapped[str]
    evidence: Mapped[str | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
