"""What the requests about a shop's knowledge share: whose it is, reading a thing from a body, and what is answered.

It judges nothing: shapes, ``knowledge/sound.py`` and ``knowledge/generic.py`` do.
"""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from pydantic import ValidationError

from copilot.access.principal import Principal
from copilot.assets import policy_folders
from copilot.domain.auto import AutoReply
from copilot.domain.base import Shape
from copilot.domain.errors import BadInput
from copilot.domain.knowledge import Entry, Greeting
from copilot.domain.verdict import Decision
from copilot.knowledge.generic import Hint, generic_answers, hints_of
from copilot.knowledge.greetings import require_cards, require_few
from copilot.knowledge.kinds import Key, Kind
from copilot.knowledge.records import Changes, Place
from copilot.knowledge.sound import problem_of
from copilot.policy import CheckContext, Origin, Speaker
from copilot.web.api.reach import shop_of
from copilot.web.auth import parts_of
from copilot.web.errors import Unfit
from copilot.web.parts import Parts

S = TypeVar("S", bound=Shape)
OURS = frozenset({"origin", "original"})
"""Fields of an entry that no request sets: where it comes from is a fact, not an opinion."""


@dataclass(frozen=True)
class Asked:
    """A request about one shop of the merchant."""

    parts: Parts
    principal: Principal
    place: Place

    @property
    def session(self) -> Any:
        """A transaction of the merchant."""
        return self.parts.store.merchant(self.principal.merchant)


async def asked_of(request: Request, principal: Principal, shop: uuid.UUID) -> Asked:
    """The request; ``NotFound`` when the merchant has no such shop."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        await shop_of(session, shop)
    place = Place(principal.merchant, shop, str(principal.id), parts.clock.now())
    return Asked(parts, principal, place)


def thing_of(kind: Kind[S], body: dict[str, Any], key: Key) -> S:
    """The thing in ``body``, with the key that the address names.

    Raises:
        Unfit: names the field, and what is wrong with it as far as that says nothing of its content.
    """
    unknown = next((name for name in body if name not in kind.shape.model_fields), None)
    if unknown is not None:
        raise Unfit(field=unknown, why="is not known")
    known = {name: value for name, value in body.items() if name not in OURS}
    known |= {name: value for name, value in zip(kind.keys, key, strict=True) if value is not None}
    try:
        thing = kind.shape.model_validate(known)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise Unfit(field=".".join(str(part) for part in first["loc"]), why=first["msg"]) from None
    problem = problem_of(thing)
    if problem is not None:
        field, _, why = problem.partition(": ")
        raise Unfit(field=field, why=why)
    return thing


async def fit(asked: Asked, things: list[Any]) -> None:
    """Refuses greetings and auto replies that the platform or the shop's rules would not let out.

    Raises:
        Unfit: says what is wrong; both are sent as they stand, so that nobody would look at them again.
    """
    greetings = [one for one in things if isinstance(one, Greeting)]
    fixed = [*greetings, *(one for one in things if isinstance(one, AutoReply))]
    if not fixed:
        return
    async with asked.session as session:
        place = await shop_of(session, asked.place.shop)
    rules = await asked.parts.rules(place.shop, place.merchant_slug)
    limit = rules.profile.limits.greeting_cards
    try:
        require_few(greetings, limit.whole if limit else None)
        async with asked.session as session:
            for one in greetings:
                await require_cards(session, asked.place.shop, one)
    except BadInput as error:
        raise Unfit(field="cards", why=str(error)) from None
    for one in fixed:
        if rules.max_chars is not None and len(one.text) > rules.max_chars:
            raise Unfit(field="text", why=f"is longer than {rules.max_chars} characters, the platform's limit")
        context = CheckContext(speaker=Speaker.AGENT, origin=Origin.DRAFT, text_language=one.language)
        if rules.pack.check(one.text, context).decision is Decision.BLOCK:
            raise Unfit(field="text", why="the shop's rules do not let it out; POST /api/check says where")


async def hints(asked: Asked, entries: list[Entry]) -> list[Hint]:
    """What to improve in ``entries``; in a thread, because the first time reads files."""
    language = asked.principal.language

    def look() -> list[Hint]:
        presets = generic_answers(policy_folders(asked.parts.settings.policies_dir))
        return [hint for entry in entries for hint in hints_of(entry, presets, language)]

    return await asyncio.to_thread(look)


def counted(changes: Changes) -> dict[str, Any]:
    """What a change did, as it is answered."""
    return dict(changes.counts)
