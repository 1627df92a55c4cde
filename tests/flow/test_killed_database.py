"""``kill -9`` of PostgreSQL while drafts are written and a reply leaves: nothing acknowledged is lost or leaves twice.

The server is one of its own, with the settings that the product gives it. The kill comes inside a call of the platform,
right after a message, an approval and a typed reply were acknowledged, so that nobody had time to write them to disk
but the commit itself: where such a commit does not wait for the disk, this fails.
"""

import asyncio
import os
import signal
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from copilot.assets import policy_folders
from copilot.channel.accounts import Accounts
from copilot.channel.lookup import Lookup
from copilot.channel.outbox import Outbox
from copilot.channel.registry import Registry
from copilot.channel.typed import queue_typed
from copilot.domain.draft import DraftState
from copilot.domain.plan import Promise
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.jobs.conversations import tasks_of
from copilot.jobs.owed import OwedJobs
from copilot.jobs.worker import Pace, run_worker
from copilot.sdk import Account, Receipt, Reply
from copilot.settings import Settings
from copilot.store.embedded import EmbeddedPostgres, data_place
from copilot.store.embedded.account import server_account
from copilot.store.schema import UpgradeHook
from copilot.store.tables import CommitmentRow, DraftRow, MessageRow
from copilot.store.upgrade import upgrade
from tests.flow.conftest import RecordingAdapter, World

ASKS = "我的快递到哪了"
TYPED = "明天18点前给您补发。"
ENDED = {"sent", "failed", "unconfirmed", "held"}
QUICK = Pace(heartbeat=0.2, silent=1.5, rescue=0.2, again=0.2)
"""How soon a broken worker's jobs are taken over is proved elsewhere."""


@dataclass
class Killable:
    """A server in a folder of its own."""

    folder: Path
    leases: list[EmbeddedPostgres] = field(default_factory=list[EmbeddedPostgres])

    def start(self) -> EmbeddedPostgres:
        self.leases.append(EmbeddedPostgres.start(self.folder))
        return self.leases[-1]

    def kill(self) -> None:
        """As the kernel does when memory runs out: at once, without a word to anybody."""
        place = data_place(self.folder, server_account()) / "data" / "postmaster.pid"
        pid = int(place.read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while _lives(pid):
            assert time.monotonic() < deadline, "the server does not die"
            time.sleep(0.01)


def _lives(pid: int) -> bool:
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(told.strip()) and not told.startswith("Z")


@pytest.fixture(scope="module")
def killable(data_folder: Path) -> Iterator[Killable]:
    found = Killable(data_folder / "killed")
    yield found
    for lease in found.leases:
        lease.close()


@pytest.fixture(scope="module")
def database_url(killable: Killable, upgrade_hooks: tuple[UpgradeHook, ...]) -> str:
    """Instead of a database of the session's server, which must live."""
    url = killable.start().url()
    asyncio.run(upgrade(url, upgrade_hooks))
    return url


@dataclass
class Chat(RecordingAdapter):
    """The platform's chat; ``during`` is what happens in the middle of a call, by its number, once it was taken."""

    said: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    during: dict[int, Callable[[], Awaitable[None]]] = field(default_factory=dict[int, Callable[[], Awaitable[None]]])

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        self.calls.append((reply, idempotency_key))
        # A platform that knows keys takes the same one once; another takes every call.
        place = idempotency_key if self.idempotent_send else f"call-{len(self.calls)}"
        self.said[place] = (reply.conversation, reply.text)
        if (happens := self.during.get(len(self.calls))) is not None:
            await happens()
        return Receipt(message_id=f"platform-{place}")


def _over(world: World, chat: Chat) -> World:
    """The same shop on this platform."""
    known = world.outbox.accounts
    accounts = Accounts(world.store, known.vault, Registry([chat]), world.clock, known.http, policy_folders())
    return replace(world, outbox=Outbox(world.store, accounts, world.clock, policy_folders()))


@asynccontextmanager
async def _working(world: World) -> AsyncIterator[None]:
    owed = OwedJobs(world.store, Lookup(world.store, world.outbox.accounts, world.clock), world.clock)

    @asynccontextmanager
    async def tasks(_: object) -> AsyncIterator[dict[str, object]]:
        yield dict(tasks_of(world.driver, world.outbox, owed))

    stop = asyncio.Event()
    running = asyncio.create_task(
        run_worker(Settings(), tasks=tasks, store=world.store, clock=world.clock, stop=stop, pace=QUICK)  # type: ignore[arg-type]
    )
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, 30)


async def _until(true: Callable[[], Awaitable[bool]], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("keyed", [True, False], ids=["a platform with keys", "a platform without"])
async def test_nothing_acknowledged_is_lost_and_nothing_leaves_twice(
    world: World, killable: Killable, keyed: bool
) -> None:
    chat = Chat(idempotent_send=keyed)
    world = _over(world, chat)
    talks = [await world.buyer(ASKS, f"c{number}") for number in range(4)]
    first, second, approved, answered = talks
    drafts = [await world.draft(talk) for talk in talks]
    typed, died = uuid.uuid4(), asyncio.Event()
    late: list[uuid.UUID] = []

    async def accept(row: DraftRow) -> None:
        assert row.text_hash is not None
        decision = Decision(row.id, row.revision, row.text_hash, DecisionKind.ACCEPT, by="agent-1")
        await decide(world.store, world.merchant, decision, world.clock)

    async def acknowledged_then_killed() -> None:
        await accept(drafts[2])
        async with world.store.merchant(world.merchant) as session:
            await queue_typed(
                session,
                merchant=world.merchant,
                shop=world.shop.id,
                conversation=answered,
                id=typed,
                text=TYPED,
                by="agent-1",
                clock=world.clock,
                owes=(Promise(what="reship", due=world.clock.now() + timedelta(days=1), fact="agent"),),
            )
        late.append(await world.buyer(ASKS, "late"))
        killable.kill()
        died.set()

    chat.during[2] = acknowledged_then_killed
    async with _working(world):
        # Drafts are being written while replies leave.
        busy = [await world.buyer(ASKS, f"busy{number}") for number in range(6)]
        await accept(drafts[0])
        await accept(drafts[1])
        await asyncio.wait_for(died.wait(), 30)
        await asyncio.to_thread(killable.start)
        # What waits for a timer need not be waited for here.
        world.clock.advance(60)

        async def ended() -> bool:
            return {row.state for row in await world.replies()} <= ENDED

        async def drafted() -> bool:
            found = [row for talk in (*busy, *late) for row in await world.drafts(talk)]
            return len(found) == len(busy) + 1 and all(row.state == DraftState.PROPOSED for row in found)

        await _until(ended, "a reply is still on its way")
        await _until(drafted, "a turn has no draft")

    # Where nobody can find out what became of a call that the kill cut, a person is told to look; it is not made again.
    ends = {"sent"} if keyed else {"sent", "unconfirmed"}
    replies = {row.conversation: row for row in await world.replies()}
    assert replies.keys() == {first, second, approved, answered}
    assert {row.state for row in replies.values()} <= ends
    assert {row.text for row in replies.values() if row.state == "sent"} <= {text for _, text in chat.said.values()}
    assert max(Counter(chat.said.values()).values()) == 1
    assert replies[answered].id == typed
    async with world.store.merchant(world.merchant) as session:
        owed = (await session.scalars(select(CommitmentRow))).all()
        heard = (await session.scalars(select(MessageRow).where(MessageRow.conversation == late[0]))).all()
    # Owed is what was said: of a reply that may not have arrived a person decides first.
    said = [("reship", answered)] if replies[answered].state == "sent" else []
    assert [(row.what, row.conversation) for row in owed if row.what == "reship"] == said
    assert [row.text for row in heard] == [ASKS]
