"""The merchant's shops as administrators see them: rules, posture, and the platform's settings.

Settings are written here and told to nobody: what is shown is which there are, and which have a value.
"""

import uuid
from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from fastapi import APIRouter, Body, Request
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy import select

from copilot.access import credentials
from copilot.access.shops import change_settings, set_posture
from copilot.desk.embedding import origins_of
from copilot.domain.base import Shape, StrictShape
from copilot.sdk import AdapterSettings
from copilot.store.tables import CredentialRow, ShopRow
from copilot.web.api.reach import Place, rules_of, shop_of
from copilot.web.auth import MayAssign, MayManage, parts_of
from copilot.web.errors import AdapterMissing, SettingsUnfit
from copilot.web.parts import Parts
from copilot.web.texts import Brief, Words

router = APIRouter(prefix="/api/shops")

_Typed = Words | bool | int | float | None


class Setting(Shape):
    """A setting that the shop's adapter asks for. ``given``: a value is stored; it is told to nobody.

    ``kind`` says how to ask for it; ``choices`` are those of a ``choice``.
    """

    name: str
    title: str
    about: str | None
    kind: Literal["text", "secret", "number", "switch", "choice"]
    required: bool
    given: bool
    choices: tuple[str, ...] = ()


class ShopRecord(Shape):
    """A shop. ``panel`` are the origins that may show its conversations.

    ``settings`` null: its adapter is not installed, so that nobody knows what it needs.
    """

    id: str
    slug: str
    name: str
    platform: str
    market: str
    adapter: str
    platform_shop_id: str
    pack: str
    profile: str
    zone: str
    posture: str
    transport: str
    panel: tuple[str, ...]
    settings: tuple[Setting, ...] | None
    revision: int


class Shops(Shape):
    """Every shop, by short name."""

    shops: tuple[ShopRecord, ...]


class NewSettings(StrictShape):
    """Settings by name; null takes one away, what is left out stays."""

    values: dict[Brief, _Typed]


class NewPosture(StrictShape):
    """Whether the shop is drafted for."""

    posture: Literal["draft_only", "auto", "off"]


class RuleShown(Shape):
    """A rule in force, in the reader's language."""

    id: str
    family: str
    severity: str
    reason: str
    suggestion: str
    source: str


class PackShown(Shape):
    """What a shop's texts are checked by; ``hash`` is a verdict's ``pack_hash``."""

    shop: str
    pack: str
    hash: str
    rules: tuple[RuleShown, ...]
    limits: dict[str, int]


@router.get("")
async def everything(request: Request, principal: MayManage) -> Shops:
    """Every shop, with what its adapter asks for."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        rows = (await session.scalars(select(ShopRow).order_by(ShopRow.slug))).all()
        kept = {row.shop: row.revision for row in await session.scalars(select(CredentialRow))}
        stored = {row.id: await credentials.read(session, parts.accounts.vault, row.id) for row in rows}
    shown = (
        _record(parts, row, (stored[row.id] or credentials.Stored({}, 0)).values, kept.get(row.id, 0)) for row in rows
    )
    return Shops(shops=tuple(shown))


@router.post("/{shop}/settings")
async def settings(
    request: Request, shop: uuid.UUID, given: Annotated[NewSettings, Body()], principal: MayManage
) -> ShopRecord:
    """Store settings beside those that are there; the next call to the platform uses them."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = (await shop_of(session, shop)).shop
    form = _form(parts, row)
    if form is None:
        raise AdapterMissing

    def changed(stored: Mapping[str, Any]) -> AdapterSettings:
        return _filled(form, {**stored, **given.values})

    revision = await change_settings(
        parts.store, parts.accounts.vault, principal.merchant, shop, changed, parts.clock, by=str(principal.id)
    )
    async with parts.store.merchant(principal.merchant) as session:
        stored = await credentials.read(session, parts.accounts.vault, shop)
    return _record(parts, row, stored.values if stored else {}, revision)


@router.post("/{shop}/posture", status_code=204)
async def posture(
    request: Request, shop: uuid.UUID, given: Annotated[NewPosture, Body()], principal: MayManage
) -> None:
    """Decide whether the shop is drafted for, from the next message on."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        await shop_of(session, shop)
    await set_posture(parts.store, principal.merchant, shop, given.posture, parts.clock, by=str(principal.id))


@router.get("/{shop}/pack")
async def pack(request: Request, shop: uuid.UUID, principal: MayAssign) -> PackShown:
    """The rules that hold for the shop now, by family."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        place: Place = await shop_of(session, shop)
    found = (await rules_of(parts, place)).pack
    language = principal.language
    rules = (
        RuleShown(
            id=rule.id,
            family=rule.family,
            severity=rule.severity.value,
            reason=rule.reason.of(language),
            suggestion=rule.suggestion.of(language),
            source=rule.source,
        )
        for rule in sorted(found.rules, key=lambda rule: rule.id)
    )
    return PackShown(shop=str(shop), pack=found.name, hash=found.hash, rules=tuple(rules), limits=found.limits)


def _form(parts: Parts, row: ShopRow) -> type[AdapterSettings] | None:
    adapter = parts.accounts.adapters.get(row.adapter)
    return adapter.settings if adapter else None


def _filled(form: type[AdapterSettings], values: Mapping[str, Any]) -> AdapterSettings:
    try:
        return form.model_validate({name: value for name, value in values.items() if value not in (None, "")})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        # Where it is and nothing of what was typed: that is a secret as likely as not.
        raise SettingsUnfit(field=str(first["loc"][0]) if first["loc"] else None) from None


def _record(parts: Parts, row: ShopRow, stored: Mapping[str, Any], revision: int) -> ShopRecord:
    adapter = parts.accounts.adapters.get(row.adapter)
    form = adapter.settings if adapter else None
    told = ("slug", "name", "platform", "market", "adapter", "platform_shop_id", "pack", "profile", "zone", "posture")
    return ShopRecord(
        id=str(row.id),
        **{name: getattr(row, name) for name in told},
        transport=adapter.transport.value if adapter else "missing",
        panel=origins_of(row),
        settings=tuple(_setting(name, field, stored) for name, field in form.model_fields.items()) if form else None,
        revision=revision,
    )


def _setting(name: str, field: FieldInfo, stored: Mapping[str, Any]) -> Setting:
    kind, choices = _kind(field.annotation)
    return Setting(
        name=name,
        title=field.title or name,
        about=field.description,
        kind=kind,
        required=field.is_required(),
        given=stored.get(name) is not None,
        choices=choices,
    )


def _kind(annotation: Any) -> tuple[Literal["text", "secret", "number", "switch", "choice"], tuple[str, ...]]:
    """How to ask for a value of that type; what has no form of its own is text, and the adapter says what it takes."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin in (Union, UnionType):
        kinds = [one for one in get_args(annotation) if one is not type(None)]
        return _kind(kinds[0]) if len(kinds) == 1 else ("text", ())
    if origin is Literal:
        return "choice", tuple(str(one) for one in get_args(annotation))
    if annotation is SecretStr:
        return "secret", ()
    if annotation is bool:
        return "switch", ()
    return ("number", ()) if annotation in (int, float) else ("text", ())
