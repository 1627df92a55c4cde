"""What texts say in another language."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, OfMerchant, same_merchant


class TranslationRow(OfMerchant, Base):
    """A text in ``language``: of a message, of a draft, or of what a person types.

    ``ref`` is the message's or the draft's id, or for typed text the row's own; ``text_hash`` is that of the text it
    was made from, so that another text never gets this translation. ``source`` is kept of typed text only, ``by`` who
    typed it. ``differing`` are codes of what a refused translation changed; its words are not kept.
    """

    __tablename__ = "translations"
    __table_args__ = (
        same_merchant("shop", "shops"),
        same_merchant("conversation", "conversations"),
        UniqueConstraint("merchant", "kind", "ref", "text_hash", "language"),
        Index(None, "merchant", "conversation"),
        CheckConstraint("kind IN ('message', 'draft', 'typed')", name="kind"),
        CheckConstraint("state IN ('pending', 'ready', 'differs', 'failed')", name="state"),
    )

    shop: Mapped[uuid.UUID]
    conversation: Mapped[uuid.UUID]
    kind: Mapped[str]
    ref: Mapped[uuid.UUID]
    text_hash: Mapped[str]
    source: Mapped[str | None]
    source_language: Mapped[str | None]
    language: Mapped[str]
    state: Mapped[str]
    text: Mapped[str | None]
    differing: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    by: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
