"""Chatwoot before the core: the address says whose a delivery is, replies leave once, nothing comes back in a loop."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from copilot_adapter_chatwoot.adapter import Chatwoot
from copilot_adapter_chatwoot.emulator import ChatwootEmulator
from sqlalchemy import select

from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.accounts import Accounts
from copilot.channel.inbound import Inbound
from copilot.channel.outbox import Outbox
from copilot.channel.polling import Poller
from copilot.channel.registry import Registry
from copilot.channel.taking import Taking
from copilot.channel.typed import queue_typed
from copilot.channel.verifying import BadSignature
from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Delivery, Note
from copilot.sdk.testing import Emulator, Push, Shopper, serve
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, MessageRow, OutboxRow
from tests.channel.platform import NOON


@dataclass
class Talk:
    """A shop on an emulated Chatwoot with one shopper who has written."""

    emulator: ChatwootEmulator
    store: Store
    inbound: Inbound
    outbox: Outbox
    clock: FrozenClock
    merchant: uuid.UUID
    shop: uuid.UUID
    pushed: list[Push]
    account: Account
    poller: Poller

    async def look(self) -> None:
        """Chatwoot's own lists are read, as its timer does."""
        await self.poller.look(self.merchant, self.shop)

    async def arrives(self, path: str | None = None) -> None:
        """Everything that was pushed is taken, twice."""
        waiting, self.pushed[:] = list(self.pushed), []
        for one in (*waiting, *waiting):
            path = self.emulator.shop_id if path is None else path
            await self.inbound.take("chatwoot", Delivery("POST", dict(one.headers), {}, one.body, path))

    async def accept(self, text: str) -> uuid.UUID:
        """A reply is accepted and sent; returns its id."""
        reply = uuid.uuid4()
        async with self.store.merchant(self.merchant) as session:
            talk = (await session.scalars(select(ConversationRow.id))).one()
            await queue_typed(
                session, merchant=self.merchant, shop=self.shop, conversation=talk, id=reply, text=text, by="t",
                clock=self.clock,
            )  # fmt: skip
        await self.outbox.send(self.merchant, reply)
        return reply

    async def state(self, reply: uuid.UUID) -> str:
        async with self.store.merchant(self.merchant) as session:
            return (await session.scalars(select(OutboxRow.state).where(OutboxRow.id == reply))).one()

    async def stored(self) -> list[tuple[str, str]]:
        async with self.store.merchant(self.merchant) as session:
            rows = await session.scalars(select(MessageRow).order_by(MessageRow.sequence))
            return [(row.role, row.text) for row in rows]


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Talk]:
    clock, adapter, pushed = FrozenClock(NOON), Chatwoot(), list[Push]()
    emulator, vault = ChatwootEmulator(clock=clock), Vault(["q0Vc2kgSk9vJ9Fh8c4sEJ3zM1qvkz1yQm1lXk5m0n3E="], "test")

    def push(push: Push) -> None:
        pushed.append(push)

    emulator.pusher.push = push
    async with serve(emulator.app) as base, httpx.AsyncClient(trust_env=False, timeout=5) as http:
        accounts = Accounts(store, vault, Registry([adapter]), clock, http)
        inbound, outbox = (
            Inbound(store, accounts, policy_folders(), clock),
            Outbox(store, accounts, clock, policy_folders()),
        )
        account = Account(emulator.shop_id, adapter.settings.model_validate(emulator.settings(base)), http, clock)
        merchant = await add_merchant(store, "m", "M", clock)
        shop = await add_shop(store, vault, merchant, _shop(emulator, base), clock)
        emulator.add_shopper(Shopper(id="robin", nickname="Robin"))
        await emulator.say("robin", "where is it?")
        taking = Taking(store, vault, policy_folders(), clock, timedelta(days=30))
        poller = Poller(store, accounts, taking, clock)
        yield Talk(emulator, store, inbound, outbox, clock, merchant, shop, pushed, account, poller)


def _shop(emulator: Emulator, base: str) -> NewShop:
    return NewShop(
        slug="web", name="Web", platform="chatwoot", market="", platform_shop_id=emulator.shop_id, adapter="chatwoot",
        pack="generic", profile="generic", zone="Asia/Shanghai",
        settings=Chatwoot.settings.model_validate(emulator.settings(base)),
    )  # fmt: skip


async def test_a_reply_arrives_once_and_nothing_comes_back_in_a_loop(talk: Talk) -> None:
    await talk.arrives()
    reply = await talk.accept("It left.")
    thread = talk.emulator.chats.of_shopper("robin")
    account = talk.account
    note = Note(shop=talk.emulator.shop_id, conversation=thread.id, draft="d", revision=1, text="a draft")
    await Chatwoot().note(account, note, "k")
    await talk.emulator.colleague_says("robin", "I take this one.")
    await talk.arrives()
    assert await talk.state(reply) == "sent"
    assert await talk.stored() == [("buyer", "where is it?"), ("agent", "It left."), ("agent", "I take this one.")]


async def test_a_call_that_broke_off_is_read_back_and_not_sent_again(talk: Talk) -> None:
    await talk.arrives()
    talk.emulator.faults.cut_after_accepting = 1
    reply = await talk.accept("It left.")
    assert await talk.state(reply) == "sending"
    talk.clock.advance(timedelta(seconds=30).total_seconds())
    await talk.outbox.send(talk.merchant, reply)
    assert await talk.state(reply) == "sent"
    assert [said.message.text for said in talk.emulator.chats.of_shopper("robin").said if said.by_call] == ["It left."]


async def test_an_account_of_the_same_number_elsewhere_is_another_shop(talk: Talk) -> None:
    """Two Chatwoots number their accounts alike: what one signs is nothing to the other's shop."""
    with pytest.raises(BadSignature):
        await talk.arrives("chat.elsewhere-3-7")
    await talk.emulator.say("robin", "hello?")
    await talk.arrives("")
    assert ("buyer", "hello?") in await talk.stored(), "without a place in the address the secrets are tried"


async def test_what_no_delivery_brought_is_fetched_and_stored_once(talk: Talk) -> None:
    """Deliveries are lost, come before a look or after it: each message is there once, in its order."""
    await talk.look()
    said = [("buyer", "where is it?")]
    assert await talk.stored() == said
    await talk.arrives()
    assert await talk.stored() == said, "the delivery comes after the look"

    talk.clock.advance(5)
    await talk.emulator.say("robin", "hello?")
    await talk.emulator.colleague_says("robin", "I take this one.")
    talk.pushed.clear()
    await talk.look()
    said += [("buyer", "hello?"), ("agent", "I take this one.")]
    assert await talk.stored() == said, "both deliveries were lost"

    reply = await talk.accept("It left.")
    talk.clock.advance(5)
    await talk.emulator.say("robin", "thanks")
    await talk.arrives()
    await talk.look()
    await talk.look()
    assert await talk.state(reply) == "sent"
    assert await talk.stored() == [*said, ("agent", "It left."), ("buyer", "thanks")], "a look comes after deliveries"


async def test_a_look_that_fails_loses_no_place(talk: Talk) -> None:
    await talk.look()
    talk.clock.advance(5)
    await talk.emulator.say("robin", "hello?")
    talk.emulator.faults.server_error = 1
    await talk.look()
    assert await talk.stored() == [("buyer", "where is it?")]
    await talk.look()
    assert await talk.stored() == [("buyer", "where is it?"), ("buyer", "hello?")]
