"""What one draft may cost, counted and not timed: a regression shows here before it shows on a clock."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from copilot.domain.knowledge import Entry, Pinned, ProductFact
from copilot.flow.checkpoints import open_saver
from copilot.flow.graph import compile_graph
from copilot.flow.stored_knowledge import StoredKnowledge, stored_knowledge
from copilot.flow.threads import Threads
from copilot.knowledge import records
from copilot.knowledge.kinds import FACTS, FAQ, PINNED
from copilot.knowledge.records import Place
from copilot.knowledge.search import Search
from copilot.knowledge.tokens import Tokenizer
from copilot.knowledge.words import shipped_words
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from tests.counting import counted
from tests.flow.conftest import NOON, World

DAY = timedelta(days=1)
STATEMENTS = 23
TRANSACTIONS = 3
MODEL_CALLS = 1
COMPOSED_STATEMENTS = 17
QUESTION_STATEMENTS = 22
QUESTION_TRANSACTIONS = 3
"""The draft's own two, and one for all that the shop knows."""
STATING_TRANSACTIONS = 4
"""One more, for the names that stand in the finished text."""


async def test_a_draft_stays_within_its_budget(world: World) -> None:
    # The first draft of a process reads the shop's rules.
    await world.draft(await world.buyer("在吗", "another"))
    conversation = await world.buyer("我的快递到哪了")
    model = ScriptedModel(['{"explanation": "方便把订单号发我看一下吗?"}'])
    async with open_saver(world.store) as saver:
        before = len([found async for found in saver.alist(None)])
        writer = Writer(model, world.driver.shops.prompts, world.clock)
        driver = replace(world.driver, threads=Threads(compile_graph(saver)), writer=writer)
        with counted() as seen:
            await replace(world, driver=driver).driver.draft_conversation(world.merchant, conversation)
        threads = [found async for found in saver.alist(None)]

    assert len(threads) - before == 1, "one checkpoint a draft: durability=exit"
    assert len(model.questions) <= MODEL_CALLS
    assert seen["transactions"] <= TRANSACTIONS, seen
    assert seen["statements"] <= STATEMENTS, seen


async def test_a_composed_draft_stays_within_its_own(world: World) -> None:
    await world.draft(await world.buyer("在吗", "another"))
    conversation = await world.buyer("我的快递到哪了")
    with counted() as seen:
        await world.driver.draft_conversation(world.merchant, conversation)
    assert seen["transactions"] <= 2, seen
    assert seen["statements"] <= COMPOSED_STATEMENTS, seen


async def test_a_question_that_the_shop_knows_the_answer_to_stays_within_its_own(world: World) -> None:
    entry = Entry.model_validate(
        {
            "id": "carrier",
            "language": "zh",
            "question": "你们发什么快递",
            "answer": "我们发中通。",
            "category": "logistics",
        }
    )
    tokenizer = Tokenizer(shipped_words())
    async with world.store.merchant(world.merchant) as session:
        place = Place(world.merchant, world.shop.id, "somebody", world.clock.now())
        await records.put(session, place, FAQ, [entry], tokenizer)
    knowing = stored_knowledge(world.store, Search(world.store, tokenizer), world.clock)
    driver = replace(world.driver, knowledge=knowing)
    # The first question of a process reads the shop's words.
    await driver.draft_conversation(world.merchant, await world.buyer("你们发什么快递", "another"))
    conversation = await world.buyer("你们发什么快递")
    with counted() as seen:
        await driver.draft_conversation(world.merchant, conversation)
    row = (await world.drafts(conversation))[-1]
    assert row.view is not None
    assert [one["id"] for one in row.view["cites"]] == ["carrier"]
    assert seen["transactions"] <= QUESTION_TRANSACTIONS, seen
    assert seen["statements"] <= QUESTION_STATEMENTS, seen

    # Two questions, about goods that the shop states something of.
    async with world.store.merchant(world.merchant) as session:
        facts = [ProductFact(product="cup", key=key, value=value) for key, value in (("name", "山茶杯"), ("stock", 3))]
        await records.put(session, place, FACTS, facts, tokenizer)
        await records.put(session, place, PINNED, [Pinned(product="cup", since=NOON, until=NOON + DAY)], tokenizer)
    await driver.draft_conversation(world.merchant, await world.buyer("你们发什么快递", "a third"))
    conversation = await world.buyer("你们发什么快递?山茶杯能进洗碗机吗?", "a fourth")
    with counted() as seen:
        await driver.draft_conversation(world.merchant, conversation)
    assert seen["transactions"] <= STATING_TRANSACTIONS, seen


async def test_a_look_up_that_is_given_up_takes_no_other_along(world: World) -> None:
    knowing = stored_knowledge(world.store, Search(world.store, Tokenizer(shipped_words())), world.clock)(world.shop)
    assert isinstance(knowing, StoredKnowledge)
    async with knowing.at_once():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2), knowing._session() as session:
                await session.execute(text("SELECT pg_sleep(5)"))
        assert await knowing.notices() == ()
    assert await knowing.goods(("cup",)) == ()
