"""What is published, as people and programs see it: versions, what those in shadow have seen, what does not load."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.domain.base import Shape
from copilot.flow.publishing import rows
from copilot.flow.publishing.shadow_counts import Counts, counts_of
from copilot.store.tables import PersonRow, PublicationRow, ShopRow


class Author(Shape):
    """Who did it; ``id`` is null for the operator at the command line."""

    id: uuid.UUID | None
    name: str


class Seen(Shape):
    """What a version in shadow has seen in one shop: ``rules`` hold rule, severity, caught, released, same, changed."""

    shop: str
    judged: int
    last_at: datetime | None
    rules: tuple[dict[str, Any], ...]


class PublishedVersion(Shape):
    """A version; ``shop`` null: of all the merchant's shops. ``trouble`` says by shop why it does not load."""

    id: uuid.UUID
    number: int
    kind: str
    shop: str | None
    state: str
    hash: str
    packs: dict[str, Any]
    weakened: tuple[dict[str, Any], ...]
    gate: dict[str, Any] | None
    reason: str | None
    by: Author
    at: datetime
    shadow_at: datetime | None
    enforced_at: datetime | None
    enforced_by: Author | None
    retired_at: datetime | None
    rolled_back: bool
    seen: tuple[Seen, ...]
    trouble: dict[str, str]


async def read_published(session: AsyncSession, shop: uuid.UUID | None = None) -> list[PublishedVersion]:
    """The merchant's versions, the newest first; with ``shop`` those that are of it or of all shops."""
    found = [row for row in await rows.listed(session) if shop is None or row.shop in (None, shop)]
    shops = {row.id: row.slug for row in await session.scalars(select(ShopRow))}
    people = {str(row.id): row.name for row in await session.scalars(select(PersonRow))}
    counts = await counts_of(session, [row.id for row in found])
    return [_shown(row, shops, people, counts.get(row.id, {})) for row in found]


def _shown(
    row: PublicationRow, shops: Mapping[uuid.UUID, str], people: Mapping[str, str], counts: Mapping[uuid.UUID, Counts]
) -> PublishedVersion:
    seen = [
        Seen(shop=shops[of], judged=one.judged, last_at=one.last_at, rules=tuple(one.rules))
        for of, one in counts.items()
    ]
    return PublishedVersion(
        id=row.id,
        number=row.number,
        kind=row.kind,
        shop=shops[row.shop] if row.shop is not None else None,
        state=row.state,
        hash=row.hash,
        packs=row.packs,
        weakened=tuple(row.weakened),
        gate=row.gate,
        reason=row.reason,
        by=_author(row.by, people),
        at=row.created_at,
        shadow_at=row.shadow_at,
        enforced_at=row.enforced_at,
        enforced_by=_author(row.enforced_by, people) if row.enforced_by is not None else None,
        retired_at=row.retired_at,
        rolled_back=row.rolled_back,
        seen=tuple(sorted(seen, key=lambda one: one.shop)),
        trouble=row.trouble,
    )


def _author(by: str, people: Mapping[str, str]) -> Author:
    if by == audit.COMMAND:
        return Author(id=None, name=by)
    return Author(id=uuid.UUID(by), name=people.get(by, ""))
