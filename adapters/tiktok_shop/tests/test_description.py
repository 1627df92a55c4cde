"""The platform's description of its interface against both sides: each request of ours, each answer of the emulator.

The description is in the npm package that package.json names; ``make test`` installs it. Where it cannot, nothing is
proved here, and the reason is told.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.client import Client
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.emulator import TikTokShopEmulator
from copilot_adapter_tiktok_shop.signing import sign_call
from jsonschema import Draft202012Validator

from copilot.domain.clock import FrozenClock
from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Product, Shipment, TrackingEvent
from copilot.sdk import Account, AdapterError, CardKind, CardReply, FileReply, Reply, ServiceRecord, Who
from copilot.sdk.testing import Shopper, serve
from copilot.sdk.testing.chats import stable_id
from copilot.sdk.testing.page import picture
from tests.tooling.node import FOLDER, needs

OAS = FOLDER / "@tts-open-toolkit/cli/skills/tts-openapi-guide/references/oas/paths"
SHOPS = "GET /authorization/202309/shops"
RENEWAL = "/api/v2/token/refresh"
"""Renews tokens, and stands in no description."""
SIGNED = {"app_key", "sign", "timestamp"}
"""What every call has besides, and the description does not repeat."""


@pytest.fixture(autouse=True)
def described() -> None:
    """Go on only with the description."""
    needs(str(OAS.relative_to(FOLDER)))


@cache
def paths(module: str) -> Mapping[str, Any]:
    """The calls that begin with ``/module/``."""
    file = OAS / f"{module}.json"
    return json.loads(file.read_text(encoding="utf-8"))["paths"] if file.is_file() else {}


def operation(method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
    """The description of a call, with its path; ids in it are open."""
    for template, told in paths(path.split("/")[1]).items():
        pattern = re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in told:
            return template, told[method.lower()]
    return None


def closed(schema: Any) -> Any:
    """``schema`` in which nothing may stand that it does not name; it says of no property that it must be there."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    # Examples and descriptions are no part of it, and a property may be called like one of them.
    told = {key: closed(value) for key, value in schema.items() if key in ("type", "items")}
    if "properties" in schema:
        told["properties"] = {name: closed(one) for name, one in schema["properties"].items()}
        told["additionalProperties"] = False
    return told


def faults(schema: Any, value: Any, where: str) -> list[str]:
    """Where ``value`` is not as ``schema`` says."""
    found = Draft202012Validator(closed(schema)).iter_errors(value)
    return [f"{where}: {one.json_path}: {one.message[:120]}" for one in found]


@dataclass
class Seen:
    """What went over the wire, and what the description holds against it."""

    prefix: str = ""
    calls: set[str] = field(default_factory=set[str])
    wrong: list[str] = field(default_factory=list[str])

    async def request(self, request: httpx.Request) -> None:
        path = request.url.path.removeprefix(self.prefix)
        found = operation(request.method, path)
        if found is None:
            if path != RENEWAL:
                self.wrong.append(f"{request.method} {path}: nothing of this name is described")
            return
        template, told = found
        where = f"{request.method} {template}"
        self.calls.add(where)
        asked = {one["name"]: one for one in told.get("parameters", []) if one["in"] == "query"}
        given = dict(request.url.params)
        self.wrong += [f"{where}: ?{name} is not described" for name in given.keys() - asked.keys() - SIGNED]
        self.wrong += [
            f"{where}: ?{name} is missing" for name, one in asked.items() if _must(one) and name not in given
        ]
        for name, value in given.items():
            if asked.get(name, {}).get("schema", {}).get("type") == "integer" and not value.isdigit():
                self.wrong.append(f"{where}: ?{name} is no number")
        headers = [one["name"] for one in told.get("parameters", []) if one["in"] == "header" and _must(one)]
        self.wrong += [f"{where}: the header {name} is missing" for name in headers if name not in request.headers]
        self.body(where, told.get("requestBody", {}).get("content", {}), request)

    def body(self, where: str, described: Mapping[str, Any], request: httpx.Request) -> None:
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind == "multipart/form-data":
            names = re.findall(rb'form-data; name="([^"]+)"', request.read())
            known = described.get(kind, {}).get("schema", {}).get("properties", {})
            self.wrong += [
                f"{where}: the part {name!r} is not described" for name in names if name.decode() not in known
            ]
        elif request.content:
            schema = described.get("application/json", {}).get("schema")
            value = json.loads(request.content)
            if schema is None:
                self.wrong += [f"{where}: a body that is not described"] if value else []
            else:
                self.wrong += faults(schema, value, f"{where}, request")

    async def response(self, response: httpx.Response) -> None:
        path = response.request.url.path.removeprefix(self.prefix)
        found = operation(response.request.method, path)
        if found is None:
            return
        template, told = found
        schema = told["responses"]["200"]["content"]["application/json"]["schema"]
        value = json.loads(await response.aread())
        self.wrong += faults(schema, value, f"{response.request.method} {template}, answer")


def _must(parameter: Mapping[str, Any]) -> bool:
    return bool(parameter.get("required"))


@dataclass
class Shop:
    """The emulator, an adapter before it, and what was seen between them."""

    platform: TikTokShopEmulator
    account: Account
    seen: Seen
    clock: FrozenClock
    adapter: TikTokShop


@pytest.fixture
async def shop(clock: FrozenClock) -> AsyncIterator[Shop]:
    platform, seen = TikTokShopEmulator(clock=clock), Seen()
    hooks = {"request": [seen.request], "response": [seen.response]}
    async with serve(platform.app) as base, httpx.AsyncClient(trust_env=False, event_hooks=hooks) as http:
        settings = TikTokShopSettings.model_validate(platform.settings(base))
        platform.add_shopper(Shopper(id="robin", nickname="Robin"))
        yield Shop(platform, Account(platform.shop_id, settings, http, clock), seen, clock, TikTokShop())
        await platform.aclose()


async def test_conversations_messages_pictures_and_cards(shop: Shop) -> None:
    await shop.platform.say("robin", "where is it?", photo=True)
    talk = shop.platform.chats.of_shopper("robin").id
    adapter, account, name = shop.adapter, shop.account, shop.platform.shop_id
    began = shop.clock.now()
    for number in range(12):
        await adapter.send(account, Reply(shop=name, conversation=talk, text=f"reply {number} & 好的"), "k")
    file = FileReply(shop=name, conversation=talk, body=picture(), content_type="image/png", name="cup.png")
    await adapter.send_image(account, file, "k")
    parcel = placed(shop.clock, OrderStatus.SHIPPED, AfterSaleKind.RETURN)
    shop.platform.add_order(parcel, "robin")
    for kind in CardKind:
        ref = "7001" if kind in (CardKind.PRODUCT, CardKind.COUPON) else parcel.id
        item = parcel.shipments[0].tracking_no if kind is CardKind.LOGISTICS else None
        card = CardReply(shop=name, conversation=talk, kind=kind, ref=ref, item=item)
        await adapter.send_card(account, card, "k")
    await adapter.mark_read(account, talk)
    assert len(await adapter.sent_since(account, talk, began)) == 12
    await shop.platform.aclose()
    assert shop.seen.wrong == []
    base = "/customer_service/202309/conversations/{conversation_id}/messages"
    upload = "POST /customer_service/202309/images/upload"
    orders = "GET /order/202507/orders"
    assert shop.seen.calls == {f"GET {base}", f"POST {base}", f"POST {base}/read", upload, orders}


async def test_orders_tracking_returns_and_cancellations(shop: Shop) -> None:
    for status in OrderStatus:
        for kind in AfterSaleKind:
            shop.platform.add_order(placed(shop.clock, status, kind), "robin")
    await shop.platform.say("robin", "where is it?")
    talk = shop.platform.chats.of_shopper("robin").id
    found = await shop.adapter.buyer(shop.account, Who(conversation=talk))
    assert len(found.orders) >= 20
    number = placed(shop.clock, OrderStatus.SHIPPED, AfterSaleKind.RETURN).id
    assert await shop.adapter.order(shop.account, number) is not None
    assert await shop.adapter.open_conversation(shop.account, number) == talk
    assert shop.seen.wrong == []
    assert shop.seen.calls == {
        "GET /customer_service/202601/conversations/{conversation_id}",
        "POST /customer_service/202309/conversations",
        "POST /order/202309/orders/search",
        "GET /order/202507/orders",
        "GET /fulfillment/202309/orders/{order_id}/tracking",
        "POST /return_refund/202309/returns/search",
        "POST /return_refund/202309/cancellations/search",
    }


async def test_who_has_a_conversation_and_the_figures_of_service(shop: Shop) -> None:
    await shop.platform.say("robin", "hello")
    talk = shop.platform.chats.of_shopper("robin").id
    day = shop.clock.now().date() - timedelta(days=1)
    shop.platform.service_record = ServiceRecord(sessions=15, response_percent=93.4, response_minutes=3.4)
    for agent in (None, "707885565181165594"):
        await shop.platform.give("robin", agent)
        assert await shop.adapter.attended_by(shop.account, talk) == agent
        await shop.adapter.poll(shop.account, None)
    assert (await shop.adapter.service_record(shop.account, day, day)).sessions == 15
    assert shop.seen.wrong == []
    assert "GET /customer_service/202407/performance" in shop.seen.calls


async def test_a_product(shop: Shop) -> None:
    shop.platform.add_product(cup(status="seller_deactivated"))
    found = await shop.adapter.product(shop.account, "1729")
    assert found == cup(status="seller_deactivated")
    assert await shop.adapter.product(shop.account, "1730") is None
    assert shop.seen.wrong == []
    assert shop.seen.calls == {"GET /product/202309/products/{product_id}"}


def cup(**more: Any) -> Product:
    price = Money(amount="59.90", currency="USD")
    return Product(id="1729", name="Cup", attributes={"Material": "Porcelain"}, price=price, stock=7, **more)


async def test_what_moved_is_searched_as_it_is_described(shop: Shop) -> None:
    for kind, status in ((AfterSaleKind.RETURN, OrderStatus.SHIPPED), (AfterSaleKind.REFUND, OrderStatus.TO_SHIP)):
        shop.platform.add_order(placed(shop.clock, status, kind), "robin")
    cursor, more, told = None, True, set[str]()
    while more:
        batch = await shop.adapter.poll(shop.account, cursor)
        cursor, more = batch.cursor, batch.more
        told |= {one.order_id for one in batch.events if one.type == "order_changed"}
    assert told == set(shop.platform.orders)
    assert shop.seen.wrong == []
    assert {"POST /return_refund/202309/returns/search", "POST /order/202309/orders/search"} < shop.seen.calls


async def test_what_the_emulator_serves_besides(shop: Shop) -> None:
    """The list of conversations and of shops, as an agent's own program would ask for them; and every refusal.

    The renewal of tokens is described nowhere in the package: another host answers it, and nothing here is held
    against it.
    """
    await shop.platform.say("robin", "hello")
    client = Client(shop.account)
    await client.get("/customer_service/202309/conversations", {"page_size": "20"})
    (authorized,) = await shops_of(shop.account)
    assert authorized["id"] == shop.platform.shop_id
    for fault in ("throttle", "server_error", "refuse", "window_closed", "token_expired"):
        setattr(shop.platform.faults, fault, 1)
        talk = shop.platform.chats.of_shopper("robin").id
        with pytest.raises(AdapterError):
            await shop.adapter.send(shop.account, Reply(shop="s", conversation=talk, text="hi"), "k")
    assert shop.seen.wrong == []
    assert SHOPS in shop.seen.calls
    assert operation("GET", RENEWAL) is None, "it is described by now: hold it against that"


async def shops_of(account: Account) -> list[dict[str, Any]]:
    """The shops that a token opens: the one call that names no shop."""
    settings, path = account.settings, SHOPS.removeprefix("GET ")
    query = {"app_key": settings.app_key, "timestamp": str(int(account.clock.now().timestamp()))}
    query["sign"] = sign_call(settings.app_secret.get_secret_value(), path, query, b"")
    headers = {"x-tts-access-token": settings.access_token.get_secret_value(), "content-type": "application/json"}
    answer = await account.http.get(settings.api_url + path, params=query, headers=headers)
    return answer.json()["data"]["shops"]


def placed(clock: FrozenClock, status: OrderStatus, kind: AfterSaleKind) -> Order:
    """An order with everything that one may have."""
    now, price = clock.now(), Money(amount="34.99", currency="USD")
    number = stable_id("order", status, kind)
    request = AfterSale(id=stable_id("request", number), kind=kind, status="refunded", amount=price, deadline=now)
    scan = TrackingEvent(at=now, text="Departed")
    parcel = Shipment(carrier="USPS", tracking_no="9400100000000000000000", status="in_transit", events=(scan,))
    return Order(
        id=number,
        status=status,
        created_at=now - timedelta(days=4),
        paid_at=now - timedelta(days=4),
        ship_by=now,
        total=price,
        items=(Item(product_id="1729", name="Cup", sku="M", quantity=2, price=price),),
        shipments=(parcel,),
        after_sales=(request,),
        region="US-CA",
    )


def test_the_description_is_read_as_strictly_as_it_can_be() -> None:
    """A name too many and a wrong type are found: otherwise nothing above proves anything."""
    _, told = operation("POST", "/customer_service/202309/conversations/1/messages") or ("", {})
    schema = told["requestBody"]["content"]["application/json"]["schema"]
    assert faults(schema, {"type": "TEXT", "content": "{}"}, "x") == []
    assert len(faults(schema, {"type": "TEXT", "content": {}, "key": 1}, "x")) == 2
