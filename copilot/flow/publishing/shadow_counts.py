"""How often versions in shadow said something else than those in force: counts by shop and rule, kept in the store."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.flow.publishing.shadow import CAUGHT, CHANGED, JUDGED, RELEASED, Watched
from copilot.store.tables import PublicationRow, ShadowCountRow


async def count(session: AsyncSession, merchant: uuid.UUID, shop: uuid.UUID, watched: Watched, now: datetime) -> None:
    """Add what was collected; done in the transaction that shows the draft, so that each draft counts once."""
    wanted = sorted(set(watched.counted()), key=lambda one: (str(one[0]), one[1]))
    if not wanted:
        return
    # A version may be in force by now, and its counts are closed; one that was removed has none.
    watching = set(await session.scalars(select(PublicationRow.id).where(PublicationRow.state == "shadow")))
    rows = [
        {
            "merchant": merchant,
            "publication": version,
            "shop": shop,
            "rule": rule,
            "severity": severity,
            "change": change,
            "number": 1,
            "last_at": now,
        }
        for version, (rule, severity, change) in wanted
        if version in watching
    ]
    if rows:
        statement = insert(ShadowCountRow).values(rows)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["merchant", "publication", "shop", "rule", "severity", "change"],
                set_={
                    "number": ShadowCountRow.number + statement.excluded.number,
                    "last_at": statement.excluded.last_at,
                },
            )
        )


@dataclass
class Counts:
    """What a version in shadow has seen: texts (or plans), and by rule and severity the changes."""

    judged: int = 0
    last_at: datetime | None = None
    rules: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


async def counts_of(
    session: AsyncSession, publications: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[uuid.UUID, Counts]]:
    """The counts by version and shop; rules with most news first."""
    rows = await session.scalars(select(ShadowCountRow).where(ShadowCountRow.publication.in_(list(publications))))
    found: dict[uuid.UUID, dict[uuid.UUID, Counts]] = {}
    rules: dict[tuple[uuid.UUID, uuid.UUID, str, str], dict[str, Any]] = {}
    for row in rows:
        counts = found.setdefault(row.publication, {}).setdefault(row.shop, Counts())
        counts.last_at = max(row.last_at, counts.last_at or row.last_at)
        if row.change == JUDGED:
            counts.judged = row.number
            continue
        key = (row.publication, row.shop, row.rule, row.severity)
        if key not in rules:
            rules[key] = {"rule": row.rule, "severity": row.severity or None}
            counts.rules.append(rules[key])
        rules[key][row.change] = row.number
    for by_shop in found.values():
        for counts in by_shop.values():
            counts.rules.sort(key=lambda one: (-_news(one), one["rule"], str(one["severity"])))
    return found


def _news(one: dict[str, Any]) -> int:
    return sum(one.get(change, 0) for change in (CAUGHT, RELEASED, CHANGED))
