"""Two merchants with a shop each, and the entries that the tests of retrieval search."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from copilot.domain.knowledge import Entry
from copilot.knowledge import records
from copilot.knowledge.kinds import FAQ
from copilot.knowledge.records import Place
from copilot.knowledge.search import Search
from copilot.knowledge.tokens import Tokenizer
from copilot.knowledge.words import shipped_words
from copilot.store.engine import Store
from tests.fixtures_store import NOW
from tests.store.conftest import Seed, seed

FIXTURE = Path(__file__).parent / "fixture"


@cache
def tokenizer() -> Tokenizer:
    return Tokenizer(shipped_words())


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(Entry.model_validate(one) for one in lines("entries"))


def lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FIXTURE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if line]


def entry(id: str = "postage", language: str = "zh", question: str = "退货运费谁出", **more: object) -> Entry:
    known = {"answer": "质量问题我们出运费，其他原因由您承担。", "category": "after_sale"}
    return Entry.model_validate({"id": id, "language": language, "question": question, **known, **more})


@pytest.fixture
async def ours(store: Store) -> Seed:
    return await seed(store, "ours")


@pytest.fixture
async def theirs(store: Store) -> Seed:
    return await seed(store, "theirs")


@pytest.fixture
def search(store: Store) -> Search:
    return Search(store, tokenizer())


def place(of: Seed) -> Place:
    return Place(of.merchant, of.shop, "somebody", NOW)


async def know(store: Store, of: Seed, things: Iterable[Entry], action: str | None = None) -> records.Changes:
    async with store.merchant(of.merchant) as session:
        return await records.put(session, place(of), FAQ, things, tokenizer(), action=action)
