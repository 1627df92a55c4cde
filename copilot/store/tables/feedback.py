"""What agents say of drafts."""

import uuid
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, OfMerchant, same_merchant


class FeedbackRow(OfMerchant, Base):
    """A word of the person ``by`` on a draft as it stood at ``revision``; what is somebody's is masked in ``text``."""

    __tablename__ = "feedback"
    __table_args__ = (
        same_merchant("draft", "drafts"),
        same_merchant("shop", "shops"),
        Index(None, "merchant", "at"),
        Index(None, "merchant", "draft"),
    )

    draft: Mapped[uuid.UUID]
    revision: Mapped[int] = mapped_column()
    shop: Mapped[uuid.UUID]
    by: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
