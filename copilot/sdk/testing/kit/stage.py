"""An adapter against its emulator over real sockets: shoppers who write, and everything that comes of it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from copilot.domain.money import Money
from copilot.domain.order import Item, Order, OrderStatus, Shipment
from copilot.sdk.contract import Account, Receipt, Reply
from copilot.sdk.errors import AdapterError
from copilot.sdk.events import Event, MessageEvent
from copilot.sdk.inbound import Delivery
from copilot.sdk.testing.chats import Shopper, Thread, stable_id
from copilot.sdk.testing.emulator import Emulator
from copilot.sdk.testing.kit.bench import Bench
from copilot.sdk.testing.kit.check import wrong
from copilot.sdk.testing.serving import serve
from copilot.sdk.testing.trust import trusted

SHOPPERS: Final = (Shopper(id="robin", nickname="Robin"), Shopper(id="kim", nickname="Kim"))
_QUIET: Final = 0.3
"""Seconds after which a connection that brings nothing has brought everything."""


@dataclass
class Stage:
    """One check's emulated shop with two shoppers, and what was heard of it."""

    bench: Bench
    platform: Emulator
    account: Account
    adapter: Any
    deliveries: list[Delivery] = field(default_factory=list[Delivery])
    refused: int = 0
    _cursors: dict[str, str | None] = field(default_factory=dict[str, str | None])

    def thread(self, shopper: str = "robin") -> Thread:
        """A shopper's conversation as the platform has it."""
        return self.platform.chats.of_shopper(shopper)

    def order(self, name: str, *, currency: str | None = None, ago: int = 2) -> Order:
        """An order on its way, placed ``ago`` days ago; another ``name`` is another order."""
        now = self.platform.clock.now().replace(microsecond=0)
        price = Money(amount="129.00", currency=currency or self.platform.currency)
        parcel = Shipment(carrier=self.platform.carrier, tracking_no=f"7{stable_id(name)[1:13]}", status="in_transit")
        return Order(
            id=stable_id("kit", name),
            status=OrderStatus.SHIPPED,
            created_at=now - timedelta(days=ago),
            paid_at=now - timedelta(days=ago),
            total=price,
            items=(Item(product_id=stable_id("product", name), name="Cup", sku="M", price=price),),
            shipments=(parcel,),
        )

    def reply(self, text: str, shopper: str = "robin") -> Reply:
        """A reply to a shopper."""
        return Reply(shop=self.platform.shop_id, conversation=self.thread(shopper).id, text=text)

    async def send(self, text: str, key: str = "key-1", shopper: str = "robin") -> Receipt | AdapterError:
        """Send, and how it ended."""
        try:
            return await self.adapter.send(self.account, self.reply(text, shopper), key)
        except AdapterError as error:
            return error

    def sent(self, shopper: str = "robin") -> list[str]:
        """The texts in a shopper's window that came through the interface."""
        return [said.message.text for said in self.thread(shopper).said if said.by_call]

    async def hear(self, way: str) -> list[Event]:
        """Everything new that came ``way``."""
        await self.platform.settled()
        if way == "webhook":
            taken, self.deliveries = self.deliveries, []
            return [event for one in taken for event in self.adapter.parse(one, self.account)]
        if way == "poll":
            return await self._polled()
        return await self._connected()

    async def _polled(self) -> list[Event]:
        events: list[Event] = []
        for _ in range(100):
            batch = await self.adapter.poll(self.account, self._cursors.get("poll"))
            self._cursors["poll"] = batch.cursor or self._cursors.get("poll")
            events += batch.events
            if not batch.more:
                return events
        wrong("poll asks for more for ever")

    async def _connected(self) -> list[Event]:
        events: list[Event] = []
        async with aclosing(self.adapter.connect(self.account, self._cursors.get("connect"))) as feed:
            while True:
                try:
                    batch = await asyncio.wait_for(anext(feed), _QUIET)
                except (TimeoutError, StopAsyncIteration):
                    return events
                self._cursors["connect"] = batch.cursor or self._cursors.get("connect")
                events += batch.events

    async def messages(self, way: str) -> list[MessageEvent]:
        """The messages among what was heard."""
        return [event for event in await self.hear(way) if isinstance(event, MessageEvent)]


@asynccontextmanager
async def on_stage(bench: Bench) -> AsyncGenerator[Stage]:
    """A stage of one check.

    Raises:
        Wrong: the proof has no emulator.
    """
    kind = bench.proof.emulator
    if kind is None:
        wrong("level full asks for an emulator: name it in the proof")
    platform = kind(clock=bench.clock)
    stages: list[Stage] = []

    async def hear(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.path_params.get("path", "")
        try:
            body = await request.body()
        except ClientDisconnect:
            return Response(status_code=400)
        delivery = Delivery(request.method, headers, dict(request.query_params), body, path)
        stage = stages[0]
        stage.adapter.identify(delivery)
        if stage.adapter.verify(delivery, stage.account) is not True:
            stage.refused += 1
            return Response(status_code=401)
        stage.deliveries.append(delivery)
        answer = stage.adapter.acknowledge(delivery, stage.account)
        return Response(answer.body, answer.status, media_type=answer.content_type)

    methods = ["GET", "POST", "PUT"]
    ours = [Route("/in", hear, methods=methods), Route("/in/{path:path}", hear, methods=methods)]
    served = Starlette(routes=[*ours, Mount("/platform", platform.app)])
    async with serve(served) as base, httpx.AsyncClient(trust_env=False, verify=trusted(), timeout=5) as http:
        settings = bench.proof.adapter.settings.model_validate(platform.settings(f"{base}/platform"))
        for shopper in SHOPPERS:
            platform.add_shopper(shopper)
        platform.deliver_to(f"{base}/in")
        stage = Stage(bench, platform, Account(platform.shop_id, settings, http, bench.clock), bench.adapter())
        stages.append(stage)
        try:
            yield stage
        finally:
            await platform.aclose()
