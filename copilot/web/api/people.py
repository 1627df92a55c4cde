"""The merchant's people: who they are, what they may do, how they receive; added and changed by those above them."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request
from pydantic import Field
from sqlalchemy import select

from copilot.access import names, passwords, people, staff
from copilot.access.principal import PERSON_ROLES, Language, Role
from copilot.access.scopes import Scope
from copilot.desk.queue.drain import drain
from copilot.domain.base import Shape, StrictShape
from copilot.domain.errors import BadInput
from copilot.store.tables import PersonRow, ReceptionRow
from copilot.web.auth import MayAssign, MayManage, parts_of
from copilot.web.errors import LoginTaken, NotFound, PasswordUnfit, Unfit
from copilot.web.texts import Brief

router = APIRouter(prefix="/api/people")

PersonRole = Literal["owner", "general_admin", "supervisor", "agent", "qa"]
assert set(PERSON_ROLES) == {Role(name) for name in PersonRole.__args__}


_TOLD = ("login", "name", "role", "language", "active", "scopes", "phone_bound", "name_verified")


class PersonRecord(Shape):
    """Somebody with a login. ``capacity`` null: as many as come; ``groups`` are offered to them first.

    ``scopes`` are the parts of an agent's work that are theirs; those above the agents have all, whatever stands there.
    ``phone_bound`` and ``name_verified`` are what was said of their account on the platform, null: nothing.
    """

    id: str
    login: str
    name: str
    role: Role
    language: str
    active: bool
    scopes: tuple[Scope, ...] = ()
    phone_bound: bool | None = None
    name_verified: bool | None = None
    receives: bool = True
    capacity: int | None = None
    groups: tuple[str, ...] = ()
    platform_name: str | None = None


class People(Shape):
    """Everybody, those who were sent away too, by name."""

    people: tuple[PersonRecord, ...]
    roles: tuple[str, ...] = tuple(role.value for role in PERSON_ROLES)


class NewPerson(StrictShape):
    """Somebody to be let in, with the password for their first time."""

    login: Brief
    name: Brief
    role: PersonRole = "agent"
    language: Language = "zh"
    password: Annotated[Brief, Field(repr=False)]


class Changed(StrictShape):
    """What is to be another; what is left out stays."""

    name: Brief | None = None
    role: PersonRole | None = None
    language: Language | None = None
    active: bool | None = None
    scopes: frozenset[Scope] | None = None
    phone_bound: bool | None = None
    name_verified: bool | None = None


class NewPassword(StrictShape):
    """A password that takes the old one's place."""

    password: Annotated[Brief, Field(repr=False)]


@router.get("")
async def everybody(request: Request, principal: MayAssign) -> People:
    """Everybody who has or had a login."""
    async with parts_of(request).store.merchant(principal.merchant) as session:
        kept = {row.id: row for row in await session.scalars(select(ReceptionRow))}
        rows = (await session.scalars(select(PersonRow).order_by(PersonRow.name, PersonRow.id))).all()
    return People(people=tuple(_record(row, kept.get(row.id)) for row in rows))


@router.post("", status_code=201)
async def add(request: Request, given: Annotated[NewPerson, Body()], principal: MayManage) -> PersonRecord:
    """Let somebody in."""
    parts = parts_of(request)
    staff.may_make(principal, given.role)
    _fit(given)
    who = (given.login, given.name, given.role, given.language)
    try:
        made = await people.add_person(
            parts.store,
            principal.merchant,
            *who,
            given.password,
            parts.clock,
            by=str(principal.id),
            profile_of=parts.profiles.of,
        )
    except BadInput:
        raise LoginTaken(field="login") from None
    async with parts.store.merchant(principal.merchant) as session:
        return _record(await session.get_one(PersonRow, (principal.merchant, made)), None)


@router.post("/{person}")
async def change(
    request: Request, person: uuid.UUID, given: Annotated[Changed, Body()], principal: MayManage
) -> PersonRecord:
    """Change a person's name, role or language, send them away or let them in again."""
    parts = parts_of(request)
    changes = {key: value for key, value in given.model_dump().items() if value is not None}
    if given.scopes is not None:
        changes["scopes"] = sorted(given.scopes)
    try:
        row = await staff.change(parts.store, principal, person, changes, parts.clock, parts.profiles.of)
    except BadInput:
        raise Unfit(field="name") from None
    if row is None:
        raise NotFound
    async with parts.store.merchant(principal.merchant) as session:
        if {"active", "role"} & changes.keys():
            # What was in the hands of somebody who is gone goes on to the others at once.
            await drain(session, principal.merchant, parts.profiles.of, parts.clock.now())
        return _record(row, await session.get(ReceptionRow, (principal.merchant, person)))


@router.post("/{person}/password", status_code=204)
async def password(
    request: Request, person: uuid.UUID, given: Annotated[NewPassword, Body()], principal: MayManage
) -> None:
    """Give a person a new password and end their logins."""
    parts = parts_of(request)
    try:
        found = await staff.give_password(parts.store, principal, person, given.password, parts.clock)
    except BadInput:
        raise PasswordUnfit(field="password") from None
    if not found:
        raise NotFound


def _fit(given: NewPerson) -> None:
    """Say which field cannot be used; the words of the error are for the command line."""
    for field, check in (
        ("login", lambda: names.login(given.login)),
        ("name", lambda: names.name(given.name)),
    ):
        try:
            check()
        except BadInput:
            raise Unfit(field=field) from None
    try:
        passwords.check(given.password, names.login(given.login))
    except BadInput:
        raise PasswordUnfit(field="password") from None


def _record(row: PersonRow, kept: ReceptionRow | None) -> PersonRecord:
    columns = ("receives", "capacity", "groups", "platform_name")
    received = {name: getattr(kept, name) for name in columns} if kept else {}
    told = {name: getattr(row, name) for name in _TOLD}
    return PersonRecord.model_validate({"id": str(row.id), **told, **received})
