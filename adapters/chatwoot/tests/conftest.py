"""An emulated Chatwoot behind a real socket, and an account that reaches it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from copilot_adapter_chatwoot.adapter import Chatwoot
from copilot_adapter_chatwoot.emulator import ChatwootEmulator
from copilot_adapter_chatwoot.settings import ChatwootSettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Delivery, Event, MessageEvent, Reply
from copilot.sdk.testing import Shopper, serve

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@dataclass
class Shop:
    """The platform, what it is called with, and what it delivered."""

    platform: ChatwootEmulator
    account: Account
    clock: FrozenClock
    http: httpx.AsyncClient
    heard: list[Event]
    adapter: Chatwoot

    @property
    def talk(self) -> str:
        return self.platform.chats.of_shopper("robin").id

    def reply(self, text: str) -> Reply:
        return Reply(shop=self.platform.shop_id, conversation=self.talk, text=text)

    async def messages(self) -> list[tuple[str, str]]:
        """Who said what, as it was delivered."""
        await self.platform.settled()
        return [(one.message.role, one.message.text) for one in self.heard if isinstance(one, MessageEvent)]


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    clock, adapter = FrozenClock(NOON), Chatwoot()
    platform, heard = ChatwootEmulator(clock=clock), list[Event]()

    async def hear(request: Request) -> Response:
        path, headers = request.path_params["shop"], dict(request.headers)
        delivery = Delivery("POST", headers, {}, await request.body(), path)
        assert adapter.identify(delivery).shops == (platform.shop_id,)
        assert adapter.verify(delivery, account)
        heard.extend(adapter.parse(delivery, account))
        return Response(adapter.acknowledge(delivery, account).body)

    app = Starlette(routes=[Route("/in/chatwoot/{shop}", hear, methods=["POST"]), Mount("/chat", platform.app)])
    async with serve(app) as base, httpx.AsyncClient(trust_env=False, timeout=5) as http:
        settings = ChatwootSettings.model_validate(platform.settings(f"{base}/chat"))
        account = Account(platform.shop_id, settings, http, clock)
        platform.deliver_to(f"{base}/in/chatwoot")
        platform.add_shopper(Shopper(id="robin", nickname="Robin"))
        yield Shop(platform, account, clock, http, heard, adapter)
        await platform.aclose()
