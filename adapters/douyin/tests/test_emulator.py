"""The emulated shop: it believes nothing unsigned, tells of everything, and sends nothing twice."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from copilot_adapter_douyin import chat
from copilot_adapter_douyin.emulator import DouyinEmulator, payloads
from copilot_adapter_douyin.relay import reply_body
from copilot_adapter_douyin.signing import sign_call
from pydantic import SecretStr

from copilot.domain.order import OrderStatus
from copilot.sdk import (
    BuyerClosed,
    ConversationChanged,
    MessageEvent,
    NotAuthorized,
    OrderChanged,
    OutcomeUnknown,
    PlatformDown,
    Reply,
    SendRefused,
    Throttled,
    TokenExpired,
    WindowClosed,
)
from copilot.sdk.testing import Shopper

from .conftest import Shop
from .test_orders import order


def reply(shop: Shop, text: str = "您好") -> Reply:
    thread = shop.emulator.chats.of_shopper("anna")
    return Reply(shop=shop.emulator.shop_id, conversation=thread.id, text=text)


def messages(shop: Shop) -> list[MessageEvent]:
    return [event for event in shop.heard if isinstance(event, MessageEvent)]


async def test_what_a_shopper_does_arrives_signed_and_in_order(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    last = await shop.emulator.say("anna", "到哪儿啦", order_card="1001", photo=True, entered_from_order="1001")
    await shop.emulator.settled()
    card, photo, words = messages(shop)
    assert [one.message.kind for one in (card, photo, words)] == ["order_card", "image", "text"]
    assert card.message.order_id == "1001"
    assert card.entered_from_order == "1001"
    assert photo.message.media is not None
    assert photo.message.media.url.endswith("/platforms/douyin/shopper/photo.png")
    assert (words.message.id, words.message.text, words.message.role) == (last, "到哪儿啦", "buyer")
    assert (words.buyer, words.nickname) == ("anna", "小满")
    assert words.order_key == payloads.open_id(shop.emulator.shop_id, "anna")
    sequences = [one.sequence for one in messages(shop)]
    assert None not in sequences
    assert sequences == sorted(set(sequences), key=lambda one: one or 0)


async def test_a_colleague_and_our_own_echo_are_told_of(shop: Shop) -> None:
    typed = await shop.emulator.colleague_says("anna", "稍等")
    receipt = await shop.adapter.send(shop.account, reply(shop), "k-1")
    await shop.emulator.settled()
    assert [(one.message.id, one.message.role) for one in messages(shop)] == [
        (typed, "agent"),
        (receipt.message_id, "agent"),
    ]
    assert [line.text for line in shop.emulator.thread("anna")] == ["稍等", "您好"]


async def test_an_order_that_moved_is_pushed_by_the_platform(shop: Shop) -> None:
    shop.emulator.add_order(order("6938107726650091521"), "anna")
    await shop.emulator.change_order(order("6938107726650091521", status=OrderStatus.COMPLETED))
    await shop.emulator.settled()
    assert shop.heard == [OrderChanged(shop=shop.emulator.shop_id, order_id="6938107726650091521")]
    assert "event-sign" in shop.deliveries[0].headers
    entry = json.loads(shop.deliveries[0].body)[0]
    assert entry["tag"] == "103"
    assert '"p_id":6938107726650091521,' in entry["data"]


async def test_the_test_of_the_address_is_taken_and_is_nothing(shop: Shop) -> None:
    shop.emulator.test_address()
    await shop.emulator.settled()
    assert len(shop.deliveries) == 1
    assert shop.heard == []
    assert shop.adapter.identify(shop.deliveries[0]).app == shop.account.settings.app_key


async def test_the_same_key_sends_once(shop: Shop) -> None:
    first = await shop.adapter.send(shop.account, reply(shop), "k-1")
    shop.clock.advance(100)
    assert await shop.adapter.send(shop.account, reply(shop), "k-1") == first
    other = await shop.adapter.send(shop.account, reply(shop), "k-2")
    assert other.message_id != first.message_id
    assert len(shop.emulator.thread("anna")) == 2


async def test_a_key_with_another_text_sends_nothing(shop: Shop) -> None:
    await shop.adapter.send(shop.account, reply(shop), "k-1")
    with pytest.raises(Exception, match="key_reused"):
        await shop.adapter.send(shop.account, reply(shop, "再见"), "k-1")
    assert len(shop.emulator.thread("anna")) == 1


async def test_many_at_once_with_one_key_send_once(shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.adapter.send(shop.account, reply(shop), "k") for _ in range(5)))
    assert len({answer.message_id for answer in answers}) == 1
    assert len(shop.emulator.thread("anna")) == 1


async def test_a_connection_cut_after_accepting_is_open_until_asked_again(shop: Shop) -> None:
    shop.emulator.faults.cut_after_accepting = 1
    with pytest.raises(OutcomeUnknown):
        await shop.adapter.send(shop.account, reply(shop), "k")
    receipt = await shop.adapter.send(shop.account, reply(shop), "k")
    assert [line.id for line in shop.emulator.thread("anna")] == [receipt.message_id]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("throttle", Throttled),
        ("server_error", PlatformDown),
        ("refuse", SendRefused),
        ("window_closed", WindowClosed),
        ("buyer_closed", BuyerClosed),
    ],
)
async def test_a_reply_that_is_turned_down_is_not_there(shop: Shop, fault: str, error: type[Exception]) -> None:
    setattr(shop.emulator.faults, fault, 1)
    with pytest.raises(error):
        await shop.adapter.send(shop.account, reply(shop), "k")
    assert shop.emulator.thread("anna") == []
    await shop.adapter.send(shop.account, reply(shop), "k")
    assert len(shop.emulator.thread("anna")) == 1


async def test_nobody_else_can_send(shop: Shop) -> None:
    wrong = shop.with_settings(relay_secret=SecretStr("another-secret-of-32-characters!"))
    with pytest.raises(NotAuthorized):
        await shop.adapter.send(wrong, reply(shop), "k")
    body, url = reply_body(reply(shop)), f"{shop.account.settings.relay_url}/replies"
    stamp = str(int(shop.clock.now().timestamp()))
    secret = shop.account.settings.relay_secret.get_secret_value()
    inward = chat.sign(secret, chat.TO_COPILOT, stamp, body, "k")
    for headers in (
        {},
        {chat.TIMESTAMP_HEADER: stamp, chat.SIGN_HEADER: inward, chat.KEY_HEADER: "k"},
        {chat.TIMESTAMP_HEADER: "x", chat.SIGN_HEADER: "x", chat.KEY_HEADER: "k"},
    ):
        assert (await shop.account.http.post(url, content=body, headers=headers)).status_code == 401
    assert shop.emulator.thread("anna") == []


async def test_a_stranger_conversation_or_shop_takes_no_reply(shop: Shop) -> None:
    for wrong in ({"conversation": "77"}, {"shop": "77"}):
        with pytest.raises(WindowClosed):
            await shop.adapter.send(shop.account, reply(shop).model_copy(update=wrong), "k")


async def test_tokens_are_renewed_once_each(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    shop.emulator.faults.token_expired = 1
    with pytest.raises(TokenExpired):
        await shop.adapter.order(shop.account, "1001")
    with pytest.raises(TokenExpired):
        await shop.adapter.order(shop.account, "1001")
    renewed: Any = await shop.adapter.refresh(shop.account)
    assert renewed.access_token != shop.account.settings.access_token
    assert renewed.refresh_token != shop.account.settings.refresh_token
    assert (renewed.access_token_expires_at - shop.clock.now()).days == 7
    again = shop.with_settings(access_token=renewed.access_token, refresh_token=renewed.refresh_token)
    assert await shop.adapter.order(again, "1001") is not None
    with pytest.raises(NotAuthorized):
        await shop.adapter.refresh(shop.account)
    newer: Any = await shop.adapter.refresh(again)
    assert newer.access_token != renewed.access_token


async def test_tokens_outlive_a_restart_of_the_emulator(shop: Shop) -> None:
    renewed: Any = await shop.adapter.refresh(shop.account)
    fresh = DouyinEmulator(clock=shop.clock)
    fresh.tokens.check(renewed.access_token.get_secret_value())
    fresh.tokens.renew(renewed.refresh_token.get_secret_value())


async def test_a_self_used_app_gets_its_tokens_by_itself(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    bare = shop.with_settings(access_token=None, refresh_token=None, tokens_from="self_use")
    with pytest.raises(TokenExpired):
        await shop.adapter.order(bare, "1001")
    first: Any = await shop.adapter.refresh(bare)
    account = shop.with_settings(**dict(first))
    assert await shop.adapter.order(account, "1001") is not None
    await shop.adapter.refresh(account)
    again: Any = await shop.adapter.refresh(account)
    assert again.refresh_token != first.refresh_token, "the used one is no longer good, so it begins anew"
    with pytest.raises(NotAuthorized):
        await shop.adapter.refresh(replace(bare, shop="9"))


async def test_a_code_of_an_authorization_becomes_tokens_once(shop: Shop) -> None:
    shop.emulator.codes.add("the-code")
    bare = shop.with_settings(access_token=None, refresh_token=None, authorization_code=SecretStr("the-code"))
    first: Any = await shop.adapter.refresh(bare)
    assert (first.authorization_code, (first.access_token_expires_at - shop.clock.now()).days) == (None, 7)
    assert await shop.adapter.order(shop.with_settings(**dict(first)), "1001") is None
    with pytest.raises(NotAuthorized, match=r"dop\.token-generate-failed"):
        await shop.adapter.refresh(bare)


def query_of(shop: Shop, body: str, **changed: str) -> dict[str, str]:
    settings = shop.account.settings
    query = {
        "app_key": settings.app_key,
        "method": "order.orderDetail",
        "access_token": settings.access_token.get_secret_value(),
        "timestamp": str(int(shop.clock.now().timestamp())),
        "v": "2",
        "sign_method": "hmac-sha256",
    } | changed
    query.setdefault(
        "sign",
        sign_call(
            app_key=query["app_key"],
            app_secret=settings.app_secret.get_secret_value(),
            method=query["method"],
            params=body,
            timestamp=query["timestamp"],
            sign_method="md5" if query["sign_method"] == "md5" else "hmac-sha256",
        ),
    )
    return query


GOOD = '{"shop_order_id":"1001"}'


@pytest.mark.parametrize(
    ("body", "changed", "code", "sub_code"),
    [
        (GOOD, {}, 10000, ""),
        (GOOD, {"sign_method": "md5"}, 10000, ""),
        (GOOD, {"timestamp": "2026-11-22 12:03:00"}, 10000, ""),
        (GOOD, {"timestamp": "2026-11-22 04:00:00"}, 40003, "isv.timestamp-invalid"),
        (GOOD, {"timestamp": "1618990587"}, 40003, "isv.timestamp-invalid"),
        (GOOD, {"timestamp": "soon"}, 40003, "isv.timestamp-invalid"),
        (GOOD, {"app_key": "1"}, 40003, "isv.app-id-invalid"),
        (GOOD, {"sign": "0" * 64}, 40003, "isv.signature-invalid"),
        (GOOD, {"sign_method": "none"}, 40003, "isv.signature-invalid"),
        (GOOD, {"method": "order.searchList"}, 40003, "isv.parameter-format-invalid"),
        (GOOD, {"v": "1"}, 40003, "isv.parameter-format-invalid"),
        (GOOD, {"access_token": "1"}, 40003, "isv.access-token-no-existed"),
        ('{"z":1, "shop_order_id":"1001"}', {}, 40003, "isv.signature-invalid"),
        ("[]", {}, 40003, "isv.parameter-format-invalid"),
        ("{", {}, 40003, "isv.parameter-format-invalid"),
        ('{"shop_order_id":"1002"}', {}, 50002, "isv.business-failed:2001"),
        ("{}", {}, 40002, "isv.parameter-missing"),
    ],
)
async def test_the_gate_is_the_platforms(
    shop: Shop, body: str, changed: dict[str, str], code: int, sub_code: str
) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    url = f"{shop.account.settings.api_url}/order/orderDetail"
    answer = await shop.account.http.post(url, params=query_of(shop, body, **changed), content=body)
    told = answer.json()
    assert (told["code"], told["sub_code"]) == (code, sub_code)


async def test_its_page_is_there_and_its_shop_stays_the_same(shop: Shop) -> None:
    page = await shop.account.http.get(f"{shop.account.settings.api_url}/")
    assert page.status_code == 200
    assert DouyinEmulator().shop_id == shop.emulator.shop_id
    told = DouyinEmulator().settings("http://127.0.0.1:1/x/")
    assert told["relay_url"] == "http://127.0.0.1:1/x/relay"


async def test_a_relay_may_tell_of_a_conversation(shop: Shop) -> None:
    data = {"shop_id": shop.emulator.shop_id, "conversation_id": "c"}
    body = json.dumps([{"tag": chat.CONVERSATION, "msg_id": "1", "data": data}]).encode()
    shop.emulator.pusher.push(shop.emulator.relay.signed(body))
    await shop.emulator.settled()
    assert shop.heard == [ConversationChanged(shop=shop.emulator.shop_id, conversation="c")]


async def test_deliveries_go_wrong_when_asked_to(shop: Shop) -> None:
    shop.emulator.add_shopper(Shopper(id="cy", nickname="c"))
    shop.emulator.faults.drop = 1
    await shop.emulator.say("anna", "lost")
    await shop.emulator.settled()
    shop.emulator.faults.duplicate = 1
    await shop.emulator.say("anna", "twice")
    await shop.emulator.settled()
    shop.emulator.faults.reorder = 1
    await shop.emulator.say("anna", "first")
    await shop.emulator.say("anna", "second")
    await shop.emulator.settled()
    assert [one.message.text for one in messages(shop)] == ["twice", "twice", "second", "first"]
