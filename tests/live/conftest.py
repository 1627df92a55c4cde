"""The whole product as its users run it: a server process with its worker, emulated platforms, machines that listen."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from copilot.access import people, tokens
from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.principal import Role
from copilot.access.vault import Vault
from copilot.channel.registry import installed
from copilot.domain.clock import SystemClock
from copilot.domain.order import Order
from copilot.sdk.testing import Emulator, Shopper, serve
from copilot.settings import Settings
from copilot.store.engine import Store
from tests.fixtures_store import TEMPLATE, Postgres
from tests.forking import Forked, Starter

ROOT = Path(__file__).parents[2]
LOGIN, PASSWORD = "an-agent", "a long enough password"


@dataclass
class Server:
    """``reply-copilot serve --worker`` in a process of its own, always on the same port.

    Without a starter an interpreter begins anew, as for what lies on its path only.
    """

    folder: Path
    database_url: str
    starter: Starter | None
    port: int = 0
    process: "Forked | subprocess.Popen[bytes] | None" = None
    starts: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        return {"COPILOT_DATA_DIR": str(self.folder), "DATABASE_URL": self.database_url}

    def start(self, *, worker: bool = True) -> None:
        """Start it and wait until it can work."""
        self.port = self.port or free_port()
        self.starts += 1
        arguments = ["serve", "--port", str(self.port), *(["--worker"] if worker else [])]
        env = {**os.environ, **self.env}
        with self.log.open("ab") as log:
            into = {"stdout": log.fileno(), "stderr": log.fileno()}
            if self.starter is None:
                command = [sys.executable, "-m", "tests.guard", *arguments]
                self.process = subprocess.Popen(command, cwd=ROOT, env=env, **into)
            else:
                self.process = self.starter.start("tests.guard:run_command", arguments, cwd=ROOT, env=env, **into)
        deadline = time.monotonic() + 120
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/ready", timeout=5).status_code == (200 if worker else 503):
                    return
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    @property
    def log(self) -> Path:
        return self.folder / "serve.log"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")[-4000:]

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Stop it; returns how many seconds it took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - started

    def kill(self) -> None:
        """As the kernel would, without a word."""
        self.stop(signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@dataclass
class Desk:
    """A merchant with one emulated shop, an agent and a machine's token, before a running server."""

    server: Server
    emulator: Emulator
    store: Store
    merchant: uuid.UUID
    shop: uuid.UUID
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> Any:
        answer = httpx.get(f"{self.server.url}{path}", headers=self.headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return httpx.post(f"{self.server.url}{path}", headers=self.headers, json=body, timeout=10)


@dataclass
class Ear:
    """Listens to the event stream as a machine would, and comes back after a break where it was."""

    desk: Desk
    heard: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    place: str | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        async with httpx.AsyncClient(timeout=httpx.Timeout(5, read=30)) as client:
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    await self._once(client)
                await asyncio.sleep(0.2)

    async def _once(self, client: httpx.AsyncClient) -> None:
        headers = self.desk.headers | ({"Last-Event-ID": self.place} if self.place else {})
        async with client.stream("GET", f"{self.desk.server.url}/api/events", headers=headers) as stream:
            # A server that starts may not have its database yet: that is another break, not an end.
            stream.raise_for_status()
            event: dict[str, Any] = {}
            async for line in stream.aiter_lines():
                if not line:
                    self._take(event)
                    event = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    event[name] = value

    def _take(self, event: dict[str, Any]) -> None:
        if "id" in event:
            self.place = event["id"]
        if event.get("event") == "ready":
            self.ready.set()
        elif "data" in event:
            self.heard.append({**json.loads(event["data"]), "id": event.get("id")})

    async def hears(self, topic: str, seconds: float = 20) -> dict[str, Any]:
        """The first event of ``topic`` that has not been asked for yet."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for event in self.heard:
                if event["topic"] == topic and not event.get("asked"):
                    event["asked"] = True
                    return event
            await asyncio.sleep(0.02)
        raise AssertionError(f"no {topic}; heard {[one['topic'] for one in self.heard]}\n{self.desk.server.said()}")


@pytest.fixture
def server(database_url: str, tmp_path: Path, starter: Starter) -> Iterator[Server]:
    """A server, not yet started; ended when the test is over."""
    made = Server(tmp_path, database_url, starter)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory, starter: Starter
) -> AsyncIterator[dict[str, Desk]]:
    """One server for a module, with a merchant and a shop for each platform, by the adapter's name."""
    name = f"live_{uuid.uuid4().hex}"
    url = postgres.create(name, TEMPLATE)
    server = Server(tmp_path_factory.mktemp("live"), url, starter)
    try:
        async with await Store.open(url) as store, contextlib.AsyncExitStack() as stack:
            await asyncio.to_thread(server.start)
            yield {made.name: await stack.enter_async_context(_desk(server, store, made)) for made in _emulators()}
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()
        postgres.drop(name)


@pytest.fixture
def tiktok(shared: dict[str, Desk]) -> Desk:
    """A TikTok shop before the module's server."""
    return shared["tiktok_shop"]


@pytest.fixture
def douyin(shared: dict[str, Desk]) -> Desk:
    """A Douyin shop before the module's server."""
    return shared["douyin"]


@pytest.fixture
async def alone(server: Server, store: Store) -> AsyncIterator[Desk]:
    """A TikTok shop before a server of the test's own, which it may stop."""
    await asyncio.to_thread(server.start)
    async with _desk(server, store, _emulators()[0]) as desk:
        yield desk


def _emulators() -> list[Emulator]:
    from copilot_adapter_douyin.emulator import DouyinEmulator
    from copilot_adapter_tiktok_shop.emulator import TikTokShopEmulator

    return [TikTokShopEmulator(), DouyinEmulator()]


_PLACES = {"tiktok_shop": ("us", "America/New_York"), "douyin": ("cn", "Asia/Shanghai")}


@contextlib.asynccontextmanager
async def _desk(server: Server, store: Store, emulator: Emulator) -> AsyncIterator[Desk]:
    clock = SystemClock()
    market, zone = _PLACES[emulator.name]
    slug = emulator.name.replace("_", "-")
    merchant = await add_merchant(store, slug, "Acme", clock)
    async with serve(emulator.app) as address:
        adapter = installed().get(emulator.name)
        assert adapter is not None
        new = NewShop(
            slug="shop",
            name="Shop",
            platform=emulator.name,
            market=market,
            platform_shop_id=emulator.shop_id,
            adapter=emulator.name,
            pack=f"{emulator.name}.{market}",
            profile=f"{emulator.name}.{market}",
            zone=zone,
            settings=adapter.settings.model_validate(emulator.settings(address)),
        )
        vault = Vault.load(Settings.model_validate({"data_dir": server.folder}))
        shop = await add_shop(store, vault, merchant, new, clock)
        await people.add_person(store, merchant, f"{LOGIN}-{slug}", "Agent", Role.AGENT, "en", PASSWORD, clock)
        token = await tokens.add(store, merchant, "listener", Role.AGENT, clock)
        emulator.deliver_to(f"{server.url}/in/{emulator.name}")
        yield Desk(server, emulator, store, merchant, shop, token)
        await emulator.aclose()


@contextlib.asynccontextmanager
async def listening(desk: Desk) -> AsyncIterator[Ear]:
    found = Ear(desk)
    task = asyncio.create_task(found.listen())
    try:
        await asyncio.wait_for(found.ready.wait(), 20)
        yield found
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def shopper(emulator: Emulator, order: Order | None = None, nickname: str = "porchlight") -> str:
    """A shopper with an order; returns their id."""
    emulator.add_shopper(Shopper(id=f"shopper-{nickname}", nickname=nickname))
    if order is not None:
        emulator.add_order(order, f"shopper-{nickname}")
    return f"shopper-{nickname}"
