"""Merchants, their shops, the directory that finds them, and buyers."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from copilot.store.tables.base import SCHEMA, Base, Json, OfMerchant, of_merchant, same_merchant


class MerchantRow(Base):
    """A merchant: what rows are kept apart by."""

    __tablename__ = "merchants"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    slug: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]


class ShopRow(OfMerchant, Base):
    """A shop on a platform, with what it uses: adapter, pack, profile, posture, time zone (IANA).

    ``knowledge`` grows with every change of what the shop knows.
    """

    __tablename__ = "shops"
    __table_args__ = (
        of_merchant(),
        UniqueConstraint("merchant", "slug"),
        UniqueConstraint("merchant", "adapter", "platform_shop_id"),
    )

    slug: Mapped[str]
    name: Mapped[str]
    platform: Mapped[str]
    market: Mapped[str]
    platform_shop_id: Mapped[str]
    adapter: Mapped[str]
    zone: Mapped[str]
    pack: Mapped[str]
    profile: Mapped[str]
    posture: Mapped[str]
    settings: Mapped[Json]
    created_at: Mapped[datetime]
    knowledge: Mapped[int] = mapped_column(BigInteger, default=0, server_default=sql("0"))


class DirectoryRow(Base):
    """Finds the merchant before it is known; no personal data, no row-level security.

    ``kind`` is ``shop`` (key ``<adapter>:<platform shop id>``), ``app`` (key ``<adapter>:<app id>``: any one shop of
    the app), ``login`` (key: the login), ``merchant`` (key: its slug),
    ``session`` or ``token`` (key: a hash).
    """

    __tablename__ = "directory"
    __table_args__ = (
        of_merchant(),
        ForeignKeyConstraint(["merchant", "shop"], [f"{SCHEMA}.shops.merchant", f"{SCHEMA}.shops.id"]),
        Index(None, "merchant"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    merchant: Mapped[uuid.UUID]
    shop: Mapped[uuid.UUID | None]


class BuyerRow(OfMerchant, Base):
    """A buyer of a shop, as the platform names them; ``order_key`` is what its orders know them by, once known.

    ``level`` and ``told_tags`` are what the platform tells (empty: that there is none, null: nothing), ``tags`` what
    people here set, and ``dropped_tags`` those of the platform that they took off (``channel.called``).
    """

    __tablename__ = "buyers"
    __table_args__ = (same_merchant("shop", "shops"), UniqueConstraint("merchant", "shop", "platform_buyer_id"))

    shop: Mapped[uuid.UUID]
    platform_buyer_id: Mapped[str]
    order_key: Mapped[str | None]
    nickname: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(JSONB, default=list)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    level: Mapped[str | None]
    told_tags: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    dropped_tags: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
