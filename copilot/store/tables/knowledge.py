"""What shops know: answers, facts about goods, goods of a live stream, notices, phrases."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, OfMerchant, same_merchant


class EntryRow(OfMerchant, Base):
    """An ``Entry`` in one language; ``slug`` is the entry's own id.

    ``tokens`` are made by the application: lexemes of weight A stand in a question, of weight B in the answer; one more
    names shop and language. ``cut`` says by which version of that code, ``revision`` at which version of the shop's
    knowledge. ``vector`` is float32, little-endian, of the model ``embedded_by``.
    """

    __tablename__ = "faq_entries"
    __table_args__ = (
        same_merchant("shop", "shops"),
        UniqueConstraint("merchant", "shop", "slug", "language"),
        Index("faq_entries_tokens_idx", "tokens", postgresql_using="gin"),
        CheckConstraint("audience IN ('buyer', 'staff')", name="audience"),
        CheckConstraint("origin IN ('preset', 'own')", name="origin"),
    )

    shop: Mapped[uuid.UUID]
    slug: Mapped[str]
    language: Mapped[str]
    question: Mapped[str]
    similar: Mapped[list[str]] = mapped_column(JSONB)
    answer: Mapped[str]
    category: Mapped[str]
    audience: Mapped[str]
    origin: Mapped[str]
    original: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    products: Mapped[list[str]] = mapped_column(JSONB)
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    source: Mapped[str | None]
    tokens: Mapped[str] = mapped_column(TSVECTOR, deferred=True)
    cut: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger)
    vector: Mapped[bytes | None] = mapped_column(deferred=True)
    embedded_by: Mapped[str | None]
    updated_at: Mapped[datetime]


class ProductFactRow(OfMerchant, Base):
    """A ``ProductFact``; several of one key may follow each other in time."""

    __tablename__ = "product_facts"
    __table_args__ = (
        same_merchant("shop", "shops"),
        # Two facts of one key differ in their beginning; "always" is one of them.
        UniqueConstraint(
            "merchant", "shop", "product", "key", "valid_from",
            name="product_facts_key", postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    shop: Mapped[uuid.UUID]
    product: Mapped[str]
    key: Mapped[str]
    value: Mapped[JsonValue] = mapped_column(JSONB, nullable=False)
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    source: Mapped[str | None]
    updated_at: Mapped[datetime]


class PinnedRow(OfMerchant, Base):
    """A ``Pinned`` product: one row a product, the newest stream counts."""

    __tablename__ = "pinned_products"
    __table_args__ = (same_merchant("shop", "shops"), UniqueConstraint("merchant", "shop", "product"))

    shop: Mapped[uuid.UUID]
    product: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    updated_at: Mapped[datetime]


class NoticeRow(OfMerchant, Base):
    """A ``Notice``; ``slug`` is its own id."""

    __tablename__ = "notices"
    __table_args__ = (
        same_merchant("shop", "shops"),
        UniqueConstraint("merchant", "shop", "slug"),
        CheckConstraint("kind IN ('sla_extended', 'delay', 'holiday', 'other')", name="kind"),
    )

    shop: Mapped[uuid.UUID]
    slug: Mapped[str]
    kind: Mapped[str]
    regions: Mapped[list[str]] = mapped_column(JSONB)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    recovery_at: Mapped[datetime | None]
    ship_by: Mapped[datetime | None]
    text: Mapped[dict[str, str]] = mapped_column(JSONB)
    updated_at: Mapped[datetime]


class PhraseRow(OfMerchant, Base):
    """A ``Phrase`` in one language; ``slug`` is its own id."""

    __tablename__ = "phrases"
    __table_args__ = (same_merchant("shop", "shops"), UniqueConstraint("merchant", "shop", "slug", "language"))

    shop: Mapped[uuid.UUID]
    slug: Mapped[str]
    language: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    category: Mapped[str]
    updated_at: Mapped[datetime]


class GreetingRow(OfMerchant, Base):
    """A ``Greeting``: one for each language of a shop."""

    __tablename__ = "greetings"
    __table_args__ = (same_merchant("shop", "shops"), UniqueConstraint("merchant", "shop", "language"))

    shop: Mapped[uuid.UUID]
    language: Mapped[str]
    text: Mapped[str]
    cards: Mapped[list[str]] = mapped_column(JSONB)
    updated_at: Mapped[datetime]


class AutoReplyRow(OfMerchant, Base):
    """An ``AutoReply`` in one language; ``slug`` is its own id."""

    __tablename__ = "auto_replies"
    __table_args__ = (
        same_merchant("shop", "shops"),
        UniqueConstraint("merchant", "shop", "slug", "language"),
        CheckConstraint("trigger IN ('keywords', 'after_hours', 'busy')", name="trigger"),
    )

    shop: Mapped[uuid.UUID]
    slug: Mapped[str]
    language: Mapped[str]
    trigger: Mapped[str]
    text: Mapped[str]
    keywords: Mapped[list[str]] = mapped_column(JSONB)
    starts: Mapped[str | None]
    ends: Mapped[str | None]
    days: Mapped[list[str]] = mapped_column(JSONB)
    busy_from: Mapped[int | None]
    active: Mapped[bool]
    updated_at: Mapped[datetime]


class AutoOutcomeRow(OfMerchant, Base):
    """What was tried without a person for one buyer's ``message`` and why it left or did not: a list of ``Tried``."""

    __tablename__ = "auto_outcomes"
    __table_args__ = (
        same_merchant("conversation", "conversations"),
        same_merchant("message", "messages"),
        UniqueConstraint("merchant", "message"),
        Index(None, "merchant", "conversation", "at"),
    )

    conversation: Mapped[uuid.UUID]
    message: Mapped[uuid.UUID]
    tried: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    at: Mapped[datetime]
