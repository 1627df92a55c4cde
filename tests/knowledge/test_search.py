"""What is found: the shop's own usable entries, in the store as in memory."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select, text, update

from copilot.domain.knowledge import FITS, Audience
from copilot.knowledge import records
from copilot.knowledge.kinds import FAQ
from copilot.knowledge.memory import Index
from copilot.knowledge.search import Search
from copilot.store.engine import Store
from copilot.store.tables import EntryRow
from tests.fixtures_store import NOW
from tests.knowledge.conftest import entries, entry, know, lines, place, tokenizer
from tests.store.conftest import Seed

HOUR = timedelta(hours=1)


async def found(search: Search, of: Seed, question: str, **more: object) -> list[str]:
    known: dict[str, object] = {"language": "zh", "at": NOW, **more}
    return [match.entry.id for match in await search.find(of.merchant, of.shop, question, **known)]  # type: ignore[arg-type]


@pytest.mark.feature("F056")
async def test_any_of_its_questions_finds_an_entry_exactly(store: Store, search: Search, ours: Seed) -> None:
    similar = ("寄回去的邮费你们承担吗", "不喜欢想退，快递费自理？")
    await know(store, ours, [entry(similar=similar), entry("when", question="什么时候发货")])
    for question in ("退货运费谁出", *similar):
        match, *_ = await search.find(ours.merchant, ours.shop, question, language="zh", at=NOW)
        assert (match.entry.id, match.matched, match.score) == ("postage", question, 1.0)


async def test_other_words_of_the_same_meaning_find_it_and_strange_ones_do_not(
    store: Store, search: Search, ours: Seed
) -> None:
    await know(
        store,
        ours,
        [
            entry(),
            entry("when", question="什么时候发货"),
            entry("ship", "en", "When will my order ship?", answer="Within two days."),
            entry("wash", "en", "Can I machine wash it?", answer="Yes, cold."),
        ],
    )
    assert (await found(search, ours, "请问多久能寄出呀"))[0] == "when"
    assert (await found(search, ours, "要退的話郵費是誰承擔"))[0] == "postage"
    assert (await found(search, ours, "how long until you send it out", language="en"))[0] == "ship"
    assert (await found(search, ours, "is it ok in the wahsing machine", language="en"))[0] == "wash"
    matches = await search.find(ours.merchant, ours.shop, "你们老板今晚几点开演唱会", language="zh", at=NOW)
    assert all(match.score < FITS for match in matches)
    assert await found(search, ours, "🙂🙂") == []
    assert await found(search, ours, "' | !x:* & \\ (:") == []


@pytest.mark.feature("F073")
async def test_an_entry_counts_from_its_first_moment_to_just_before_its_last(
    store: Store, search: Search, ours: Seed
) -> None:
    dated = entry(valid_from=NOW, valid_to=NOW + HOUR)
    await know(store, ours, [dated])
    index = Index([dated])
    for at, there in (
        (NOW - timedelta(microseconds=1), False),
        (NOW, True),
        (NOW + HOUR - timedelta(microseconds=1), True),
        (NOW + HOUR, False),
    ):
        assert bool(await found(search, ours, dated.question, at=at)) is there
        assert bool(index.find(dated.question, language="zh", at=at)) is there


async def test_what_is_for_staff_never_answers_a_buyer(store: Store, search: Search, ours: Seed) -> None:
    known = [entry(), entry("report", question="退货运费怎么报备", audience="staff")]
    await know(store, ours, known)
    assert await found(search, ours, "退货运费怎么报备", limit=9) == ["postage"]
    assert await found(search, ours, "退货运费怎么报备", audience=Audience.STAFF) == ["report"]
    assert [m.entry.id for m in Index(known).find("退货运费怎么报备", language="zh", at=NOW)] == ["postage"]


@pytest.mark.feature("F074")
async def test_what_is_said_of_goods_counts_for_them_only_and_the_first_named_go_first(
    store: Store, search: Search, ours: Seed
) -> None:
    question = "这个是什么材质"
    known = [entry(name, question=question, products=[name] if name != "all" else []) for name in ("all", "cup", "hat")]
    await know(store, ours, known)
    assert await found(search, ours, question) == ["all"]
    assert await found(search, ours, question, products=("hat",)) == ["hat", "all"]
    assert await found(search, ours, question, products=("hat", "cup")) == ["hat", "cup", "all"]
    assert await found(search, ours, question, products=("cup", "hat")) == ["cup", "hat", "all"]


async def test_each_merchant_finds_its_own(store: Store, search: Search, ours: Seed, theirs: Seed) -> None:
    await know(store, ours, [entry(answer="我们的")])
    await know(store, theirs, [entry(answer="他们的")])
    for of, answer in ((ours, "我们的"), (theirs, "他们的")):
        (match,) = await search.find(of.merchant, of.shop, "退货运费谁出", language="zh", at=NOW)
        assert match.entry.answer == answer
    async with store.merchant(theirs.merchant) as session:
        # Also the function that may look past row-level security sees one merchant.
        rows = await session.execute(
            text("SELECT id FROM find_entries(to_tsquery('simple', '''@' || :shop || '/zh'''), '''退货''', 'buyer',"
                 " :at, '[]', 9)"), {"shop": ours.shop.hex, "at": NOW},
        )  # fmt: skip
        assert rows.all() == []


async def test_a_change_counts_from_the_next_question_on_in_every_process(store: Store, ours: Seed) -> None:
    first, second = Search(store, tokenizer()), Search(store, tokenizer())
    await know(store, ours, [entry(), entry("when", question="什么时候发货")])
    for search in (first, second):
        assert (await found(search, ours, "退货运费谁出"))[0] == "postage"
    await know(store, ours, [entry(question="能开发票吗", answer="能")])
    for search in (first, second):
        assert "postage" not in await found(search, ours, "退货运费谁出")
        assert (await found(search, ours, "能开发票吗"))[0] == "postage"
    async with store.merchant(ours.merchant) as session:
        await records.remove(session, place(ours), FAQ, ("postage", "zh"))
    for search in (first, second):
        assert "postage" not in await found(search, ours, "能开发票吗")


async def test_unchanged_entries_are_not_read_again(
    store: Store, search: Search, ours: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    await know(store, ours, [entry(str(number), question=f"退货运费谁出 {number}") for number in range(20)])
    assert len(await found(search, ours, "退货运费", limit=50)) == 20
    read: list[str] = []
    monkeypatch.setattr(type(FAQ), "read", lambda self, row: read.append(row.slug) or self.shape.model_validate(
        {"id": row.slug, "language": row.language, "question": row.question, "answer": row.answer,
         "category": row.category}))  # fmt: skip
    await found(search, ours, "退货运费", limit=50)
    assert read == []
    await know(store, ours, [entry("3", question="退货的运费谁出 3")])
    read.clear()
    await found(search, ours, "退货运费", limit=50)
    assert read == ["3"]


async def test_entries_cut_under_other_word_lists_are_cut_anew(store: Store, search: Search, ours: Seed) -> None:
    await know(store, ours, [entry()])
    async with store.merchant(ours.merchant) as session:
        await session.execute(update(EntryRow).values(cut="older", tokens="'old':1A"))
    assert await found(search, ours, "退货运费谁出") == ["postage"]
    async with store.merchant(ours.merchant) as session:
        assert (await session.scalars(select(EntryRow.cut))).all() == [tokenizer().version]


async def test_the_store_and_the_index_in_memory_find_the_same(store: Store, search: Search, ours: Seed) -> None:
    await know(store, ours, entries(), action="faq.imported")
    index = Index(entries())
    for line in lines("questions"):
        in_store = await search.find(ours.merchant, ours.shop, line["question"], language=line["language"], at=NOW)
        in_memory = index.find(line["question"], language=line["language"], at=NOW)
        assert [(m.entry.id, m.score, m.matched) for m in in_store] == [
            (m.entry.id, m.score, m.matched) for m in in_memory
        ], line["question"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nine_of_ten_questions_find_their_entry_and_few_strangers_find_anything(language: str) -> None:
    index = Index(entries())
    asked = [line for line in lines("questions") if line["language"] == language]
    found = [(line["entry"], index.find(line["question"], language=language, at=NOW)) for line in asked]
    assert sum(entry in [match.entry.id for match in matches] for entry, matches in found) >= 0.9 * len(asked)
    cited = [(entry, matches[0]) for entry, matches in found if matches and matches[0].score >= FITS]
    assert len(cited) >= 0.5 * len(asked)
    assert sum(entry == match.entry.id for entry, match in cited) >= 0.9 * len(cited)
    strangers = [line["question"] for line in lines("strangers") if line["language"] == language]
    best = [index.find(question, language=language, at=NOW, limit=1) for question in strangers]
    assert sum(match.score >= FITS for matches in best for match in matches) <= 0.1 * len(strangers)


async def test_candidates_are_found_by_the_index_on_tokens(store: Store, ours: Seed) -> None:
    await know(store, ours, [entry(str(n), question=f"问题{n}", answer="答") for n in range(400)])
    query = "EXPLAIN SELECT id FROM app.faq_entries WHERE tokens @@ $$'@x/zh' & '问题'$$::tsquery"
    plans: dict[str, str] = {}
    for role in ("copilot_owner", "copilot_app"):
        with psycopg.connect(store.url.conninfo, autocommit=True) as connection:
            connection.execute(f"SET ROLE {role}".encode())
            connection.execute("SET enable_seqscan = off")
            plans[role] = str(connection.execute(query.encode()).fetchall())
    # What the function may do as the owner, the application may not: matching words is not leakproof.
    assert "faq_entries_tokens_idx" in plans["copilot_owner"]
    assert "faq_entries_tokens_idx" not in plans["copilot_app"]


async def test_old_tokens_of_many_entries_are_cut_anew_a_part_at_a_time(store: Store, ours: Seed) -> None:
    await know(store, ours, [entry(str(n), question=f"退货运费 {n}") for n in range(30)])
    async with store.merchant(ours.merchant) as session:
        await session.execute(update(EntryRow).values(cut="older"))
        assert await records.recut(session, ours.shop, tokenizer(), most=20) == 20
        assert await records.recut(session, ours.shop, tokenizer(), most=20) == 10
