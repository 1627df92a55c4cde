"""People and machines that may enter, what they did, and the sealed credentials of shops."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import Base, Json, OfMerchant, of_merchant, same_merchant


class PersonRow(OfMerchant, Base):
    """Somebody with a login; ``password_hash`` is argon2's encoded form, ``language`` zh or en.

    ``scopes`` are the parts of an agent's work that are theirs (access.scopes). ``phone_bound`` and ``name_verified``
    are what the owner says of their account on the platform; unset: nobody has said.

    ``alert_sound`` and ``alert_vibration`` are how their desk calls them (access.alerts).
    """

    __tablename__ = "people"
    __table_args__ = (
        of_merchant(),
        UniqueConstraint("merchant", "login"),
        CheckConstraint("role IN ('owner', 'general_admin', 'supervisor', 'agent', 'qa')", name="role"),
        CheckConstraint("alert_sound IN ('off', 'deadline', 'message')", name="alert_sound"),
    )

    login: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    language: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    alert_sound: Mapped[str] = mapped_column(default="deadline", server_default=sql("'deadline'"))
    alert_vibration: Mapped[bool] = mapped_column(default=False, server_default=false())
    scopes: Mapped[list[str]] = mapped_column(
        JSONB,
        default=lambda: ["after_sale_review", "message_reply", "order_handling"],
        server_default=sql('\'["after_sale_review", "message_reply", "order_handling"]\''),
    )
    phone_bound: Mapped[bool | None]
    name_verified: Mapped[bool | None]


class AvatarRow(OfMerchant, Base):
    """A picture of a person: the one that is shown (``approved``), or a newer one that waits or was refused.

    ``reviews`` is what each shop whose platform looks at pictures says of it: ``{shop: {"state", "reason"}}``.
    """

    __tablename__ = "avatars"
    __table_args__ = (
        same_merchant("person", "people"),
        CheckConstraint("state IN ('pending_review', 'approved', 'rejected')", name="state"),
        Index(None, "merchant", "person"),
    )

    person: Mapped[uuid.UUID]
    content_type: Mapped[str]
    body: Mapped[bytes]
    state: Mapped[str]
    reviews: Mapped[Json]
    created_at: Mapped[datetime]


class SessionRow(OfMerchant, Base):
    """A login of a person in one browser; only the hash of its secret is kept. ``csrf`` goes with every change."""

    __tablename__ = "sessions"
    __table_args__ = (
        same_merchant("person", "people"),
        UniqueConstraint("merchant", "secret_hash"),
        Index(None, "expires_at"),
    )

    person: Mapped[uuid.UUID]
    secret_hash: Mapped[str]
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class TokenRow(OfMerchant, Base):
    """A machine's bearer token; only its hash is kept."""

    __tablename__ = "tokens"
    __table_args__ = (
        of_merchant(),
        UniqueConstraint("merchant", "name"),
        CheckConstraint("role IN ('agent', 'qa', 'adapter')", name="role"),
    )

    name: Mapped[str]
    role: Mapped[str]
    secret_hash: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginAttemptRow(Base):
    """Wrong logins in a row under a hash of the login's name or of the caller's address."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index(None, "last_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]


class AuditRow(OfMerchant, Base):
    """Who did what to which object: ids and hashes, never words of a conversation. A trigger refuses changes."""

    __tablename__ = "audit"
    __table_args__ = (of_merchant(), Index(None, "merchant", "at"))

    at: Mapped[datetime]
    by: Mapped[str]
    action: Mapped[str]
    object: Mapped[str | None]
    detail: Mapped[Json | None]


class CredentialRow(OfMerchant, Base):
    """A shop's settings for its adapter, sealed; ``revision`` grows with every change."""

    __tablename__ = "credentials"
    __table_args__ = (same_merchant("shop", "shops"), UniqueConstraint("merchant", "shop"))

    shop: Mapped[uuid.UUID]
    sealed: Mapped[bytes]
    revision: Mapped[int]
    updated_at: Mapped[datetime]
