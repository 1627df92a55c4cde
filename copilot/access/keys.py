"""Secrets that open a door: 256 random bits for the holder, and only their hash for us."""

import hashlib
import secrets
import uuid
from collections import OrderedDict
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow

_BYTES = 32
_MOST_KNOWN: Final = 10_000
_Known = OrderedDict[tuple[str, str], uuid.UUID]
_KNOWN: WeakKeyDictionary[Store, _Known] = WeakKeyDictionary()


def new_key(prefix: str = "") -> str:
    """A secret nobody can guess, in characters that cookies and headers may carry."""
    return prefix + secrets.token_urlsafe(_BYTES)


def hashed(key: str) -> str:
    """What is kept of it; no salt and no slow hash, because there is nothing to guess from."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


async def holder(session: AsyncSession, kind: str, digest: str) -> uuid.UUID | None:
    """The merchant whose door ``digest`` opens; ``session`` is one without a merchant."""
    query = select(DirectoryRow.merchant).where(DirectoryRow.kind == kind, DirectoryRow.key == digest)
    return await session.scalar(query)


async def merchant_of(store: Store, kind: str, digest: str) -> uuid.UUID | None:
    """As ``holder``, remembered: a secret is one merchant's for as long as it opens anything.

    Whether it still does stands with the merchant, who is asked each time.
    """
    known = _KNOWN.setdefault(store, _Known())
    if (found := known.get((kind, digest))) is None:
        async with store.system() as session:
            found = await holder(session, kind, digest)
        if found is not None:
            known[kind, digest] = found
            while len(known) > _MOST_KNOWN:
                known.popitem(last=False)
    return found


async def forget(session: AsyncSession, merchant: uuid.UUID, kind: str, digests: list[str]) -> None:
    """Take ``digests`` out of the directory."""
    mine = (DirectoryRow.merchant == merchant) & (DirectoryRow.kind == kind)
    await session.execute(delete(DirectoryRow).where(mine, DirectoryRow.key.in_(digests)))
