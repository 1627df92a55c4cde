"""Deliveries: who may have sent them, and what is refused without raising."""

import contextlib
import json

import httpx
import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Delivery, Malformed

from .test_signing import DELIVERIES, W3

ADAPTER = TikTokShop()


@pytest.fixture
async def account(clock: FrozenClock) -> Account:
    settings = TikTokShopSettings.model_validate(
        {"app_key": "abcdef", "app_secret": "123", "access_token": "t", "shop_cipher": "c"}
    )
    return Account("7494049642642441621", settings, httpx.AsyncClient(trust_env=False), clock)


def delivery(body: bytes = W3, **headers: str) -> Delivery:
    return Delivery("POST", headers, {}, body)


async def test_the_published_delivery_is_taken(account: Account) -> None:
    given_delivery = delivery(authorization=DELIVERIES["W3"][3])
    assert ADAPTER.identify(given_delivery).shops == ("7494049642642441621",)
    assert ADAPTER.verify(given_delivery, account)
    (event,) = ADAPTER.parse(given_delivery)
    assert event.type == "message"
    assert event.message.text == "444"
    answer = ADAPTER.acknowledge(given_delivery)
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer " + DELIVERIES["W3"][3]},
        {"authorization": DELIVERIES["W3"][3].upper()},
        {"authorization": DELIVERIES["W1"][3]},
        {"authorization": "\u0661\udc80"},
        {"tiktok-signature": f"t=1644412885,s={DELIVERIES['W3'][3]}"},
    ],
)
async def test_every_other_signature_is_refused(account: Account, headers: dict[str, str]) -> None:
    assert not ADAPTER.verify(delivery(**headers), account)


async def test_one_changed_byte_is_refused(account: Account) -> None:
    assert not ADAPTER.verify(delivery(W3.replace(b"444", b"445"), authorization=DELIVERIES["W3"][3]), account)


@given(st.binary(max_size=200))
def test_garbage_is_malformed_and_never_something_else(body: bytes) -> None:
    with pytest.raises(Malformed):
        ADAPTER.identify(delivery(body))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"null",
        b"[]",
        b'{"type":14}',
        b'{"type":"x","shop_id":"1"}',
        b'{"type":14,"shop_id":"","data":{}}',
        b'{"type":14,"shop_id":null,"data":{}}',
        b'{"type":14,"shop_id":"1","data":[]}',
        '{"type":14,"shop_id":"1"'.encode("utf-16"),
    ],
)
def test_what_only_looks_like_a_delivery_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        ADAPTER.identify(delivery(body))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    ["content", "conversation_id", "message_id", "index", "type", "sender", "create_time", "order_id", "is_visible"]
)


@given(st.integers(0, 40), st.dictionaries(fields, json_values))
def test_any_data_is_events_or_malformed(kind: int, data: dict[str, object]) -> None:
    body = json.dumps({"type": kind, "shop_id": "1", "data": data}).encode()
    with contextlib.suppress(Malformed):
        assert isinstance(ADAPTER.parse(delivery(body)), tuple)


def settings_of(**changed: str) -> TikTokShopSettings:
    base = {"app_key": "k", "app_secret": "s", "access_token": "t", "shop_cipher": "c"}
    return TikTokShopSettings.model_validate({**base, **changed})


@pytest.mark.parametrize(
    "address",
    [
        "http://open-api.tiktokglobalshop.com",
        "http://127.0.0.1.example.com",
        "ftp://x",
        "https://",
        "x",
        "https://a@b",
        "https://a?x=1",
    ],
)
def test_addresses_must_be_https_unless_on_this_machine(address: str) -> None:
    with pytest.raises(ValidationError):
        settings_of(api_url=address)


def test_loopback_needs_no_https_and_the_platform_is_the_default() -> None:
    assert settings_of(api_url="http://127.0.0.1:1/x/").api_url == "http://127.0.0.1:1/x"
    assert settings_of().api_url == "https://open-api.tiktokglobalshop.com"
    assert settings_of().auth_url == "https://auth.tiktok-shops.com"
    assert settings_of().app_id() == "k"


@pytest.mark.parametrize("name", ["app_secret", "access_token", "shop_cipher", "app_key"])
def test_an_empty_key_is_refused_without_repeating_the_others(name: str) -> None:
    with pytest.raises(ValidationError) as raised:
        settings_of(**{"app_secret": "canary-1", "access_token": "canary-2", "shop_cipher": "canary-3", name: ""})
    assert "canary" not in str(raised.value)


def message_with(**fields: object) -> Delivery:
    data = {"message_id": "1", "conversation_id": "2", "type": "ORDER_CARD", "content": "{}", **fields}
    return delivery(json.dumps({"type": 14, "shop_id": "1", "data": data}).encode())


def test_numbers_that_are_too_long_for_anybody_are_none() -> None:
    endless = "9" * 5000
    (event,) = ADAPTER.parse(message_with(index=endless, content=f'{{"order_id":{endless}}}'))
    assert event.type == "message"
    assert (event.sequence, event.message.order_id, event.message.kind.value) == (None, None, "other")
    for name in ("message_id", "conversation_id", "create_time"):
        body = message_with(**{name: 7}).body.replace(b": 7", b": " + endless.encode())
        with contextlib.suppress(Malformed):
            ADAPTER.parse(delivery(body))


def test_content_nested_without_end_is_words() -> None:
    (event,) = ADAPTER.parse(message_with(type="TEXT", content="[" * 50_000))
    assert event.type == "message"
    assert event.message.kind.value == "text"
