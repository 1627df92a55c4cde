"""Merchants: what every row is kept apart by. Found by their slug before a session can be theirs."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from copilot.access import audit, names
from copilot.access.shops import NewShop, add_shop
from copilot.domain.clock import Clock
from copilot.domain.errors import BadInput
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, MerchantRow

__all__ = ["Merchant", "NewShop", "add_merchant", "add_shop", "merchant_id", "merchants", "the_merchant"]


@dataclass(frozen=True)
class Merchant:
    """A merchant; ``slug`` names its folder of policies."""

    id: uuid.UUID
    slug: str
    name: str


async def add_merchant(store: Store, slug: str, name: str, clock: Clock, *, by: str = audit.COMMAND) -> uuid.UUID:
    """Add a merchant; returns its id.

    Raises:
        BadInput: the slug is taken or cannot be used.
    """
    names.slug(slug, "the merchant's slug")
    merchant, now = uuid.uuid4(), clock.now()
    try:
        async with store.merchant(merchant) as session:
            session.add(MerchantRow(id=merchant, slug=slug, name=names.name(name), created_at=now))
            await session.flush()
            session.add(DirectoryRow(kind=names.MERCHANT_KIND, key=slug, merchant=merchant, shop=None))
            await audit.record(session, merchant=merchant, by=by, action="merchant.added", object=str(merchant), at=now)
    except IntegrityError:
        raise BadInput(f"there is a merchant {slug} already", remedy="choose another slug") from None
    return merchant


async def merchant_id(store: Store, slug: str) -> uuid.UUID | None:
    """The id of the merchant called ``slug``, or None."""
    async with store.system() as session:
        return await session.scalar(
            select(DirectoryRow.merchant).where(DirectoryRow.kind == names.MERCHANT_KIND, DirectoryRow.key == slug)
        )


async def merchants(store: Store) -> list[Merchant]:
    """All merchants of the deployment, by slug; for operators only."""
    async with store.system() as session:
        ids = await session.scalars(
            select(DirectoryRow.merchant).where(DirectoryRow.kind == names.MERCHANT_KIND).order_by(DirectoryRow.key)
        )
        known = list(ids)
    found: list[Merchant] = []
    for merchant in known:
        async with store.merchant(merchant) as session:
            row = await session.get_one(MerchantRow, merchant)
            found.append(Merchant(row.id, row.slug, row.name))
    return found


async def the_merchant(store: Store, slug: str | None) -> Merchant:
    """The merchant that an operator means: the one called ``slug``, or the only one when none is named.

    Raises:
        BadInput: there is none, or several and none is named.
    """
    known = await merchants(store)
    if slug is None and len(known) == 1:
        return known[0]
    found = next((merchant for merchant in known if merchant.slug == slug), None)
    if found is not None:
        return found
    if not known:
        raise BadInput("there is no merchant yet", remedy="add one: reply-copilot merchant add SLUG")
    choices = ", ".join(merchant.slug for merchant in known)
    if slug is None:
        raise BadInput("there are several merchants", remedy=f"name one with --merchant ({choices})")
    raise BadInput(f"there is no merchant {slug}", remedy=f"known: {choices}")
