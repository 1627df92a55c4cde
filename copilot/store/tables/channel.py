"""What the channel keeps besides messages and replies: orders as last told, pauses, dead letters, spans."""

import uuid
from datetime import datetime

from sqlalchemy import Double, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, Json, OfMerchant, of_merchant, same_merchant


class OrderRow(OfMerchant, Base):
    """An order as the platform last told it; ``body`` is an ``Order``, ``buyer_key`` what orders know the buyer by.

    ``fetched_at`` is when it was asked for, ``changed_at`` when the platform last said that it moved: the body is good
    while the first is the later one.
    """

    __tablename__ = "orders"
    __table_args__ = (
        same_merchant("shop", "shops"),
        UniqueConstraint("merchant", "shop", "platform_order_id"),
        Index(None, "merchant", "shop", "buyer_key"),
    )

    shop: Mapped[uuid.UUID]
    platform_order_id: Mapped[str]
    buyer_key: Mapped[str | None]
    body: Mapped[Json]
    fetched_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class PauseRow(OfMerchant, Base):
    """Until when no call is made for a shop, because its platform asked for it."""

    __tablename__ = "pauses"
    __table_args__ = (same_merchant("shop", "shops"), UniqueConstraint("merchant", "shop"))

    shop: Mapped[uuid.UUID]
    until: Mapped[datetime]


class FeedRow(OfMerchant, Base):
    """How far a shop's messages were read that its platform does not push; one row a shop.

    ``cursor`` is the adapter's own place, ``heard_at`` when the platform last answered, ``failures`` how many looks in
    a row were in vain and ``error`` the code of the last one. Of a standing connection ``owner`` is the process that
    holds it, until ``held_until``; nobody else writes the row before.
    """

    __tablename__ = "feeds"
    __table_args__ = (same_merchant("shop", "shops"), UniqueConstraint("merchant", "shop"))

    shop: Mapped[uuid.UUID]
    cursor: Mapped[str | None]
    heard_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    error: Mapped[str | None]
    owner: Mapped[uuid.UUID | None]
    held_until: Mapped[datetime | None]


class DeadLetterRow(OfMerchant, Base):
    """A verified delivery that could not be used; ``sealed`` holds it, ``delivery`` is the hash of its body."""

    __tablename__ = "dead_letters"
    __table_args__ = (same_merchant("shop", "shops"), UniqueConstraint("merchant", "shop", "delivery"))

    shop: Mapped[uuid.UUID]
    adapter: Mapped[str]
    delivery: Mapped[str]
    error: Mapped[str]
    sealed: Mapped[bytes]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class SpanRow(OfMerchant, Base):
    """How long one step of a trace took; ``detail`` holds names, hashes and numbers, never words."""

    __tablename__ = "spans"
    __table_args__ = (
        of_merchant(),
        Index(None, "at"),
        Index(None, "merchant", "draft"),
        Index(None, "merchant", "trace"),
    )

    trace: Mapped[str]
    draft: Mapped[uuid.UUID | None]
    name: Mapped[str]
    at: Mapped[datetime]
    seconds: Mapped[float] = mapped_column(Double)
    detail: Mapped[Json]
