"""Meanings beside words: mixed when a model gives them, left out when it does not, never of another model or shop."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from copilot.access.model_use import set_forbidden
from copilot.domain.clock import FrozenClock
from copilot.domain.errors import ModelError
from copilot.domain.knowledge import Match
from copilot.knowledge.embedding import fill
from copilot.knowledge.search import Search
from copilot.knowledge.vectors import fused
from copilot.store.engine import Store
from copilot.store.tables import EntryRow
from tests.fixtures_store import NOW
from tests.knowledge.conftest import entry, know, tokenizer
from tests.store.conftest import Seed

THEMES = (("退", "寄回", "return"), ("发货", "寄出", "启程", "ship"), ("洗", "水", "wash"), ("票", "报销", "invoice"))


class Themes:
    """A model that knows four themes."""

    name = "themes"

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.fails: Exception | None = None
        self.hangs = False

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise self.fails
        self.texts += texts
        return [[0.1, *(float(any(word in text for word in theme)) for theme in THEMES)] for text in texts]


KNOWN = [
    entry("back", question="退货流程", similar=["怎么寄回去"]),
    entry("ship", question="几号发货"),
    entry("wash", question="能水洗吗"),
    entry("staff", question="启程了吗", audience="staff"),
]


async def ids(search: Search, of: Seed, question: str, **more: float) -> list[str]:
    found = await search.find(of.merchant, of.shop, question, language="zh", at=NOW, **more)  # type: ignore[arg-type]
    return [match.entry.id for match in found]


async def test_a_meaning_finds_what_no_word_does_and_a_failing_model_leaves_the_words(store: Store, ours: Seed) -> None:
    model = Themes()
    search = Search(store, tokenizer(), model)
    await know(store, ours, KNOWN)
    assert await ids(search, ours, "货品启程没") == ["ship"] or await ids(search, ours, "货品启程没") == []
    assert await fill(store, ours.merchant, ours.shop, model) == 4
    assert await fill(store, ours.merchant, ours.shop, model) == 0
    plain = await Search(store, tokenizer()).find(ours.merchant, ours.shop, "报销单子启程没", language="zh", at=NOW)
    assert plain == ()
    match, *_ = await search.find(ours.merchant, ours.shop, "单子启程没", language="zh", at=NOW)
    assert (match.entry.id, match.matched, match.score > 0.5) == ("ship", "几号发货", True)
    for setting in ({"fails": ModelError("x")}, {"hangs": True}):
        for name, value in setting.items():
            setattr(model, name, value)
        assert (await ids(search, ours, "退货流程", seconds=0.05))[0] == "back"


async def test_a_shop_that_forbids_models_shows_them_nothing(store: Store, ours: Seed) -> None:
    model = Themes()
    await know(store, ours, KNOWN)
    await set_forbidden(store, ours.merchant, ours.shop, True, FrozenClock(NOW))
    assert await fill(store, ours.merchant, ours.shop, model) == 0
    assert "ship" in await ids(Search(store, tokenizer(), model), ours, "几号发货")
    assert model.texts == []


async def test_vectors_of_changed_entries_and_of_other_models_are_not_used(store: Store, ours: Seed) -> None:
    model = Themes()
    search = Search(store, tokenizer(), model)
    await know(store, ours, KNOWN)
    await fill(store, ours.merchant, ours.shop, model)
    await know(store, ours, [entry("ship", question="能开普票吗")])
    assert "ship" not in await ids(search, ours, "单子启程没")
    async with store.merchant(ours.merchant) as session:
        rows = (await session.execute(select(EntryRow.slug, EntryRow.vector.is_(None)))).all()
        assert {slug: bool(gone) for slug, gone in rows} == {"back": False, "ship": True, "wash": False, "staff": False}
    await know(store, ours, [entry("wash", question="能水洗吗", answer="可以")])
    async with store.merchant(ours.merchant) as session:
        kept = await session.scalar(select(EntryRow.vector.is_not(None)).where(EntryRow.slug == "wash"))
        assert kept
        await session.execute(update(EntryRow).values(embedded_by="another"))
    fresh = Search(store, tokenizer(), model)
    assert await ids(fresh, ours, "沾湿没事吧水") == await ids(Search(store, tokenizer()), ours, "沾湿没事吧水")


def test_who_stands_high_in_both_lists_comes_first() -> None:
    def match(id: str, score: float) -> Match:
        return Match(entry=entry(id), matched="x", score=score)

    both = fused([match("a", 0.9), match("b", 0.8)], [match("b", 0.7), match("c", 0.6)])
    assert [(one.entry.id, one.score) for one in both] == [("b", 0.8), ("a", 0.9), ("c", 0.6)]


@pytest.mark.parametrize("bad", [[], [[1.0], [2.0]]])
async def test_an_answer_of_another_length_is_none(store: Store, ours: Seed, bad: list[list[float]]) -> None:
    model = Themes()

    async def embed(texts: Sequence[str]) -> list[list[float]]:
        return bad

    model.embed = embed  # type: ignore[method-assign]
    await know(store, ours, KNOWN)
    assert (await ids(Search(store, tokenizer(), model), ours, "退货流程"))[0] == "back"
