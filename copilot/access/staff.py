"""People changed by other people: who may change whom, and what may never happen to a merchant's access.

Owns two promises: nobody raises themself or locks themself out, and a merchant always has an owner who can sign in.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit, names, passwords, sessions
from copilot.access.agents import VERIFIED, ProfileOf, require_place, require_verified
from copilot.access.errors import LastOwner, NotOverThem, OwnAccess
from copilot.access.principal import Principal, Role
from copilot.domain.clock import Clock
from copilot.store import events
from copilot.store.engine import Store
from copilot.store.tables import PersonRow


async def change(
    store: Store,
    by: Principal,
    person: uuid.UUID,
    changes: Mapping[str, Any],
    clock: Clock,
    profile_of: ProfileOf | None = None,
) -> PersonRow | None:
    """Change a colleague's columns in ``changes`` ("name", "role", "active" …); the person as they are now.

    None: the merchant has nobody of that id. Sent away, they lose every login at once.

    Raises:
        OwnAccess: a person would change their own role or send themself away.
        NotOverThem: an owner would be changed, or made, by somebody who is none.
        LastOwner: no owner who can sign in would be left.
        AgentLimit: a platform lets the merchant have no further agent.
        NotVerified: a platform wants something of the agent's account that is said not to be done.
        BadInput: the name cannot be used.
    """
    async with store.merchant(by.merchant) as session:
        # All of them together: two owners who send each other away at the same time must not both succeed.
        owners = (
            await session.scalars(
                select(PersonRow)
                .where(PersonRow.role == Role.OWNER, PersonRow.active)
                .order_by(PersonRow.id)
                .with_for_update()
            )
        ).all()
        row = await session.scalar(select(PersonRow).where(PersonRow.id == person).with_for_update())
        if row is None:
            return None
        after = {key: value for key, value in changes.items() if value != getattr(row, key)}
        _allowed(by, row, after, [one.id for one in owners])
        if _becomes_agent(row, after):
            await require_place(session, by.merchant, clock.now(), profile_of)
        if _is_agent(row, after):
            flags = {flag: after.get(flag, getattr(row, flag)) for flag in VERIFIED}
            await require_verified(session, flags, clock.now(), profile_of)
        if "name" in after:
            after["name"] = names.name(after["name"])
        await _write(session, by, row, after, clock)
        return row


async def give_password(store: Store, by: Principal, person: uuid.UUID, password: str, clock: Clock) -> bool:
    """Give a person a new password; every login of theirs ends. False: the merchant has nobody of that id.

    Raises:
        NotOverThem: it is an owner's, and somebody else who is none would set it.
        BadInput: the password cannot be used.
    """
    async with store.merchant(by.merchant) as session:
        row = await session.scalar(select(PersonRow).where(PersonRow.id == person))
    if row is None:
        return False
    if row.role == Role.OWNER and by.role != Role.OWNER:
        raise NotOverThem
    encoded = await passwords.encode(passwords.check(password, row.login))
    async with store.merchant(by.merchant) as session:
        row = await session.get_one(PersonRow, (by.merchant, person))
        row.password_hash = encoded
        await sessions.end_all(session, by.merchant, person)
        await _record(session, by, person, "person.password_changed", clock, None)
    return True


def may_make(by: Principal, role: Role | str) -> None:
    """Whether ``by`` may add somebody with that role.

    Raises:
        NotOverThem: only owners make owners.
    """
    if role == Role.OWNER and by.role != Role.OWNER:
        raise NotOverThem


def _allowed(by: Principal, row: PersonRow, after: Mapping[str, Any], owners: list[uuid.UUID]) -> None:
    raises = {"role", "active", "scopes"} & after.keys()
    if raises and row.id == by.id:
        raise OwnAccess
    if after and by.role != Role.OWNER and Role.OWNER in (row.role, after.get("role")):
        raise NotOverThem
    leaves = row.role == Role.OWNER and (after.get("role", Role.OWNER) != Role.OWNER or after.get("active") is False)
    if leaves and owners in ([row.id], []):
        raise LastOwner


def _becomes_agent(row: PersonRow, after: Mapping[str, Any]) -> bool:
    """Whether somebody answers buyers from now on who did not."""
    was = row.active and row.role == Role.AGENT
    return not was and _is_agent(row, after)


def _is_agent(row: PersonRow, after: Mapping[str, Any]) -> bool:
    return after.get("active", row.active) and after.get("role", row.role) == Role.AGENT


async def _write(session: AsyncSession, by: Principal, row: PersonRow, after: Mapping[str, Any], clock: Clock) -> None:
    was = row.role
    for key, value in after.items():
        setattr(row, key, value)
    if "role" in after:
        await _record(session, by, row.id, "person.role_changed", clock, {"from": was, "to": row.role})
    if "active" in after:
        await _record(session, by, row.id, f"person.{'activated' if row.active else 'deactivated'}", clock, None)
        if not row.active:
            await sessions.end_all(session, by.merchant, row.id)
    if "scopes" in after:
        await _record(session, by, row.id, "person.scopes_changed", clock, {"scopes": row.scopes})
    plain = {"name", "language", *VERIFIED} & after.keys()
    if plain:
        changed = {"changed": sorted(plain)}
        await _record(session, by, row.id, "person.changed", clock, changed)
    if after:
        await events.append(session, merchant=by.merchant, topic="reception.changed", ref=str(row.id), at=clock.now())


async def _record(
    session: AsyncSession, by: Principal, person: uuid.UUID, action: str, clock: Clock, detail: dict[str, Any] | None
) -> None:
    await audit.record(
        session, merchant=by.merchant, by=str(by.id), action=action, object=str(person), detail=detail, at=clock.now()
    )
