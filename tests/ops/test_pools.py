"""How many connections a process takes from the database, under load: three processes must fit into the default 100."""

import asyncio
import uuid
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from benchmarks.desk import Desk, running_desk, watch
from copilot.store.engine import APP_POOL, JOBS_POOL, SAVER_POOL
from tests.ops.test_serving import GUARDED

LISTENING = 1
BUDGET = {
    "reply-copilot serve": APP_POOL + LISTENING,
    "reply-copilot worker": APP_POOL + JOBS_POOL + SAVER_POOL + LISTENING,
}
TALKS = 12
ROUNDS = 2


@pytest.fixture
def folder(data_folder: Path) -> Path:
    """A folder that the embedded server's user may enter."""
    made = data_folder / uuid.uuid4().hex[:8]
    made.mkdir(mode=0o755)
    return made


async def _count(folder: Path, most: Counter[str], stop: asyncio.Event) -> None:
    """The most connections of each process that were ever seen at once."""
    address = f"host={folder}/data/postgres/run user=postgres dbname=reply_copilot"
    query = (
        "SELECT application_name, count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY 1"
    )
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        while not stop.is_set():
            for name, number in await (await connection.execute(query)).fetchall():
                most[str(name)] = max(most[str(name)], int(number))
            await asyncio.sleep(0.02)


async def _proposed(desk: Desk, wanted: int, ready: asyncio.Event) -> None:
    """Return when so many conversations have had a draft."""
    seen: set[str | None] = set()
    async for event in watch(desk, ready):
        if event.topic == "draft.proposed":
            seen.add(event.conversation)
            if len(seen) >= wanted:
                return


async def test_serve_and_worker_stay_within_their_budgets_under_load(folder: Path) -> None:
    async with running_desk(folder, command=GUARDED) as desk:
        most: Counter[str] = Counter()
        stop, ready = asyncio.Event(), asyncio.Event()
        counting = asyncio.create_task(_count(folder, most, stop))
        watching = asyncio.create_task(_proposed(desk, TALKS, ready))
        await asyncio.wait_for(ready.wait(), 20)
        shoppers = [desk.add_shopper(number) for number in range(TALKS)]
        async with desk.client() as client:
            for number in range(ROUNDS):
                said = [desk.emulator.say(shopper, f"where is my order? {number}") for shopper in shoppers]
                asked = [client.get("/api/conversations") for _ in range(TALKS)]
                answers = (await asyncio.gather(asyncio.gather(*said), asyncio.gather(*asked)))[1]
                assert {answer.status_code for answer in answers} == {200}
                await desk.emulator.settled()
                await asyncio.sleep(1)
        await asyncio.wait_for(watching, 90)
        stop.set()
        await counting

    for name, budget in BUDGET.items():
        assert 2 < most[name] <= budget, f"{name}: {most[name]} connections of {budget}"
