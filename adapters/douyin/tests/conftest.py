"""An emulated shop behind a real socket, and an account that reaches it."""

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import hypothesis
import pytest
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.emulator import DouyinEmulator
from copilot_adapter_douyin.settings import DouyinSettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Answer, Delivery, Event
from copilot.sdk.testing import Shopper, serve

# Also when these tests run without the core's: a busy machine is no failure, and a run can be had again.
hypothesis.settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@dataclass
class Shop:
    """The emulator, the adapter and what it is called with; ``heard`` are the events that arrived."""

    emulator: DouyinEmulator
    adapter: DouyinAdapter
    account: Account
    clock: FrozenClock
    deliveries: list[Delivery]
    heard: list[Event]

    def with_settings(self, **changed: Any) -> Account:
        settings = self.account.settings.model_copy(update=changed)
        return Account(self.account.shop, settings, self.account.http, self.clock)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOON)


@pytest.fixture
def settings() -> DouyinSettings:
    return DouyinSettings.model_validate(
        {
            "app_key": "6844048284663924231",
            "app_secret": "749698a6-fcb3-4358-b241-ec1d93cf9c1f",
            "access_token": "an-access-token",
            "refresh_token": "a-refresh-token",
            "relay_url": "https://relay.example/douyin",
            "relay_secret": "0123456789abcdef0123456789abcdef",
        }
    )


@pytest.fixture
async def answering(
    clock: FrozenClock, settings: DouyinSettings
) -> AsyncIterator[Callable[[Callable[[httpx.Request], httpx.Response]], Account]]:
    """An account whose every request is answered by a function."""
    clients: list[httpx.AsyncClient] = []

    def make(answer: Callable[[httpx.Request], httpx.Response]) -> Account:
        client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        clients.append(client)
        return Account("12345", settings, client, clock)

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def shop(clock: FrozenClock) -> AsyncIterator[Shop]:
    """A shop with two shoppers, mounted under a prefix as the demonstration does it."""
    emulator, adapter = DouyinEmulator(clock=clock), DouyinAdapter()
    deliveries: list[Delivery] = []
    heard: list[Event] = []

    async def hear(request: Request) -> Response:
        delivery = Delivery("POST", dict(request.headers), dict(request.query_params), await request.body())
        if not adapter.verify(delivery, account):
            return Response(status_code=401)
        deliveries.append(delivery)
        heard.extend(adapter.parse(delivery))
        answer: Answer = adapter.acknowledge(delivery)
        return Response(answer.body, answer.status, media_type=answer.content_type)

    app = Starlette(
        routes=[Route("/in/douyin", hear, methods=["POST"]), Mount("/platforms/douyin", emulator.app)],
    )
    async with serve(app) as address, httpx.AsyncClient(trust_env=False) as http:
        settings = DouyinSettings.model_validate(emulator.settings(f"{address}/platforms/douyin"))
        account = Account(emulator.shop_id, settings, http, clock)
        emulator.deliver_to(f"{address}/in/douyin")
        emulator.add_shopper(Shopper(id="anna", nickname="小满"))
        emulator.add_shopper(Shopper(id="bo", nickname="阿柚"))
        yield Shop(emulator, adapter, account, clock, deliveries, heard)
        await emulator.aclose()
