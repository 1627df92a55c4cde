"""Facts in their time over goods, tonight's goods first, notices while they hold."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.knowledge import Notice, NoticeKind, Pinned, ProductFact
from copilot.domain.order import Product
from copilot.knowledge import records
from copilot.knowledge.goods import notices_now, pinned_now, with_facts
from copilot.knowledge.kinds import FACTS, NOTICES, PINNED
from copilot.knowledge.search import Search
from copilot.knowledge.shop import Shelf
from copilot.store.engine import Store
from tests.fixtures_store import NOW
from tests.knowledge.conftest import entry, know, place, tokenizer
from tests.store.conftest import Seed

HOUR = timedelta(hours=1)
MOMENTS = st.none() | st.integers(-5, 5).map(lambda hours: NOW + hours * HOUR)


@pytest.mark.feature("F073")
@given(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=6))
def test_no_fact_out_of_its_time_is_ever_merged(spans) -> None:  # type: ignore[no-untyped-def]
    facts = [
        ProductFact(product="cup", key="material", value=number, valid_from=begin, valid_to=end)
        for number, (begin, end) in enumerate(spans)
    ]
    merged = with_facts(Product(id="cup", name="Cup", attributes={"material": "platform", "x": 1}), facts, NOW)
    value = merged.attributes["material"]
    holding = [n for n, (a, b) in enumerate(spans) if (a is None or a <= NOW) and (b is None or NOW < b)]
    assert value in holding if holding else value == "platform"
    assert merged.attributes["x"] == 1


def test_the_fact_that_began_last_counts_and_only_for_its_product() -> None:
    facts = [
        ProductFact(product="cup", key="material", value="new", valid_from=NOW - HOUR),
        ProductFact(product="cup", key="material", value="always"),
        ProductFact(product="cup", key="material", value="older", valid_from=NOW - 2 * HOUR),
        ProductFact(product="hat", key="material", value="felt"),
    ]
    assert with_facts(Product(id="cup", name="Cup"), facts, NOW).attributes == {"material": "new"}


@pytest.mark.feature("F074")
def test_a_pin_counts_until_its_end_and_the_last_one_first() -> None:
    pins = [
        Pinned(product="over", since=NOW - HOUR, until=NOW),
        Pinned(product="first", since=NOW - HOUR, until=NOW + HOUR),
        Pinned(product="last", since=NOW, until=NOW + HOUR),
        Pinned(product="later", since=NOW + HOUR, until=NOW + 2 * HOUR),
    ]
    assert pinned_now(pins, NOW) == ("last", "first")


def test_a_notice_holds_from_its_begin_until_somebody_ends_it() -> None:
    def notice(id: str, begin: int, end: int | None) -> Notice:
        ends = None if end is None else NOW + end * HOUR
        return Notice(id=id, kind=NoticeKind.DELAY, starts_at=NOW + begin * HOUR, ends_at=ends)

    notices = [notice("open", -2, None), notice("now", 0, 1), notice("over", -1, 0), notice("soon", 1, None)]
    assert [one.id for one in notices_now(notices, NOW)] == ["now", "open"]


async def test_a_draft_sees_the_shops_word_on_goods_and_never_what_is_for_staff(
    store: Store, search: Search, ours: Seed, theirs: Seed
) -> None:
    shelf = Shelf(search)
    question = "这个是什么材质"
    await know(
        store,
        ours,
        [entry("cup", question=question, products=["cup"]), entry("hat", question=question, products=["hat"]),
         entry("staff", question=question, audience="staff")],
    )  # fmt: skip
    async with store.merchant(ours.merchant) as session:
        await records.put(session, place(ours), FACTS, [ProductFact(product="hat", key="a", value=1)], tokenizer())
        pin = Pinned(product="hat", since=NOW, until=NOW + HOUR)
        await records.put(session, place(ours), PINNED, [pin], tokenizer())
        notice = Notice(id="storm", kind=NoticeKind.DELAY, starts_at=NOW)
        await records.put(session, place(ours), NOTICES, [notice], tokenizer())
    known = shelf.of(ours.merchant, ours.shop, NOW)
    matches = await known.answers(question, language="zh", products=("cup", "hat"))
    assert [match.entry.id for match in matches] == ["hat", "cup"]
    hat, cup = await known.goods([Product(id="cup", name="Cup"), Product(id="hat", name="Hat")])
    assert (hat.id, hat.live_pinned, hat.attributes, cup.live_pinned) == ("hat", True, {"a": 1}, False)
    assert [one.id for one in await known.notices()] == ["storm"]

    after = shelf.of(ours.merchant, ours.shop, NOW + HOUR)
    assert await after.pinned() == ()
    assert [match.entry.id for match in await after.answers(question, language="zh", products=("cup", "hat"))] == [
        "cup",
        "hat",
    ]
    async with store.merchant(ours.merchant) as session:
        await records.remove(session, place(ours), NOTICES, ("storm",))
    assert await known.notices() == ()
    assert await shelf.of(theirs.merchant, theirs.shop, NOW).answers(question, language="zh") == ()
