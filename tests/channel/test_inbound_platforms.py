"""Both emulated platforms over real sockets: their deliveries reach the inbox, and orders come back for their buyer."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import entry_points

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.accounts import Accounts
from copilot.channel.inbound import Inbound
from copilot.channel.lookup import Looked, Lookup
from copilot.channel.registry import installed
from copilot.channel.verifying import BadSignature
from copilot.domain.clock import SystemClock
from copilot.domain.message import Kind
from copilot.domain.money import Money
from copilot.domain.order import Item, Order, OrderStatus
from copilot.sdk import Delivery
from copilot.sdk.testing import Emulator, Shopper, serve
from copilot.store.engine import Store
from copilot.store.tables import BuyerRow, ConversationRow, DeadLetterRow, MessageRow

PLATFORMS = ["tiktok_shop", "douyin"]
MINE, THEIRS = "576653688135258178", "576653688135259999"


@dataclass
class Stage:
    """A shop on an emulated platform that delivers to a real socket."""

    emulator: Emulator
    store: Store
    inbound: Inbound
    lookup: Lookup
    merchant: uuid.UUID

    async def rows(self, table: type) -> list:  # type: ignore[type-arg]
        """All rows of the table."""
        async with self.store.merchant(self.merchant) as session:
            return list(await session.scalars(select(table)))

    async def texts(self) -> list[str]:
        """The texts that were stored, in the platform's order."""
        async with self.store.merchant(self.merchant) as session:
            query = select(MessageRow).where(MessageRow.visible, MessageRow.kind == Kind.TEXT)
            rows = list(await session.scalars(query.order_by(MessageRow.sent_at, MessageRow.sequence)))
            return [row.text for row in rows]

    async def look(self, **more: bool) -> Looked:
        """The orders of the only conversation's buyer."""
        (conversation,) = await self.rows(ConversationRow)
        return await self.lookup.orders(self.merchant, conversation.id, timeout=10, **more)


@pytest.fixture(params=PLATFORMS)
async def stage(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Stage]:
    (point,) = entry_points(group="copilot.emulators", name=request.param)
    async with _open(store, point.load()()) as opened:
        yield opened


@asynccontextmanager
async def _open(store: Store, emulator: Emulator) -> AsyncIterator[Stage]:
    clock, adapters = SystemClock(), installed()
    merchant = await add_merchant(store, "acme", "Acme", clock)
    vault = Vault(["q0Vc2kgSk9vJ9Fh8c4sEJ3zM1qvkz1yQm1lXk5m0n3E="], "test")
    async with serve(emulator.app) as base, httpx.AsyncClient(trust_env=False, timeout=5) as http:
        adapter = adapters.get(emulator.name)
        assert adapter is not None
        new = NewShop(
            slug="shop",
            name="Shop",
            platform=emulator.name,
            market="us" if emulator.name == "tiktok_shop" else "cn",
            platform_shop_id=emulator.shop_id,
            adapter=emulator.name,
            pack="douyin.cn",
            profile="douyin.cn",
            zone="Asia/Shanghai",
            settings=adapter.settings.model_validate(emulator.settings(base)),
        )
        await add_shop(store, vault, merchant, new, clock)
        accounts = Accounts(store, vault, adapters, clock, http)
        inbound = Inbound(store, accounts, policy_folders(), clock)
        async with serve(_edge(inbound)) as edge:
            emulator.deliver_to(f"{edge}/in/{emulator.name}")
            for id in ("robin", "kim"):
                emulator.add_shopper(Shopper(id=id, nickname=id.title()))
            yield Stage(emulator, store, inbound, Lookup(store, accounts, clock), merchant)
            await emulator.aclose()


def _edge(inbound: Inbound) -> Starlette:
    async def take(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        delivery = Delivery(request.method, headers, dict(request.query_params), await request.body())
        try:
            answer = await inbound.take(request.path_params["adapter"], delivery)
        except BadSignature:
            return Response(status_code=401)
        return Response(answer.body, answer.status, media_type=answer.content_type)

    return Starlette(routes=[Route("/in/{adapter}", take, methods=["POST"])])


def _order(id: str, days: int, status: OrderStatus = OrderStatus.SHIPPED) -> Order:
    item = Item(product_id="p1", name="Mug", quantity=1, price=Money(amount="34.99", currency="USD"))
    made = SystemClock().now().replace(microsecond=0) - timedelta(days=days)
    total = Money(amount="34.99", currency="USD")
    return Order(id=id, status=status, created_at=made, paid_at=made, total=total, items=(item,))


async def test_what_a_shopper_writes_is_stored_once_whatever_happens_on_the_way(stage: Stage) -> None:
    stage.emulator.faults.duplicate = 2
    stage.emulator.faults.reorder = 1
    for number in range(4):
        await stage.emulator.say("robin", f"line {number}")
    await stage.emulator.settled()
    assert {delivered.status for delivered in stage.emulator.pusher.log} == {200}
    assert await stage.texts() == [f"line {number}" for number in range(4)]
    (buyer,) = await stage.rows(BuyerRow)
    assert await stage.rows(DeadLetterRow) == []
    await stage.emulator.say("kim", "I am somebody else")
    await stage.emulator.settled()
    assert len(await stage.rows(BuyerRow)) == 2
    assert len({row.id for row in await stage.rows(ConversationRow)}) == 2
    assert buyer.platform_buyer_id


async def test_a_picture_a_card_and_a_colleague_are_what_they_are(stage: Stage) -> None:
    stage.emulator.add_order(_order(MINE, 3), "robin")
    await stage.emulator.say("robin", "broken", order_card=MINE, photo=True)
    await stage.emulator.colleague_says("robin", "let me look")
    await stage.emulator.settled()
    rows = {(row.role, row.kind): row for row in await stage.rows(MessageRow) if row.visible}
    assert rows["buyer", "order_card"].order_id == MINE
    assert rows["buyer", "image"].media["url"].startswith("http")
    assert (rows["agent", "text"].text, rows["agent", "text"].sent_by) == ("let me look", "person")


async def test_a_delivery_of_another_app_is_refused(stage: Stage) -> None:
    await stage.emulator.say("robin", "hello")
    await stage.emulator.settled()
    push = stage.emulator.pusher.log[-1].push
    with pytest.raises(BadSignature):
        await stage.inbound.take(stage.emulator.name, Delivery("POST", push.headers, push.query, push.body + b" "))
    with pytest.raises(BadSignature):
        await stage.inbound.take(stage.emulator.name, Delivery("POST", {}, {}, push.body))


async def test_the_buyers_orders_come_and_nobody_elses(stage: Stage) -> None:
    stage.emulator.add_order(_order(MINE, 3), "robin")
    stage.emulator.add_order(_order(THEIRS, 2), "kim")
    await stage.emulator.say("robin", f"where is {MINE}? not {THEIRS}", order_card=MINE)
    await stage.emulator.settled()
    looked = await stage.look()
    assert looked.orders is not None
    assert [one.id for one in looked.orders] == [MINE]
    assert looked.orders[0].status is OrderStatus.SHIPPED
    (buyer,) = await stage.rows(BuyerRow)
    assert buyer.order_key
    assert THEIRS not in repr(await stage.look(fresh=True))


async def test_an_order_that_moves_is_read_again(stage: Stage) -> None:
    order = _order(MINE, 3)
    stage.emulator.add_order(order, "robin")
    await stage.emulator.say("robin", "where is it", order_card=MINE)
    await stage.emulator.settled()
    await stage.look()
    await stage.emulator.change_order(order.model_copy(update={"status": OrderStatus.COMPLETED}))
    await stage.emulator.settled()
    looked = await stage.look()
    assert looked.orders is not None
    assert looked.orders[0].status is OrderStatus.COMPLETED


async def test_a_platform_with_a_fault_leaves_what_was_known(stage: Stage) -> None:
    stage.emulator.add_order(_order(MINE, 3), "robin")
    await stage.emulator.say("robin", "where is it", order_card=MINE)
    await stage.emulator.settled()
    before = await stage.look()
    stage.emulator.faults.server_error = 50
    after = await stage.look(fresh=True)
    assert after.orders == before.orders
    assert after.as_of == before.as_of
