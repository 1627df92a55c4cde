"""How well and how fast answers are found: the fixture's questions over its 300 entries, in a PostgreSQL of its own."""

import asyncio
import json
import os
import tempfile
import time
import uuid
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, summed
from copilot.domain.knowledge import FITS, Entry
from copilot.flow.checkpoints import HOOKS
from copilot.knowledge import records
from copilot.knowledge.kinds import FAQ
from copilot.knowledge.records import Place
from copilot.knowledge.search import Search
from copilot.knowledge.tokens import Tokenizer
from copilot.knowledge.words import shipped_words
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import MerchantRow, ShopRow

FIXTURE = Path(__file__).parent.parent / "tests" / "knowledge" / "fixture"
NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
LANGUAGES = ("zh", "en")


@dataclass
class Found:
    """Of one language: questions, how often the right entry was first or among three, how many were cited and rightly.

    ``strangers`` are questions that no entry answers, ``fooled`` those of them that something was cited for.
    """

    questions: int = 0
    first: int = 0
    three: int = 0
    cited: int = 0
    right: int = 0
    strangers: int = 0
    fooled: int = 0
    seconds: list[float] = field(default_factory=list[float])

    def line(self, language: str) -> str:
        """``answers zh   recall@3 96.0 % …``."""
        return (
            f"{f'answers {language}, by words':38} recall@3 {self.three / self.questions:6.1%} first"
            f" {self.first / self.questions:6.1%} of {self.questions:<4} cited {self.cited / self.questions:6.1%},"
            f" right when cited {self.right / self.cited:6.1%}, strangers cited {self.fooled} of {self.strangers}"
        )


_MEASURED: dict[str, Found] = {}


def answers() -> Iterator[str]:
    """One line a language: how many of the questions find their entry."""
    for language, found in _measured().items():
        yield found.line(language)


def knowledge() -> Iterator[Row]:
    """One search in the store, its entries known to the process."""
    for language, found in _measured().items():
        yield summed(f"find an answer {language}", found.seconds, target="recall@3 ≥ 90 %, p99 ≤ 20 ms")


def _measured() -> dict[str, Found]:
    if not _MEASURED:
        _MEASURED.update(asyncio.run(_measure()))
    return _MEASURED


async def _measure() -> dict[str, Found]:
    told = {language: Found() for language in LANGUAGES}
    entries = [Entry.model_validate(one) for one in _lines("entries")]
    async with _shop(entries) as (search, merchant, shop):
        for _ in range(2):
            # The first round reads and cuts the entries; it does not count.
            for found in told.values():
                found.__init__()
            for line in _lines("questions"):
                found = told[line["language"]]
                start = time.perf_counter()
                matches = await search.find(merchant, shop, line["question"], language=line["language"], at=NOW)
                found.seconds.append(time.perf_counter() - start)
                ids = [match.entry.id for match in matches]
                found.questions += 1
                found.first += ids[:1] == [line["entry"]]
                found.three += line["entry"] in ids
                if matches and matches[0].score >= FITS:
                    found.cited += 1
                    found.right += ids[0] == line["entry"]
        for line in _lines("strangers"):
            found = told[line["language"]]
            matches = await search.find(merchant, shop, line["question"], language=line["language"], at=NOW)
            found.strangers += 1
            found.fooled += bool(matches) and matches[0].score >= FITS
    return told


@asynccontextmanager
async def _shop(entries: list[Entry]) -> AsyncGenerator[tuple[Search, uuid.UUID, uuid.UUID]]:
    """A shop that knows ``entries``, in a database that is thrown away."""
    merchant, shop, tokenizer = uuid.uuid4(), uuid.uuid4(), Tokenizer(shipped_words())
    with tempfile.TemporaryDirectory(prefix="rc-bench-", dir="/tmp") as folder:
        os.chmod(folder, 0o711)
        settings = Settings.model_validate({"data_dir": folder, "database_url": None})
        async with await Store.open(settings, hooks=HOOKS) as store:
            async with store.merchant(merchant) as session:
                session.add(MerchantRow(id=merchant, slug="bench", name="bench", created_at=NOW))
                await session.flush()
                plain: dict[str, Any] = dict.fromkeys(
                    ("slug", "name", "platform", "market", "platform_shop_id", "adapter", "zone", "pack", "profile"),
                    "x",
                )
                session.add(
                    ShopRow(merchant=merchant, id=shop, posture="draft_only", settings={}, created_at=NOW, **plain)
                )
                await session.flush()
                place = Place(merchant, shop, "bench", NOW)
                await records.put(session, place, FAQ, entries, tokenizer, action="faq.imported")
            yield Search(store, tokenizer), merchant, shop


def _lines(name: str) -> list[dict[str, Any]]:
    text = (FIXTURE / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]
