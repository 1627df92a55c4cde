"""People of a merchant: added, changed, sent away; whoever loses access loses every login with it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit, names, passwords, sessions
from copilot.access.agents import VERIFIED, ProfileOf, require_place, require_verified
from copilot.access.principal import PERSON_ROLES, Language, Principal, Role
from copilot.domain.clock import Clock
from copilot.domain.errors import BadInput
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, PersonRow

LANGUAGES: tuple[Language, ...] = ("zh", "en")


async def add_person(
    store: Store, merchant: uuid.UUID, login: str, name: str, role: Role | str, language: str, password: str,
    clock: Clock, *, by: str = audit.COMMAND, profile_of: ProfileOf | None = None,
) -> uuid.UUID:  # fmt: skip
    """Add a person who may sign in; returns their id. ``profile_of`` tells platforms' numbers (default: as shipped).

    Raises:
        AgentLimit: a platform lets the merchant have no further agent.
        BadInput: the login is taken (anywhere in the deployment), or a value cannot be used.
    """
    folded, shown = names.login(login), names.name(name)
    role, language = _role(role), _language(language)
    encoded = await passwords.encode(passwords.check(password, folded))
    person, now = uuid.uuid4(), clock.now()
    async with store.merchant(merchant) as session:
        entry = insert(DirectoryRow).values(kind=names.LOGIN_KIND, key=folded, merchant=merchant, shop=None)
        new = await session.scalar(entry.on_conflict_do_nothing().returning(DirectoryRow.key))
        if new is None:
            raise BadInput(f"the login {folded} is taken", remedy="choose another")
        if role == Role.AGENT:
            await require_place(session, merchant, now, profile_of)
        session.add(
            PersonRow(
                merchant=merchant,
                id=person,
                login=folded,
                name=shown,
                role=role,
                language=language,
                password_hash=encoded,
                active=True,
                created_at=now,
            )
        )
        await _record(session, merchant, person, "person.added", now, by, {"role": role})
    return person


async def set_password(
    store: Store, merchant: uuid.UUID, login: str, password: str, clock: Clock, *, by: str = audit.COMMAND
) -> None:
    """Give a person a new password; every login of theirs ends.

    Raises:
        BadInput: there is no such person, or the password cannot be used.
    """
    encoded = await passwords.encode(passwords.check(password, login))
    async with store.merchant(merchant) as session:
        row = await _person(session, login)
        row.password_hash = encoded
        await sessions.end_all(session, merchant, row.id)
        await _record(session, merchant, row.id, "person.password_changed", clock.now(), by)


async def set_active(
    store: Store, merchant: uuid.UUID, login: str, active: bool, clock: Clock, *, by: str = audit.COMMAND
) -> None:
    """Let a person in again, or send them away and end every login of theirs.

    Raises:
        AgentLimit: a platform lets the merchant have no further agent.
        NotVerified: a platform wants something of the agent's account that is said not to be done.
        BadInput: there is no such person.
    """
    async with store.merchant(merchant) as session:
        row = await _person(session, login)
        if active and not row.active and row.role == Role.AGENT:
            await require_place(session, merchant, clock.now())
            await _require_verified(session, row, clock)
        row.active = active
        if not active:
            await sessions.end_all(session, merchant, row.id)
        action = "person.activated" if active else "person.deactivated"
        await _record(session, merchant, row.id, action, clock.now(), by)


async def set_role(
    store: Store, merchant: uuid.UUID, login: str, role: Role | str, clock: Clock, *, by: str = audit.COMMAND
) -> None:
    """Give a person another role; it holds from their next request on.

    Raises:
        AgentLimit: a platform lets the merchant have no further agent.
        NotVerified: a platform wants something of the agent's account that is said not to be done.
        BadInput: there is no such person or role.
    """
    known = _role(role)
    async with store.merchant(merchant) as session:
        row = await _person(session, login)
        detail = {"from": row.role, "to": known.value}
        if row.active and known == Role.AGENT != row.role:
            await require_place(session, merchant, clock.now())
            await _require_verified(session, row, clock)
        row.role = known
        await _record(session, merchant, row.id, "person.role_changed", clock.now(), by, detail)


async def _require_verified(session: AsyncSession, row: PersonRow, clock: Clock) -> None:
    await require_verified(session, {flag: getattr(row, flag) for flag in VERIFIED}, clock.now())


async def set_language(store: Store, principal: Principal, language: str) -> None:
    """Show the product to the person in another language; nothing happens for a machine.

    Raises:
        BadInput: the product does not speak it.
    """
    known = _language(language)
    async with store.merchant(principal.merchant) as session:
        row = await session.get(PersonRow, (principal.merchant, principal.id))
        if row is not None:
            row.language = known


async def people(store: Store, merchant: uuid.UUID) -> list[PersonRow]:
    """The merchant's people, by login."""
    async with store.merchant(merchant) as session:
        return list(await session.scalars(select(PersonRow).order_by(PersonRow.login)))


async def the_person(store: Store, merchant: uuid.UUID, login: str) -> PersonRow:
    """The merchant's person with that login.

    Raises:
        BadInput: there is nobody.
    """
    async with store.merchant(merchant) as session:
        return await _person(session, login)


async def _person(session: AsyncSession, login: str) -> PersonRow:
    folded = names.fold_login(login)
    row = await session.scalar(select(PersonRow).where(PersonRow.login == folded).with_for_update())
    if row is None:
        raise BadInput(f"there is nobody called {login} here", remedy="see: reply-copilot person list")
    return row


async def _record(
    session: AsyncSession, merchant: uuid.UUID, person: uuid.UUID, action: str, at: datetime, by: str,
    detail: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    await audit.record(session, merchant=merchant, by=by, action=action, object=str(person), detail=detail, at=at)


def _role(role: Role | str) -> Role:
    found = next((known for known in PERSON_ROLES if known == role), None)
    if found is None:
        raise BadInput(f"a person cannot be {role}", remedy=f"use one of {', '.join(PERSON_ROLES)}")
    return found


def _language(language: str) -> Language:
    if language not in ("zh", "en"):
        raise BadInput(f"the product does not speak {language}", remedy=f"use one of {', '.join(LANGUAGES)}")
    return language
