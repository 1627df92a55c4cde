"""Rows of knowledge: kept apart, counted, audited; presets that can be edited and set back."""

from pathlib import Path

import pytest
from sqlalchemy import select

from copilot.domain.auto import AutoReply, Trigger
from copilot.domain.errors import BadInput, PolicyFileError
from copilot.domain.knowledge import Entry, Greeting, Notice, Origin, Phrase, Pinned, ProductFact
from copilot.knowledge import presets, records
from copilot.knowledge.kinds import AUTO_REPLIES, FACTS, FAQ, GREETINGS, KINDS, NOTICES, PHRASES, PINNED
from copilot.store.engine import Store
from copilot.store.tables import AuditRow, EventRow
from tests.fixtures_store import NOW
from tests.knowledge.conftest import entry, know, place, tokenizer
from tests.store.conftest import Seed

THINGS = {
    FAQ.name: entry(similar=("a", "b"), products=["p"], valid_from=NOW, source="s"),
    FACTS.name: ProductFact(product="p", key="hip_cm_by_size", value={"S": 88, "M": 92.5}),
    PINNED.name: Pinned(product="p", since=NOW, until=NOW.replace(hour=23)),
    NOTICES.name: Notice(id="storm", kind="delay", regions=("US-FL",), starts_at=NOW, text={"en": "Storm."}),  # type: ignore[arg-type]
    GREETINGS.name: Greeting(language="en", text="Hi, what can we do for you?"),
    AUTO_REPLIES.name: AutoReply(
        id="night", language="en", trigger=Trigger.BUSY, busy_from=3, text="A moment, please."
    ),
    PHRASES.name: Phrase(id="hi", language="en", title="Hi", text="Hello {name}"),
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_what_is_put_is_there_for_its_own_merchant_only(store: Store, ours: Seed, theirs: Seed, kind) -> None:  # type: ignore[no-untyped-def]
    thing = THINGS[kind.name]
    async with store.merchant(ours.merchant) as session:
        changes = await records.put(session, place(ours), kind, [thing], tokenizer())
        assert changes.counts == {"added": 1, "changed": 0, "same": 0}
    async with store.merchant(ours.merchant) as session:
        assert await records.listed(session, kind, ours.shop) == [thing]
        assert await records.one(session, kind, ours.shop, kind.key(thing)) == thing
        again = await records.put(session, place(ours), kind, [thing], tokenizer())
        assert again.counts == {"added": 0, "changed": 0, "same": 1}
    async with store.merchant(theirs.merchant) as session:
        assert await records.listed(session, kind, ours.shop) == []
        with pytest.raises(BadInput):
            await records.put(session, place(ours), kind, [thing], tokenizer())
    async with store.merchant(ours.merchant) as session:
        assert await records.remove(session, place(ours), kind, kind.key(thing))
        assert not await records.remove(session, place(ours), kind, kind.key(thing))
        assert await records.listed(session, kind, ours.shop) == []
        lines = (await session.scalars(select(AuditRow).order_by(AuditRow.at))).all()
        assert sorted(line.action for line in lines) == [f"{kind.name}.added", f"{kind.name}.removed"]
        events = (await session.scalars(select(EventRow))).all()
        assert {(event.topic, event.ref) for event in events} == {("knowledge.changed", str(ours.shop))}
        assert await records.version_of(session, ours.shop) == 4


async def test_facts_of_one_key_may_follow_each_other(store: Store, ours: Seed) -> None:
    old = ProductFact(product="p", key="material", value="cotton", valid_to=NOW)
    new = ProductFact(product="p", key="material", value="wool", valid_from=NOW)
    async with store.merchant(ours.merchant) as session:
        await records.put(session, place(ours), FACTS, [old, new], tokenizer())
        assert await records.listed(session, FACTS, ours.shop, product="p") == [new, old]
        await records.put(session, place(ours), FACTS, [old.model_copy(update={"value": "silk"})], tokenizer())
        assert [fact.value for fact in await records.listed(session, FACTS, ours.shop)] == ["wool", "silk"]


async def test_replacing_leaves_what_was_given_and_nothing_else(store: Store, ours: Seed) -> None:
    await know(store, ours, [entry("a"), entry("b")])
    async with store.merchant(ours.merchant) as session:
        changes = await records.replace(session, place(ours), FAQ, [entry("b"), entry("c")], tokenizer())
        assert changes.counts == {"added": 1, "changed": 0, "same": 1}
        assert [one.id for one in await records.listed(session, FAQ, ours.shop)] == ["b", "c"]


PRESETS = """entries:
  - id: hello
    language: en
    question: Are you there?
    similar: [hello]
    answer: Yes, this is {shop}.
    category: daily_greeting
  - {id: hello, language: zh, question: 在吗, answer: 在的, category: daily_greeting, audience: staff}
"""


@pytest.mark.feature("F058")
async def test_an_edited_preset_stays_one_and_can_be_set_back(store: Store, ours: Seed, tmp_path: Path) -> None:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge/presets.en.yaml").write_text(PRESETS)
    shipped = presets.load_presets([tmp_path])
    assert [(one.language, one.origin) for one in shipped] == [("en", Origin.PRESET), ("zh", Origin.PRESET)]
    async with store.merchant(ours.merchant) as session:
        copied = await presets.copy_presets(session, place(ours), shipped, tokenizer())
        assert copied.counts["added"] == 2
    edit = Entry(id="hello", language="en", question="Hi?", answer="Rose Cups here.", category="daily_greeting")  # type: ignore[arg-type]
    await know(store, ours, [edit])
    await know(store, ours, [edit.model_copy(update={"answer": "Rose Cups here, ask away."})])
    async with store.merchant(ours.merchant) as session:
        stored = await records.one(session, FAQ, ours.shop, ("hello", "en"))
        assert stored is not None
        assert (stored.origin, stored.answer) == (Origin.PRESET, "Rose Cups here, ask away.")
        assert stored.original is not None
        assert (stored.original.question, stored.original.similar) == ("Are you there?", ("hello",))
        # A second copy leaves what the shop made of it.
        assert (await presets.copy_presets(session, place(ours), shipped, tokenizer())).counts["changed"] == 0
        await presets.reset(session, place(ours), "hello", "en", tokenizer())
        assert await records.one(session, FAQ, ours.shop, ("hello", "en")) == shipped[0]
        with pytest.raises(BadInput, match="no preset"):
            await presets.reset(session, place(ours), "nothing", "en", tokenizer())


def test_a_preset_with_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge/presets.en.yaml").write_text(PRESETS.replace("similar:", "similars:"))
    with pytest.raises(PolicyFileError, match=r"presets.en.yaml:5: .*did you mean 'similar'"):
        presets.load_presets([tmp_path])


async def test_a_greetings_cards_are_whole_entries_for_buyers_in_its_language(store: Store, ours: Seed) -> None:
    known = [
        entry("ship"), entry("inside", audience="staff"), entry("open", answer="从{opens}开始。"),
        entry("english", language="en"),
    ]  # fmt: skip
    await know(store, ours, known)

    async def greet(*cards: str) -> list[Greeting]:
        async with store.merchant(ours.merchant) as session:
            greeting = Greeting(language="zh", text="您好，想了解什么？", cards=cards)
            await records.put(session, place(ours), GREETINGS, [greeting], tokenizer())
        async with store.merchant(ours.merchant) as session:
            return await records.listed(session, GREETINGS, ours.shop)

    assert [one.cards for one in await greet("ship")] == [("ship",)]
    for cards, why in (
        (("ship", "inside"), r"cards\.1: is an entry for staff"),
        (("nothing",), r"cards\.0: the shop has no such entry in zh"),
        (("english",), r"cards\.0: the shop has no such entry in zh"),
        (("open",), r"cards\.0: its answer has a \{blank\}"),
        (("ship", "ship"), "stands there twice"),
    ):
        with pytest.raises(BadInput, match=why):
            await greet(*cards)
