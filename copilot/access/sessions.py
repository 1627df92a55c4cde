"""Logins of people: in with a password, recognised by a secret that only the browser keeps, out again.

It sets no cookie; it ends what was idle or old, and what belongs to somebody who may not enter any more.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self, cast

from sqlalchemy import ColumnElement, DateTime, String, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit, keys, names, passwords, throttle
from copilot.access.errors import WrongLogin
from copilot.access.principal import Language, Principal, Role, scopes_of
from copilot.domain.clock import Clock
from copilot.settings import Settings
from copilot.store.direct import Direct
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, PersonRow, SessionRow

KIND: Final = "session"
_SEEN_EVERY: Final = timedelta(minutes=1)
_NOBODYS: Final = uuid.UUID(int=0)


@dataclass(frozen=True)
class Lifetimes:
    """How long a login lasts after its last use, and at most."""

    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=7)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As an operator set them."""
        return cls(timedelta(hours=settings.session_idle_hours), timedelta(days=settings.session_days))

    def end(self, since: datetime, now: datetime) -> datetime:
        """When a login of ``since`` that is used ``now`` ends, unless it is used again."""
        return min(now + self.idle, since + self.longest)


_USUAL: Final = Lifetimes()


@dataclass(frozen=True)
class SignedIn:
    """A login: the secret for the browser, told this once, and who it is."""

    secret: str = field(repr=False)
    principal: Principal


async def sign_in(
    store: Store, login: str, password: str, address: str | None, clock: Clock, *, lifetimes: Lifetimes = _USUAL
) -> SignedIn:
    """Let a person in; ``address`` is where the request comes from, None when that says nothing.

    Raises:
        TooManyAttempts: it was tried too often; nothing was looked at.
        WrongLogin: whatever else is wrong.
    """
    folded = names.fold_login(login)
    counted = throttle.keys(folded, address)
    async with store.system() as session:
        await throttle.count(session, counted, clock.now())
    person = await _person(store, folded)
    right = await passwords.matches(person.password_hash if person else None, password)
    if person is None or not right or not person.active:
        raise WrongLogin
    async with store.system() as session:
        await throttle.reset(session, counted, clock.now())
    renewed = await passwords.encode(password) if passwords.is_outdated(person.password_hash) else None
    return await _enter(store, person, renewed, clock.now(), lifetimes)


async def _person(store: Store, login: str) -> PersonRow | None:
    # The same questions to the database, whether there is such a login or not.
    async with store.system() as session:
        merchant = await keys.holder(session, names.LOGIN_KIND, login if names.is_login(login) else "")
    async with store.merchant(merchant or _NOBODYS) as session:
        return await session.scalar(select(PersonRow).where(PersonRow.login == (login if merchant else "")))


async def _enter(store: Store, person: PersonRow, renewed: str | None, now: datetime, lifetimes: Lifetimes) -> SignedIn:
    secret = keys.new_key()
    async with store.merchant(person.merchant) as session:
        # Locked, and looked at again: whoever takes the person's access away ends this login with the others.
        current = await session.scalar(select(PersonRow).where(PersonRow.id == person.id).with_for_update())
        if current is None or not current.active or current.password_hash != person.password_hash:
            raise WrongLogin
        if renewed is not None:
            current.password_hash = renewed
        row = SessionRow(
            merchant=person.merchant, id=uuid.uuid4(), person=person.id, secret_hash=keys.hashed(secret),
            csrf=secrets.token_urlsafe(32), created_at=now, seen_at=now, expires_at=lifetimes.end(now, now),
        )  # fmt: skip
        session.add(row)
        session.add(DirectoryRow(kind=KIND, key=row.secret_hash, merchant=person.merchant, shop=None))
        by = str(person.id)
        await audit.record(session, merchant=person.merchant, by=by, action="person.signed_in", object=by, at=now)
        principal = _principal(
            merchant=current.merchant, id=current.id, name=current.name, role=current.role, language=current.language,
            login=current.login, csrf=row.csrf, session=row.id, scopes=current.scopes,
        )  # fmt: skip
    return SignedIn(secret, principal)


async def find(
    store: Store, secret: str, clock: Clock, *, lifetimes: Lifetimes = _USUAL, use: bool = True
) -> Principal | None:
    """Whose login ``secret`` is, as the person stands now, or None when it is over.

    ``use`` says that the person does something, which keeps the login alive; a stream that only looks whether it may
    go on passes False.
    """
    digest, now = keys.hashed(secret), clock.now()
    merchant = await keys.merchant_of(store, KIND, digest)
    if merchant is None:
        return None
    # Every request and every stream asks this: one statement.
    async with store.direct(merchant) as transaction:
        row = await _LIVING.first(transaction, {"digest": digest, "now": now})
    if row is None:
        return None
    id, csrf, created_at, seen_at, person, name, role, language, login, scopes = row
    if use and seen_at + _SEEN_EVERY <= now:
        await _seen(store, merchant, (id, seen_at), now, lifetimes.end(created_at, now))
    return _principal(
        merchant=merchant, id=person, name=name, role=role, language=language, login=login, csrf=csrf, session=id,
        scopes=scopes,
    )  # fmt: skip


_LIVING: Final = Direct(
    select(
        SessionRow.id, SessionRow.csrf, SessionRow.created_at, SessionRow.seen_at, PersonRow.id.label("person"),
        PersonRow.name, PersonRow.role, PersonRow.language, PersonRow.login, PersonRow.scopes,
    )
    .join(PersonRow, (PersonRow.merchant == SessionRow.merchant) & (PersonRow.id == SessionRow.person))
    .where(
        SessionRow.secret_hash == bindparam("digest", type_=String),
        SessionRow.expires_at > bindparam("now", type_=DateTime(timezone=True)),
        PersonRow.active,
    )
)  # fmt: skip


async def _seen(
    store: Store, merchant: uuid.UUID, seen: tuple[uuid.UUID, datetime], now: datetime, ends: datetime
) -> None:
    id, at = seen
    same = (SessionRow.id == id) & (SessionRow.seen_at == at)
    async with store.merchant(merchant) as session:
        await session.execute(
            update(SessionRow).where(same).values(seen_at=now, expires_at=ends)
            .execution_options(synchronize_session=False)
        )  # fmt: skip


async def sign_out(store: Store, principal: Principal) -> None:
    """End the login that ``principal`` came with; nothing happens when it is over already."""
    async with store.merchant(principal.merchant) as session:
        await _end(session, principal.merchant, SessionRow.id == principal.session)


async def end_all(session: AsyncSession, merchant: uuid.UUID, person: uuid.UUID) -> None:
    """End every login of ``person``, in the transaction of what takes the access away."""
    await _end(session, merchant, SessionRow.person == person)


async def _end(session: AsyncSession, merchant: uuid.UUID, which: ColumnElement[bool]) -> None:
    gone = await session.scalars(delete(SessionRow).where(which).returning(SessionRow.secret_hash))
    await keys.forget(session, merchant, KIND, list(gone))


def _principal(
    *,
    merchant: uuid.UUID,
    id: uuid.UUID,
    name: str,
    role: str,
    language: str,
    login: str,
    csrf: str,
    session: uuid.UUID,
    scopes: Sequence[str],
) -> Principal:
    return Principal(
        merchant=merchant,
        id=id,
        kind="person",
        name=name,
        role=Role(role),
        language=cast("Language", language),
        login=login,
        csrf=csrf,
        session=session,
        scopes=scopes_of(role, scopes),
    )  # fmt: skip
