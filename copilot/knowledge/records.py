"""A shop's knowledge as rows: put, taken away, listed. Every change is one transaction with its line in the audit log.

A change raises the version of the shop's knowledge, by which running processes notice it. It finds nothing by words
(``search.py``) and reads no files (``exchange.py``).
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import and_, delete, false, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.domain.base import Shape
from copilot.domain.errors import BadInput
from copilot.domain.knowledge import Entry, Greeting
from copilot.knowledge.embedding import later
from copilot.knowledge.greetings import require_cards
from copilot.knowledge.kinds import FAQ, Key, Kind, column
from copilot.knowledge.lexemes import lexemes
from copilot.knowledge.origin import edited
from copilot.knowledge.ranking import Prepared
from copilot.knowledge.tokens import Tokenizer
from copilot.store import events
from copilot.store.engine import Store
from copilot.store.tables import EntryRow, ShopRow

S = TypeVar("S", bound=Shape)

_FEW = 100
"""Things of one transaction of an import, and keys that are looked for one by one."""
CHANGED = "knowledge.changed"
"""The event's topic; its reference is the shop."""


@dataclass(frozen=True)
class Place:
    """Whose knowledge changes, by whom (a principal's id, or ``audit.COMMAND``) and when."""

    merchant: uuid.UUID
    shop: uuid.UUID
    by: str
    now: datetime


@dataclass
class Changes:
    """What a change did: the keys that came new, that say something else now, and that were the same already."""

    added: list[Key] = field(default_factory=list[Key])
    changed: list[Key] = field(default_factory=list[Key])
    same: list[Key] = field(default_factory=list[Key])

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {"added": len(self.added), "changed": len(self.changed), "same": len(self.same)}


async def put(
    session: AsyncSession, place: Place, kind: Kind[S], things: Iterable[S], tokenizer: Tokenizer,
    *, action: str | None = None,
) -> Changes:  # fmt: skip
    """Store ``things``; one with the key of a stored one takes its place.

    An entry that does not say where it comes from keeps the origin of the one it replaces; a preset keeps its original
    words. ``action`` is what the audit log calls it ("faq.imported"), a single thing's change unless given.
    """
    version = await _next_version(session, place)
    given = {kind.key(thing): thing for thing in things}
    for thing in given.values():
        if isinstance(thing, Greeting):
            await require_cards(session, place.shop, thing)
    stored = await _stored(session, kind, place.shop, list(given))
    changes = Changes()
    for key, thing in given.items():
        row: Any = stored.get(key)
        before: Shape | None = kind.read(row) if row is not None else None
        after: Shape = edited(thing, before) if isinstance(thing, Entry) else thing
        if before == after:
            changes.same.append(key)
            continue
        values = kind.values(after)
        if isinstance(after, Entry):
            values |= _searchable(after, place.shop, tokenizer) | {"revision": version}
            values |= _without_vector(before, after)
        if row is None:
            session.add(kind.row(merchant=place.merchant, shop=place.shop, updated_at=place.now, **values))
            changes.added.append(key)
            continue
        for name, value in (values | {"updated_at": place.now}).items():
            setattr(row, name, value)
        changes.changed.append(key)
    await session.flush()
    if kind.row is EntryRow and (changes.added or changes.changed):
        # Whether a model for vectors is set is the worker's to know.
        await later(session, place.merchant, place.shop, place.now)
    await _tell(session, place, kind, changes, action)
    return changes


async def put_all(
    store: Store, place: Place, kind: Kind[S], things: Sequence[S], tokenizer: Tokenizer, *, action: str
) -> dict[str, int]:
    """``put`` for a file: in parts, so that no transaction lasts long and others work in between; what it did."""
    done = Changes().counts
    for begin in range(0, len(things), _FEW):
        async with store.merchant(place.merchant) as session:
            part = await put(session, place, kind, things[begin : begin + _FEW], tokenizer, action=action)
        done = {name: number + part.counts[name] for name, number in done.items()}
    return done


async def remove(session: AsyncSession, place: Place, kind: Kind[Any], key: Key) -> bool:
    """Take the thing with ``key`` away; whether it was there."""
    await _next_version(session, place)
    gone = await session.scalars(
        delete(kind.row).where(*_with_key(kind, place.shop, key)).returning(_column(kind, "id"))
    )
    found = bool(gone.all())
    if found:
        await _record(session, place, f"{kind.name}.removed", written(key), None)
    return found


async def replace(
    session: AsyncSession, place: Place, kind: Kind[S], things: Sequence[S], tokenizer: Tokenizer
) -> Changes:
    """Make ``things`` all there is of their kind."""
    keep = {kind.key(thing) for thing in things}
    for row in await session.scalars(select(kind.row).where(_of(kind, place.shop))):
        if kind.key_of_row(row) not in keep:
            await session.delete(row)
    await session.flush()
    return await put(session, place, kind, things, tokenizer, action=f"{kind.name}.replaced")


async def listed(
    session: AsyncSession, kind: Kind[S], shop: uuid.UUID, *, limit: int | None = None, offset: int = 0, **where: object
) -> list[S]:
    """Everything of a kind, in the order of its keys; ``where`` names columns with the value they must have."""
    query = select(kind.row).where(_of(kind, shop), *(_column(kind, name) == value for name, value in where.items()))
    ordered = query.order_by(*(_column(kind, column(name)) for name in kind.keys)).limit(limit).offset(offset)
    rows = await session.scalars(ordered)
    return [kind.read(row) for row in rows]


async def number_of(session: AsyncSession, kind: Kind[Any], shop: uuid.UUID) -> int:
    """How many things of a kind there are."""
    query = select(func.count()).select_from(kind.row).where(_of(kind, shop))
    return (await session.scalars(query)).one()


async def one(session: AsyncSession, kind: Kind[S], shop: uuid.UUID, key: Key) -> S | None:
    """The thing with ``key``."""
    row = await session.scalar(select(kind.row).where(*_with_key(kind, shop, key)))
    return None if row is None else kind.read(row)


async def version_of(session: AsyncSession, shop: uuid.UUID) -> int:
    """The version of the shop's knowledge."""
    return (await session.scalars(select(ShopRow.knowledge).where(ShopRow.id == shop))).one()


def written(key: Key) -> str:
    """A key as the audit log and messages name it."""
    return "/".join(part.isoformat() if isinstance(part, datetime) else str(part) for part in key if part is not None)


async def recut(session: AsyncSession, shop: uuid.UUID, tokenizer: Tokenizer, most: int = 1000) -> int:
    """Cut entries anew that were stored under other word lists, ``most`` at once; how many.

    What they say does not change, and so neither does the version.
    """
    rows = (await session.scalars(
        select(EntryRow).where(EntryRow.shop == shop, EntryRow.cut != tokenizer.version).limit(most).with_for_update()
    )).all()  # fmt: skip
    for row in rows:
        for name, value in _searchable(FAQ.read(row), shop, tokenizer).items():
            setattr(row, name, value)
    await session.flush()
    return len(rows)


def _searchable(entry: Entry, shop: uuid.UUID, tokenizer: Tokenizer) -> dict[str, Any]:
    return {"tokens": lexemes(Prepared.of(entry, tokenizer), shop), "cut": tokenizer.version}


def _without_vector(before: Shape | None, after: Entry) -> dict[str, Any]:
    """Nothing, or the loss of the vectors when they were of other questions."""
    same = isinstance(before, Entry) and (before.question, before.similar) == (after.question, after.similar)
    return {} if same else {"vector": None, "embedded_by": None}


async def _stored(session: AsyncSession, kind: Kind[Any], shop: uuid.UUID, keys: Sequence[Key]) -> dict[Key, Any]:
    """The rows with ``keys``; of many keys, all rows of the kind: one look is cheaper than a thousand conditions."""
    query = select(kind.row).where(_of(kind, shop))
    if len(keys) <= _FEW:
        query = query.where(or_(false(), *(and_(*_with_key(kind, shop, key)) for key in keys)))
    return {kind.key_of_row(row): row for row in await session.scalars(query)}


def _column(kind: Kind[Any], name: str) -> Any:
    return getattr(kind.row, name)


def _of(kind: Kind[Any], shop: uuid.UUID) -> Any:
    return _column(kind, "shop") == shop


def _with_key(kind: Kind[Any], shop: uuid.UUID, key: Key) -> tuple[Any, ...]:
    parts = (
        _column(kind, column(name)).is_not_distinct_from(value) for name, value in zip(kind.keys, key, strict=True)
    )
    return _of(kind, shop), *parts


async def _next_version(session: AsyncSession, place: Place) -> int:
    """Raise the shop's version; whoever changes the same shop at the same time waits here."""
    raised = update(ShopRow).where(ShopRow.id == place.shop).values(knowledge=ShopRow.knowledge + 1)
    version = await session.scalar(raised.returning(ShopRow.knowledge))
    if version is None:
        raise BadInput("there is no such shop")
    return version


async def _tell(
    session: AsyncSession, place: Place, kind: Kind[Any], changes: Changes, action: str | None
) -> None:  # fmt: skip
    if action is not None:
        await _record(session, place, action, str(place.shop), dict(changes.counts))
        return
    for key in changes.added:
        await _record(session, place, f"{kind.name}.added", written(key), None)
    for key in changes.changed:
        await _record(session, place, f"{kind.name}.changed", written(key), None)


async def _record(
    session: AsyncSession, place: Place, action: str, object: str, detail: dict[str, Any] | None
) -> None:  # fmt: skip
    told = {"shop": str(place.shop)} | (detail or {})
    await audit.record(
        session, merchant=place.merchant, by=place.by, action=action, object=object, detail=told, at=place.now
    )
    await events.append(
        session, merchant=place.merchant, topic=CHANGED, ref=str(place.shop), at=place.now, shop=place.shop
    )
