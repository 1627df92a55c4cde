"""Makes guessing slow: wrong logins in a row, counted by login, by address and by both, with waits that grow.

A stranger who guesses somebody's password from elsewhere must not keep them out: a login alone tolerates more. An
attempt is counted before its password is looked at, so that many at once are not free. Only hashes are kept.
"""

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.errors import TooManyAttempts
from copilot.store.tables import LoginAttemptRow

FORGOTTEN_AFTER: Final = timedelta(days=1)
"""How long after the last attempt a count is over."""


@dataclass(frozen=True)
class Allowance:
    """How many wrong attempts in a row cost nothing; then the wait doubles from 2 s to ``longest`` seconds."""

    free: int
    longest: float = 300.0

    def wait(self, failures: int) -> timedelta:
        """How long after the last of ``failures`` attempts the next one is looked at."""
        over = failures - self.free
        # Beyond that many doublings the bound holds anyway.
        return timedelta(seconds=min(self.longest, 2.0 ** min(over, 32)) if over > 0 else 0)


PERSON: Final = Allowance(free=5)
"""One login from one address."""
# Many people of one shop sit behind one address.
ADDRESS: Final = Allowance(free=20)
LOGIN: Final = Allowance(free=50)
"""One login from all addresses together."""


def keys(login: str, address: str | None) -> dict[str, Allowance]:
    """What an attempt counts under."""
    if not address:
        return {_key("login", login): PERSON}
    place = _network(address)
    return {
        _key("login", login): LOGIN,
        _key("address", place): ADDRESS,
        _key("person", f"{place} {login}"): PERSON,
    }


async def count(session: AsyncSession, counted: dict[str, Allowance], now: datetime) -> None:
    """Count an attempt under all of ``counted``; ``session`` is one without a merchant.

    Raises:
        TooManyAttempts: it comes too early and must not be looked at; it is not counted.
    """
    names = sorted(counted)  # one order for everybody, or two attempts could wait for each other
    new = insert(LoginAttemptRow).values([{"key": name, "failures": 0, "last_at": now} for name in names])
    await session.execute(new.on_conflict_do_nothing())
    query = select(LoginAttemptRow).where(LoginAttemptRow.key.in_(names)).order_by(LoginAttemptRow.key)
    rows = list(await session.scalars(query.with_for_update()))
    for row in rows:
        if row.last_at + FORGOTTEN_AFTER < now:
            row.failures = 0
    early = max((row.last_at + counted[row.key].wait(row.failures) - now for row in rows), default=timedelta(0))
    if early > timedelta(0):
        raise TooManyAttempts(math.ceil(early.total_seconds()))
    for row in rows:
        row.failures += 1
        row.last_at = now


async def reset(session: AsyncSession, counted: dict[str, Allowance], now: datetime) -> None:
    """The right password came: start anew, and forget whoever gave up long ago."""
    over = LoginAttemptRow.last_at < now - FORGOTTEN_AFTER
    await session.execute(delete(LoginAttemptRow).where(LoginAttemptRow.key.in_(counted) | over))


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "surrogatepass")).hexdigest()


def _network(address: str) -> str:
    """The part of ``address`` that one customer of a network holds."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
