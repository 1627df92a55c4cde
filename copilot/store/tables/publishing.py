"""Published versions of rules and playbooks: their files, their life, and what a version in shadow would have found."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import SCHEMA, Base, OfMerchant, of_merchant, same_merchant


class PublicationRow(OfMerchant, Base):
    """A version of a merchant's own rules or playbooks; ``shop`` null: of all its shops.

    ``number`` counts the merchant's versions, ``hash`` is its files'. ``serial`` grows with every change of any of the
    merchant's versions. ``packs`` maps a shop's slug to the pack that its rules made when they were checked;
    ``weakened`` lists the blocking rules that it switches off or weakens, ``gate`` what it changed on archives;
    ``trouble`` maps a shop's slug to why a process could not load it.
    """

    __tablename__ = "publications"
    __table_args__ = (
        of_merchant(),
        same_merchant("shop", "shops"),
        UniqueConstraint("merchant", "number"),
        CheckConstraint("kind IN ('rules', 'playbooks')", name="kind"),
        CheckConstraint("state IN ('draft', 'shadow', 'enforce', 'retired')", name="state"),
        Index(
            "publications_enforced_key",
            "merchant",
            "shop",
            "kind",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sql("state = 'enforce'"),
        ),
        Index(
            "publications_shadow_key",
            "merchant",
            "shop",
            "kind",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sql("state = 'shadow'"),
        ),
    )

    shop: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    number: Mapped[int]
    hash: Mapped[str]
    state: Mapped[str]
    serial: Mapped[int] = mapped_column(BigInteger)
    packs: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sql("'{}'"))
    weakened: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    gate: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    trouble: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default=sql("'{}'"))
    reason: Mapped[str | None]
    by: Mapped[str]
    created_at: Mapped[datetime]
    shadow_at: Mapped[datetime | None]
    enforced_at: Mapped[datetime | None]
    enforced_by: Mapped[str | None]
    retired_at: Mapped[datetime | None]
    rolled_back: Mapped[bool] = mapped_column(default=False, server_default=sql("false"))


class PublishedFileRow(Base):
    """A file of a version; never changed."""

    __tablename__ = "published_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["merchant", "publication"], [f"{SCHEMA}.publications.merchant", f"{SCHEMA}.publications.id"]
        ),
    )

    merchant: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    publication: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class ShadowCountRow(Base):
    """How often a version in shadow and the one in force said the same or not, by shop and rule; no text.

    ``change`` is ``judged`` (a text; ``rule`` is empty), ``same``, ``caught`` (only the version in shadow finds it) or
    ``released`` (only the one in force does); of playbooks ``rule`` is the issue and ``change`` ``same`` or
    ``changed``.
    """

    __tablename__ = "shadow_counts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["merchant", "publication"], [f"{SCHEMA}.publications.merchant", f"{SCHEMA}.publications.id"]
        ),
        same_merchant("shop", "shops"),
        CheckConstraint("change IN ('judged', 'same', 'caught', 'released', 'changed')", name="change"),
    )

    merchant: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    publication: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    shop: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    severity: Mapped[str] = mapped_column(primary_key=True)
    change: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime]
