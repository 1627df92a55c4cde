"""What leaves us: nothing of one shop travels with another's calls, and a picture's address leads nowhere inside."""

import asyncio
import socket
from pathlib import Path

import httpx
import pytest

from copilot.channel.accounts import open_accounts
from copilot.channel.registry import Registry
from copilot.domain.clock import FrozenClock
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.web.api import media


@pytest.fixture
async def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and numbers as a system's resolver reads them, without asking one."""

    async def resolved(host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        if host == "localhost":
            host = "127.0.0.1"
        if ":" not in host:
            host = socket.inet_ntoa(socket.inet_aton(host))  # also "127.1" and "2130706433"
        return [(0, 0, 0, "", (host, port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolved)


async def test_no_cookie_goes_from_one_shop_to_another(store: Store, clock: FrozenClock, tmp_path: Path) -> None:
    seen: list[str | None] = []

    def platform(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("cookie"))
        return httpx.Response(200, headers={"Set-Cookie": "shop=one; Path=/"})

    settings = Settings.model_validate({"data_dir": tmp_path})
    async with open_accounts(store, settings, clock, adapters=Registry()) as accounts:
        accounts.http._transport = httpx.MockTransport(platform)  # pyright: ignore[reportPrivateUsage]
        for _ in range(2):
            await accounts.http.get("https://platform.test/orders")
    assert seen == [None, None]


async def test_no_redirect_carries_secrets_elsewhere(store: Store, clock: FrozenClock, tmp_path: Path) -> None:
    asked: list[str] = []

    def platform(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://elsewhere.test/"})

    settings = Settings.model_validate({"data_dir": tmp_path})
    async with open_accounts(store, settings, clock, adapters=Registry()) as accounts:
        accounts.http._transport = httpx.MockTransport(platform)  # pyright: ignore[reportPrivateUsage]
        await accounts.http.get("https://platform.test/orders", headers={"Authorization": "secret"})
        assert accounts.http.trust_env is False
    assert asked == ["platform.test"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fec0::1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:7f00:1::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://192.168.1.1/",
        "http://224.0.0.1/",
        "http://localhost/",
        "http://localhost:8000/api/me",
        "http://user@203.0.113.1/",
        "ftp://203.0.113.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "",
        "http://",
        "http://127.0.0.1:99999/",
    ],
)
@pytest.mark.usefixtures("names")
async def test_a_pictures_address_leads_nowhere_inside(url: str) -> None:
    with pytest.raises((ValueError, OSError)):
        await media._address(url, frozenset())  # pyright: ignore[reportPrivateUsage]


@pytest.mark.usefixtures("names")
async def test_a_public_picture_is_fetched_from_the_address_that_was_looked_at() -> None:
    assert await media._address("http://93.184.216.34:8080/x.png", frozenset()) == "93.184.216.34"  # pyright: ignore[reportPrivateUsage]
    assert await media._address("http://127.0.0.1:9/x.png", frozenset({"127.0.0.1:9"})) == "127.0.0.1"  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(ValueError, match="public"):
        await media._address("http://127.0.0.1:8/x.png", frozenset({"127.0.0.1:9"}))  # pyright: ignore[reportPrivateUsage]
