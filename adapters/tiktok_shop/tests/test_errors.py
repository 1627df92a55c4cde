"""What each code and each broken answer means, for reads and for sends."""

from collections.abc import Callable

import httpx
import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.config import TikTokShopSettings

from copilot.domain.clock import FrozenClock
from copilot.sdk import (
    Account,
    AdapterError,
    CardRefused,
    Malformed,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    QuotaUsed,
    Reply,
    SendRefused,
    Throttled,
    TokenExpired,
    Who,
    WindowClosed,
)

Answering = Callable[[httpx.Request], httpx.Response]
ADAPTER = TikTokShop()


def account(clock: FrozenClock, answering: Answering) -> Account:
    settings = TikTokShopSettings.model_validate(
        {"app_key": "k", "app_secret": "s", "access_token": "t", "refresh_token": "r", "shop_cipher": "c"}
    )
    return Account("1", settings, httpx.AsyncClient(transport=httpx.MockTransport(answering)), clock)


async def sending(clock: FrozenClock, answering: Answering) -> object:
    return await ADAPTER.send(account(clock, answering), Reply(shop="1", conversation="2", text="hi"), "key")


async def reading(clock: FrozenClock, answering: Answering) -> object:
    return await ADAPTER.order(account(clock, answering), "1")


def envelope(code: int, status: int = 200, **headers: str) -> Answering:
    body = {"code": code, "message": "canary words", "request_id": "r1", "data": {}}
    return lambda _: httpx.Response(status, json=body, headers=headers)


TABLE: list[tuple[int, type[AdapterError], type[AdapterError]]] = [
    (36009002, Throttled, Throttled),
    (36009003, PlatformDown, OutcomeUnknown),
    (36009007, PlatformDown, OutcomeUnknown),
    (45101001, PlatformDown, OutcomeUnknown),
    (36009004, NotAuthorized, NotAuthorized),
    (106001, NotAuthorized, NotAuthorized),
    (105002, TokenExpired, TokenExpired),
    (101000, TokenExpired, TokenExpired),
    (36004004, TokenExpired, TokenExpired),
    (36004001, NotAuthorized, NotAuthorized),
    (105005, NotAuthorized, NotAuthorized),
    (36009033, NotAuthorized, NotAuthorized),
    (45102007, NotAuthorized, NotAuthorized),
    (45101002, AdapterError, AdapterError),
    (45101003, AdapterError, AdapterError),
    (45101004, QuotaUsed, QuotaUsed),
    (45101006, SendRefused, SendRefused),
    (45111017, CardRefused, CardRefused),
    (45109001, WindowClosed, WindowClosed),
    (45109003, WindowClosed, WindowClosed),
    (12345678, AdapterError, AdapterError),
]


@pytest.mark.parametrize(("code", "read", "sent"), TABLE)
async def test_a_code_means_one_thing(
    clock: FrozenClock, code: int, read: type[AdapterError], sent: type[AdapterError]
) -> None:
    for call, meaning in ((reading, read), (sending, sent)):
        with pytest.raises(AdapterError) as raised:
            await call(clock, envelope(code, 400))
        assert type(raised.value) is meaning
        assert str(code) in str(raised.value)
        assert "r1" in str(raised.value)
        assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("0.5", 0.5), ("", None), ("soon", None), ("-1", None), ("nan", None)]
)
async def test_the_wait_is_the_platforms_when_it_is_one(clock: FrozenClock, header: str, seconds: float | None) -> None:
    with pytest.raises(Throttled) as raised:
        await sending(clock, envelope(36009002, 429, **{"retry-after": header}))
    assert raised.value.retry_after == seconds


async def test_success_is_the_code_and_not_the_status(clock: FrozenClock) -> None:
    body = {"code": 0, "message": "Success", "request_id": "r", "data": {"message_id": "99"}}
    receipt = await ADAPTER.send(
        account(clock, lambda _: httpx.Response(500, json=body)), Reply(shop="1", conversation="2", text="hi"), "key"
    )
    assert receipt.message_id == "99"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, text="<html>busy</html>"),
        httpx.Response(502),
        httpx.Response(200, text=""),
        httpx.Response(200, text="[]"),
        httpx.Response(200, json={"data": {}}),
        httpx.Response(302, headers={"location": "https://elsewhere"}),
    ],
)
async def test_an_answer_that_is_none_leaves_a_send_open_and_fails_a_read(
    clock: FrozenClock, answer: httpx.Response
) -> None:
    with pytest.raises(OutcomeUnknown):
        await sending(clock, lambda _: answer)
    with pytest.raises(PlatformDown):
        await reading(clock, lambda _: answer)


async def test_a_throttle_without_the_envelope_is_one_all_the_same(clock: FrozenClock) -> None:
    with pytest.raises(Throttled) as raised:
        await sending(clock, lambda _: httpx.Response(429, headers={"retry-after": "3"}))
    assert raised.value.retry_after == 3


async def test_a_taken_send_that_names_no_message_is_open(clock: FrozenClock) -> None:
    with pytest.raises(OutcomeUnknown):
        await sending(clock, envelope(0))


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError])
async def test_what_breaks_after_the_connection_leaves_a_send_open(
    clock: FrozenClock, error: type[httpx.TransportError]
) -> None:
    def breaks(_: httpx.Request) -> httpx.Response:
        raise error("https://host/?app_secret=canary")

    with pytest.raises(OutcomeUnknown) as raised:
        await sending(clock, breaks)
    assert "canary" not in str(raised.value)
    with pytest.raises(PlatformDown):
        await reading(clock, breaks)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_what_fails_before_the_connection_sent_nothing(
    clock: FrozenClock, error: type[httpx.TransportError]
) -> None:
    def breaks(_: httpx.Request) -> httpx.Response:
        raise error("refused")

    with pytest.raises(PlatformDown):
        await sending(clock, breaks)


@pytest.mark.parametrize("data", [{"orders": {}}, {"orders": [{"status": "UNPAID"}]}, {"orders": ["x"]}])
async def test_orders_that_cannot_be_read_fail_the_look_up(clock: FrozenClock, data: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        await reading(clock, lambda _: httpx.Response(200, json={"code": 0, "data": data}))


async def test_a_conversation_without_a_known_buyer_has_no_orders(clock: FrozenClock) -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        assert "orders" not in request.url.path
        shop = {"role": "SHOP", "user_id": "1", "im_user_id": "2"}
        buyer = {"role": "BUYER", "user_id": "", "im_user_id": "3", "nickname": "Robin"}
        return httpx.Response(200, json={"code": 0, "data": {"conversation": {"participants": [shop, buyer]}}})

    found = await ADAPTER.buyer(account(clock, answering), Who(conversation="2", buyer="3"))
    assert (found.order_key, found.nickname, found.orders) == (None, "Robin", ())


async def test_pages_that_lead_nowhere_are_not_followed_for_ever(clock: FrozenClock) -> None:
    asked: list[str | None] = []

    def answering(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("page_token"))
        one = {"id": "9", "type": "TEXT", "content": "x", "create_time": 1_762_084_800, "sender": {"role": "SHOP"}}
        return httpx.Response(200, json={"code": 0, "data": {"messages": [one], "next_page_token": "same"}})

    found = await ADAPTER.sent_since(account(clock, answering), "2", clock.now().replace(year=2020))
    assert [one.message_id for one in found] == ["9"]
    assert asked == [None, "same"]


async def test_only_a_message_with_a_time_ends_the_history(clock: FrozenClock) -> None:
    now = int(clock.now().timestamp())
    pages = {
        None: ([("5", now + 9), ("4", None)], "a"),
        "a": ([("3", now + 1), ("2", now - 1)], "b"),
    }

    def answering(request: httpx.Request) -> httpx.Response:
        page, following = pages[request.url.params.get("page_token")]
        listed = [
            {"id": number, "type": "TEXT", "content": "x", "create_time": time, "sender": {"role": "CUSTOMER_SERVICE"}}
            for number, time in page
        ]
        return httpx.Response(200, json={"code": 0, "data": {"messages": listed, "next_page_token": following}})

    found = await ADAPTER.sent_since(account(clock, answering), "2", clock.now())
    assert [one.message_id for one in found] == ["3", "5"]


@pytest.mark.parametrize("data", [{}, {"access_token": ""}, {"access_token": None}])
async def test_a_refresh_without_tokens_changes_nothing(clock: FrozenClock, data: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        await ADAPTER.refresh(account(clock, lambda _: httpx.Response(200, json={"code": 0, "data": data})))
