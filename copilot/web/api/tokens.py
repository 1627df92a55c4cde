"""Tokens of other programs: which there are, making one, whose secret is told this once, and taking one back."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request
from pydantic import Field
from sqlalchemy import select

from copilot.access import names, tokens
from copilot.access.principal import TOKEN_ROLES, Role
from copilot.domain.base import Shape, StrictShape
from copilot.domain.errors import BadInput
from copilot.store.tables import TokenRow
from copilot.web.auth import MayManage, parts_of
from copilot.web.errors import NotFound, TokenTaken, Unfit, WrongState
from copilot.web.texts import Brief

router = APIRouter(prefix="/api/tokens")

TokenRole = Literal["agent", "qa", "adapter"]
assert set(TOKEN_ROLES) == {Role(name) for name in TokenRole.__args__}


class TokenRecord(Shape):
    """A token without its secret, which nobody has but who was told it. ``used_at``: to the minute."""

    id: str
    name: str
    role: Role
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Tokens(Shape):
    """All tokens, those that were taken back too, by name."""

    tokens: tuple[TokenRecord, ...]
    roles: tuple[str, ...] = tuple(role.value for role in TOKEN_ROLES)


class MadeToken(TokenRecord):
    """A token that was just made, with its secret."""

    secret: Annotated[str, Field(repr=False)]


class NewToken(StrictShape):
    """What the token is for, and what it may do."""

    name: Brief
    role: TokenRole = "agent"


@router.get("")
async def everything(request: Request, principal: MayManage) -> Tokens:
    """The merchant's tokens."""
    rows = await tokens.tokens(parts_of(request).store, principal.merchant)
    return Tokens(tokens=tuple(_record(row) for row in rows))


@router.post("", status_code=201)
async def make(request: Request, given: Annotated[NewToken, Body()], principal: MayManage) -> MadeToken:
    """Make a token; its secret is in this answer and in no other."""
    parts = parts_of(request)
    try:
        name = names.name(given.name)
    except BadInput:
        raise Unfit(field="name") from None
    try:
        secret = await tokens.add(parts.store, principal.merchant, name, given.role, parts.clock, by=str(principal.id))
    except BadInput:
        raise TokenTaken(field="name") from None
    async with parts.store.merchant(principal.merchant) as session:
        row = (await session.scalars(select(TokenRow).where(TokenRow.name == name))).one()
    return MadeToken(**_record(row).model_dump(), secret=secret)


@router.post("/{token}/revoke", status_code=204)
async def revoke(request: Request, token: uuid.UUID, principal: MayManage) -> None:
    """Take a token back; from now on it opens nothing."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await session.scalar(select(TokenRow).where(TokenRow.id == token))
    if row is None:
        raise NotFound
    try:
        await tokens.revoke(parts.store, principal.merchant, row.name, parts.clock, by=str(principal.id))
    except BadInput:
        raise WrongState(state="revoked") from None


def _record(row: TokenRow) -> TokenRecord:
    told = {name: getattr(row, name) for name in ("name", "role", "created_at", "used_at", "revoked_at")}
    return TokenRecord.model_validate({"id": str(row.id), **told})
