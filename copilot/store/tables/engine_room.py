"""Timers, events and the record of what the schema was built with."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, Xid8, of_merchant, same_merchant


class TimerRow(Base):
    """Something that is due later; ``kind`` is the task to run, ``ref`` what it is about.

    No row-level security, because workers look before they know a merchant: it holds ids only. Arming the same kind
    and ref again replaces the row.
    """

    __tablename__ = "timers"
    __table_args__ = (UniqueConstraint("kind", "ref"), Index(None, "due_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    due_at: Mapped[datetime]
    merchant: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    ref: Mapped[str]
    attempt: Mapped[int] = mapped_column(default=0)
    lock: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0)


class EventRow(Base):
    """Something that watchers hear of: ids only; read in the order of ``(xid, id)``, never of ``id``."""

    __tablename__ = "events"
    __table_args__ = (
        of_merchant(),
        same_merchant("shop", "shops"),
        Index(None, "merchant", "xid", "id"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[str] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    merchant: Mapped[uuid.UUID]
    shop: Mapped[uuid.UUID | None]
    topic: Mapped[str]
    ref: Mapped[str]
    at: Mapped[datetime]


class VersionRow(Base):
    """The version of one part of the schema (ours, the queue's, the checkpoints'), written by ``db upgrade``."""

    __tablename__ = "versions"

    part: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
