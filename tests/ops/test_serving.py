"""``serve`` as people run it: it gets ready, and stops in time with a stream open and nothing left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from benchmarks.desk import Desk, running_desk

GUARDED = (sys.executable, "-m", "tests.guard")


@pytest.fixture
def folder(data_folder: Path) -> Path:
    """A folder that the embedded server's user may enter."""
    made = data_folder / uuid.uuid4().hex[:8]
    made.mkdir(mode=0o755)
    return made


async def _stop(process: "subprocess.Popen[bytes]", number: signal.Signals) -> tuple[int, float]:
    """Its exit code, and how many seconds it took to leave."""
    started = time.monotonic()
    process.send_signal(number)
    code = await asyncio.to_thread(process.wait, 30)
    return code, time.monotonic() - started


async def _lines(desk: Desk, opened: asyncio.Event) -> list[str]:
    """What an open stream says until it ends."""
    said: list[str] = []
    with suppress(httpx.RemoteProtocolError):
        async with desk.client() as client, client.stream("GET", "/api/events", timeout=None) as stream:
            async for line in stream.aiter_lines():
                said.append(line)
                opened.set()
    return said


def _busy() -> float:
    """How many times slower than alone this machine is just now: others use its cores too."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _left(folder: Path) -> list[str]:
    """Processes that still have the folder in their command line or hold its database."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if str(folder) in line]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_in_three_seconds_with_a_stream_open(folder: Path, number: signal.Signals) -> None:
    async with running_desk(folder, beside=True, worker=False, command=GUARDED) as desk:
        async with desk.client() as client:
            await _ready(client)
        opened = asyncio.Event()
        reading = asyncio.create_task(_lines(desk, opened))
        await asyncio.wait_for(opened.wait(), 10)

        code, seconds = await _stop(desk.processes["serve"], number)
        assert code == 0
        assert seconds <= 3 * _busy()
        said = await asyncio.wait_for(reading, 5)
        assert "retry: 500" in said, "the stream was cut instead of ended"
        assert "timeout graceful shutdown" not in (folder / "serve.log").read_text(encoding="utf-8")
    await asyncio.sleep(0.2)
    assert _left(folder) == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"host={folder}/data/postgres/run user=postgres dbname=postgres", connect_timeout=3)


async def _ready(client: httpx.AsyncClient) -> None:
    deadline = time.monotonic() + 30
    while (answer := await client.get("/ready")).status_code != 200:
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(0.1)


async def _loaded(client: httpx.AsyncClient) -> None:
    """Wait until the rules are loaded, which a process does not leave in the middle."""
    deadline = time.monotonic() + 60
    while (said := (await client.get("/ready")).json())["packs"] == "loading":
        assert time.monotonic() < deadline, said
        await asyncio.sleep(0.1)


async def test_a_second_ctrl_c_does_not_wait_for_a_request_that_hangs(folder: Path) -> None:
    async with running_desk(folder, worker=False, command=GUARDED) as desk:
        async with desk.client() as client:
            await _loaded(client)
        port = int(desk.address.rpartition(":")[2])
        # A body that never comes holds its request open as long as it likes.
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /in/tiktok_shop HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.5)
        process = desk.processes["serve"]
        process.send_signal(signal.SIGINT)
        await asyncio.sleep(0.3)
        code, seconds = await _stop(process, signal.SIGINT)
        assert code == 0
        assert seconds <= 1.5 * _busy()
        writer.close()
    assert _left(folder) == []


async def test_metrics_say_what_waits_and_readiness_names_what_is_missing(folder: Path) -> None:
    async with running_desk(folder, worker=False, command=GUARDED) as desk, desk.client() as client:
        shopper = desk.add_shopper(1)
        await desk.emulator.say(shopper, "where is my order? call 937-555-0142")
        await desk.emulator.settled()
        await asyncio.sleep(2.1)  # what was asked before is told for two seconds

        told = (await client.get("/metrics")).text
        assert 'copilot_queue_jobs{task="draft.conversation"} 1.0' in told
        assert "copilot_acknowledged_seconds_count" in told
        assert "copilot_database_up 1.0" in told
        age = next(line for line in told.splitlines() if line.startswith("copilot_queue_age_seconds{"))
        assert float(age.rpartition(" ")[2]) >= 1
        for private in ("937-555-0142", "where is", shopper, desk.emulator.shop_id, desk.token):
            assert private not in told

        answer = await client.get("/ready")
        assert answer.status_code == 503
        assert answer.json()["worker"] == "no heartbeat"
        assert answer.json()["database"] == answer.json()["schema"] == "ok"
