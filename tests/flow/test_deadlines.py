"""Always on time: whatever the model or the worker does, a checked draft is there at the deadline."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from copilot.domain.draft import DraftState
from copilot.flow.checkpoints import open_saver
from copilot.flow.graph import compile_graph
from copilot.flow.threads import Threads
from copilot.model.completion import ModelFailed, ModelFault
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from copilot.store.tables import DraftRow
from tests.flow.conftest import World

ASKS = "我的快递到哪了"
SAYS = '{"empathy": "", "explanation": "方便把订单号发我看一下吗?", "options": {}, "closing": ""}'


@pytest.fixture
async def with_model(world: World) -> AsyncIterator[World]:
    async with open_saver(world.store) as saver:
        driver = replace(world.driver, threads=Threads(compile_graph(saver)))
        yield replace(world, driver=driver)


def _modelled(world: World, *script: str | ModelFailed | float) -> World:
    model = ScriptedModel(script)
    writer = Writer(model, world.driver.shops.prompts, world.clock)
    return replace(world, driver=replace(world.driver, writer=writer))


async def _only(world: World, conversation: object) -> DraftRow:
    (row,) = await world.drafts(conversation)  # pyright: ignore[reportArgumentType]
    return row


async def test_a_model_words_the_draft_when_it_answers(with_model: World) -> None:
    world = _modelled(with_model, SAYS)
    row = await world.draft(await world.buyer(ASKS))

    assert row.view is not None
    assert (row.state, row.view["written_by"]) == (DraftState.PROPOSED, "model")


@pytest.mark.parametrize(
    ("script", "because"),
    [
        (ModelFailed(ModelFault.THROTTLED), "model_throttled"),
        (ModelFailed(ModelFault.UNAVAILABLE), "model_unavailable"),
        ("not json at all", "model_invalid"),
        ('{"explanation": "退您500元", "options": {"A": "退500元"}}', "model_invalid"),
    ],
)
async def test_a_failing_model_means_the_composed_draft_and_why(
    with_model: World, script: str | ModelFailed, because: str
) -> None:
    world = _modelled(with_model, script)
    row = await world.draft(await world.buyer(ASKS))

    assert row.view is not None
    assert (row.state, row.view["written_by"]) == (DraftState.PROPOSED, "composer")
    assert row.view["composed_because"] == because


async def test_a_model_that_says_forbidden_things_is_rewritten_then_composed(with_model: World) -> None:
    forbidden = '{"explanation": "加我微信 kf88123 发您优惠", "options": {}, "closing": ""}'
    world = _modelled(with_model, forbidden)
    row = await world.draft(await world.buyer(ASKS))

    assert row.view is not None
    assert row.state == DraftState.PROPOSED
    assert row.view["written_by"] == "composer"
    assert row.view["composed_because"] == "model_blocked"
    assert "微信" not in (row.text or "")


async def test_a_hanging_model_does_not_hold_the_draft_back(with_model: World) -> None:
    world = _modelled(with_model, 3600.0)
    conversation = await world.buyer(ASKS)
    hanging = asyncio.create_task(world.driver.draft_conversation(world.merchant, conversation))
    try:
        row = await world.composed(conversation)
        assert row.state == DraftState.WRITING

        await world.driver.propose_due(world.merchant, row.id)

        row = await _only(world, conversation)
        assert row.state == DraftState.PROPOSED
        assert row.view is not None
        assert row.view["written_by"] == "composer"
        assert row.text == row.view["text"]
    finally:
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)


async def test_a_worker_that_died_before_composing_leaves_a_draft_at_the_deadline(world: World) -> None:
    conversation = await world.buyer(ASKS)
    row = await world.draft(conversation)
    async with world.store.merchant(world.merchant) as session:
        again = await session.get(DraftRow, (world.merchant, row.id))
        assert again is not None
        again.state, again.composed, again.view, again.text = DraftState.WRITING, None, None, None

    await world.driver.propose_due(world.merchant, row.id)

    assert (await _only(world, conversation)).state == DraftState.PROPOSED


async def test_the_deadline_does_nothing_to_a_draft_that_was_shown(world: World) -> None:
    conversation = await world.buyer(ASKS)
    before = await world.draft(conversation)
    await world.driver.propose_due(world.merchant, before.id)

    assert (await _only(world, conversation)).updated_at == before.updated_at


async def test_a_draft_that_cannot_be_written_says_so_at_the_deadline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect in the composer")

    conversation = await world.buyer(ASKS)
    monkeypatch.setattr("copilot.flow.steps.write.compose", broken)
    with pytest.raises(RuntimeError):
        await world.driver.draft_conversation(world.merchant, conversation)
    row = await _only(world, conversation)
    assert row.state == DraftState.WRITING
    with pytest.raises(RuntimeError):
        await world.driver.propose_due(world.merchant, row.id)

    row = await _only(world, conversation)
    assert (row.state, row.reason) == (DraftState.BLOCKED, "failed")
