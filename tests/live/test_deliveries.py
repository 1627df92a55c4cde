"""A delivery of the platform to a running server: what is believed, when it is acknowledged, and what becomes of it."""

import hashlib
import hmac
import json
import time
from typing import Any

import httpx
import pytest

from tests.live.conftest import Desk, Ear

KEY, SECRET, SHOP = "abcdef", "123", "7494049642642441621"
"""The credentials and the shop of vector W3; the emulator's shop is found by its own."""


def vector_w3(shop: str, text: str = "where is my package", *, message: str = "722323407926368819") -> bytes:
    """The notification of vector W3 with its ids, of now."""
    now = int(time.time())
    data = {
        "content": json.dumps({"content": text}),
        "conversation_id": "710688832392260838",
        "create_time": now,
        "is_visible": True,
        "message_id": message,
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


async def test_a_signed_delivery_becomes_a_proposed_draft_on_the_event_stream(tiktok: Desk, ear: Ear) -> None:
    body = vector_w3(tiktok.emulator.shop_id)
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


async def test_the_same_delivery_twice_is_one_message(tiktok: Desk, ear: Ear) -> None:
    body = vector_w3(tiktok.emulator.shop_id)
    headers = signed(body, *secrets_of(tiktok))
    assert [(await deliver(tiktok.server.url, body, headers)).status_code for _ in range(3)] == [200, 200, 200]
    arrived = await ear.hears("message.received")
    await ear.hears("draft.proposed")
    thread = tiktok.get(f"/api/conversations/{arrived['conversation']}")
    assert [message["text"] for message in thread["messages"]] == ["where is my package"]
    assert sum(1 for event in ear.heard if event["topic"] == "message.received") == 1


@pytest.mark.parametrize("wrong", ["other secret", "no header", "other body", "unknown shop"])
async def test_a_delivery_that_nobody_signed_is_refused_and_leaves_nothing(wrong: str, tiktok: Desk) -> None:
    key, secret = secrets_of(tiktok)
    body = vector_w3("1" if wrong == "unknown shop" else tiktok.emulator.shop_id)
    headers = signed(body, key, "not it" if wrong == "other secret" else secret)
    if wrong == "no header":
        headers.pop("Authorization")
    if wrong == "other body":
        body = body.replace(b"package", b"parcels")
    answer = await deliver(tiktok.server.url, body, headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "bad_signature"
    assert tiktok.get("/api/conversations?list=all")["conversations"] == []


@pytest.mark.parametrize("body", [b"", b"garbage", b"[]", b'{"type":14}', b"\xff\xfe", b"null", b'{"shop_id":{}}'])
async def test_garbage_is_a_bad_request(body: bytes, tiktok: Desk) -> None:
    answer = await deliver(tiktok.server.url, body, signed(body, *secrets_of(tiktok)))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"


async def test_an_adapter_that_is_not_installed_is_not_found(tiktok: Desk) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{tiktok.server.url}/in/nothing", content=b"{}", timeout=10)
    assert answer.status_code == 404


def test_an_operator_sets_a_shop_up_with_commands_alone(server: Any, module_cli: Any) -> None:
    """As the README says it, with the very ids and credentials of the vector."""
    folder = server.env

    def run(*arguments: str, stdin: str = "") -> str:
        done = module_cli(*arguments, stdin=stdin, env=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("merchant", "add", "acme", "--name", "Acme")
    run(
        "shop", "add", "tiktok_shop", SHOP, "--slug", "us", "--market", "us",
        "--zone", "America/New_York", "--set", f"app_key={KEY}", "--set", "app_secret=-",
        "--set", "access_token=unused", "--set", "shop_cipher=unused", "--set", "api_url=http://127.0.0.1:1",
        stdin=SECRET,
    )  # fmt: skip
    token = next(word for word in run("token", "add", "listener").split() if word.startswith("rc_"))
    server.start()
    body = vector_w3(SHOP, "444")
    with httpx.stream("GET", f"{server.url}/api/events", headers={"Authorization": f"Bearer {token}"}) as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("event:")) == "event: ready"
        answer = httpx.post(f"{server.url}/in/tiktok_shop", content=body, headers=signed(body, KEY, SECRET))
        assert answer.status_code == 200
        assert next(line for line in lines if line == "event: draft.proposed")
    refused = httpx.post(f"{server.url}/in/tiktok_shop", content=body, headers=signed(body, KEY, "wrong"))
    assert refused.status_code == 401
