"""What the platform's answers come to, and that no error tells a secret or a text."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from copilot_adapter_douyin.client import Refused, call
from copilot_adapter_douyin.signing import sign_call

from copilot.sdk import Account, AdapterError, Malformed, NotAuthorized, PlatformDown, Throttled, TokenExpired
from copilot.sdk.calls import LARGEST_ANSWER

Answering = Callable[[Callable[[httpx.Request], httpx.Response]], Account]
METHOD = "order.orderDetail"


async def ask(answering: Answering, status: int = 200, **answer: Any) -> Any:
    return await call(answering(lambda _: httpx.Response(status, json=answer)), METHOD, {"shop_order_id": "1"})


async def test_a_call_carries_what_it_signs(answering: Answering) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"code": 10000, "data": {"a": 1}})

    account = answering(answer)
    assert await call(account, METHOD, {"z": "<&>", "b": "你"}) == {"a": 1}
    request = seen[0]
    query = request.url.params
    assert request.url.copy_with(query=None) == "https://openapi-fxg.jinritemai.com/order/orderDetail"
    assert request.content.decode() == '{"b":"你","z":"<&>"}'
    assert request.headers["content-type"] == "application/json"
    assert query["access_token"] == "an-access-token"
    assert query["timestamp"] == str(int(account.clock.now().timestamp()))
    assert query["sign"] == sign_call(
        app_key=query["app_key"],
        app_secret="749698a6-fcb3-4358-b241-ec1d93cf9c1f",
        method=METHOD,
        params=request.content.decode(),
        timestamp=query["timestamp"],
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"code": 10001}, PlatformDown),
        ({"code": 20000}, PlatformDown),
        ({"code": 20001}, PlatformDown),
        ({"code": 30001, "sub_code": "dop.authorization-closed"}, NotAuthorized),
        ({"code": 30002}, NotAuthorized),
        ({"code": 40001}, Refused),
        ({"code": 40003, "sub_code": "isv.access-token-expired"}, TokenExpired),
        ({"code": 40003, "sub_code": "isv.access-token-no-existed"}, TokenExpired),
        ({"code": 40003, "sub_code": "isv.access-token-invalid"}, TokenExpired),
        ({"code": 40003, "sub_code": "isv.signature-invalid"}, NotAuthorized),
        ({"code": 40003, "sub_code": "isv.timestamp-invalid"}, Refused),
        ({"code": 40004}, Refused),
        ({"code": 50001, "sub_code": "dop.token-generate-failed:token-expired"}, NotAuthorized),
        ({"code": 50001, "sub_code": "isp.something"}, PlatformDown),
        ({"code": 50002, "sub_code": "isv.business-failed:12"}, Refused),
        ({"code": 60000}, Throttled),
        ({"code": 70000}, NotAuthorized),
        ({"code": 80000}, NotAuthorized),
        ({"code": 123456}, Refused),
        ({"err_no": 7, "message": "old form"}, Refused),
        ({}, Malformed),
    ],
)
async def test_each_code_has_its_error(answering: Answering, answer: dict[str, Any], error: type[AdapterError]) -> None:
    with pytest.raises(AdapterError) as raised:
        await ask(answering, **answer)
    assert type(raised.value) is error


async def test_the_old_form_of_success(answering: Answering) -> None:
    assert await ask(answering, err_no=0, message="success", data={"a": 1}) == {"a": 1}


async def test_whether_something_does_not_exist_is_read_from_the_sentence(answering: Answering) -> None:
    for sentence, absent in (("订单不存在", True), ("Order does NOT EXIST", True), ("系统繁忙", False)):
        with pytest.raises(Refused) as raised:
            await ask(answering, code=50002, sub_msg=sentence)
        assert raised.value.absent is absent
        assert sentence not in str(raised.value)


async def test_a_throttle_says_how_long(answering: Answering) -> None:
    for account in (
        answering(lambda _: httpx.Response(429, headers={"retry-after": "7"})),
        answering(lambda _: httpx.Response(200, headers={"retry-after": "7"}, json={"code": 60000})),
    ):
        with pytest.raises(Throttled) as raised:
            await call(account, METHOD, {})
        assert raised.value.retry_after == 7


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(502, text="<html>"), PlatformDown),
        (httpx.Response(200, text="<html>"), Malformed),
        (httpx.Response(200, text="[" * 100_000), Malformed),
        (httpx.Response(302, headers={"location": "https://elsewhere.example/"}), Malformed),
        (httpx.Response(200, content=b" " * (LARGEST_ANSWER + 1)), PlatformDown),
    ],
    ids=["html of a gateway", "html", "deep", "redirect", "endless"],
)
async def test_an_unreadable_answer(answering: Answering, response: httpx.Response, error: type[AdapterError]) -> None:
    with pytest.raises(error):
        await call(answering(lambda _: response), METHOD, {})


async def test_a_broken_connection_tells_no_token(answering: Answering) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout(f"timed out: {request.url}")

    with pytest.raises(PlatformDown) as raised:
        await call(answering(broken), METHOD, {})
    assert "an-access-token" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
