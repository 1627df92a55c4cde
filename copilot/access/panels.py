"""Logins of embedded panels: no cookie reaches a frame on another site, so a pop-up of ours hands it a one-time code.

Owns the code and the short login that it is swapped for; who may embed whom is ``desk/embedding.py``'s matter.
"""

import secrets
import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from copilot.access import audit, keys, sessions
from copilot.access.principal import Principal
from copilot.access.sessions import Lifetimes
from copilot.domain.clock import Clock
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, PersonRow, SessionRow

PREFIX: Final = "rp_"
"""What every panel's token begins with: it is taken from a header only, never from a cookie."""
CODE: Final = timedelta(seconds=60)
IDLE: Final = timedelta(minutes=15)
_KIND: Final = "panel_code"


def lifetimes(desk: Lifetimes) -> Lifetimes:
    """How long a panel's login lasts: a quarter of an hour after its last use, and no longer than the desk's."""
    return Lifetimes(min(IDLE, desk.idle), desk.longest)


async def invite(store: Store, person: Principal, nonce: str, host: str, clock: Clock) -> str:
    """A code for the panel that made ``nonce`` inside ``host`` (an origin); good once, for ``CODE``."""
    code, now = keys.new_key(), clock.now()
    async with store.merchant(person.merchant) as session:
        # Codes that nobody took.
        mine = (SessionRow.person == person.id) & (SessionRow.expires_at <= now)
        gone = list(await session.scalars(delete(SessionRow).where(mine).returning(SessionRow.secret_hash)))
        for kind in (_KIND, sessions.KIND):
            await keys.forget(session, person.merchant, kind, gone)
        row = SessionRow(
            merchant=person.merchant, id=uuid.uuid4(), person=person.id, secret_hash=_bound(code, nonce, host),
            csrf="", created_at=now, seen_at=now, expires_at=now + CODE,
        )  # fmt: skip
        session.add(row)
        session.add(DirectoryRow(kind=_KIND, key=row.secret_hash, merchant=person.merchant, shop=None))
    return code


async def enter(store: Store, code: str, nonce: str, host: str, clock: Clock, desk: Lifetimes) -> str | None:
    """Swap a code for a panel's token, told this once; None when it is used, old, or another panel's."""
    digest, now = _bound(code, nonce, host), clock.now()
    async with store.system() as session:
        merchant = await keys.holder(session, _KIND, digest)
    if merchant is None:
        return None
    secret = keys.new_key(PREFIX)
    async with store.merchant(merchant) as session:
        # Taken and gone in one statement: of two who bring the same code, one enters.
        used = (
            await session.execute(
                delete(SessionRow)
                .where(SessionRow.secret_hash == digest)
                .returning(SessionRow.person, SessionRow.expires_at)
            )
        ).one_or_none()
        await keys.forget(session, merchant, _KIND, [digest])
        if used is None or used.expires_at <= now:
            return None
        # Locked: whoever takes the person's access away ends this login with the others.
        person = await session.scalar(select(PersonRow).where(PersonRow.id == used.person).with_for_update())
        if person is None or not person.active:
            return None
        row = SessionRow(
            merchant=merchant, id=uuid.uuid4(), person=person.id, secret_hash=keys.hashed(secret),
            csrf=secrets.token_urlsafe(32), created_at=now, seen_at=now, expires_at=lifetimes(desk).end(now, now),
        )  # fmt: skip
        session.add(row)
        session.add(DirectoryRow(kind=sessions.KIND, key=row.secret_hash, merchant=merchant, shop=None))
        by = str(person.id)
        await audit.record(
            session, merchant=merchant, by=by, action="person.signed_in", object=by, at=now, detail={"panel": host}
        )
    return secret


def _bound(code: str, nonce: str, host: str) -> str:
    """What is kept: a code means nothing without the panel and the host that it was made for."""
    return keys.hashed("\n".join((code, nonce, host)))
