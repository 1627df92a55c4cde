"""The emulator holds callers to what the platform holds them to, and delivers as the platform does."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.emulator import TikTokShopEmulator
from copilot_adapter_tiktok_shop.signing import sign_call
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from copilot.domain.clock import FrozenClock
from copilot.domain.order import Order, OrderStatus
from copilot.sdk import Account, Delivery, MessageEvent
from copilot.sdk.testing import serve

from .conftest import Stage

PATH = "/order/202507/orders"


async def ask(stage: Stage, *, path: str = PATH, seconds: float = 0, **changed: str | None) -> dict[str, Any]:
    """A call signed rightly, except for what is changed afterwards ("sign", "token") or before ("app_key" …)."""
    keys = stage.platform.keys
    query: dict[str, str | None] = {
        "app_key": keys.app_key,
        "ids": "1",
        "shop_cipher": keys.shop_cipher,
        "timestamp": str(int(stage.clock.now().timestamp() + seconds)),
        **{key: value for key, value in changed.items() if key not in ("sign", "token")},
    }
    signed = {key: value for key, value in query.items() if value is not None}
    signed["sign"] = changed.get("sign") or sign_call(keys.app_secret, path, signed)
    headers = {"x-tts-access-token": changed.get("token") or keys.access_token}
    answer = await stage.account.http.get(stage.account.settings.api_url + path, params=signed, headers=headers)
    return answer.json()


async def test_a_rightly_signed_call_is_served(stage: Stage) -> None:
    assert (await ask(stage))["code"] == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"app_key": "other"}, 36009004),
        ({"app_key": None}, 36009004),
        ({"timestamp": "soon"}, 36009004),
        ({"timestamp": None}, 36009004),
        ({"seconds": -301}, 36009004),
        ({"seconds": 32}, 36009004),
        ({"sign": "0" * 64}, 106001),
        ({"sign": "ü"}, 106001),
        ({"shop_cipher": "ROW_other"}, 36009004),
        ({"shop_cipher": None}, 36009004),
        ({"token": "TTP_other"}, 105002),
    ],
)
async def test_a_call_that_is_wrong_in_one_thing_is_refused(stage: Stage, changed: Any, code: int) -> None:
    assert (await ask(stage, **changed))["code"] == code


@pytest.mark.parametrize("seconds", [-299, 29])
async def test_a_request_may_be_a_little_old_or_ahead(stage: Stage, seconds: float) -> None:
    assert (await ask(stage, seconds=seconds))["code"] == 0


async def test_a_call_without_a_shop_must_not_name_one(stage: Stage) -> None:
    path = "/authorization/202309/shops"
    assert (await ask(stage, path=path))["code"] == 36009004
    found = await ask(stage, path=path, shop_cipher=None, ids=None)
    assert found["data"]["shops"][0]["cipher"] == stage.platform.keys.shop_cipher


async def test_a_token_ends_after_its_time(stage: Stage) -> None:
    stage.clock.advance(7 * 86400)
    assert (await ask(stage))["code"] == 105002


async def test_it_works_under_a_prefix_and_signs_without_it(clock: FrozenClock) -> None:
    platform = TikTokShopEmulator(clock=clock)
    root = Starlette(routes=[Mount("/platforms/tiktok_shop", platform.app)])
    async with serve(root) as base, httpx.AsyncClient(trust_env=False) as http:
        prefix = f"{base}/platforms/tiktok_shop"
        settings = TikTokShopSettings.model_validate(platform.settings(prefix))
        account = Account(platform.shop_id, settings, http, clock)
        assert await Stage(platform, clock, account).adapter.order(account, "1") is None
        page = await http.get(f"{prefix}/")
        assert page.status_code == 200
        assert 'src="shopper/page.js"' in page.text


class Taken(list[Delivery]):
    """What was delivered; ``refuse`` counts the deliveries that are answered with 500 first."""

    refuse = 0
    url = ""


@asynccontextmanager
async def receiver() -> AsyncGenerator[Taken]:
    taken = Taken()

    async def take(request: Request) -> Response:
        headers = {key.lower(): value for key, value in request.headers.items()}
        if taken.refuse > 0:
            taken.refuse -= 1
            return Response(status_code=500)
        taken.append(Delivery("POST", headers, {}, await request.body()))
        return Response()

    async with serve(Starlette(routes=[Route("/in", take, methods=["POST"])])) as base:
        taken.url = f"{base}/in"
        yield taken


def texts(stage: Stage, taken: Taken) -> list[str]:
    events = [event for delivery in taken for event in stage.adapter.parse(delivery)]
    return [event.message.text for event in events if isinstance(event, MessageEvent)]


async def test_every_message_is_delivered_signed_with_its_author_and_place(stage: Stage) -> None:
    async with receiver() as taken:
        stage.platform.deliver_to(taken.url)
        await stage.platform.say("robin", "Hi", order_card="576653688135258178", photo=True)
        await stage.platform.colleague_says("robin", "Native")
        receipt = await stage.adapter.send(stage.account, stage.reply("Ours"), "key")
        await stage.platform.settled()
        assert all(stage.adapter.verify(delivery, stage.account) for delivery in taken)
        events = [event for delivery in taken for event in stage.adapter.parse(delivery)]
    said = [event for event in events if isinstance(event, MessageEvent)]
    assert [event.type for event in events[:2]] == ["conversation_changed", "message"]
    assert [(event.message.role, event.message.kind) for event in said] == [
        ("buyer", "order_card"),
        ("buyer", "image"),
        ("buyer", "text"),
        ("agent", "text"),
        ("agent", "text"),
    ]
    assert said[-1].message.id == receipt.message_id
    assert {event.shop for event in said} == {stage.platform.shop_id}
    places = [event.sequence or 0 for event in said]
    assert places == sorted(places)
    assert all(later - earlier > 1 for earlier, later in itertools.pairwise(places))


async def test_the_photo_of_a_shopper_can_be_fetched(stage: Stage) -> None:
    await stage.platform.say("robin", "", photo=True)
    media = stage.platform.chats.of_shopper("robin").said[-1].message.media
    assert media is not None
    answer = await stage.account.http.get(media.url)
    assert answer.content.startswith(b"\x89PNG")


async def test_coming_from_an_order_is_told(stage: Stage) -> None:
    async with receiver() as taken:
        stage.platform.deliver_to(taken.url)
        await stage.platform.say("robin", "where is it", entered_from_order="576653688135258178")
        await stage.platform.settled()
        events = [event for delivery in taken for event in stage.adapter.parse(delivery)]
    entered = [event.entered_from_order for event in events if isinstance(event, MessageEvent)]
    assert entered == ["576653688135258178", None]


async def test_a_changed_order_is_told(stage: Stage) -> None:
    stage.platform.add_order(Order(id="100001", status=OrderStatus.SHIPPED), "robin")
    async with receiver() as taken:
        stage.platform.deliver_to(taken.url)
        await stage.platform.change_order(Order(id="100001", status=OrderStatus.CANCELLED))
        await stage.platform.settled()
    assert json.loads(taken[0].body)["data"]["order_status"] == "CANCEL"
    (event,) = stage.adapter.parse(taken[0])
    assert event.type == "order_changed"


async def test_faults_of_deliveries_happen_as_often_as_they_are_set(stage: Stage) -> None:
    await stage.platform.say("robin", "before anybody listens")
    async with receiver() as taken:
        stage.platform.deliver_to(taken.url)
        stage.platform.faults.duplicate = 1
        for text in ("a", "b"):
            await stage.platform.say("robin", text)
        await stage.platform.settled()
        stage.platform.faults.drop = 1
        for text in ("c", "d"):
            await stage.platform.say("robin", text)
        await stage.platform.settled()
        stage.platform.faults.reorder = 1
        for text in ("e", "f", "g"):
            await stage.platform.say("robin", text)
        await stage.platform.settled()
        stage.platform.faults.delay, stage.platform.faults.delay_seconds = 1, 0.05
        for text in ("h", "i"):
            await stage.platform.say("robin", text)
        await stage.platform.settled()
        stage.platform.faults.reorder = 1
        await stage.platform.say("robin", "j")
        await stage.platform.settled()
    assert "".join(texts(stage, taken)) == "aabdfegihj"


async def test_a_delivery_that_is_not_taken_comes_again(stage: Stage) -> None:
    async with receiver() as taken:
        stage.platform.deliver_to(taken.url)
        taken.refuse = 2
        await stage.platform.say("robin", "Hi")
        await asyncio.wait_for(stage.platform.settled(), 10)
    assert texts(stage, taken) == ["Hi"]
    assert sorted(one.status or 0 for one in stage.platform.pusher.log) == [200, 200, 500, 500]
