"""What one draft may cost, counted and not timed: a regression shows here before it shows on a clock."""

from dataclasses import replace

from copilot.flow.checkpoints import open_saver
from copilot.flow.graph import compile_graph
from copilot.flow.threads import Threads
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from tests.counting import counted
from tests.flow.conftest import World

STATEMENTS = 18
TRANSACTIONS = 3
MODEL_CALLS = 1


async def test_a_draft_stays_within_its_budget(world: World) -> None:
    conversation = await world.buyer("我的快递到哪了")
    model = ScriptedModel(['{"explanation": "方便把订单号发我看一下吗?"}'])
    async with open_saver(world.store) as saver:
        writer = Writer(model, world.driver.shops.prompts, world.clock)
        driver = replace(world.driver, threads=Threads(compile_graph(saver)), writer=writer)
        with counted(world.store) as seen:
            await replace(world, driver=driver).driver.draft_conversation(world.merchant, conversation)
        threads = [found async for found in saver.alist(None)]

    assert len(threads) == 1, "one checkpoint a draft: durability=exit"
    assert len(model.questions) <= MODEL_CALLS
    assert seen["transactions"] <= TRANSACTIONS, seen
    assert seen["statements"] <= STATEMENTS, seen
