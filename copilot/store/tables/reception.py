"""Who receives conversations, whose page is open, who was given what, and what they have seen."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, false, true
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import SCHEMA, Base, OfMerchant, Serial, same_merchant


class ReceptionRow(OfMerchant, Base):
    """How a person receives; ``id`` is the person's. ``capacity`` unset: as many as come. ``busy``: they say so.

    ``groups`` are categories of matters offered to them first; ``platform_name`` is what the platform calls them. A
    person without a row receives, without a limit.
    """

    __tablename__ = "receptions"
    __table_args__ = (
        ForeignKeyConstraint(["merchant", "id"], [f"{SCHEMA}.people.merchant", f"{SCHEMA}.people.id"]),
        CheckConstraint("capacity >= 0", name="capacity"),
    )

    receives: Mapped[bool] = mapped_column(default=True, server_default=true())
    capacity: Mapped[int | None]
    groups: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    platform_name: Mapped[str | None]
    busy: Mapped[bool] = mapped_column(default=False, server_default=false())
    updated_at: Mapped[datetime]


class PageRow(OfMerchant, Base):
    """A page of a person that is open, as far as is known, until ``until``; ``id`` is its event stream's."""

    __tablename__ = "pages"
    __table_args__ = (same_merchant("person", "people"), Index(None, "merchant", "until"))

    person: Mapped[uuid.UUID]
    until: Mapped[datetime]


class AssignmentRow(OfMerchant, Base):
    """A conversation went from one person to another: ``how`` is auto, manual, transfer, queue (back to it) or end.

    ``note`` is a person's word to the next one.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        same_merchant("conversation", "conversations"),
        same_merchant("person", "people"),
        Index(None, "merchant", "conversation", "position"),
        Index(None, "merchant", "person", "at"),
        CheckConstraint("how IN ('auto', 'manual', 'transfer', 'queue', 'end')", name="how"),
    )

    conversation: Mapped[uuid.UUID]
    position: Mapped[Serial]
    person: Mapped[uuid.UUID | None]
    before: Mapped[uuid.UUID | None]
    how: Mapped[str]
    by: Mapped[str]
    note: Mapped[str | None]
    at: Mapped[datetime]


class ViewRow(Base):
    """How far a person has seen a conversation: ``seen_to`` is a message's position."""

    __tablename__ = "views"
    __table_args__ = (same_merchant("conversation", "conversations"), same_merchant("person", "people"))

    merchant: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    conversation: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seen_to: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
