"""What a shop knows: the seven kinds of things, each listed, read, put, taken away, exported and imported the same way.

Everybody of the merchant who may read conversations reads them; owners and general administrators change them.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from starlette.responses import PlainTextResponse

from copilot.assets import policy_folders
from copilot.domain.knowledge import Audience, Entry
from copilot.knowledge import presets, records
from copilot.knowledge.exchange import Read, Remark, read_text, to_csv, to_jsonl
from copilot.knowledge.kinds import AUTO_REPLIES, FACTS, FAQ, GREETINGS, NOTICES, PHRASES, PINNED, Key, Kind
from copilot.knowledge.sizes import Named, read_sizes
from copilot.web.auth import MayManage, MayRead
from copilot.web.errors import NotFound, Unfit
from copilot.web.knowing import Asked, asked_of, counted, fit, hints, thing_of
from copilot.web.texts import Brief, Words

router = APIRouter(prefix="/api")
_PAGE = 1000

Thing = Annotated[dict[str, Any], Body()]
Format = Literal["jsonl", "csv"]


@router.get("/faq/find")
async def find(
    request: Request,
    principal: MayRead,
    shop: uuid.UUID,
    question: Annotated[Words, Query()],
    language: Annotated[Brief, Query()],
    audience: Audience = Audience.BUYER,
    product: Annotated[list[Brief] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 3,
) -> dict[str, Any]:
    """The answers that fit a question, with how well."""
    asked = await asked_of(request, principal, shop)
    matches = await asked.parts.search.find(
        principal.merchant, shop, question, language=language, at=asked.place.now, audience=audience, limit=limit,
        products=tuple(product or ()),
    )  # fmt: skip
    return {"matches": [match.model_dump(mode="json") for match in matches]}


@router.post("/faq/presets")
async def copy_presets(
    request: Request, principal: MayManage, shop: uuid.UUID, language: Annotated[Brief | None, Query()] = None
) -> dict[str, Any]:
    """Copy the shipped entries into the shop; those it edited stay as they are."""
    asked = await asked_of(request, principal, shop)
    shipped = presets.load_presets(policy_folders(asked.parts.settings.policies_dir), language)
    async with asked.session as session:
        return counted(await presets.copy_presets(session, asked.place, shipped, asked.parts.search.tokenizer))


@router.post("/faq/{id}/{language}/reset")
async def reset(request: Request, principal: MayManage, shop: uuid.UUID, id: str, language: str) -> dict[str, Any]:
    """Give a preset back the words that it came with."""
    asked = await asked_of(request, principal, shop)
    async with asked.session as session:
        stored = await records.one(session, FAQ, shop, (id, language))
        if stored is None:
            raise NotFound
        entry = await presets.reset(session, asked.place, id, language, asked.parts.search.tokenizer)
    return entry.model_dump(mode="json")


def _routes(kind: Kind[Any], path: str, key_of: Callable[[Request], Key]) -> None:
    """The requests of one kind; ``path`` names its key below the kind's own address."""
    base = f"/{kind.name}"

    async def listed(
        request: Request,
        principal: MayRead,
        shop: uuid.UUID,
        limit: Annotated[int, Query(ge=1, le=_PAGE)] = _PAGE,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> dict[str, Any]:
        asked = await asked_of(request, principal, shop)
        async with asked.session as session:
            things = await records.listed(session, kind, shop, limit=limit, offset=offset)
            version = await records.version_of(session, shop)
            number = await records.number_of(session, kind, shop)
        return {"items": [thing.model_dump(mode="json") for thing in things], "total": number, "version": version}

    async def export(
        request: Request, principal: MayRead, shop: uuid.UUID, format: Format = "jsonl"
    ) -> PlainTextResponse:
        asked = await asked_of(request, principal, shop)
        async with asked.session as session:
            things = await records.listed(session, kind, shop)
        text = to_csv(kind, things) if format == "csv" else to_jsonl(kind, things)
        media = "text/csv" if format == "csv" else "application/x-ndjson"
        headers = {"Content-Disposition": f'attachment; filename="{kind.name}.{format}"'}
        return PlainTextResponse(text, media_type=media, headers=headers)

    async def bring_in(
        request: Request,
        principal: MayManage,
        shop: uuid.UUID,
        language: Annotated[Brief | None, Query()] = None,
        table: Literal["sizes"] | None = None,
    ) -> dict[str, Any]:
        asked = await asked_of(request, principal, shop)
        read = _read(kind, asked, await _text(request), language, sizes=table == "sizes")
        await fit(asked, read.things)
        tokenizer, action = asked.parts.search.tokenizer, f"{kind.name}.imported"
        done = await records.put_all(asked.parts.store, asked.place, kind, read.things, tokenizer, action=action)
        return done | {
            "rejected": _remarks(read.bad),
            "warnings": _remarks(read.warnings),
            "hints": [hint.model_dump() for hint in await _hints(asked, read.things)],
        }

    async def one(request: Request, principal: MayRead, shop: uuid.UUID) -> dict[str, Any]:
        asked = await asked_of(request, principal, shop)
        async with asked.session as session:
            thing = await records.one(session, kind, shop, key_of(request))
        if thing is None:
            raise NotFound
        return thing.model_dump(mode="json")

    async def put(request: Request, principal: MayManage, shop: uuid.UUID, body: Thing) -> dict[str, Any]:
        asked = await asked_of(request, principal, shop)
        key = key_of(request)
        thing = thing_of(kind, body, key)
        await fit(asked, [thing])
        async with asked.session as session:
            await records.put(session, asked.place, kind, [thing], asked.parts.search.tokenizer)
            stored = await records.one(session, kind, shop, kind.key(thing))
        assert stored is not None
        told = [hint.model_dump() for hint in await _hints(asked, [stored])]
        return {"item": stored.model_dump(mode="json"), "hints": told}

    async def delete(request: Request, principal: MayManage, shop: uuid.UUID) -> Response:
        asked = await asked_of(request, principal, shop)
        async with asked.session as session:
            if not await records.remove(session, asked.place, kind, key_of(request)):
                raise NotFound
        return Response(status_code=204)

    add = router.add_api_route
    add(base, listed, methods=["GET"])
    add(f"{base}/export", export, methods=["GET"])
    add(f"{base}/import", bring_in, methods=["POST"])
    add(f"{base}{path}", one, methods=["GET"])
    add(f"{base}{path}", put, methods=["PUT"])
    add(f"{base}{path}", delete, methods=["DELETE"], status_code=204)


def _read(kind: Kind[Any], asked: Asked, text: str, language: str | None, *, sizes: bool) -> Read[Any]:
    if not sizes:
        return read_text(kind, text, language=language)
    if kind is not FACTS:
        raise Unfit(field="table")
    return read_sizes(text, Named(policy_folders(asked.parts.settings.policies_dir)))


async def _text(request: Request) -> str:
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unfit(field="body", why="is not UTF-8") from None


async def _hints(asked: Asked, things: list[Any]) -> list[Any]:
    entries = [thing for thing in things if isinstance(thing, Entry)]
    return await hints(asked, entries) if entries else []


def _remarks(remarks: list[Remark]) -> list[dict[str, Any]]:
    return [{"line": remark.line, "why": remark.why} for remark in remarks]


def _key(*names: str) -> Callable[[Request], Key]:
    return lambda request: tuple(_part(request, name) for name in names)


def _part(request: Request, name: str) -> str:
    part = str(request.path_params[name])
    if "\x00" in part:
        raise NotFound
    return part


def _fact_key(request: Request) -> Key:
    """Product and key, and from when on the fact holds when the address says it."""
    begin = request.query_params.get("valid_from")
    try:
        at = datetime.fromisoformat(begin) if begin else None
    except ValueError:
        at = None
    if begin and (at is None or at.tzinfo is None):
        raise Unfit(field="valid_from", why="is not a time with an offset")
    return (_part(request, "product"), _part(request, "key"), at)


_routes(FAQ, "/{id}/{language}", _key("id", "language"))
_routes(FACTS, "/{product}/{key}", _fact_key)
_routes(PINNED, "/{product}", _key("product"))
_routes(NOTICES, "/{id}", _key("id"))
_routes(PHRASES, "/{id}/{language}", _key("id", "language"))
_routes(GREETINGS, "/{language}", _key("language"))
_routes(AUTO_REPLIES, "/{id}/{language}", _key("id", "language"))
