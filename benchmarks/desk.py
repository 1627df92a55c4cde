"""A whole desk to measure: ``serve`` and ``worker`` as processes of their own, an emulated shop that writes to them.

The generator runs in the caller's process. Everything listens on loopback and is gone at the end of the block.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import httpx

from copilot.access import tokens
from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.rules_of import choose
from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.registry import installed
from copilot.domain.clock import SystemClock
from copilot.domain.money import Money
from copilot.domain.order import Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot.flow.checkpoints import HOOKS
from copilot.sdk.testing import Emulator, Shopper, serve
from copilot.settings import Settings, load_settings
from copilot.store.engine import Store

ROOT = Path(__file__).parents[1]
ADAPTER, MARKET, ZONE = "tiktok_shop", "us", "America/Los_Angeles"
_PROC = Path("/proc/self/stat")
COMMAND = (sys.executable, "-m", "copilot.cli.main")


@dataclass(frozen=True)
class Desk:
    """What runs: the server's address, an agent's token, the emulated shop, the database, the processes by name."""

    address: str
    token: str
    emulator: Emulator
    store: Store
    merchant: uuid.UUID
    processes: dict[str, "subprocess.Popen[bytes]"]

    def client(self) -> httpx.AsyncClient:
        """A client of the server with the token."""
        return httpx.AsyncClient(
            base_url=self.address, headers={"Authorization": f"Bearer {self.token}"}, trust_env=False, timeout=20
        )

    def cpu_seconds(self) -> dict[str, float]:
        """How much processor time each process has used; empty where the system does not say."""
        return {name: _cpu(process.pid) for name, process in self.processes.items()} if _PROC.exists() else {}

    async def rules_loaded(self) -> None:
        """Return when the server has compiled its rules: that is the start, not what is measured.

        Raises:
            RuntimeError: it took more than two minutes.
        """
        async with self.client() as client:
            for _ in range(240):
                if (await client.get("/ready")).json()["packs"] == "ok":
                    return
                await asyncio.sleep(0.5)
        raise RuntimeError("the rules were not loaded in two minutes")

    def add_shopper(self, number: int, name: str | None = None) -> str:
        """A shopper with an order that is on its way; returns their id. The order's goods bear a ``name`` of theirs."""
        shopper, now = f"shopper-{number}", SystemClock().now()
        self.emulator.add_shopper(Shopper(id=shopper, nickname=name or f"Shopper {number}"))
        order = Order(
            id=str(577_400_000_000_000_000 + number),
            status=OrderStatus.SHIPPED,
            created_at=now - timedelta(days=4),
            paid_at=now - timedelta(days=4),
            total=Money(amount="42.00", currency="USD"),
            items=(Item(product_id="p1", name=" ".join(("Harper straight jean", name or "")).strip(), sku="28"),),
            shipments=(
                Shipment(
                    carrier="USPS",
                    tracking_no=f"94001118992233{number:08d}",
                    status="in_transit",
                    events=(TrackingEvent(at=now - timedelta(hours=9), text="Departed Memphis, TN"),),
                ),
            ),
        )
        self.emulator.add_order(order, shopper)
        return shopper


@asynccontextmanager
async def running_desk(
    folder: Path, *, worker: bool = True, beside: bool = False, command: tuple[str, ...] = COMMAND
) -> AsyncGenerator[Desk]:
    """The desk over an embedded database below ``folder``, which the database's user must be able to enter.

    ``worker`` runs one in a process of its own, ``beside`` one in the server's.
    """
    data = folder / "data"
    settings = load_settings(data_dir=data, database_url=None)
    with _process(folder, command, "serve", "--port", "0", *(["--worker"] if beside else [])) as web:
        port = await _logged(folder, web, "serve", "serving")
        emulator = _emulator()
        try:
            async with serve(emulator.app) as platform, await Store.open(settings, hooks=HOOKS) as store:
                emulator.deliver_to(f"http://127.0.0.1:{port}/in/{ADAPTER}")
                merchant, token = await _seed(store, settings, emulator, platform)
                desk = Desk(f"http://127.0.0.1:{port}", token, emulator, store, merchant, {"serve": web})
                if not worker:
                    yield desk
                    return
                with _process(folder, command, "worker") as working:
                    await _logged(folder, working, "worker", "worker.started")
                    # Loading its rules is a start as well; whoever drafts meanwhile waits for it.
                    await _logged(folder, working, "worker", "rules.loaded")
                    desk.processes["worker"] = working
                    yield desk
        finally:
            await emulator.aclose()


@dataclass(frozen=True)
class Seen:
    """An event of the stream, and when it was read on the monotonic clock."""

    topic: str
    conversation: str | None
    ref: str
    at: float


async def watch(desk: Desk, ready: asyncio.Event) -> AsyncIterator[Seen]:
    """Every event from now on; ``ready`` is set when the stream is open."""
    async with desk.client() as client, client.stream("GET", "/api/events", timeout=None) as stream:
        stream.raise_for_status()
        ready.set()
        async for line in stream.aiter_lines():
            if line.startswith("data:"):
                data: dict[str, Any] = json.loads(line[5:])
                if "topic" in data:
                    yield Seen(data["topic"], data["conversation"], data["ref"], time.perf_counter())


def _emulator() -> Emulator:
    (point,) = entry_points(group="copilot.emulators", name=ADAPTER)
    return point.load()()


async def _seed(store: Store, settings: Settings, emulator: Emulator, platform: str) -> tuple[uuid.UUID, str]:
    clock = SystemClock()
    adapter = installed().get(ADAPTER)
    assert adapter is not None
    folders = policy_folders(settings.policies_dir)
    rules = choose(ADAPTER, MARKET, folders, clock.now(), zone=ZONE)
    merchant = await add_merchant(store, "bench", "Bench", clock)
    new = NewShop(
        slug="bench",
        name="Bench",
        platform=ADAPTER,
        market=MARKET,
        platform_shop_id=emulator.shop_id,
        adapter=ADAPTER,
        pack=rules.pack,
        profile=rules.profile,
        zone=rules.zone,
        settings=adapter.settings.model_validate(emulator.settings(platform)),
    )
    await add_shop(store, Vault.load(settings), merchant, new, clock)
    return merchant, await tokens.add(store, merchant, "bench", "agent", clock)


@contextmanager
def _process(folder: Path, command: tuple[str, ...], *arguments: str) -> Generator["subprocess.Popen[bytes]"]:
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PGAPPNAME")}
    env |= {"COPILOT_DATA_DIR": str(folder / "data")}
    with (
        (folder / f"{arguments[0]}.log").open("wb") as log,
        subprocess.Popen([*command, *arguments], cwd=ROOT, env=env, stderr=log, stdout=log) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(40)


async def _logged(folder: Path, process: "subprocess.Popen[bytes]", command: str, event: str) -> object:
    """The port in the first log line of ``event``, once it is there."""
    file = folder / f"{command}.log"
    for _ in range(1200):
        for line in (await asyncio.to_thread(file.read_text, "utf-8")).splitlines():
            if line.startswith("{") and json.loads(line)["event"] == event:
                return json.loads(line).get("port")
        if process.poll() is not None:
            break
        await asyncio.sleep(0.1)
    raise RuntimeError(f"{command} never said {event}: see {file}")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
