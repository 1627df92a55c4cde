"""Replies to the emulated Douyin Shop: its relay honours the key, so each arrives once, whatever broke in between."""

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.emulator import DouyinEmulator
from copilot_adapter_douyin.emulator.shop import signed_push, signed_spi
from copilot_adapter_douyin.signing import SignMethod
from sqlalchemy import select, update

from copilot.access import credentials
from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.accounts import Accounts
from copilot.channel.inbound import Inbound
from copilot.channel.lookup import Lookup
from copilot.channel.outbox import Outbox
from copilot.channel.registry import Registry
from copilot.channel.typed import queue_typed
from copilot.channel.verifying import BadSignature
from copilot.domain.clock import FrozenClock
from copilot.domain.order import Order, OrderStatus
from copilot.sdk import Delivery
from copilot.sdk.testing import Shopper, serve
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, MessageRow, OrderRow, OutboxRow, ShopRow
from tests.channel.platform import NOON


@dataclass
class Desk:
    """A shop on the emulator with one shopper who has written, and what sends to them."""

    emulator: DouyinEmulator
    store: Store
    vault: Vault
    clock: FrozenClock
    inbound: Inbound
    lookup: Lookup
    outbox: Outbox
    merchant: uuid.UUID

    async def arrives(self, since: int) -> int:
        """Everything that the emulator told from the ``since``-th message on is taken; returns how many there are."""
        said = self.emulator.chats.of_shopper("anna").said
        for one in said[since:]:
            push = self.emulator.relay.push(one)
            await self.inbound.take("douyin", Delivery("POST", dict(push.headers), {}, push.body))
        return len(said)

    async def talk(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Our ids of the shop and of its only conversation."""
        async with self.store.merchant(self.merchant) as session:
            shop = (await session.scalars(select(ShopRow.id))).one()
            return shop, (await session.scalars(select(ConversationRow.id))).one()

    async def accept(self, text: str) -> uuid.UUID:
        """A reply is accepted."""
        shop, talk = await self.talk()
        reply = uuid.uuid4()
        whose, by, clock = self.merchant, "t", self.clock
        async with self.store.merchant(whose) as session:
            await queue_typed(
                session, merchant=whose, shop=shop, conversation=talk, id=reply, text=text, by=by, clock=clock
            )
        return reply

    async def state(self, reply: uuid.UUID) -> str:
        """Where a reply stands."""
        async with self.store.merchant(self.merchant) as session:
            return (await session.scalars(select(OutboxRow.state).where(OutboxRow.id == reply))).one()

    def arrived(self) -> list[str]:
        """What the shopper reads from the shop."""
        return [line.text for line in self.emulator.thread("anna") if line.role == "agent"]


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    clock, adapter = FrozenClock(NOON), DouyinAdapter()
    emulator, vault = DouyinEmulator(clock=clock), Vault(["q0Vc2kgSk9vJ9Fh8c4sEJ3zM1qvkz1yQm1lXk5m0n3E="], "test")
    merchant = await add_merchant(store, "m", "M", clock)
    async with serve(emulator.app) as base, httpx.AsyncClient(trust_env=False, timeout=5) as http:
        new = NewShop(
            slug="cups",
            name="Cups",
            platform="douyin",
            market="cn",
            platform_shop_id=emulator.shop_id,
            adapter="douyin",
            pack="douyin.cn",
            profile="douyin.cn",
            zone="Asia/Shanghai",
            settings=adapter.settings.model_validate(emulator.settings(base)),
        )
        await add_shop(store, vault, merchant, new, clock)
        accounts = Accounts(store, vault, Registry([adapter]), clock, http)
        inbound = Inbound(store, accounts, policy_folders(), clock)
        outbox = Outbox(store, accounts, clock, policy_folders())
        emulator.add_shopper(Shopper(id="anna", nickname="小满"))
        found = Desk(emulator, store, vault, clock, inbound, Lookup(store, accounts, clock), outbox, merchant)
        await emulator.say("anna", "在吗")
        await found.arrives(0)
        yield found
        await emulator.aclose()


async def test_a_reply_arrives_and_its_echo_is_no_second_message(desk: Desk) -> None:
    reply = await desk.accept("在的,您请说")
    await desk.outbox.send(desk.merchant, reply)
    await desk.arrives(0)
    assert await desk.state(reply) == "sent"
    assert desk.arrived() == ["在的,您请说"]
    async with desk.store.merchant(desk.merchant) as session:
        stored = (await session.scalars(select(MessageRow.text).order_by(MessageRow.position))).all()
    assert list(stored) == ["在吗", "在的,您请说"]


async def test_a_connection_cut_after_accepting_ends_in_one_message(desk: Desk) -> None:
    desk.emulator.faults.cut_after_accepting = 1
    reply = await desk.accept("马上为您查")
    await desk.outbox.send(desk.merchant, reply)
    assert await desk.state(reply) == "sending"
    desk.clock.advance(30)
    await desk.outbox.send(desk.merchant, reply)
    assert await desk.state(reply) == "sent"
    assert desk.arrived() == ["马上为您查"]


async def test_a_worker_that_died_after_the_call_sends_nothing_twice(desk: Desk) -> None:
    reply = await desk.accept("好的,马上为您处理")
    await desk.outbox.send(desk.merchant, reply)
    async with desk.store.merchant(desk.merchant) as session:
        # As it stood when the call had been made and nothing more was written down.
        forgotten = {"state": "sending", "platform_message_id": None, "sent_at": None}
        await session.execute(update(OutboxRow).where(OutboxRow.id == reply).values(**forgotten))
    await desk.outbox.send(desk.merchant, reply)
    assert await desk.state(reply) == "sent"
    assert desk.arrived() == ["好的,马上为您处理"]


async def test_two_identical_replies_both_arrive(desk: Desk) -> None:
    for _ in range(2):
        desk.emulator.faults.cut_after_accepting = 1
        reply = await desk.accept("稍等")
        await desk.outbox.send(desk.merchant, reply)
        desk.clock.advance(30)
        await desk.outbox.send(desk.merchant, reply)
        assert await desk.state(reply) == "sent"
    assert desk.arrived() == ["稍等", "稍等"]


@pytest.mark.parametrize(
    ("fault", "state"), [("refuse", "failed"), ("window_closed", "failed"), ("throttle", "queued")]
)
async def test_a_reply_that_is_turned_down_never_arrives(desk: Desk, fault: str, state: str) -> None:
    setattr(desk.emulator.faults, fault, 1)
    reply = await desk.accept("您好")
    await desk.outbox.send(desk.merchant, reply)
    assert await desk.state(reply) == state
    assert desk.arrived() == []


async def test_the_platforms_test_of_the_address_is_answered_and_stores_nothing(desk: Desk) -> None:
    push = signed_push([{"tag": "0", "msg_id": "0", "data": NOON.isoformat()}])
    answer = await desk.inbound.take("douyin", Delivery("POST", dict(push.headers), {}, push.body))
    assert (answer.status, answer.body) == (200, b'{"code":0,"msg":"success"}')
    for headers in ({**push.headers, "app-id": "77"}, {"event-sign": push.headers["event-sign"]}):
        with pytest.raises(BadSignature):
            await desk.inbound.take("douyin", Delivery("POST", headers, {}, push.body))


@pytest.mark.parametrize("way", ["hmac-sha256", "md5"])
async def test_a_call_that_the_platform_waits_for_is_answered_in_its_form(desk: Desk, way: SignMethod) -> None:
    number, stamp = 6938107726650091521, str(int(NOON.timestamp()))
    shop, _ = await desk.talk()
    async with desk.store.merchant(desk.merchant) as session:
        known = OrderRow(
            merchant=desk.merchant, shop=shop, platform_order_id=str(number), buyer_key="b", body={}, fetched_at=NOON
        )  # fmt: skip
        session.add(known)
    call = signed_spi({"order_id": number, "shop_id": int(desk.emulator.shop_id)}, stamp, way)
    answer = await desk.inbound.take("douyin", call)
    assert (answer.status, json.loads(answer.body)) == (200, {"code": 0, "message": "success", "data": None})
    async with desk.store.merchant(desk.merchant) as session:
        assert (await session.scalars(select(OrderRow.changed_at))).one() == NOON
    # Another spelling of the same parameters is the same call.
    assert (await desk.inbound.take("douyin", replace(call, body=call.body + b" "))).status == 200
    wrong = replace(call, query={**call.query, "sign": "0" * 64})
    with pytest.raises(BadSignature):
        await desk.inbound.take("douyin", wrong)
    refused = desk.inbound.refusal("douyin", wrong)
    assert refused is not None
    assert json.loads(refused.body)["code"] == 10001
    assert desk.inbound.refusal("douyin", replace(call, path="")) is None
    assert desk.inbound.refusal("nobody", call) is None


async def test_an_expired_token_is_renewed_stored_and_used(desk: Desk) -> None:
    placed = Order(id="6938107726650091521", status=OrderStatus.TO_SHIP, created_at=NOON - timedelta(days=1))
    desk.emulator.add_order(placed, "anna")
    desk.emulator.add_shopper(Shopper(id="bo", nickname="阿柚"))
    desk.emulator.add_order(placed.model_copy(update={"id": "6938107726650091522"}), "bo")
    desk.emulator.faults.token_expired = 1
    shop, talk = await desk.talk()
    looked = await desk.lookup.orders(desk.merchant, talk, timeout=10)
    assert looked.orders is not None
    assert [order.id for order in looked.orders] == [placed.id]
    async with desk.store.merchant(desk.merchant) as session:
        stored = await credentials.read(session, desk.vault, shop)
    assert stored is not None
    assert stored.values["access_token"] == desk.emulator.tokens.access()


async def test_where_no_relay_takes_replies_the_agent_sends_and_the_relay_of_chat_tells_of_it(desk: Desk) -> None:
    shop, _ = await desk.talk()
    async with desk.store.merchant(desk.merchant) as session:
        stored = await credentials.read(session, desk.vault, shop)
        assert stored is not None
        left = {name: value for name, value in stored.values.items() if name != "relay_url"}
        await credentials.save(session, desk.vault, desk.merchant, shop, left, desk.clock)
    reply = await desk.accept("在的,马上为您查")
    await desk.outbox.send(desk.merchant, reply)
    assert (await desk.state(reply), desk.arrived()) == ("handed_over", [])
    desk.clock.advance(20)
    await desk.emulator.colleague_says("anna", "在的,马上为您查")
    await desk.arrives(1)
    assert (await desk.state(reply), desk.arrived()) == ("sent", ["在的,马上为您查"])
    async with desk.store.merchant(desk.merchant) as session:
        stored_texts = (await session.scalars(select(MessageRow.text).order_by(MessageRow.position))).all()
    assert list(stored_texts) == ["在吗", "在的,马上为您查"]
