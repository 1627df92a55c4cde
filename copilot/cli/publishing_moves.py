"""The work behind ``policy promote`` and ``policy rollback``."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from copilot.access.merchants import the_merchant
from copilot.access.shops import the_shop
from copilot.cli.errors import OK
from copilot.cli.io import note
from copilot.cli.opened import with_store
from copilot.cli.publishing import actor_of
from copilot.cli.publishing_words import said
from copilot.domain.errors import BadInput
from copilot.flow.publishing import rows
from copilot.flow.publishing.files import Kind
from copilot.flow.publishing.rows import State
from copilot.store.tables import PublicationRow, ShopRow

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from copilot.domain.clock import Clock
    from copilot.store.engine import Store


def promote_version(merchant: str | None, number: int, by: str | None, *, enforce: bool) -> int:
    """Bring version ``number`` one state on, or into force; returns the exit code.

    Raises:
        BadInput: there is no such version.
        OwnerNeeded, NothingToMove: it cannot be moved, or not by this person.
    """

    async def work(store: "Store", _: object, clock: "Clock") -> str:
        owner = await the_merchant(store, merchant)
        actor = await actor_of(store, owner.id, by)
        async with store.merchant(owner.id) as session:
            row = await session.scalar(select(PublicationRow).where(PublicationRow.number == number))
            if row is None:
                raise BadInput(f"there is no version {number}", remedy="see: reply-copilot policy published")
            if row.state not in (State.DRAFT, State.SHADOW):
                raise BadInput(f"version {number} is in state {row.state} already", remedy="publish a new version")
            to = State.ENFORCE if enforce or row.state == State.SHADOW else State.SHADOW
            moved = await rows.promote(session, row.id, to, actor, clock.now())
            return said(to.value, number=number, kind=moved.kind, scope=await _scope(session, moved))

    note(with_store(work))
    return OK


def roll_back_version(merchant: str | None, shop: str | None, kind: str | None, by: str | None) -> int:
    """Go back to the version before; returns the exit code.

    Raises:
        BadInput: rules and playbooks are both published and none is named.
        NothingToMove: nothing is published there.
        OwnerNeeded: the version before weakens what blocks, and this is no owner.
    """

    async def work(store: "Store", _: object, clock: "Clock") -> str:
        owner = await the_merchant(store, merchant)
        actor = await actor_of(store, owner.id, by)
        of = (await the_shop(store, owner.id, shop)).id if shop is not None else None
        async with store.merchant(owner.id) as session:
            kinds = {row.kind for row in await rows.standing_rows(session) if row.shop == of}
            if kind is None and len(kinds) > 1:
                raise BadInput("rules and playbooks are both published", remedy="name one with --kind")
            chosen = Kind(kind or next(iter(kinds), Kind.RULES))
            left, back = await rows.roll_back(session, of, chosen, actor, clock.now())
            told = {"left": left.number, "kind": left.kind, "scope": await _scope(session, left)}
            if back is None:
                return said("back_to_folders", **told)
            return said("back", number=back.number, **told)

    note(with_store(work))
    return OK


async def _scope(session: "AsyncSession", row: PublicationRow) -> str:
    if row.shop is None:
        return said("all_shops")
    return (await session.scalars(select(ShopRow.slug).where(ShopRow.id == row.shop))).one()
