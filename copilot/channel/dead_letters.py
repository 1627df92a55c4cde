"""Deliveries that were taken and could not be used: kept sealed until somebody mends the cause or lets go of them.

One letter is one delivery for one shop. It decides nothing about what a delivery means and never shows its words.
"""

import base64
import hashlib
import json
import traceback
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.vault import Vault
from copilot.domain.errors import BadConfiguration
from copilot.sdk import AdapterError, AnyEvent, Delivery, Event
from copilot.store.tables import DeadLetterRow, ShopRow

# Not a method of HTTP, so that no platform can send one.
_EVENT: Final = "EVENT "
_EVENTS: Final[TypeAdapter[Event]] = TypeAdapter(AnyEvent)


@dataclass(frozen=True)
class DeadLetter:
    """A letter without what it holds; ``error`` is a code with the place, ``shop`` the shop's slug."""

    id: uuid.UUID
    shop: str
    adapter: str
    error: str
    at: datetime
    expires_at: datetime | None
    settled: bool


async def keep(
    session: AsyncSession, vault: Vault, shop: ShopRow, delivery: Delivery, error: str, now: datetime, expires: datetime
) -> None:
    """Keep ``delivery`` of ``shop`` with the session's transaction; the same one again changes nothing."""
    letter = insert(DeadLetterRow).values(
        merchant=shop.merchant,
        id=uuid.uuid4(),
        shop=shop.id,
        adapter=shop.adapter,
        delivery=hashlib.sha256(delivery.body).hexdigest(),
        error=error,
        sealed=_seal(vault, shop.id, delivery),
        at=now,
        expires_at=expires,
    )
    again = {name: letter.excluded[name] for name in ("error", "sealed", "at", "expires_at")}
    # The same delivery may fail a second time after the first was settled; an open one stays as it is.
    await session.execute(
        letter.on_conflict_do_update(
            index_elements=["merchant", "shop", "delivery"],
            set_={**again, "settled_at": None},
            where=DeadLetterRow.settled_at.is_not(None),
        )
    )


async def letters(session: AsyncSession, *, settled: bool = False) -> Sequence[DeadLetter]:
    """The session's merchant's letters, oldest first; those that are settled only when asked for."""
    query = select(DeadLetterRow, ShopRow.slug).join(ShopRow, ShopRow.id == DeadLetterRow.shop)
    if not settled:
        query = query.where(DeadLetterRow.settled_at.is_(None))
    rows = (await session.execute(query.order_by(DeadLetterRow.at, DeadLetterRow.id))).all()
    return [
        DeadLetter(row.id, slug, row.adapter, row.error, row.at, row.expires_at, row.settled_at is not None)
        for row, slug in rows
    ]


async def take_up(session: AsyncSession, letter: uuid.UUID) -> DeadLetterRow | None:
    """The letter, locked until the transaction ends; None when it is not the merchant's or is settled."""
    found = select(DeadLetterRow).where(DeadLetterRow.id == letter, DeadLetterRow.settled_at.is_(None))
    return await session.scalar(found.with_for_update())


async def drop(session: AsyncSession, letter: uuid.UUID, now: datetime) -> bool:
    """Let go of a letter without using it; False when there is none that is open."""
    gone = update(DeadLetterRow).where(DeadLetterRow.id == letter, DeadLetterRow.settled_at.is_(None))
    # What it held is not kept for longer than it can be of use.
    settled = await session.execute(gone.values(settled_at=now, sealed=b"").returning(DeadLetterRow.id))
    return settled.scalar() is not None


def opened(row: DeadLetterRow, vault: Vault) -> Delivery:
    """The delivery that ``row`` keeps.

    Raises:
        BadConfiguration: none of our keys sealed it, or it was sealed for another shop.
    """
    held: dict[str, Any] = json.loads(vault.open(row.sealed))
    if held["shop"] != str(row.shop):
        raise BadConfiguration(f"the dead letter {row.id} was sealed for another shop", remedy="drop it")
    body = base64.b64decode(held["body"])
    # Letters of the release before know no path.
    return Delivery(held["method"], held["headers"], held["query"], body, held.get("path", ""))


def letter_of(event: Event) -> Delivery:
    """An event that came without a delivery (asked for, or over a connection), as a letter keeps it."""
    return Delivery(_EVENT, {}, {}, event.model_dump_json().encode())


def event_of(delivery: Delivery) -> Event | None:
    """The event that ``letter_of`` put into a letter; None for a delivery of a platform."""
    return _EVENTS.validate_json(delivery.body) if delivery.method == _EVENT else None


def fault(error: Exception) -> str:
    """What went wrong as a code and a place, without the error's words: those may be a buyer's."""
    code = error.code if isinstance(error, AdapterError) else f"defect {type(error).__name__}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{code} at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else code


def _seal(vault: Vault, shop: uuid.UUID, delivery: Delivery) -> bytes:
    held = {
        "shop": str(shop),
        "method": delivery.method,
        "headers": dict(delivery.headers),
        "query": dict(delivery.query),
        "path": delivery.path,
        "body": base64.b64encode(delivery.body).decode(),
    }
    return vault.seal(json.dumps(held).encode())
