"""A reply from the agent's key to the shopper's window; colleagues who answer natively; restarts that lose nothing."""

import asyncio
import signal
from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.clock import SystemClock
from copilot.domain.order import Order
from tests.live.conftest import Desk, listening, shopper

SHARED = pytest.mark.asyncio(loop_scope="module")


def delivered_order(number: str = "577408813309944127") -> Order:
    """A lamp that tracking says arrived yesterday."""
    now = SystemClock().now()
    return Order.model_validate(
        {
            "id": number,
            "status": "delivered",
            "created_at": now - timedelta(days=6),
            "paid_at": now - timedelta(days=6),
            "delivered_at": now - timedelta(days=1),
            "total": {"amount": "34.99", "currency": "USD"},
            "items": [
                {
                    "product_id": "1729510113305554127",
                    "name": "Table lamp",
                    "price": {"amount": "34.99", "currency": "USD"},
                }
            ],
            "shipments": [
                {
                    "carrier": "USPS",
                    "tracking_no": "9400111899223345125500",
                    "status": "delivered",
                    "events": [{"at": now - timedelta(days=1), "text": "Delivered, front door/porch"}],
                }
            ],
        }
    )


def said(desk: Desk, who: str) -> list[str]:
    """What the shop said in the shopper's window."""
    return [line.text for line in desk.emulator.thread(who) if line.role == "agent"]


async def accept(desk: Desk, draft: str) -> dict[str, Any]:
    """Press the key; returns the card that was accepted."""
    card = desk.get(f"/api/drafts/{draft}")
    body = {"revision": card["revision"], "text_hash": card["text_hash"], "kind": "accept"}
    answer = desk.post(f"/api/drafts/{draft}/decision", body)
    assert answer.status_code == 200, answer.text
    return card


@SHARED
async def test_an_accepted_draft_with_order_facts_arrives_in_the_shoppers_window(tiktok: Desk) -> None:
    who = shopper(tiktok.emulator, delivered_order())
    async with listening(tiktok) as ear:
        await tiktok.emulator.say(who, "says delivered yesterday, nothing here, checked w/ neighbors")
        proposed = await ear.hears("draft.proposed")
        card = await accept(tiktok, proposed["ref"])
        await ear.hears("reply.sent")
    assert [option["id"] for option in card["draft"]["options"]] == ["A", "B"]
    assert "$34.99" in card["draft"]["text"]
    assert said(tiktok, who) == [card["draft"]["text"]]
    await tiktok.emulator.settled()
    thread = tiktok.get(f"/api/conversations/{proposed['conversation']}")
    assert [(message["role"], message["sent_by"]) for message in thread["messages"]] == [
        ("buyer", None),
        ("agent", "assisted"),
    ]
    assert thread["orders"]["state"] == "known"


@SHARED
async def test_the_other_platform_works_the_same_way(douyin: Desk) -> None:
    who = shopper(douyin.emulator, nickname="小鹿")
    async with listening(douyin) as ear:
        await douyin.emulator.say(who, "你好,在吗")
        proposed = await ear.hears("draft.proposed")
        card = await accept(douyin, proposed["ref"])
        await ear.hears("reply.sent")
    assert said(douyin, who) == [card["draft"]["text"]]


@SHARED
async def test_a_colleagues_native_reply_supersedes_the_draft_and_is_not_answered(tiktok: Desk) -> None:
    who = shopper(tiktok.emulator, nickname="colleague")
    async with listening(tiktok) as ear:
        await tiktok.emulator.say(who, "where is my package")
        proposed = await ear.hears("draft.proposed")
        await tiktok.emulator.colleague_says(who, "Hi, I am looking into it for you.")
        superseded = await ear.hears("draft.superseded")
        await asyncio.sleep(1.5)
        assert [event["topic"] for event in ear.heard].count("draft.proposed") == 1
    assert superseded["ref"] == proposed["ref"]
    card = tiktok.get(f"/api/drafts/{proposed['ref']}")
    late = tiktok.post(
        f"/api/drafts/{proposed['ref']}/decision",
        {"revision": card["revision"], "text_hash": card["text_hash"], "kind": "accept"},
    )
    assert late.status_code == 409
    assert said(tiktok, who) == ["Hi, I am looking into it for you."]
    assert tiktok.get(f"/api/conversations/{proposed['conversation']}")["card"] is None


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_restart_loses_no_event_and_repeats_none(how: str, alone: Desk) -> None:
    who = shopper(alone.emulator, delivered_order())
    async with listening(alone) as ear:
        await alone.emulator.say(who, "where is my package")
        await ear.hears("draft.proposed")
        await asyncio.to_thread(getattr(alone.server, how))
        # While nobody answers, the platform keeps the delivery and tries again.
        await alone.emulator.say(who, "hello??")
        await asyncio.to_thread(alone.server.start)
        await ear.hears("message.received", 60)
        await ear.hears("message.received", 60)
        second = await ear.hears("draft.proposed", 60)
        await accept(alone, second["ref"])
        await ear.hears("reply.sent")
        places = [event["id"] for event in ear.heard]
    assert len(places) == len(set(places)), "an event came twice"
    assert len(said(alone, who)) == 1


async def test_a_stop_with_an_open_stream_takes_less_than_three_seconds(alone: Desk) -> None:
    async with listening(alone):
        assert await asyncio.to_thread(alone.server.stop, signal.SIGINT) < 3
    assert alone.server.process is not None
    assert alone.server.process.returncode == 0
