"""How a shop sounds: the form of its voice, samples of it without a model, and putting it in force."""

import uuid
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from fastapi import APIRouter, Body, Request
from pydantic import AfterValidator, Field

from copilot.desk.voice_samples import Sounded, sounded
from copilot.domain.base import Shape
from copilot.domain.verdict import Decision
from copilot.flow.shops import Rules
from copilot.model.composer import Voice
from copilot.web.api.reach import Place, rules_of, shop_of
from copilot.web.auth import MayManage, parts_of
from copilot.web.errors import Blocked
from copilot.web.parts import Parts
from copilot.web.voicing import publish_voice, voice_of

router = APIRouter(prefix="/api/shops/{shop}/voice")

_LONGEST: Final = 10_000


def _shown_whole(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise ValueError("is empty or holds what nobody sees")
    return value.strip()


_Name = Annotated[str, Field(max_length=60), AfterValidator(_shown_whole)]


class NewVoice(Voice):
    """A voice as somebody enters it: the same, with names that fit into a sentence."""

    brand: dict[Literal["zh", "en"], _Name] = {}  # pyright: ignore[reportIncompatibleVariableOverride] - narrower
    max_chars: dict[Literal["zh", "en"], Annotated[int, Field(ge=1, le=_LONGEST)]] = {}  # pyright: ignore[reportIncompatibleVariableOverride]


class VoiceField(Shape):
    """A field of the form. ``language``: the part of it for texts in that language, its name is ``part.language``."""

    name: str
    part: str
    language: str | None = None
    kind: Literal["text", "number", "choice"]
    choices: tuple[str, ...] = ()


class VoiceShown(Shape):
    """A shop's voice. ``own``: it has one itself; else ``voice`` is what holds for it. ``below`` holds without it.

    ``version``: the published version that decides. ``emoji`` false: buyers on its platform see none. ``max_chars`` is
    the platform's own limit.
    """

    shop: str
    voice: Voice
    below: Voice
    own: bool
    version: int | None
    emoji: bool
    max_chars: int | None
    fields: tuple[VoiceField, ...]


class Samples(Shape):
    """A few texts in the voice, of made-up orders."""

    samples: tuple[Sounded, ...]


@router.get("")
async def shown(request: Request, shop: uuid.UUID, principal: MayManage) -> VoiceShown:
    """The shop's voice with its form."""
    parts, place = parts_of(request), await _place(request, principal.merchant, shop)
    return await _shown(parts, place)


@router.post("")
async def save(
    request: Request, shop: uuid.UUID, given: Annotated[NewVoice, Body()], principal: MayManage
) -> VoiceShown:
    """Put the voice in force, from the next draft on."""
    parts, place = parts_of(request), await _place(request, principal.merchant, shop)
    _require_clean(given, await rules_of(parts, place))
    await publish_voice(parts, place, Voice.model_validate(given.model_dump()), principal)
    return await _shown(parts, place)


@router.post("/sample")
async def sample(
    request: Request, shop: uuid.UUID, given: Annotated[NewVoice, Body()], principal: MayManage
) -> Samples:
    """What drafts would sound like; nothing is stored."""
    parts, place = parts_of(request), await _place(request, principal.merchant, shop)
    heard = await voice_of(parts, place)
    lengths = {**heard.below.max_chars, **given.max_chars}
    voice = Voice.model_validate({**given.model_dump(), "max_chars": lengths})
    rules = await rules_of(parts, place)
    return Samples(samples=tuple(sounded(voice, rules, parts.shops.prompts, principal.language)))


async def _place(request: Request, merchant: uuid.UUID, shop: uuid.UUID) -> Place:
    async with parts_of(request).store.merchant(merchant) as session:
        return await shop_of(session, shop)


async def _shown(parts: Parts, place: Place) -> VoiceShown:
    heard, rules = await voice_of(parts, place), await rules_of(parts, place)
    return VoiceShown(
        shop=str(place.shop.id),
        voice=heard.voice,
        below=heard.below,
        own=heard.own,
        version=heard.number,
        emoji=rules.limits.emoji,
        max_chars=rules.max_chars,
        fields=tuple(voice_fields()),
    )


def _require_clean(voice: Voice, rules: Rules) -> None:
    """A name that policy blocks would hold every greeting.

    Raises:
        Blocked: policy blocks it.
    """
    for language, name in voice.brand.items():
        verdict = rules.pack.check(name)
        if verdict.decision is Decision.BLOCK:
            raise Blocked(verdict=verdict.model_dump(mode="json"), field=f"brand.{language}")


def voice_fields() -> Iterator[VoiceField]:
    """The form, from the shape itself: a field that is added to a voice is asked for at once."""
    for part, field in Voice.model_fields.items():
        if get_origin(field.annotation) is not dict:
            kind, choices = _kind(field.annotation)
            yield VoiceField(name=part, part=part, kind=kind, choices=choices)
            continue
        languages, inner = get_args(field.annotation)
        kind, choices = _kind(inner)
        for language in get_args(languages):
            yield VoiceField(name=f"{part}.{language}", part=part, language=language, kind=kind, choices=choices)


def _kind(annotation: Any) -> tuple[Literal["text", "number", "choice"], tuple[str, ...]]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _kind(next(one for one in get_args(annotation) if one is not type(None)))
    if origin is Literal:
        return "choice", tuple(str(one) for one in get_args(annotation))
    return ("number", ()) if annotation in (int, float) else ("text", ())
