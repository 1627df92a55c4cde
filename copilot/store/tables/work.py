"""Drafts, the decisions about them, and the outbox: what is written, approved and sent."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, Json, OfMerchant, Serial, same_merchant


class DraftRow(OfMerchant, Base):
    """A draft: the truth that the flow works for.

    ``view`` is a ``DraftView``, ``composed`` the draft that needs no model, ``burst`` the ids of the messages that it
    answers, ``candidates`` the orders that a person may choose from, ``escalation`` who must look at a turn that got no
    text, ``shown_at`` when this revision was first put before people. ``outcome`` says what had become of it when its
    buyer was erased (``desk/figures/outcome.py``). A decision matches on ``id``, ``revision`` and ``state``.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("conversation", "conversations"),
        Index(None, "merchant", "conversation", "created_at"),
        Index(None, "merchant", "state", "deadline_at"),
        Index(None, "merchant", "shop", "created_at"),
        Index(
            "drafts_waiting_idx",
            "state",
            postgresql_where=sql("state IN ('writing', 'proposed', 'approved', 'sending')"),
        ),
    )

    shop: Mapped[uuid.UUID]
    conversation: Mapped[uuid.UUID]
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[str]
    reason: Mapped[str | None]
    language: Mapped[str | None]
    text: Mapped[str | None]
    text_hash: Mapped[str | None]
    flow_version: Mapped[str]
    burst: Mapped[list[str]] = mapped_column(JSONB, default=list)
    view: Mapped[Json | None]
    composed: Mapped[Json | None]
    candidates: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    escalation: Mapped[Json | None]
    deadline_at: Mapped[datetime | None]
    trace: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    outcome: Mapped[Json | None]


class DecisionRow(OfMerchant, Base):
    """What a person decided about one revision of a draft; ``rejection`` is a ``Rejection``.

    ``edit_class`` says what they made of the text that is sent, ``waited_ms`` how long the decision was held back so
    that it could be taken back, as the page told.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        same_merchant("draft", "drafts"),
        Index(None, "merchant", "draft"),
        CheckConstraint("kind IN ('accept', 'edit', 'reject', 'ignore')", name="kind"),
        CheckConstraint("edit_class IN ('verbatim', 'surface', 'substance')", name="edit_class"),
    )

    draft: Mapped[uuid.UUID]
    revision: Mapped[int]
    kind: Mapped[str]
    text_hash: Mapped[str]
    by: Mapped[str]
    rejection: Mapped[Json | None]
    at: Mapped[datetime]
    edit_class: Mapped[str | None]
    waited_ms: Mapped[int | None]


class SightRow(OfMerchant, Base):
    """One text of a draft was on somebody's screen from ``at`` on; ``typed``: they had begun to write before.

    ``late`` says that this text had come after its own deadline, ``issue`` what it was about: the next revision's may
    be another.
    """

    __tablename__ = "sights"
    __table_args__ = (
        same_merchant("draft", "drafts"),
        UniqueConstraint("merchant", "draft", "revision", "text_hash", "by"),
        Index(None, "merchant", "at"),
    )

    draft: Mapped[uuid.UUID]
    revision: Mapped[int]
    text_hash: Mapped[str]
    by: Mapped[str]
    typed: Mapped[bool]
    at: Mapped[datetime]
    late: Mapped[bool | None]
    issue: Mapped[str | None]


class GrantRow(OfMerchant, Base):
    """What an approved reply gives at the shop's cost, in minor units, counted against ceilings.

    It is given by a ``draft``, in a person's own words by the ``reply`` that carries them, or in the platform's own
    window by a ``message`` (the platform's id); ``by`` is empty where nobody knows who wrote that.
    ``state``: ``offered`` until the buyer has chosen, then ``settled``, or ``released`` when the reply never left;
    ``day`` is the shop's day, ``by`` the person whose ceilings it counts against in all shops, ``issue`` what it is
    given for. One that another takes the place of is released too: ``replaced_by`` is that one's id, ``replaced_state``
    where it stood, to which it returns when the other reply never leaves.
    """

    __tablename__ = "grants"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("conversation", "conversations"),
        same_merchant("draft", "drafts"),
        same_merchant("reply", "outbox"),
        UniqueConstraint("merchant", "draft"),
        UniqueConstraint("merchant", "reply"),
        Index(None, "merchant", "shop", "order_id"),
        Index(None, "merchant", "shop", "buyer"),
        Index(None, "merchant", "by", "day"),
        Index("grants_replaced_idx", "merchant", "replaced_by", postgresql_where=sql("replaced_by IS NOT NULL")),
        CheckConstraint("state IN ('offered', 'settled', 'released')", name="state"),
        CheckConstraint("replaced_state IN ('offered', 'settled')", name="replaced_state"),
        Index(
            "grants_said_key",
            "merchant",
            "conversation",
            "message",
            "currency",
            unique=True,
            postgresql_where=sql("message IS NOT NULL"),
        ),
        CheckConstraint("num_nonnulls(draft, reply, message) = 1", name="source"),
    )

    shop: Mapped[uuid.UUID]
    conversation: Mapped[uuid.UUID]
    draft: Mapped[uuid.UUID | None]
    reply: Mapped[uuid.UUID | None]
    buyer: Mapped[uuid.UUID | None]
    order_id: Mapped[str | None]
    issue: Mapped[str | None]
    by: Mapped[str]
    day: Mapped[date]
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    replaced_by: Mapped[uuid.UUID | None]
    replaced_state: Mapped[str | None]
    message: Mapped[str | None]


class ApprovalRow(OfMerchant, Base):
    """An agent's request to give more than they may, about one revision of a draft, and what a supervisor ruled.

    It is about an ``option`` of the playbook, or about the words ``text`` (with ``vouched``, what the agent stands
    for). ``minor`` is what it costs, ``left_minor`` what the agent's ``ceiling`` left, ``ruled_minor`` what was
    allowed. ``notes`` are words of the two people: ``asked`` and ``ruled``.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("conversation", "conversations"),
        same_merchant("draft", "drafts"),
        Index(None, "merchant", "draft"),
        Index(None, "merchant", "state", "due_at"),
        # One open request for a revision, whoever asks at the same time.
        Index(
            "approvals_open_key",
            "merchant",
            "draft",
            "revision",
            unique=True,
            postgresql_where=sql("state = 'requested'"),
        ),
        CheckConstraint("state IN ('requested', 'approved', 'lowered', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(option IS NULL) <> (text IS NULL)", name="subject"),
    )

    shop: Mapped[uuid.UUID]
    conversation: Mapped[uuid.UUID]
    draft: Mapped[uuid.UUID]
    revision: Mapped[int]
    option: Mapped[str | None]
    text: Mapped[str | None]
    text_hash: Mapped[str | None]
    vouched: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    order_id: Mapped[str | None]
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    ceiling: Mapped[str]
    left_minor: Mapped[int] = mapped_column(BigInteger)
    issue: Mapped[str | None]
    lowerable: Mapped[bool] = mapped_column(default=False, server_default=sql("false"))
    notes: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default=sql("'{}'"))
    state: Mapped[str]
    asked_by: Mapped[str]
    due_at: Mapped[datetime | None]
    ruled_by: Mapped[str | None]
    ruled_minor: Mapped[int | None] = mapped_column(BigInteger)
    ruled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OutboxRow(OfMerchant, Base):
    """A reply on its way out; ``id`` is the idempotency key, ``position`` the order within a conversation.

    ``by`` is who approved it, ``owes`` the promises of a text that no draft holds (a list of ``Promise``). ``source``
    is the text in ``source_language`` that was approved together with ``text``, where that is its translation.
    ``corrects`` is the sent message (our id) that it puts right.
    ``sendable`` says what it is when it is no text in the chat ("image", "product", "order_message" …); the rest of
    that is a ``SendableRow``.
    ``cards`` are the questions below a greeting: ``{"text": …, "cards": [{"id", "question"}]}``, where ``text`` is what
    stands above them; the column ``text`` holds both, as platforms without cards show it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("conversation", "conversations"),
        UniqueConstraint("merchant", "source_kind", "source_id"),
        UniqueConstraint("merchant", "conversation", "platform_message_id"),
        Index(None, "merchant", "conversation", "position"),
        Index(None, "merchant", "state"),
        Index(
            "outbox_waiting_idx",
            "state",
            postgresql_where=sql("state IN ('queued', 'sending', 'unconfirmed', 'held')"),
        ),
        Index(None, "merchant", "corrects", postgresql_where=sql("corrects IS NOT NULL")),
        CheckConstraint("source_kind IN ('draft', 'typed', 'auto', 'greeting', 'follow_up')", name="source_kind"),
    )

    shop: Mapped[uuid.UUID]
    conversation: Mapped[uuid.UUID]
    position: Mapped[Serial]
    source_kind: Mapped[str]
    source_id: Mapped[uuid.UUID]
    text: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    platform_message_id: Mapped[str | None]
    error: Mapped[str | None]
    trace: Mapped[str | None]
    by: Mapped[str | None]
    owes: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    source: Mapped[str | None]
    source_language: Mapped[str | None]
    cards: Mapped[Json | None]
    attempted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sendable: Mapped[str | None]
    updated_at: Mapped[datetime]
    corrects: Mapped[uuid.UUID | None]


class SendableRow(OfMerchant, Base):
    """A file, a card or an order at which it is left: of the reply with this ``id``; ``body`` goes when that ended.

    ``item`` is what a card shows of an order, ``words`` what was approved in its place (``channel.sendables``).
    """

    __tablename__ = "sendables"
    __table_args__ = (same_merchant("id", "outbox"),)

    ref: Mapped[str | None]
    item: Mapped[str | None]
    words: Mapped[str | None]
    name: Mapped[str | None]
    content_type: Mapped[str | None]
    body: Mapped[bytes | None]
    created_at: Mapped[datetime]


class NoteRow(OfMerchant, Base):
    """A draft as it was shown in the platform's own window; ``id`` is the key under which the note was written.

    A note shows one revision with one text. ``note_id`` is the platform's id of it, once it is known. ``state``:
    ``writing`` until then, ``open`` while something may still become of the draft, ``closed`` when the note says what
    did, ``failed`` when it could not be written. ``shown`` is the code of what it says.
    """

    __tablename__ = "notes"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("conversation", "conversations"),
        same_merchant("draft", "drafts"),
        UniqueConstraint("merchant", "draft", "revision", "text_hash"),
        UniqueConstraint("merchant", "shop", "note_id"),
        CheckConstraint("state IN ('writing', 'open', 'closed', 'failed')", name="state"),
    )

    shop: Mapped[uuid.UUID]
    conversation: Mapped[uuid.UUID]
    draft: Mapped[uuid.UUID]
    revision: Mapped[int]
    text_hash: Mapped[str]
    note_id: Mapped[str | None]
    state: Mapped[str]
    shown: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PressRow(OfMerchant, Base):
    """What somebody did about a note in the platform's window: kept before it is acknowledged, then carried out.

    ``agent`` is the platform's id of the person, ``words`` what they wrote, forgotten once it is carried out or
    refused; ``print`` tells one from its second delivery. ``state``: ``taken``, then ``done`` or ``refused``;
    ``asks`` while a rejection waits for its reason, ``vouch`` while words wait for their person to stand for them,
    whose hash ``print_words`` keeps. ``outcome`` is the code of what became of it.
    """

    __tablename__ = "presses"
    __table_args__ = (
        same_merchant("shop", "shops"),
        UniqueConstraint("merchant", "shop", "print"),
        Index(None, "merchant", "shop", "note_id"),
        CheckConstraint("kind IN ('accept', 'edit', 'reject', 'option', 'answer')", name="kind"),
        CheckConstraint("state IN ('taken', 'done', 'refused', 'asks', 'vouch')", name="state"),
    )

    shop: Mapped[uuid.UUID]
    position: Mapped[Serial]
    note_id: Mapped[str]
    platform_conversation_id: Mapped[str]
    kind: Mapped[str]
    words: Mapped[str | None]
    print_words: Mapped[str | None]
    agent: Mapped[str | None]
    print: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str | None]
    by: Mapped[str | None]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
