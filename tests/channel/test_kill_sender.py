"""``kill -9`` while a reply leaves, against the emulated platforms over real sockets and a real database.

TikTok Shop has no key and a record that is read back; Douyin's relay knows a reply by its key.

Each accepted reply ends as sent, failed or unconfirmed within fifteen seconds, and none stands twice in the chat.
"""

import asyncio
import os
import signal
import subprocess
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

import pytest
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
from copilot.channel.registry import installed
from copilot.channel.typed import queue_typed
from copilot.domain.clock import SystemClock
from copilot.jobs.worker import Pace, run_worker
from copilot.sdk import Delivery
from copilot.sdk.testing import Emulator, Shopper, serve
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, MessageRow, OutboxRow
from tests.channel.dying_sender import opened
from tests.forking import Forked, Starter

ROOT = Path(__file__).parents[2]
TEXT = "Thanks, we are on it."
QUICK = Pace(heartbeat=0.5, silent=3.0, rescue=0.5)
"""For what is not about how soon a dead worker's jobs are taken over."""
ENDED = {"sent", "failed", "unconfirmed"}
RECOVERY = 15


@dataclass
class Shop:
    """A shop on the emulated platform with one conversation, known here because the shopper wrote."""

    store: Store
    starter: Starter
    settings: Settings
    platform: Emulator
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
    async def working(self, pace: Pace | None = None) -> AsyncIterator[None]:
        """A worker that lives, in this process."""
        stop = asyncio.Event()
        running = asyncio.create_task(
            run_worker(
                self.settings,
                tasks=lambda store: opened(store, self.settings, installed()),
                store=self.store,
                stop=stop,
                pace=pace,
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

    async def started(self, when: str, call: int) -> Forked:
        arguments = [self.url, str(self.settings.data_dir), self.platform.name, when, str(call)]
        env = dict(os.environ)
        process = self.starter.start(
            "tests.channel.dying_sender:run", arguments, cwd=ROOT, env=env, stdout=subprocess.PIPE
        )
        assert await asyncio.to_thread(process.stdout.readline) == b"ready\n"
        return process


@pytest.fixture
async def tiktok(store: Store, starter: Starter, database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    place = ("tiktok_shop", "tiktok_shop.us", "America/New_York")
    async with _open(*place, store, starter, database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def douyin(store: Store, starter: Starter, database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with _open("douyin", "douyin.cn", "Asia/Shanghai", store, starter, database_url, tmp_path) as opened:
        yield opened


@asynccontextmanager
async def _open(
    name: str, rules: str, zone: str, store: Store, starter: Starter, database_url: str, folder: Path
) -> AsyncIterator[Shop]:
    settings = Settings.model_validate({"database_url": database_url, "data_dir": folder})
    clock = SystemClock()
    (emulator,) = entry_points(group="copilot.emulators", name=name)
    platform: Emulator = emulator.load()()
    platform.add_shopper(Shopper(id="ann", nickname="Ann"))
    async with (
        open_accounts(store, settings, clock) as accounts,
        serve(platform.app) as platform_url,
        serve(_inbound(Inbound(store, accounts, policy_folders(), clock))) as our_url,
    ):
        adapter = accounts.adapters.get(name)
        assert adapter is not None
        merchant = await add_merchant(store, "acme", "Acme", clock)
        new = NewShop(
            slug="cups",
            name="Cups",
            platform=name,
            market=rules.partition(".")[2],
            platform_shop_id=platform.shop_id,
            adapter=name,
            pack=rules,
            profile=rules,
            zone=zone,
            settings=adapter.settings.model_validate(platform.settings(platform_url)),
        )
        id = await add_shop(store, Vault.load(settings), merchant, new, clock)
        platform.deliver_to(f"{our_url}/in/{name}")
        await platform.say("ann", "Where is my parcel?")
        await platform.settled()
        async with store.merchant(merchant) as session:
            conversation = (await session.scalars(select(ConversationRow.id))).one()
        yield Shop(store, starter, settings, platform, database_url, merchant, id, conversation)
        await platform.aclose()


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


async def test_killed_before_the_call_it_is_sent_once(tiktok: Shop) -> None:
    await tiktok.reply()
    await tiktok.dies("before", 1)
    assert tiktok.said() == []
    assert await tiktok.states() == ["sending"]

    async with tiktok.working():
        assert await tiktok.ends() == ["sent"]

    assert tiktok.said() == [TEXT]


@pytest.mark.parametrize("echo", ["echoed", "echo lost"])
async def test_killed_after_the_platform_took_it_it_is_found_and_not_sent_again(tiktok: Shop, echo: str) -> None:
    tiktok.platform.faults.drop = 1 if echo == "echo lost" else 0
    await tiktok.reply()
    await tiktok.dies("after", 1)
    await tiktok.platform.settled()
    assert tiktok.said() == [TEXT]
    assert await tiktok.states() == ["sending"]
    assert len(await _messages(tiktok)) == (1 if echo == "echoed" else 0)

    async with tiktok.working(QUICK if echo == "echoed" else None):
        assert await tiktok.ends() == ["sent"]

    assert tiktok.said() == [TEXT]
    (message,) = await _messages(tiktok)
    assert (message.text, message.sent_by) == (TEXT, "person")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_between_two_identical_replies_both_end_right(tiktok: Shop, when: str) -> None:
    for _ in range(2):
        await tiktok.reply()
    await tiktok.dies(when, 2)
    await tiktok.platform.settled()
    assert await tiktok.states() == ["sent", "sending"]

    async with tiktok.working(QUICK):
        assert await tiktok.ends() == ["sent", "sent"]
    await tiktok.platform.settled()

    assert tiktok.said() == [TEXT, TEXT]
    assert [message.text for message in await _messages(tiktok)] == [TEXT, TEXT]


async def test_killed_twice_at_the_same_reply_it_is_still_not_sent_twice(tiktok: Shop) -> None:
    await tiktok.reply()
    await tiktok.dies("after", 1)
    # The next worker is killed as soon as it would send: it must not, because the first call arrived.
    process = await tiktok.started("before", 1)
    try:
        assert await tiktok.ends() == ["sent"]
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()

    assert tiktok.said() == [TEXT]


async def test_a_connection_cut_after_the_platform_took_it_is_read_back(tiktok: Shop) -> None:
    tiktok.platform.faults.cut_after_accepting = 2
    async with tiktok.working():
        for _ in range(2):
            await tiktok.reply()
        assert await tiktok.ends() == ["sent", "sent"]

    assert tiktok.said() == [TEXT, TEXT]


async def test_a_fault_of_every_kind_on_the_way_sends_it_once(tiktok: Shop) -> None:
    faults = tiktok.platform.faults
    faults.token_expired, faults.throttle, faults.retry_after = 1, 1, 1.0
    faults.duplicate = 1
    async with tiktok.working():
        await tiktok.reply()
        assert await tiktok.ends() == ["sent"]
    await tiktok.platform.settled()

    assert tiktok.said() == [TEXT]
    assert len(await _messages(tiktok)) == 1


@pytest.mark.parametrize(("fault", "code"), [("refuse", "send_refused"), ("window_closed", "window_closed")])
async def test_a_refusal_of_the_platform_is_shown(tiktok: Shop, fault: str, code: str) -> None:
    setattr(tiktok.platform.faults, fault, 1)
    async with tiktok.working():
        reply = await tiktok.reply()
        assert await tiktok.ends() == ["failed"]

    async with tiktok.store.merchant(tiktok.merchant) as session:
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.id == reply))).one()
    assert row.error == code
    assert tiktok.said() == []


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_platform_that_knows_keys_gets_the_same_call_again(douyin: Shop, when: str) -> None:
    for _ in range(2):
        await douyin.reply()
    await douyin.dies(when, 2)
    await douyin.platform.settled()
    assert await douyin.states() == ["sent", "sending"]

    async with douyin.working(QUICK if when == "before" else None):
        assert await douyin.ends() == ["sent", "sent"]
    await douyin.platform.settled()

    assert douyin.said() == [TEXT, TEXT]
    assert [message.text for message in await _messages(douyin)] == [TEXT, TEXT]
