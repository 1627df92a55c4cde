"""Replies to the relay: each answer means one thing, and a key is honoured."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from copilot_adapter_douyin import chat
from copilot_adapter_douyin.relay import RelayRefused, send

from copilot.sdk import (
    Account,
    AdapterError,
    BuyerBlocked,
    BuyerClosed,
    ByHand,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    QuotaUsed,
    Reply,
    SendRefused,
    Throttled,
    WindowClosed,
)

Answering = Callable[[Callable[[httpx.Request], httpx.Response]], Account]
REPLY = Reply(shop="12345", conversation="c-1", text="您好")
SECRET = "0123456789abcdef0123456789abcdef"


async def test_a_reply_is_signed_with_its_key(answering: Answering) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"message_id": 7711117054115315716, "sent_at": 1795348800000})

    account = answering(answer)
    receipt = await send(account, REPLY, "k-1")
    assert receipt.message_id == "7711117054115315716"
    assert receipt.sent_at is not None
    assert receipt.sent_at.timestamp() == 1795348800
    request = seen[0]
    assert str(request.url) == "https://relay.example/douyin/replies"
    assert json.loads(request.content) == {"shop_id": "12345", "conversation_id": "c-1", "text": "您好"}
    assert request.headers[chat.KEY_HEADER] == "k-1"
    headers = dict(request.headers)
    now = account.clock.now()
    assert chat.is_genuine(SECRET, chat.TO_RELAY, headers, request.content, now)
    assert not chat.is_genuine(SECRET, chat.TO_COPILOT, headers, request.content, now)
    assert not chat.is_genuine(SECRET, chat.TO_RELAY, {**headers, chat.KEY_HEADER: "k-2"}, request.content, now)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, {}, OutcomeUnknown),
        (200, {"message_id": ""}, OutcomeUnknown),
        (202, {"message_id": "m"}, OutcomeUnknown),
        (302, {}, RelayRefused),
        (400, {"code": "malformed"}, RelayRefused),
        (401, {"code": "bad_signature"}, NotAuthorized),
        (403, {}, NotAuthorized),
        (404, {}, RelayRefused),
        (404, {"code": "unknown_conversation"}, WindowClosed),
        (409, {"code": "in_progress"}, OutcomeUnknown),
        (409, {"code": "key_reused"}, RelayRefused),
        (410, {"code": "window_closed"}, WindowClosed),
        (410, {"code": "buyer_blocked"}, BuyerBlocked),
        (410, {"code": "buyer_closed"}, BuyerClosed),
        (422, {"code": "refused"}, SendRefused),
        (429, {}, Throttled),
        (429, {"code": "quota_used"}, QuotaUsed),
        (500, {}, OutcomeUnknown),
        (502, {}, OutcomeUnknown),
        (503, {}, OutcomeUnknown),
        (503, {"code": "unavailable"}, PlatformDown),
    ],
)
async def test_each_answer_means_one_thing(
    answering: Answering, status: int, body: dict[str, Any], error: type[AdapterError]
) -> None:
    with pytest.raises(AdapterError) as raised:
        await send(answering(lambda _: httpx.Response(status, json=body)), REPLY, "k")
    assert type(raised.value) is error
    assert REPLY.text not in str(raised.value)


async def test_only_a_connection_that_never_was_is_known_to_have_done_nothing(answering: Answering) -> None:
    for failure, error in (
        (httpx.ConnectError, PlatformDown),
        (httpx.ConnectTimeout, PlatformDown),
        (httpx.ReadTimeout, OutcomeUnknown),
        (httpx.WriteError, OutcomeUnknown),
        (httpx.RemoteProtocolError, OutcomeUnknown),
    ):

        def broken(_: httpx.Request, failure: type[httpx.TransportError] = failure) -> httpx.Response:
            raise failure("broken")

        with pytest.raises(error):
            await send(answering(broken), REPLY, "k")


async def test_a_throttle_says_how_long(answering: Answering) -> None:
    with pytest.raises(Throttled) as raised:
        await send(answering(lambda _: httpx.Response(429, headers={"retry-after": "9"})), REPLY, "k")
    assert raised.value.retry_after == 9


@pytest.mark.parametrize("without", [{"relay_url": None}, {"relay_url": None, "relay_secret": None}])
async def test_without_a_relay_a_person_sends(answering: Answering, without: dict[str, None]) -> None:
    account = answering(lambda _: pytest.fail("nothing may be called"))
    bare = account.settings.model_copy(update=without)
    with pytest.raises(ByHand, match="no relay"):
        await send(Account(account.shop, bare, account.http, account.clock), REPLY, "k")


async def test_a_code_is_shown_only_when_it_is_one(answering: Answering) -> None:
    with pytest.raises(RelayRefused) as raised:
        await send(answering(lambda _: httpx.Response(400, json={"code": "the buyer said 13812345678"})), REPLY, "k")
    assert "13812345678" not in str(raised.value)
