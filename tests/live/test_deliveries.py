"""A delivery of the platform to a running server: what is believed, when it is acknowledged, and what becomes of it."""

import hashlib
import hmac
import json
import time

import httpx
import pytest

from tests.live.conftest import Desk, listening

pytestmark = pytest.mark.asyncio(loop_scope="module")


def vector_w3(shop: str, text: str = "where is my package", *, conversation: str = "710688832392260838") -> bytes:
    """The notification of vector W3 with its ids, of now."""
    now = int(time.time())
    data = {
        "content": json.dumps({"content": text}),
        "conversation_id": conversation,
        "create_time": now,
        "is_visible": True,
        "message_id": "722323407926368819",
        "index": "7494560109732334274",
        "type": "TEXT",
        "sender": {"im_user_id": "707885565181165594", "role": "BUYER"},
    }
    body = {"type": 14, "tts_notification_id": "7327112393057371910", "shop_id": shop, "timestamp": now, "data": data}
    return json.dumps(body, separators=(",", ":")).encode()


def signed(body: bytes, key: str, secret: str) -> dict[str, str]:
    found = hmac.new(secret.encode(), key.encode() + body, hashlib.sha256).hexdigest()
    return {"Authorization": found, "Content-Type": "application/json"}


async def deliver(url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(f"{url}/in/tiktok_shop", content=body, headers=headers, timeout=10)


def secrets_of(desk: Desk) -> tuple[str, str]:
    told = desk.emulator.settings("http://127.0.0.1:1")
    return told["app_key"], told["app_secret"]


async def test_a_signed_delivery_becomes_a_proposed_draft_on_the_event_stream(tiktok: Desk) -> None:
    body = vector_w3(tiktok.emulator.shop_id)
    async with listening(tiktok) as ear:
        started = time.monotonic()
        answer = await deliver(tiktok.server.url, body, signed(body, *secrets_of(tiktok)))
        assert (answer.status_code, answer.content) == (200, b"")
        assert time.monotonic() - started < 3
        arrived = await ear.hears("message.received")
        proposed = await ear.hears("draft.proposed")
    assert proposed["conversation"] == arrived["conversation"]
    card = tiktok.get(f"/api/drafts/{proposed['ref']}")
    assert card["state"] == "proposed"
    assert card["draft"]["text"]
    assert card["draft"]["verdict"]["decision"] == "pass"


async def test_the_same_delivery_twice_is_one_message(tiktok: Desk) -> None:
    body = vector_w3(tiktok.emulator.shop_id, "is it lost", conversation="710688832392260839")
    headers = signed(body, *secrets_of(tiktok))
    async with listening(tiktok) as ear:
        assert [(await deliver(tiktok.server.url, body, headers)).status_code for _ in range(3)] == [200, 200, 200]
        arrived = await ear.hears("message.received")
        await ear.hears("draft.proposed")
        assert sum(1 for event in ear.heard if event["topic"] == "message.received") == 1
    thread = tiktok.get(f"/api/conversations/{arrived['conversation']}")
    assert [message["text"] for message in thread["messages"]] == ["is it lost"]


def said(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    """Every conversation with what was said last in it; with whom it is may change by itself meanwhile."""
    listed = desk.get("/api/conversations?list=all")["conversations"]
    return sorted(((one["id"], one["last"]) for one in listed), key=lambda one: one[0])


@pytest.mark.parametrize("wrong", ["other secret", "no header", "other body", "unknown shop"])
async def test_a_delivery_that_nobody_signed_is_refused_and_leaves_nothing(wrong: str, tiktok: Desk) -> None:
    key, secret = secrets_of(tiktok)
    known = said(tiktok)
    shop = "1" if wrong == "unknown shop" else tiktok.emulator.shop_id
    body = vector_w3(shop, conversation="710688832392260840")
    headers = signed(body, key, "not it" if wrong == "other secret" else secret)
    if wrong == "no header":
        headers.pop("Authorization")
    if wrong == "other body":
        body = body.replace(b"package", b"parcels")
    answer = await deliver(tiktok.server.url, body, headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "bad_signature"
    assert said(tiktok) == known


@pytest.mark.parametrize("body", [b"", b"garbage", b"[]", b'{"type":14}', b"\xff\xfe", b"null", b'{"shop_id":{}}'])
async def test_garbage_is_a_bad_request(body: bytes, tiktok: Desk) -> None:
    answer = await deliver(tiktok.server.url, body, signed(body, *secrets_of(tiktok)))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"


async def test_an_adapter_that_is_not_installed_is_not_found(tiktok: Desk) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{tiktok.server.url}/in/nothing", content=b"{}", timeout=10)
    assert answer.status_code == 404
