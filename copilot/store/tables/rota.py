"""Who is on duty when, and who was not there."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, OfMerchant, same_merchant


class RotaSlotRow(OfMerchant, Base):
    """Hours in which a person is on duty for a shop, by its clock; ``days`` are weekdays, none: every day."""

    __tablename__ = "rota_slots"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("person", "people"),
        Index(None, "merchant", "shop"),
    )

    shop: Mapped[uuid.UUID]
    person: Mapped[uuid.UUID]
    days: Mapped[list[str]] = mapped_column(JSONB)
    starts: Mapped[str]
    ends: Mapped[str]


class AbsenceRow(OfMerchant, Base):
    """A person was not there in a slot that began at ``slot_at``: from ``since`` to ``ended_at``, unset while it lasts.

    ``raised_at`` is when those above were told, once a slot, however often the person comes and goes.
    """

    __tablename__ = "absences"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("person", "people"),
        UniqueConstraint("merchant", "shop", "person", "slot_at"),
        Index(None, "merchant", "raised_at"),
    )

    shop: Mapped[uuid.UUID]
    person: Mapped[uuid.UUID]
    slot_at: Mapped[datetime]
    since: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
