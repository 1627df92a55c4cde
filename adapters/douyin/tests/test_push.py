"""Deliveries on the one address: what each becomes, whose signature it needs, and that rubbish does no harm."""

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from copilot_adapter_douyin import chat
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.settings import DouyinSettings
from copilot_adapter_douyin.signing import sign_push
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Delivery, Identity, Malformed

PAYLOADS = [
    path
    for path in sorted((Path(__file__).parent / "payloads").glob("*.json"))
    if not path.stem.startswith(("send_", "look_", "spi_"))
]
ADAPTER = DouyinAdapter()
SECRET = "0123456789abcdef0123456789abcdef"
ORDER = b'[{"tag":"100","msg_id":"1","data":"{\\"p_id\\":1,\\"shop_id\\":12345}"}]'
CHAT = (
    b'[{"tag":"chat.message","msg_id":"1","data":{"shop_id":"12345","conversation_id":"c","message_id":"m",'
    b'"role":"buyer","sent_at":1795348800000,"text":"hi"}}]'
)
START = datetime(2026, 11, 22, tzinfo=UTC)
SHOP = DouyinSettings.model_validate(
    {
        "app_key": "k",
        "app_secret": "s",
        "access_token": "t",
        "relay_url": "https://relay.example",
        "relay_secret": SECRET,
    }
)


def delivery(body: bytes, headers: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None) -> Delivery:
    return Delivery("POST", dict(headers or {}), dict(query or {}), body)


@pytest.fixture
def account(settings: DouyinSettings, clock: FrozenClock) -> Account:
    return Account("12345", settings, None, clock)  # type: ignore[arg-type]


def by_platform(body: bytes, settings: DouyinSettings) -> Delivery:
    sign = sign_push(body, app_key=settings.app_key, app_secret=settings.app_secret.get_secret_value())
    return delivery(body, {"event-sign": sign, "app-id": settings.app_key})


def by_relay(body: bytes, clock: FrozenClock, *, late: float = 0, direction: chat.Direction = "to-copilot") -> Delivery:
    stamp = str(int((clock.now() - timedelta(seconds=late)).timestamp()))
    sign = chat.sign(SECRET, direction, stamp, body)
    return delivery(body, {chat.TIMESTAMP_HEADER: stamp, chat.SIGN_HEADER: sign})


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_each_payload_becomes_what_it_says(path: Path) -> None:
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    one = delivery(told["body"].encode())
    if told.get("refused_by") == "identify":
        with pytest.raises(Malformed):
            ADAPTER.identify(one)
        with pytest.raises(Malformed):
            ADAPTER.parse(one)
        return
    assert list(ADAPTER.identify(one).shops) == told["shops"]
    if told.get("refused_by") == "parse":
        with pytest.raises(Malformed):
            ADAPTER.parse(one)
        return
    events = [event.model_dump(mode="json") for event in ADAPTER.parse(one)]
    assert events == told["becomes"]


def test_an_order_push_needs_the_platforms_signature(account: Account, clock: FrozenClock) -> None:
    assert ADAPTER.verify(by_platform(ORDER, account.settings), account)
    assert not ADAPTER.verify(by_relay(ORDER, clock), account)
    assert not ADAPTER.verify(delivery(ORDER), account)


def test_chat_needs_the_relays_signature(account: Account, clock: FrozenClock) -> None:
    assert ADAPTER.verify(by_relay(CHAT, clock), account)
    assert not ADAPTER.verify(by_platform(CHAT, account.settings), account)
    assert not ADAPTER.verify(by_relay(CHAT, clock, direction="to-relay"), account)
    assert not ADAPTER.verify(delivery(CHAT), account)


def test_a_signature_covers_every_byte(account: Account, clock: FrozenClock) -> None:
    signed = by_relay(CHAT, clock)
    assert not ADAPTER.verify(delivery(CHAT + b" ", signed.headers), account)
    moved = {**signed.headers, chat.TIMESTAMP_HEADER: str(int(signed.headers[chat.TIMESTAMP_HEADER]) + 1)}
    assert not ADAPTER.verify(delivery(CHAT, moved), account)


@pytest.mark.parametrize(("late", "good"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_an_old_signature_is_worthless(account: Account, clock: FrozenClock, late: float, good: bool) -> None:
    assert ADAPTER.verify(by_relay(CHAT, clock, late=late), account) is good


def test_a_shop_without_a_relay_takes_no_chat(account: Account, clock: FrozenClock) -> None:
    bare = account.settings.model_copy(update={"relay_url": None, "relay_secret": None})
    assert not ADAPTER.verify(by_relay(CHAT, clock), Account("12345", bare, account.http, clock))


def test_the_app_finds_the_secret_of_a_test_without_a_shop(settings: DouyinSettings) -> None:
    body = b'[{"tag":"0","msg_id":"0","data":"2020-09-10T16:27:56.52842897+08:00"}]'
    assert ADAPTER.identify(by_platform(body, settings)) == Identity(app=settings.app_key)
    assert ADAPTER.identify(delivery(body, query={"app_key": "77"})) == Identity(app="77")
    assert ADAPTER.identify(delivery(body)) == Identity()
    assert settings.app_id() == settings.app_key


def test_the_acknowledgement_is_the_platforms(settings: DouyinSettings) -> None:
    answer = ADAPTER.acknowledge(by_platform(ORDER, settings))
    assert (answer.status, json.loads(answer.body)) == (200, {"code": 0, "msg": "success"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["chat.message", "100"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["tag", "msg_id", "data", "shop_id", "p_id", "role", "sent_at", "message_id"]), inner
        )
    ),
    max_leaves=12,
)


@given(
    st.binary() | JSON.map(lambda value: json.dumps(value).encode()) | JSON.map(lambda v: json.dumps([v]).encode()),
    st.dictionaries(st.sampled_from(["event-sign", "copilot-sign", "copilot-timestamp", "app-id"]), st.text()),
)
def test_rubbish_is_refused_and_nothing_worse(body: bytes, headers: dict[str, str]) -> None:
    clock = FrozenClock(START)
    one, shop = delivery(body, headers), Account("12345", SHOP, None, clock)  # type: ignore[arg-type]
    assert ADAPTER.verify(one, shop) is False
    for read in (ADAPTER.identify, ADAPTER.parse):
        with contextlib.suppress(Malformed):
            read(one)


@given(JSON)
def test_every_shop_that_is_told_of_was_named_before(data: Any) -> None:
    body = json.dumps([{"tag": "100", "data": {"shop_id": 1, "p_id": 1}}, {"tag": "200", "data": data}]).encode()
    try:
        events = ADAPTER.parse(delivery(body))
    except Malformed:
        return
    assert {event.shop for event in events} <= set(ADAPTER.identify(delivery(body)).shops)
