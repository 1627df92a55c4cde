"""The knowledge of a shop, from its rows: what holds now, of this shop, in the shape that a draft uses."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.base import Shape
from copilot.domain.clock import FrozenClock
from copilot.domain.draft import DraftView
from copilot.domain.knowledge import Entry, Notice, Pinned, ProductFact
from copilot.flow.stored_knowledge import StoredKnowledge, stored_knowledge
from copilot.knowledge import records
from copilot.knowledge.kinds import FACTS, FAQ, NOTICES, PINNED, Kind
from copilot.knowledge.records import Place
from copilot.knowledge.search import Search
from copilot.knowledge.tokens import Tokenizer
from copilot.knowledge.words import shipped_words
from copilot.store.engine import Store
from tests.counting import counted
from tests.fixtures_store import NOW
from tests.flow.conftest import World
from tests.store.conftest import Seed, seed

TOKENIZER = Tokenizer(shipped_words())
HOUR = timedelta(hours=1)


@pytest.fixture
async def ours(store: Store) -> Seed:
    return await seed(store, "ours")


@pytest.fixture
def known(store: Store, ours: Seed) -> StoredKnowledge:
    return StoredKnowledge(store, Search(store, TOKENIZER), FrozenClock(NOW), ours.merchant, ours.shop)


async def keep(store: Store, of: Seed, kind: Kind[Any], *things: Shape) -> None:
    async with store.merchant(of.merchant) as session:
        await records.put(session, Place(of.merchant, of.shop, "somebody", NOW), kind, things, TOKENIZER)


def facts(product: str, **values: Any) -> Sequence[ProductFact]:
    return [ProductFact(product=product, key=key, value=value) for key, value in values.items()]


async def test_entries_for_buyers_are_found_and_others_are_not(
    store: Store, ours: Seed, known: StoredKnowledge
) -> None:
    entry = {"id": "carrier", "language": "zh", "question": "发什么快递", "answer": "中通。", "category": "logistics"}
    staff = entry | {"id": "staff", "audience": "staff"}
    over = entry | {"id": "over", "valid_to": NOW.isoformat()}
    await keep(store, ours, FAQ, *(Entry.model_validate(one) for one in (entry, staff, over)))
    found = await known.answers("你们发什么快递", language="zh", category=None, products=())
    assert [match.entry.id for match in found] == ["carrier"]


@pytest.mark.feature("F074")
async def test_goods_on_show_come_first_with_what_the_shop_states_now(
    store: Store, ours: Seed, known: StoredKnowledge
) -> None:
    price = {"amount": "169.00", "currency": "CNY"}
    dress = facts("dress", name="雪纺裙", price=price, stock=38, hip_cm_by_size={"M": 94})
    old = ProductFact(product="cup", key="material", value="陶", valid_to=NOW)
    new = ProductFact(product="cup", key="material", value="瓷", valid_from=NOW)
    cup = (*facts("cup", name="茶杯", status="off_shelf", stock="many"), old, new)
    await keep(store, ours, FACTS, *dress, *cup)
    await keep(
        store,
        ours,
        PINNED,
        Pinned(product="dress", since=NOW - HOUR, until=NOW + HOUR),
        Pinned(product="lamp", since=NOW - 2 * HOUR, until=NOW),
    )
    first, second = await known.goods(("cup",))
    assert (first.id, first.name, first.stock, first.live_pinned) == ("dress", "雪纺裙", 38, True)
    assert first.price is not None
    assert first.attributes == {"hip_cm_by_size": {"M": 94}}
    assert (second.id, second.status, second.stock, second.live_pinned) == ("cup", "off_shelf", None, False)
    assert second.attributes == {"material": "瓷"}


async def test_names_are_found_in_a_text_whatever_their_blanks_and_case(
    store: Store, ours: Seed, known: StoredKnowledge
) -> None:
    await keep(store, ours, FACTS, *facts("lamp", name="Harbor Desk Lamp", status="off_shelf"), *facts("x", note="x"))
    found = await known.named("we have the HARBOR desk lamp")
    assert [(one.id, one.status) for one in found] == [("lamp", "off_shelf")]
    assert await known.named("we have lamps") == ()


async def test_notices_that_hold_now(store: Store, ours: Seed, known: StoredKnowledge) -> None:
    def notice(id: str, starts: int, ends: int | None) -> Notice:
        end = None if ends is None else NOW + ends * HOUR
        return Notice.model_validate({"id": id, "kind": "delay", "starts_at": NOW + starts * HOUR, "ends_at": end})

    await keep(store, ours, NOTICES, notice("now", -1, None), notice("over", -2, 0), notice("later", 1, None))
    assert [one.id for one in await known.notices()] == ["now"]


async def test_another_merchants_knowledge_is_not_there(store: Store, ours: Seed, known: StoredKnowledge) -> None:
    theirs = await seed(store, "theirs")
    await keep(store, theirs, FACTS, *facts("cup", name="茶杯"))
    await keep(store, theirs, PINNED, Pinned(product="cup", since=NOW - HOUR, until=NOW + HOUR))
    assert await known.goods(("cup",)) == ()
    assert await known.named("茶杯") == ()


@pytest.mark.feature("F061")
async def test_a_draft_of_the_real_driver_cites_the_stored_entry(world: World) -> None:
    entry = {
        "id": "carrier",
        "language": "zh",
        "question": "发什么快递",
        "answer": "默认发中通。",
        "category": "logistics",
    }
    place = Place(world.merchant, world.shop.id, "somebody", world.clock.now())
    async with world.store.merchant(world.merchant) as session:
        await records.put(session, place, FAQ, [Entry.model_validate(entry)], TOKENIZER)
    # Compiling the rules takes longer than a transaction may on a busy machine.
    world.driver.shops.of_shop(world.shop, "m", world.clock.now())
    knowing = stored_knowledge(world.store, Search(world.store, TOKENIZER), world.clock)
    driver = replace(world.driver, knowledge=knowing)
    conversation = await world.buyer("你们发什么快递")
    await driver.draft_conversation(world.merchant, conversation)
    row = (await world.drafts(conversation))[-1]
    assert row.view is not None
    view = DraftView.model_validate(row.view)
    assert "默认发中通" in view.text
    assert [one.id for one in view.cites] == ["carrier"]


async def test_what_has_not_changed_is_not_read_again(store: Store, ours: Seed, known: StoredKnowledge) -> None:
    async def asked() -> tuple[list[str], list[object]]:
        # Each draft has its own; all of a process share what they keep.
        draft = StoredKnowledge(store, known.search, known.clock, ours.merchant, ours.shop, known.kept)
        goods, notices = await asyncio.gather(draft.goods(("cup",)), draft.notices())
        await draft.answers("你们发什么快递", language="zh", category=None, products=("cup",))
        await draft.named("白瓷杯还有吗")
        return [str(one.attributes.get("material")) for one in goods], [*notices]

    assert await asked() == ([], [])
    with counted() as seen:
        assert await asked() == ([], [])
    assert seen == {"transactions": 1, "statements": 2}, "the beginning with its merchant, the version"

    await keep(store, ours, FACTS, *facts("cup", name="白瓷杯", material="porcelain"))
    assert await asked() == (["porcelain"], [])
    await keep(store, ours, FACTS, *facts("cup", name="白瓷杯", material="bone china"))
    assert await asked() == (["bone china"], []), "a change counts from the next draft on"
