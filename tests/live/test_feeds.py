"""Platforms that are asked, or stay connected, through a real worker: each message once, also when it is killed.

The adapters are the finished examples of the tutorial, installed beside the product for this file's one server.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import Vault
from copilot.assets import adapter_examples
from copilot.domain.clock import SystemClock
from copilot.sdk.testing import serve
from copilot.sdk.testing.scaffold import Mode, scaffold
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DraftRow, MessageRow
from tests.fixtures_store import TEMPLATE, Postgres
from tests.live.conftest import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADAPTERS: dict[str, Mode] = {"asked": "poll", "joined": "connect"}
SHOP = "7000000000000000001"


@dataclass
class Placed(Server):
    """A server that finds what is installed in a folder beside it."""

    beside: str = ""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, "PYTHONPATH": os.pathsep.join(filter(None, (self.beside, os.environ.get("PYTHONPATH"))))}


@dataclass
class Platform:
    """What one shop's platform has told so far, and from which places it was asked for more."""

    told: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    asked: list[str] = field(default_factory=list[str])
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, text: str) -> None:
        """A buyer writes."""
        number = len(self.told) + 1
        message = {"id": f"72000000000000000{number:02d}", "author": "buyer", "kind": "text", "text": text}
        message["created_at"] = int(time.time())  # type: ignore[assignment]
        talk = {"conversation_id": "7100000000000000001", "buyer": {"id": "7300000000000000001", "name": "Robin"}}
        self.told.append({"type": "message.created", "message": message, **talk})
        self.moved.set()

    def after(self, place: str) -> bytes:
        """One envelope of what stands behind ``place``."""
        start = int(place or 0)
        envelope = {"shop_id": SHOP, "events": self.told[start:], "next": str(len(self.told))}
        return json.dumps(envelope).encode()

    async def events(self, request: Request) -> Response:
        self.asked.append(request.query_params.get("after", ""))
        return JSONResponse(json.loads(self.after(self.asked[-1])))

    async def stream(self, request: Request) -> Response:
        self.asked.append(request.query_params.get("after", ""))

        async def lines() -> AsyncIterator[bytes]:
            place = self.asked[-1]
            while True:
                self.moved.clear()
                yield self.after(place) + b"\n"
                place = str(len(self.told))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.moved.wait(), 5)

        return StreamingResponse(lines())


@dataclass
class World:
    """The server, and by the adapter's name its platform and our id of its shop."""

    server: Placed
    store: Store
    merchant: uuid.UUID
    platforms: dict[str, Platform]
    shops: dict[str, uuid.UUID]

    async def stored(self, name: str) -> list[str]:
        """What the buyers of a shop wrote, in the order of the talk."""
        async with self.store.merchant(self.merchant) as session:
            rows = await session.scalars(
                select(MessageRow.text)
                .join(ConversationRow, ConversationRow.id == MessageRow.conversation)
                .where(ConversationRow.shop == self.shops[name], MessageRow.role == "buyer")
                .order_by(MessageRow.position)
            )
            return list(rows)

    async def drafted(self, name: str) -> bool:
        async with self.store.merchant(self.merchant) as session:
            rows = await session.scalars(select(DraftRow.state).where(DraftRow.shop == self.shops[name]))
            return any(state in ("proposed", "blocked") for state in rows)

    async def until(self, name: str, texts: list[str]) -> None:
        """Return when these are the shop's messages."""
        deadline = time.monotonic() + 60
        while (found := await self.stored(name)) != texts:
            assert time.monotonic() < deadline, f"{name}: {found}\n{self.server.said()}"
            await asyncio.sleep(0.05)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder, beside = tmp_path_factory.mktemp("feeds"), tmp_path_factory.mktemp("beside")
    name = f"feeds_{uuid.uuid4().hex}"
    server = Placed(folder, postgres.create(name, TEMPLATE), None, beside=str(beside))
    platforms = {one: Platform() for one in ADAPTERS}
    routes = [
        Route("/events", platforms["asked"].events),
        Route("/stream", platforms["joined"].stream),
    ]
    sys.path.insert(0, str(beside))
    try:
        async with await Store.open(server.database_url) as store, serve(Starlette(routes=routes)) as address:
            clock = SystemClock()
            vault = Vault.load(Settings.model_validate({"data_dir": folder}))
            merchant, shops = await add_merchant(store, "acme", "Acme", clock), dict[str, uuid.UUID]()
            for adapter in ADAPTERS:
                settings = _installed(beside, adapter)({"access_token": "t", "api_url": address})
                shops[adapter] = await add_shop(store, vault, merchant, _shop(adapter, settings), clock)
            await asyncio.to_thread(server.start)
            yield World(server, store, merchant, platforms, shops)
            await asyncio.to_thread(server.stop)
    finally:
        sys.path.remove(str(beside))
        if server.process is not None and server.process.poll() is None:
            server.kill()
        postgres.drop(name)


def _installed(beside: Path, name: str) -> Any:
    """Put the example into ``beside`` as a distribution of its own; returns what makes its settings."""
    made = beside.parent / f"{beside.name}-{name}"
    scaffold(adapter_examples(), name, ADAPTERS[name], made)
    package = f"copilot_adapter_{name}"
    (made / package).rename(beside / package)
    info = beside / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
    points = f"[copilot.adapters]\n{name} = {package}.adapter:{name.capitalize()}\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    return getattr(import_module(f"{package}.settings"), f"{name.capitalize()}Settings").model_validate


def _shop(name: str, settings: Any) -> NewShop:
    return NewShop(
        slug=name, name=name, platform=name, market="", platform_shop_id=SHOP, adapter=name, pack="generic",
        profile="generic", zone="Asia/Shanghai", settings=settings,
    )  # fmt: skip


@pytest.mark.parametrize("name", ADAPTERS)
async def test_what_a_buyer_writes_arrives_and_is_drafted(world: World, name: str) -> None:
    world.platforms[name].say("where is my parcel?")
    await world.until(name, ["where is my parcel?"])
    deadline = time.monotonic() + 30
    while not await world.drafted(name):
        assert time.monotonic() < deadline, world.server.said()
        await asyncio.sleep(0.05)


async def test_after_a_kill_everything_is_there_once_and_in_order(world: World) -> None:
    """What was written while nobody listened comes after the start, from the place that was stored with the last."""
    before = {name: await world.stored(name) for name in ADAPTERS}
    await asyncio.to_thread(world.server.kill)
    for platform in world.platforms.values():
        platform.asked.clear()
        for number in range(5):
            platform.say(f"line {number}")
    await asyncio.to_thread(world.server.start)
    for name in ADAPTERS:
        await world.until(name, [*before[name], *(f"line {number}" for number in range(5))])
        assert world.platforms[name].asked[0] == str(len(before[name])), "it was asked again for what it had told"
