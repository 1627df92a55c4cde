"""Which models are asked for the merchant's shops, who gets the texts, and a shop's word that none may.

Models are the deployment's: the environment of the server says which, and here they are only told. What a shop decides
is whether anything of it may be sent at all.
"""

import os
import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request
from sqlalchemy import select

from copilot.access.model_use import forbids, set_forbidden
from copilot.clock import draft_deadline
from copilot.desk.model_spending import Today, spent_today
from copilot.domain.base import Shape, StrictShape
from copilot.knowledge.embedding import later
from copilot.model.gateway import FORBID
from copilot.model.recipients import recipient_of
from copilot.settings import Settings
from copilot.store.tables import ShopRow
from copilot.web.api.reach import shop_of
from copilot.web.auth import MayManage, parts_of
from copilot.web.parts import Parts

router = APIRouter(prefix="/api")

SHOWN: Final = (
    "model_seconds",
    "model_budget",
    "model_faults",
    "model_fault_window",
    "model_pause",
)
"""Settings of models that the page tells, beside the models themselves."""


class ModelRecord(Shape):
    """A model with who gets its questions. ``host``, ``variable``: another address than the provider's own was set."""

    name: str
    who: str
    where: str
    host: str | None
    variable: str | None


class SettingRecord(Shape):
    """A setting of the deployment: its variable, its value, and whether somebody set it."""

    variable: str
    value: str | None
    given: bool


class ShopModels(Shape):
    """A shop: whether it forbids models, within how many seconds a draft is due, and what today took."""

    id: str
    slug: str
    name: str
    forbidden: bool
    deadline_seconds: int | None
    today: Today


class ModelsShown(Shape):
    """The models in the order in which they are asked. ``forbidden``: the deployment turns every call into an error."""

    models: tuple[ModelRecord, ...]
    embedding: ModelRecord | None
    forbidden: bool
    settings: tuple[SettingRecord, ...]
    shops: tuple[ShopModels, ...]


class ModelsAllowed(StrictShape):
    """Whether nothing of the shop may be sent to a model."""

    forbidden: bool


@router.get("/models")
async def models(request: Request, principal: MayManage) -> ModelsShown:
    """What this server knows of models, and each shop's own word."""
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        rows = (await session.scalars(select(ShopRow).order_by(ShopRow.slug))).all()
        today = await spent_today(session, rows, now)
    settings = parts.settings
    shops = (
        ShopModels(
            id=str(row.id),
            slug=row.slug,
            name=row.name,
            forbidden=forbids(row),
            deadline_seconds=_deadline(parts, row),
            today=today.get(row.id, Today()),
        )
        for row in rows
    )
    embedding = settings.embedding_model
    return ModelsShown(
        models=tuple(_model(settings, name, principal.language) for name in settings.models),
        embedding=_model(settings, embedding, principal.language) if embedding else None,
        forbidden=bool(os.environ.get(FORBID)),
        settings=tuple(_setting(settings, name) for name in SHOWN),
        shops=tuple(shops),
    )


@router.post("/shops/{shop}/models", status_code=204)
async def allow(
    request: Request, shop: uuid.UUID, given: Annotated[ModelsAllowed, Body()], principal: MayManage
) -> None:
    """Decide whether anything of the shop may be sent to a model, from the next call on."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        await shop_of(session, shop)
    await set_forbidden(parts.store, principal.merchant, shop, given.forbidden, parts.clock, by=str(principal.id))
    if not given.forbidden:
        # What was stored meanwhile has no vectors; a worker without a model for them makes none.
        async with parts.store.merchant(principal.merchant) as session:
            await later(session, principal.merchant, shop, parts.clock.now())


def _model(settings: Settings, name: str, language: str) -> ModelRecord:
    spoken = "zh" if language == "zh" else "en"
    found = recipient_of(name, settings.base_url_of(name), os.environ, spoken)
    return ModelRecord(name=name, who=found.who, where=found.where, host=found.host, variable=found.variable)


def _setting(settings: Settings, name: str) -> SettingRecord:
    value = getattr(settings, name)
    told = None if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    given = name in settings.model_fields_set and value is not None
    return SettingRecord(variable=f"COPILOT_{name.upper()}", value=told, given=given)


def _deadline(parts: Parts, row: ShopRow) -> int | None:
    """Seconds from a buyer's message to its draft; None when the profile cannot be read."""
    now = parts.clock.now()
    profile = parts.profiles.of(row.profile, now)
    return int((draft_deadline(now, profile) - now).total_seconds()) if profile else None
