"""A model's budget is a draft's: what one draft spent is not taken from the next one."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest

from copilot.domain.clock import FrozenClock
from copilot.flow.checkpoints import open_saver
from copilot.flow.graph import compile_graph
from copilot.flow.memory import MemoryFlow
from copilot.flow.threads import Threads
from copilot.model.breaker import Breaker
from copilot.model.completion import Answer, Completer, Question
from copilot.model.fallbacks import Fallbacks
from copilot.model.writer import Writer
from copilot.replay.drafts.recorded import RecordingModel
from tests.flow.conftest import World
from tests.understand.conversations import BUYER, talk

ASKS = "我的快递到哪了"
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PRICE = Decimal("0.01")


@dataclass
class Priced:
    """Asks for the order, or for what ``says`` says; every question costs ``PRICE``."""

    says: str = '{"explanation": "方便把订单号发我看一下吗?"}'
    name: str = "told/priced"
    ready: bool = True
    asked: list[Question] = field(default_factory=list[Question])

    async def upper_bound(self, question: Question) -> Decimal | None:
        return PRICE

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        self.asked.append(question)
        return Answer(text=self.says, model=self.name, cost=PRICE)

    async def aclose(self) -> None:
        return None


def _budgeted(model: Priced, clock: FrozenClock, budget: Decimal) -> Fallbacks:
    return Fallbacks([(model, Breaker(clock))], clock, budget)


async def test_each_draft_of_a_shop_has_its_own(world: World) -> None:
    model = Priced()
    async with open_saver(world.store) as saver:
        writer = Writer(_budgeted(model, world.clock, PRICE), world.driver.shops.prompts, world.clock)
        driver = replace(world.driver, threads=Threads(compile_graph(saver)), writer=writer)
        here = replace(world, driver=driver)
        drafts = [await here.draft(await here.buyer(ASKS)) for _ in range(2)]

    assert [draft.view and draft.view["written_by"] for draft in drafts] == ["model", "model"]


@pytest.mark.parametrize("recorded", [False, True])
async def test_each_draft_without_a_server_has_its_own(world: World, recorded: bool) -> None:
    clock, shops = FrozenClock(NOW), world.driver.shops
    completer: Completer = _budgeted(Priced(), clock, PRICE)
    if recorded:
        completer = RecordingModel(completer, StringIO())
    flow = MemoryFlow(shops, clock, writer=Writer(completer, shops.prompts, clock))
    conversation = talk((BUYER, ASKS), platform="douyin", market="cn", orders=())
    drafts = [(await flow.draft(conversation)).draft for _ in range(2)]

    assert [draft and draft.written_by for draft in drafts] == ["model", "model"]


@pytest.mark.parametrize("recorded", [False, True])
async def test_all_questions_of_one_draft_share_it(world: World, recorded: bool) -> None:
    clock, shops = FrozenClock(NOW), world.driver.shops
    model = Priced(says="not JSON")
    completer: Completer = _budgeted(model, clock, PRICE)
    if recorded:
        completer = RecordingModel(completer, StringIO())
    flow = MemoryFlow(shops, clock, writer=Writer(completer, shops.prompts, clock))
    told = await flow.draft(talk((BUYER, ASKS), platform="douyin", market="cn", orders=()))

    assert told.draft is not None
    assert (told.draft.written_by, told.draft.composed_because) == ("composer", "model_budget")
    assert len(model.asked) == 1, "nothing is left for a repair"


async def test_all_questions_of_one_draft_of_a_shop_share_it(world: World) -> None:
    model = Priced(says="not JSON")
    async with open_saver(world.store) as saver:
        writer = Writer(_budgeted(model, world.clock, PRICE), world.driver.shops.prompts, world.clock)
        driver = replace(world.driver, threads=Threads(compile_graph(saver)), writer=writer)
        here = replace(world, driver=driver)
        row = await here.draft(await here.buyer(ASKS))

    assert row.view is not None
    assert row.view["composed_because"] == "model_budget"
    assert len(model.asked) == 1
