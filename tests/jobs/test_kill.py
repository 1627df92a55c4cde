"""A worker that is killed in the middle of a job: somebody else does it, soon."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from copilot.store import queue
from copilot.store.engine import Store
from tests.jobs.conftest import Working, until

ROOT = Path(__file__).parents[2]
LOCK = "draft:6a0e5c1e-0000-4000-8000-000000000001"
WORKER = """
import asyncio, sys
from contextlib import asynccontextmanager
from copilot import logs
from copilot.jobs.worker import run_worker
from copilot.settings import Settings

@asynccontextmanager
async def tasks(store):
    async def hang(**ids):
        print("started", flush=True)
        await asyncio.sleep(float(sys.argv[2]))
        print("finished", flush=True)
    yield {"task": hang}

logs.configure()
asyncio.run(run_worker(Settings(database_url=sys.argv[1]), tasks=tasks))
"""


def worker(url: str, seconds: float) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", WORKER, url, str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


async def test_the_job_of_a_killed_worker_runs_again_within_fifteen_seconds(
    store: Store, working: Working, database_url: str
) -> None:
    loop = asyncio.get_running_loop()
    ran: list[float] = []

    async def task(**_: object) -> None:
        ran.append(loop.time())

    process = worker(database_url, 60)
    assert process.stdout is not None
    async with store.system() as session:
        await queue.defer(session, "task", lock=LOCK)
    assert await asyncio.to_thread(process.stdout.readline) == "started\n"
    process.kill()
    killed = loop.time()
    process.communicate()
    async with working({"task": task}):
        await until(lambda: bool(ran), 15)
    assert ran[0] - killed <= 15


async def test_sigterm_finishes_the_running_job_and_leaves_cleanly(store: Store, database_url: str) -> None:
    process = worker(database_url, 1)
    assert process.stdout is not None
    async with store.system() as session:
        await queue.defer(session, "task", lock=LOCK)
    assert await asyncio.to_thread(process.stdout.readline) == "started\n"
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.to_thread(process.communicate, None, 20)
    assert (out, process.returncode) == ("finished\n", 0)
    assert "worker.stopped" in err.splitlines()[-1]
