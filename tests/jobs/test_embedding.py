"""Entries get their vectors by a job after each change, from a server over a socket; until then words find them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from copilot.domain.clock import SystemClock
from copilot.jobs.embedding import EmbeddingJobs
from copilot.knowledge.embedding import EMBED
from copilot.knowledge.search import Search
from copilot.model.breaker import Breaker
from copilot.model.embedding import Embedding, open_embedding
from copilot.model.gateway import Connections, warm
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, EntryRow, TimerRow
from tests.jobs.conftest import Working
from tests.knowledge.conftest import entry, know, tokenizer
from tests.model.openai_server import OpenAIServer, serving
from tests.store.conftest import Seed, seed

PATIENCE = 30.0
KNOWN = (
    entry("ship", question="几号发货"),
    entry("back", question="退货流程", similar=["怎么寄回去"]),
    entry("wash", question="能水洗吗"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    warm()
    with serving() as running:
        yield running


@pytest.fixture
async def ours(store: Store) -> Seed:
    return await seed(store, "ours")


@dataclass
class Vectors:
    """The model for vectors behind ``server``."""

    server: OpenAIServer
    embedding: Embedding
    connections: Connections


@pytest.fixture
async def vectors(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Vectors]:
    monkeypatch.delenv("COPILOT_FORBID_MODEL_CALLS", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    server.embeddings_fail = False
    settings = Settings.model_validate(
        {"embedding_model": "openai/themes", "model_base_url": server.url, "model_seconds": 5}
    )
    connections = Connections()
    opened = open_embedding(settings, SystemClock(), connections)
    assert opened is not None
    yield Vectors(server, opened, connections)
    await connections.aclose()


async def missing(store: Store, of: Seed) -> int:
    async with store.merchant(of.merchant) as session:
        rows = await session.scalars(select(EntryRow.slug).where(EntryRow.vector.is_(None)))
        return len(rows.all())


async def all_made(store: Store, of: Seed) -> None:
    for _ in range(int(PATIENCE / 0.05)):
        if not await missing(store, of):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("some have no vectors")


async def found(search: Search, of: Seed, question: str) -> list[str]:
    matches = await search.find(of.merchant, of.shop, question, language="zh", at=SystemClock().now(), seconds=5)
    return [match.entry.id for match in matches]


async def test_what_is_edited_gets_its_vectors_by_a_job_and_is_found_by_words_meanwhile(
    store: Store, ours: Seed, vectors: Vectors, working: Working
) -> None:
    search = Search(store, tokenizer(), vectors.embedding)
    await know(store, ours, KNOWN)
    assert await missing(store, ours) == 3
    assert await found(search, ours, "几号发货") == ["ship"]
    assert await found(search, ours, "货品启程没") in ([], ["ship"])
    jobs = EmbeddingJobs(store, SystemClock(), vectors.embedding)
    async with working(jobs.tasks()):
        await all_made(store, ours)
        assert (await found(search, ours, "货品启程没"))[0] == "ship"
        # A changed question loses the old meaning at once, and gets its new one by itself.
        await know(store, ours, [entry("ship", question="可以水洗吗？怎么洗")])
        await all_made(store, ours)
    assert (await found(search, ours, "货品启程没"))[:1] != ["ship"]


async def test_a_model_that_fails_is_asked_again_later_and_nothing_is_lost(
    store: Store, ours: Seed, vectors: Vectors
) -> None:
    vectors.server.embeddings_fail = True
    clock = SystemClock()
    await know(store, ours, KNOWN)
    jobs = EmbeddingJobs(store, clock, vectors.embedding)
    body = jobs.tasks()[EMBED]
    before = clock.now()
    for attempt, seconds in ((0, 20), (1, 40), (50, 20 * 256)):
        await body(merchant=str(ours.merchant), ref=str(ours.shop), attempt=attempt)
        due, next_attempt = await armed(store)
        assert next_attempt == attempt + 1
        assert timedelta(seconds=seconds) <= due - before <= timedelta(seconds=seconds + PATIENCE)
    assert await missing(store, ours) == 3
    vectors.server.embeddings_fail = False
    again = replace(jobs, embedder=replace(vectors.embedding, breaker=Breaker(clock)))
    await again.tasks()[EMBED](merchant=str(ours.merchant), ref=str(ours.shop), attempt=1)
    assert await missing(store, ours) == 0


async def test_without_a_model_the_job_does_nothing(store: Store, ours: Seed) -> None:
    await know(store, ours, KNOWN)
    jobs = EmbeddingJobs(store, SystemClock(), None)
    await jobs.arm()
    await jobs.tasks()[EMBED](merchant=str(ours.merchant), ref=str(ours.shop))
    assert await missing(store, ours) == 3


async def test_a_worker_sees_to_entries_that_are_older_than_its_model(
    store: Store, ours: Seed, vectors: Vectors
) -> None:
    async with store.system() as session:
        session.add(DirectoryRow(kind="shop", key="x:1", merchant=ours.merchant, shop=ours.shop))
    await EmbeddingJobs(store, SystemClock(), vectors.embedding).arm()
    assert (await armed(store))[1] == 0


async def armed(store: Store) -> tuple[datetime, int]:
    async with store.system() as session:
        row = (await session.scalars(select(TimerRow).where(TimerRow.kind == EMBED))).one()
        return row.due_at, row.attempt
