"""``kill -9`` while a reply leaves, against the emulated TikTok Shop over real sockets and a real database.

Each accepted reply ends as sent, failed or unconfirmed within fifteen seconds, and none stands twice in the chat.
"""

import asyncio
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.emulator import TikTokShopEmulator
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.accounts import open_accounts
from copilot.channel.inbound import Inbound
from copilot.channel.registry import Registry
from copilot.channel.typed import queue_typed
from copilot.domain.clock import SystemClock
from copilot.jobs.worker import run_worker
from copilot.sdk import Delivery
from copilot.sdk.testing import Shopper, serve
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, MessageRow, OutboxRow
from tests.channel.dying_sender import opened

ROOT = Path(__file__).parents[2]
TEXT = "Thanks, we are on it."
ENDED = {"sent", "failed", "unconfirmed"}
RECOVERY = 15


@dataclass
class Shop:
    """A shop on the emulated platform with one conversation, known here because the shopper wrote."""

    store: Store
    settings: Settings
    platform: TikTokShopEmulator
    url: str
    merchant: uuid.UUID
    shop: uuid.UUID
    conversation: uuid.UUID

    async def reply(self, text: str = TEXT) -> uuid.UUID:
        id = uuid.uuid4()
        async with self.store.merchant(self.merchant) as session:
            await queue_typed(
                session,
                merchant=self.merchant,
                shop=self.shop,
                conversation=self.conversation,
                id=id,
                text=text,
                by="agent-1",
                clock=SystemClock(),
            )
        return id

    async def states(self) -> list[str]:
        async with self.store.merchant(self.merchant) as session:
            return list(await session.scalars(select(OutboxRow.state).order_by(OutboxRow.position)))

    async def ends(self, seconds: float = RECOVERY) -> list[str]:
        """The replies' states once all have ended."""
        deadline = time.monotonic() + seconds
        while not set(await self.states()) <= ENDED:
            assert time.monotonic() < deadline, f"after {seconds} s: {await self.states()}"
            await asyncio.sleep(0.05)
        return await self.states()

    def said(self) -> list[str]:
        """What the shopper reads of the shop."""
        return [line.text for line in self.platform.thread("ann") if line.role == "agent"]

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """A worker that lives, in this process."""
        stop = asyncio.Event()
        adapters = Registry([TikTokShop()])
        running = asyncio.create_task(
            run_worker(
                self.settings, tasks=lambda store: opened(store, self.settings, adapters), store=self.store, stop=stop
            )
        )
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(running, 30)

    async def dies(self, when: str, call: int) -> None:
        """A worker of its own process works until it kills itself at that send."""
        process = await self.started(when, call)
        deadline = time.monotonic() + 30
        while process.poll() is None:
            assert time.monotonic() < deadline, f"it still lives: {await self.states()}"
            await asyncio.sleep(0.02)
        process.communicate()
        assert process.returncode == -signal.SIGKILL

    async def started(self, when: str, call: int) -> "subprocess.Popen[str]":
        process = _worker(self.url, str(self.settings.data_dir), when, str(call))
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
        return process


def _worker(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.channel.dying_sender", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)


@pytest.fixture
async def shop(store: Store, database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    settings = Settings.model_validate({"database_url": database_url, "data_dir": tmp_path})
    clock, platform = SystemClock(), TikTokShopEmulator()
    platform.add_shopper(Shopper(id="ann", nickname="Ann"))
    async with (
        open_accounts(store, settings, clock, Registry([TikTokShop()])) as accounts,
        serve(platform.app) as platform_url,
        serve(_inbound(Inbound(store, accounts, policy_folders(), clock))) as our_url,
    ):
        merchant, id = await _shop(store, settings, platform, platform_url)
        platform.deliver_to(f"{our_url}/in/tiktok_shop")
        await platform.say("ann", "Where is my parcel?")
        await platform.settled()
        async with store.merchant(merchant) as session:
            conversation = (await session.scalars(select(ConversationRow.id))).one()
        yield Shop(store, settings, platform, database_url, merchant, id, conversation)
        await platform.aclose()


async def _shop(
    store: Store, settings: Settings, platform: TikTokShopEmulator, url: str
) -> tuple[uuid.UUID, uuid.UUID]:
    clock = SystemClock()
    merchant = await add_merchant(store, "acme", "Acme", clock)
    new = NewShop(
        slug="cups",
        name="Cups",
        platform="tiktok_shop",
        market="us",
        platform_shop_id=platform.shop_id,
        adapter="tiktok_shop",
        pack="tiktok_shop.us",
        profile="tiktok_shop.us",
        zone="America/New_York",
        settings=TikTokShopSettings.model_validate(platform.settings(url)),
    )
    return merchant, await add_shop(store, Vault.load(settings), merchant, new, clock)


def _inbound(inbound: Inbound) -> Starlette:
    """Takes the platform's deliveries: the echo of a reply may come before, after or without its receipt."""

    async def take(request: Request) -> Response:
        delivery = Delivery(request.method, dict(request.headers), dict(request.query_params), await request.body())
        answer = await inbound.take(request.path_params["adapter"], delivery)
        return Response(answer.body, answer.status)

    return Starlette(routes=[Route("/in/{adapter}", take, methods=["POST"])])


async def _messages(shop: Shop) -> list[MessageRow]:
    async with shop.store.merchant(shop.merchant) as session:
        return list(
            await session.scalars(
                select(MessageRow).where(MessageRow.role == "agent").order_by(MessageRow.sequence.nulls_last())
            )
        )


async def test_killed_before_the_call_it_is_sent_once(shop: Shop) -> None:
    await shop.reply()
    await shop.dies("before", 1)
    assert shop.said() == []
    assert await shop.states() == ["sending"]

    async with shop.working():
        assert await shop.ends() == ["sent"]

    assert shop.said() == [TEXT]


@pytest.mark.parametrize("echo", ["echoed", "echo lost"])
async def test_killed_after_the_platform_took_it_it_is_found_and_not_sent_again(shop: Shop, echo: str) -> None:
    shop.platform.faults.drop = 1 if echo == "echo lost" else 0
    await shop.reply()
    await shop.dies("after", 1)
    await shop.platform.settled()
    assert shop.said() == [TEXT]
    assert await shop.states() == ["sending"]
    assert len(await _messages(shop)) == (1 if echo == "echoed" else 0)

    async with shop.working():
        assert await shop.ends() == ["sent"]

    assert shop.said() == [TEXT]
    (message,) = await _messages(shop)
    assert (message.text, message.sent_by) == (TEXT, "person")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_between_two_identical_replies_both_end_right(shop: Shop, when: str) -> None:
    for _ in range(2):
        await shop.reply()
    await shop.dies(when, 2)
    await shop.platform.settled()
    assert await shop.states() == ["sent", "sending"]

    async with shop.working():
        assert await shop.ends() == ["sent", "sent"]
    await shop.platform.settled()

    assert shop.said() == [TEXT, TEXT]
    assert [message.text for message in await _messages(shop)] == [TEXT, TEXT]


async def test_killed_twice_at_the_same_reply_it_is_still_not_sent_twice(shop: Shop) -> None:
    await shop.reply()
    await shop.dies("after", 1)
    # The next worker is killed as soon as it would send: it must not, because the first call arrived.
    process = await shop.started("before", 1)
    try:
        assert await shop.ends() == ["sent"]
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()

    assert shop.said() == [TEXT]


async def test_a_connection_cut_after_the_platform_took_it_is_read_back(shop: Shop) -> None:
    shop.platform.faults.cut_after_accepting = 2
    async with shop.working():
        for _ in range(2):
            await shop.reply()
        assert await shop.ends() == ["sent", "sent"]

    assert shop.said() == [TEXT, TEXT]


async def test_a_fault_of_every_kind_on_the_way_sends_it_once(shop: Shop) -> None:
    faults = shop.platform.faults
    faults.token_expired, faults.throttle, faults.retry_after = 1, 1, 1.0
    faults.duplicate = 1
    async with shop.working():
        await shop.reply()
        assert await shop.ends() == ["sent"]
    await shop.platform.settled()

    assert shop.said() == [TEXT]
    assert len(await _messages(shop)) == 1


@pytest.mark.parametrize(("fault", "code"), [("refuse", "send_refused"), ("window_closed", "window_closed")])
async def test_a_refusal_of_the_platform_is_shown(shop: Shop, fault: str, code: str) -> None:
    setattr(shop.platform.faults, fault, 1)
    async with shop.working():
        reply = await shop.reply()
        assert await shop.ends() == ["failed"]

    async with shop.store.merchant(shop.merchant) as session:
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.id == reply))).one()
    assert row.error == code
    assert shop.said() == []
