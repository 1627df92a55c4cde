"""SPI calls of the platform: believed with the app's signature alone, in either spelling, and answered in its form."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from copilot_adapter_douyin import spi
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.emulator.shop import signed_spi
from copilot_adapter_douyin.settings import DouyinSettings
from copilot_adapter_douyin.signing import SignMethod, sign_spi
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Delivery, Malformed, OrderChanged

ADAPTER = DouyinAdapter()
WHEN = "2020-07-05 22:33:59"
KEY, SECRET = "6844048284663924231", "749698a6-fcb3-4358-b241-ec1d93cf9c1f"

Bare = Callable[[], Account]


@pytest.fixture
def account(clock: FrozenClock) -> Account:
    """A shop of the app that platforms' samples are signed with; nothing is called."""
    keys = {"app_key": KEY, "app_secret": SECRET, "access_token": "t"}
    http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: pytest.fail("nothing may be called")))
    return Account("12345", DouyinSettings.model_validate(keys), http, clock)


def call(body: bytes = b'{"a":1,"b":"x"}', **query: str) -> Delivery:
    return Delivery("POST", {}, {"app_key": KEY, "timestamp": WHEN, **query}, body, "spi/sample")


@pytest.mark.parametrize(
    ("method", "sign"),
    [
        ("md5", "c7a8fa7b3b1f687e28d8c74ca2e364e1"),
        ("hmac-sha256", "9259cb750708ec041eec05d11fdf9f83d6e09ac5da6450bf4c735605a505cbe8"),
    ],
)
@pytest.mark.parametrize("name", ["sign", "sign_v2"])
def test_a_call_is_believed_with_either_signature_and_no_other(
    account: Account, method: SignMethod, sign: str, name: str
) -> None:
    for way in ({"sign_method": method}, {}):
        good = call(**{name: sign}, **way)
        assert ADAPTER.verify(good, account)
        # Its parameters may come in another order, and in the query.
        assert ADAPTER.verify(replace(good, body=b'{"b": "x", "a": 1}'), account)
        assert ADAPTER.verify(replace(good, body=b"", query={**good.query, "param_json": '{"a":1,"b":"x"}'}), account)
    other = "md5" if method == "hmac-sha256" else "hmac-sha256"
    good = call(**{name: sign})
    for wrong in (
        call(**{name: sign}, sign_method=other),
        call(**{name: sign}, sign_method="none"),
        call(**{name: sign[:-1]}),
        call(),
        replace(good, body=b'{"a":2,"b":"x"}'),
        replace(good, query={**good.query, "timestamp": "2020-07-05 22:34:00"}),
        replace(good, query={**good.query, "app_key": KEY[:-1]}),
    ):
        assert not ADAPTER.verify(wrong, account)


@pytest.mark.parametrize("text", ['{"a":"<b> & \u4f60"}', '{"a": 1.50, "b": 1e5}', '{"n": 6938107726650091521}'])
def test_what_was_signed_as_it_was_written_is_believed(account: Account, text: str) -> None:
    sign = sign_spi(app_key=KEY, app_secret=SECRET, params=text, timestamp=WHEN)
    assert ADAPTER.verify(call(text.encode(), sign=sign), account)


def test_an_order_that_is_named_is_looked_up_again(account: Account) -> None:
    number = 6938107726650091521
    for fields, shop in (({"order_id": number, "shop_id": 777}, "777"), ({"p_id": str(number)}, "12345")):
        delivery = signed_spi({**fields}, WHEN)
        assert ADAPTER.identify(delivery).shops == (("777",) if "shop_id" in fields else ())
        assert ADAPTER.parse(delivery, account) == (OrderChanged(shop=shop, order_id=str(number)),)
    assert ADAPTER.parse(call(), account) == ()
    assert ADAPTER.identify(call()).app == KEY


def test_answers_have_the_platforms_form(account: Account) -> None:
    taken, refused = ADAPTER.acknowledge(call(), account), ADAPTER.refuse(call())
    assert (taken.status, json.loads(taken.body)) == (200, {"code": 0, "message": "success", "data": None})
    assert refused is not None
    assert (refused.status, json.loads(refused.body)["code"]) == (200, 10001)
    assert json.loads(spi.answered({"result": "好"}).body)["data"] == {"result": "好"}
    # A push is refused as any delivery is.
    push = Delivery("POST", {}, {}, b"[]")
    assert ADAPTER.refuse(push) is None
    assert json.loads(ADAPTER.acknowledge(push, account).body) == {"code": 0, "msg": "success"}


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"null", b'{"a":' * 5000, b"1" * 5000, b" " * 2**21])
def test_what_is_no_call_is_malformed(account: Account, body: bytes) -> None:
    delivery = call(body, sign="x")
    for read in (ADAPTER.identify, lambda one: ADAPTER.parse(one, account)):
        with pytest.raises(Malformed):
            read(delivery)
    assert ADAPTER.verify(delivery, account) is False


def test_a_call_without_an_app_is_malformed() -> None:
    with pytest.raises(Malformed):
        ADAPTER.identify(replace(call(), query={}))


@settings(max_examples=50)
@given(sign=st.text(), body=st.recursive(st.none() | st.text() | st.floats() | st.integers(), st.lists))
def test_no_signature_makes_the_check_raise_or_pass(sign: str, body: Any) -> None:
    keys = DouyinSettings.model_validate({"app_key": KEY, "app_secret": SECRET, "access_token": "t"})
    raw = json.dumps({"a": body}).encode("utf-8", "surrogatepass")
    assert spi.genuine(call(raw, sign=sign), Account("1", keys, None, None)) is False  # type: ignore[arg-type]
