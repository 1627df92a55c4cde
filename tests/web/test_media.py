"""Pictures through our own server: the merchant's, from where they may come from, and pictures only."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from copilot.domain.message import Media
from copilot.sdk import Account, Fetch
from copilot.sdk.testing import serve
from copilot.store.tables import MessageRow
from copilot.web.api import media
from tests.channel.platform import PlainAdapter
from tests.web.conftest import Web

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@dataclass
class Pictures:
    """A server of pictures; ``asked`` are the requests' headers."""

    address: str
    asked: list[dict[str, str]]


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    asked: list[dict[str, str]] = []

    def made(request: Request) -> Response:
        asked.append(dict(request.headers))
        name = request.path_params["name"]
        if name == "away.png":
            return RedirectResponse("/fine.png")
        body = b"x" * (8 * 1024 * 1024 + 1) if name == "huge.png" else PNG
        kind = {"page.png": "text/html", "drawing.png": "image/svg+xml"}.get(name, "image/png")
        headers = {"content-encoding": "gzip"} if name == "packed.png" else {}
        return Response(body, media_type=kind, status_code=404 if name == "gone.png" else 200, headers=headers)

    async with serve(Starlette(routes=[Route("/{name}", made)])) as address:
        yield Pictures(address, asked)


async def shown(web: Web, url: str) -> tuple[httpx.AsyncClient, uuid.UUID]:
    await web.buyer("", kind="image")
    async with web.store.merchant(web.merchant) as session:
        found = await session.execute(
            update(MessageRow).values(media={"url": url, "width": 10, "height": 10}).returning(MessageRow.id)
        )
        message = found.scalars().all()[-1]
    return await web.enter(), message


async def test_a_picture_of_the_shops_own_platform_is_shown_and_kept_by_the_browser(
    web: Web, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def own(*_: object) -> frozenset[str]:
        return frozenset({pictures.address.removeprefix("http://")})

    monkeypatch.setattr(media, "_own_hosts", own)
    agent, message = await shown(web, f"{pictures.address}/fine.png")

    answer = await agent.get(f"/api/media/{message}")

    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert answer.headers["cache-control"].startswith("private")
    assert "sandbox" in answer.headers["content-security-policy"]
    (asked,) = pictures.asked
    assert "cookie" not in asked
    assert "referer" not in asked
    assert asked["accept-encoding"] == "identity"
    assert asked["host"] == pictures.address.removeprefix("http://")
    for name in ("away.png", "huge.png", "page.png", "drawing.png", "gone.png", "packed.png"):
        async with web.store.merchant(web.merchant) as session:
            await session.execute(update(MessageRow).values(media={"url": f"{pictures.address}/{name}"}))
        refused = await agent.get(f"/api/media/{message}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (502, "media_unavailable"), name


class Guarded(PlainAdapter):
    """Its pictures have addresses of the platform's own kind and need a token."""

    address = ""

    def fetch(self, account: Account, shown: Media) -> Fetch | None:
        if shown.url == "own:broken":
            raise KeyError("13812345678")
        name = shown.url.removeprefix("own:")
        return Fetch(f"{self.address}/{name}", {"authorization": "Bearer canary"}) if name != shown.url else None


@pytest.fixture
def guarded(web: Web, pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> Guarded:
    adapter = Guarded()
    adapter.address = pictures.address
    monkeypatch.setitem(web.parts.accounts.adapters._by_name, "plain", adapter)
    return adapter


async def test_a_picture_behind_a_login_is_fetched_as_its_adapter_says(
    web: Web, pictures: Pictures, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def own(*_: object) -> frozenset[str]:
        return frozenset({pictures.address.removeprefix("http://")})

    monkeypatch.setattr(media, "_own_hosts", own)
    agent, message = await shown(web, "own:fine.png")
    answer = await agent.get(f"/api/media/{message}")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert pictures.asked[0]["authorization"] == "Bearer canary"
    for url in ("own:huge.png", "own:page.png", "own:broken", f"{pictures.address}/gone.png"):
        async with web.store.merchant(web.merchant) as session:
            await session.execute(update(MessageRow).values(media={"url": url}))
        assert (await agent.get(f"/api/media/{message}")).status_code == 502, url


async def test_a_token_goes_to_nobody_but_the_platform(web: Web, pictures: Pictures, guarded: Guarded) -> None:
    agent, message = await shown(web, "own:fine.png")
    assert (await agent.get(f"/api/media/{message}")).status_code == 502
    assert pictures.asked == []


async def test_an_address_inside_is_never_asked(web: Web, pictures: Pictures) -> None:
    agent, message = await shown(web, f"{pictures.address}/fine.png")
    assert (await agent.get(f"/api/media/{message}")).status_code == 502
    assert pictures.asked == []


async def test_a_message_that_shows_nothing_has_no_picture(web: Web) -> None:
    agent = await web.enter()
    await web.buyer("在吗")
    (message,) = await web.rows(MessageRow)
    assert (await agent.get(f"/api/media/{message.id}")).status_code == 404
