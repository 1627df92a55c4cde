"""Deliveries: whose signature they need, which shop they are for, and what a shop of one inbox hears."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from copilot_adapter_chatwoot.adapter import Chatwoot
from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.signing import SIGNATURE, TIMESTAMP, sign
from pydantic import ValidationError

from copilot.domain.clock import FrozenClock
from copilot.domain.message import Media
from copilot.sdk import Account, Delivery, Event, Malformed

SECRET, STAMP = "whsec_test", "1756000000"
BODY = b'{"event":"message_created","id":118,"content":"hi"}'
DERIVED = "sha256=cf6a9b47e355fea1217e6ff0154bc01664745743bfa1a8305e23ff9dba6df801"
ADAPTER = Chatwoot()


def account(at: int = int(STAMP), **changed: str) -> Account:
    told = {"account_id": "3", "access_token": "t", "webhook_secret": SECRET, "api_url": "https://chat.example"}
    settings = ChatwootSettings.model_validate({**told, **changed})
    clock = FrozenClock(datetime.fromtimestamp(at, UTC))
    return Account("chat.example-3", settings, httpx.AsyncClient(trust_env=False), clock)


def delivery(body: bytes = BODY, path: str = "", headers: dict[str, str] | None = None) -> Delivery:
    return Delivery("POST", headers or {}, {}, body, path)


def signed(body: bytes = BODY, stamp: str = STAMP) -> Delivery:
    return Delivery("POST", {TIMESTAMP: stamp, SIGNATURE: sign(SECRET, stamp, body)}, {}, body)


def test_the_signature_of_the_reference() -> None:
    assert sign(SECRET, STAMP, BODY) == DERIVED
    assert ADAPTER.verify(signed(), account())


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-chatwoot-timestamp": STAMP},
        {"x-chatwoot-signature": DERIVED},
        {"x-chatwoot-timestamp": STAMP, "x-chatwoot-signature": DERIVED.removeprefix("sha256=")},
        {"x-chatwoot-timestamp": STAMP, "x-chatwoot-signature": DERIVED.upper()},
        {"x-chatwoot-timestamp": f" {STAMP}", "x-chatwoot-signature": sign(SECRET, f" {STAMP}", BODY)},
        {"x-chatwoot-timestamp": "\udc80", "x-chatwoot-signature": "\udc80"},
    ],
)
def test_every_other_signature_is_refused(headers: dict[str, str]) -> None:
    assert not ADAPTER.verify(delivery(headers=headers), account())


@pytest.mark.parametrize(("at", "believed"), [(-301, False), (-299, True), (299, True), (301, False)])
def test_a_delivery_is_believed_for_five_minutes(at: int, believed: bool) -> None:
    assert ADAPTER.verify(signed(), account(int(STAMP) + at)) is believed


def test_the_address_names_the_shop_and_without_one_secrets_are_tried() -> None:
    assert ADAPTER.identify(delivery(path="chat.example-3/")).shops == ("chat.example-3",)
    unnamed = ADAPTER.identify(delivery())
    assert (unnamed.shops, unnamed.unnamed) == ((), True)


def events(told: dict[str, Any], of: Account) -> tuple[Event, ...]:
    return ADAPTER.parse(delivery(json.dumps(told).encode()), of)


def message(**more: Any) -> dict[str, Any]:
    told = {"event": "message_created", "id": 1, "content": "hi", "message_type": "incoming"}
    return {**told, "account": {"id": 3}, "inbox": {"id": 7}, "conversation": {"id": 5, "inbox_id": 7}, **more}


def test_a_shop_of_one_inbox_hears_that_inbox_only() -> None:
    assert len(events(message(), account(inbox_id="7"))) == 1
    assert events(message(), account(inbox_id="8")) == ()
    told = {"event": "conversation_status_changed", "id": 5, "inbox_id": 7, "status": "resolved"}
    assert [one.type for one in events(told, account(inbox_id="7"))] == ["ended"]
    assert events(told, account(inbox_id="8")) == ()
    only_beside = message(conversation={"id": 5})
    assert len(events(only_beside, account(inbox_id="7"))) == 1
    with pytest.raises(Malformed, match="which inbox"):
        events(message(conversation={"id": 5}, inbox=None), account(inbox_id="7"))


def test_files_of_its_own_storage_are_fetched_without_a_detour() -> None:
    own = "https://chat.example/rails/active_storage/blobs/{}/eyJf--1/a%20b.png?x=1"
    found = ADAPTER.fetch(account(), Media(url=own.format("redirect")))
    assert found is not None
    assert (found.url, dict(found.headers)) == (own.format("proxy"), {})
    for other in (own.format("proxy"), own.format("redirect").replace("chat.", "evil."), "https://cdn.example/a.png"):
        assert ADAPTER.fetch(account(), Media(url=other)) is None


def test_a_conversation_has_a_page_where_the_back_office_is_on_https() -> None:
    page = ADAPTER.pages(account()).conversation("41")
    assert page == "https://chat.example/app/accounts/3/conversations/41"
    assert ADAPTER.pages(account(api_url="http://127.0.0.1:3000")).conversation("41") is None


def test_drafts_stand_in_its_window_unless_the_shop_says_no() -> None:
    assert account().settings.presents()
    assert not account(notes="false").settings.presents()


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_url": "http://chat.example"},
        {"api_url": "https://user@chat.example"},
        {"account_id": "3/../4"},
        {"inbox_id": "x"},
        {"access_token": " "},
        {"webhook_secret": ""},
    ],
)
def test_settings_that_could_lead_elsewhere_are_refused_without_repeating_secrets(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as raised:
        account(int(STAMP), **{"access_token": "canary-1", "webhook_secret": "canary-2", **wrong})
    assert "canary" not in str(raised.value)
