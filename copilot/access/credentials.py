"""The settings that a shop's adapter acts with: sealed in the database, plain only in memory.

It stores and fetches and counts revisions; whether the settings work is the adapter's to say.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel, SecretStr
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.errors import StaleCredentials
from copilot.access.vault import Vault
from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration
from copilot.store.direct import Direct, Look, Transaction
from copilot.store.engine import Store
from copilot.store.tables import CredentialRow

_MASK = str(SecretStr("x"))


@dataclass(frozen=True)
class Stored:
    """A shop's settings as they were entered or refreshed; ``revision`` grows with every change."""

    values: dict[str, Any] = field(repr=False)
    revision: int


def revealed(settings: BaseModel) -> dict[str, Any]:
    """The JSON values of an adapter's settings with its secrets in clear, as ``save`` wants them."""
    shown = settings.model_dump(mode="json")
    return {name: _plain(value, shown[name]) for name, value in settings.model_dump().items()}


def _plain(value: Any, shown: Any) -> Any:
    """``value`` as JSON: ``shown``, except where that only shows a mask."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Mapping) and isinstance(shown, Mapping):
        inner = cast("Mapping[Any, Any]", shown)
        return {str(key): _plain(item, inner.get(str(key))) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple) and isinstance(shown, list):
        items = cast("list[Any]", shown)
        return [_plain(item, told) for item, told in zip(cast("list[Any]", value), items, strict=True)]
    return shown


async def save(
    session: AsyncSession,
    vault: Vault,
    merchant: uuid.UUID,
    shop: uuid.UUID,
    values: Mapping[str, Any],
    clock: Clock,
    *,
    expected: int | None = None,
) -> int:
    """Seal and store ``values`` (JSON, secrets in clear; see ``revealed``); returns the new revision.

    With ``expected`` only a row that still has that revision is replaced.

    Raises:
        StaleCredentials: the row has another revision than ``expected``.
    """
    sealed = vault.seal(_packed(shop, values))
    row = {"merchant": merchant, "shop": shop, "sealed": sealed, "revision": 1, "updated_at": clock.now()}
    statement = insert(CredentialRow).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=["merchant", "shop"],
        set_={
            "sealed": statement.excluded.sealed,
            "revision": CredentialRow.revision + 1,
            "updated_at": statement.excluded.updated_at,
        },
        where=None if expected is None else CredentialRow.revision == expected,
    )
    revision = (await session.execute(statement.returning(CredentialRow.revision))).scalar()
    if revision is None:
        raise StaleCredentials
    return revision


def _packed(shop: uuid.UUID, values: Mapping[str, Any]) -> bytes:
    # The shop is sealed with its settings, so that a row put in another shop's place does not open.
    text = json.dumps({"shop": str(shop), "values": dict(values)}, ensure_ascii=False)
    if f'"{_MASK}"' in text:
        raise ValueError("a masked secret would be stored; use revealed()")
    return text.encode()


_ONE = select(CredentialRow.sealed, CredentialRow.revision).where(CredentialRow.shop == bindparam("the_shop"))
# Each delivery is verified with these, each look-up asks with them.
_READ = Direct(_ONE)
_READ_LOCKED = Direct(_ONE.with_for_update())
_LOOK = Look("SELECT sealed, revision FROM credentials WHERE shop =")


async def read(session: Transaction, vault: Vault, shop: uuid.UUID, *, lock: bool = False) -> Stored | None:
    """The settings of ``shop``, or None when nobody entered any; ``lock`` keeps others from changing them meanwhile.

    Raises:
        BadConfiguration: no key opens them, or they belong to another shop.
    """
    return _opened(vault, shop, await (_READ_LOCKED if lock else _READ).first(session, {"the_shop": shop}))


async def glance(store: Store, vault: Vault, merchant: uuid.UUID, shop: uuid.UUID) -> Stored | None:
    """The same in a transaction of its own, as one message to the database.

    Raises:
        BadConfiguration: as ``read``.
    """
    return _opened(vault, shop, await store.glance(merchant, _LOOK, shop))


def _opened(vault: Vault, shop: uuid.UUID, row: tuple[Any, ...] | None) -> Stored | None:
    if row is None:
        return None
    sealed, revision = row
    found = json.loads(vault.open(sealed))
    if found["shop"] != str(shop):
        raise BadConfiguration(
            f"the stored settings of shop {shop} were made for another one",
            remedy="enter them again: reply-copilot shop add",
        )
    return Stored(found["values"], revision)
