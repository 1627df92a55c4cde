"""Bearer tokens of machines: shown once, kept as a hash, taken back at any time."""

import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from copilot.access import audit, keys, names
from copilot.access.principal import TOKEN_ROLES, Principal, Role
from copilot.domain.clock import Clock
from copilot.domain.errors import BadInput
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, TokenRow

KIND: Final = "token"
PREFIX: Final = "rc_"
"""What every token begins with, so that scanners of leaked secrets can know it."""
_USED_EVERY: Final = timedelta(minutes=1)


async def add(
    store: Store, merchant: uuid.UUID, name: str, role: Role | str, clock: Clock, *, by: str = audit.COMMAND
) -> str:
    """Make a token; returns the secret, which is told this once. A revoked token's name may be used again.

    Raises:
        BadInput: the name is in use, or machines cannot have the role.
    """
    shown, known = names.name(name), _role(role)
    secret, now = keys.new_key(PREFIX), clock.now()
    async with store.merchant(merchant) as session:
        row = await session.scalar(select(TokenRow).where(TokenRow.name == shown).with_for_update())
        if row is not None and row.revoked_at is None:
            raise BadInput(f"there is a token {shown} already", remedy="revoke it or choose another name")
        if row is None:
            row = TokenRow(merchant=merchant, id=uuid.uuid4(), name=shown)
            session.add(row)
        row.role, row.secret_hash, row.created_at = known, keys.hashed(secret), now
        row.used_at = row.revoked_at = None
        session.add(DirectoryRow(kind=KIND, key=row.secret_hash, merchant=merchant, shop=None))
        await audit.record(
            session, merchant=merchant, by=by, action="token.added", object=str(row.id), at=now,
            detail={"role": row.role},
        )  # fmt: skip
    return secret


async def find(store: Store, secret: str, clock: Clock) -> Principal | None:
    """Whose token ``secret`` is, or None when there is none or it was revoked."""
    if not secret.startswith(PREFIX):
        return None
    digest, now = keys.hashed(secret), clock.now()
    merchant = await keys.merchant_of(store, KIND, digest)
    if merchant is None:
        return None
    async with store.merchant(merchant) as session:
        row = await session.scalar(
            select(TokenRow).where(TokenRow.secret_hash == digest, TokenRow.revoked_at.is_(None))
        )
        if row is None:
            return None
        if row.used_at is None or row.used_at + _USED_EVERY <= now:
            same = (TokenRow.id == row.id) & (TokenRow.secret_hash == digest)
            await session.execute(update(TokenRow).where(same).values(used_at=now))
        return Principal(merchant, row.id, "token", row.name, Role(row.role), "en")


async def revoke(store: Store, merchant: uuid.UUID, name: str, clock: Clock, *, by: str = audit.COMMAND) -> None:
    """Take a token back; from now on it opens nothing.

    Raises:
        BadInput: there is no such token in use.
    """
    now = clock.now()
    async with store.merchant(merchant) as session:
        row = await session.scalar(select(TokenRow).where(TokenRow.name == names.name(name)).with_for_update())
        if row is None or row.revoked_at is not None:
            raise BadInput(f"there is no token {name} in use", remedy="see: reply-copilot token list")
        row.revoked_at = now
        await keys.forget(session, merchant, KIND, [row.secret_hash])
        await audit.record(session, merchant=merchant, by=by, action="token.revoked", object=str(row.id), at=now)


async def tokens(store: Store, merchant: uuid.UUID) -> list[TokenRow]:
    """The merchant's tokens, revoked ones too, by name."""
    async with store.merchant(merchant) as session:
        return list(await session.scalars(select(TokenRow).order_by(TokenRow.name)))


def _role(role: Role | str) -> Role:
    found = next((known for known in TOKEN_ROLES if known == role), None)
    if found is None:
        raise BadInput(f"a token cannot be {role}", remedy=f"use one of {', '.join(TOKEN_ROLES)}")
    return found
