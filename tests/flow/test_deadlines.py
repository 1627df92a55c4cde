"""Always on time: whatever the model or the worker does, a checked draft is there at the deadline."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from copilot.channel.tasks import rewrite_lock
from copilot.domain.draft import DraftState, Rejection, RejectReason
from copilot.domain.errors import StaleDraft
from copilot.flow.checkpoints import open_saver
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.flow.graph import compile_graph
from copilot.flow.threads import Threads
from copilot.model.completion import Answer, ModelFailed, ModelFault, Question
from copilot.model.familiar import Familiar
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from copilot.store.tables import ApprovalRow, DraftRow, EventRow
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


@pytest.mark.parametrize("because", ["model_invalid", "model_blocked"])
async def test_a_model_that_says_forbidden_things_is_rewritten_then_composed(
    with_model: World, because: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words are refused as strange ones; policy stands behind that and would refuse them by itself."""
    if because == "model_blocked":
        monkeypatch.setattr(Familiar, "strange", _all_known)
    forbidden = '{"explanation": "加我微信 kf88123 发您优惠", "options": {}, "closing": ""}'
    world = _modelled(with_model, forbidden)
    row = await world.draft(await world.buyer(ASKS))

    assert row.view is not None
    assert row.state == DraftState.PROPOSED
    assert row.view["written_by"] == "composer"
    assert row.view["composed_because"] == because
    assert "微信" not in (row.text or "")


def _all_known(_familiar: Familiar, _text: str) -> tuple[str, ...]:
    return ()


async def test_a_hanging_model_does_not_hold_the_draft_back(with_model: World) -> None:
    world = _modelled(with_model, 3600.0)
    conversation = await world.buyer(ASKS)
    hanging = asyncio.create_task(world.driver.draft_conversation(world.merchant, conversation))
    try:
        row = await world.composed(conversation)
        assert row.state == DraftState.PROPOSED, "at once, before the model has said a word"

        await world.driver.propose_due(world.merchant, row.id)

        row = await _only(world, conversation)
        assert row.view is not None
        assert row.view["written_by"] == "composer"
        assert row.text == row.view["text"]
    finally:
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)


@dataclass
class Late:
    """A model that answers when it is let."""

    says: str
    name: str = "late"
    ready: bool = True
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        await self.go.wait()
        return Answer(text=self.says, model=self.name)


async def test_a_rejection_does_not_wait_for_a_running_model_whose_late_text_is_dropped(world: World) -> None:
    late = Late(SAYS)
    driver = replace(world.driver, writer=Writer(late, world.driver.shops.prompts, world.clock))
    conversation = await world.buyer(ASKS)
    running = asyncio.create_task(driver.draft_conversation(world.merchant, conversation))
    try:
        row = await world.composed(conversation)
        assert row.text_hash is not None
        no = Rejection(reason=RejectReason.TONE)
        rejecting = Decision(row.id, row.revision, row.text_hash, DecisionKind.REJECT, by="agent-1", rejection=no)
        await decide(world.store, world.merchant, rejecting, world.clock)
        async with world.store.system() as session:
            held = "SELECT lock FROM jobs.procrastinate_jobs WHERE task_name = 'draft.resume' AND args ->> 'ref' = :ref"
            jobs = await session.execute(sql(held), {"ref": str(row.id)})
            assert jobs.scalars().all() == [rewrite_lock(row.id)], "no lock that the running job holds"
        # Another worker, whose model has no time.
        await world.driver.resume(world.merchant, row.id)
        again = await _only(world, conversation)
        assert (again.revision, again.state) == (2, DraftState.PROPOSED)
        assert again.text != row.text
    finally:
        late.go.set()
        await running
    after = await _only(world, conversation)
    assert (after.revision, after.text, after.text_hash) == (2, again.text, again.text_hash)
    accepting = Decision(after.id, 2, after.text_hash or "", DecisionKind.ACCEPT, by="agent-1")
    assert await decide(world.store, world.merchant, accepting, world.clock) == DraftState.APPROVED


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


# The composed draft is on screen at once; what a model makes of it takes its place only where nobody has touched it.


@dataclass
class Held:
    """A model that says ``answer`` when ``go`` is set."""

    answer: str | ModelFailed
    go: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "held"
    ready: bool = True

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        await self.go.wait()
        if isinstance(self.answer, ModelFailed):
            raise self.answer
        return Answer(text=self.answer, model=self.name)


def _held(world: World, answer: str | ModelFailed) -> tuple[Held, World]:
    """A model that waits, and the world with it."""
    held = Held(answer)
    writer = Writer(held, world.driver.shops.prompts, world.clock)
    return held, replace(world, driver=replace(world.driver, writer=writer))


async def _waiting(world: World, conversation: uuid.UUID) -> tuple[DraftRow, "asyncio.Task[None]"]:
    """The composed draft on screen while the model of ``world`` is still at work."""
    job = asyncio.create_task(world.driver.draft_conversation(world.merchant, conversation))
    row = await world.composed(conversation)
    assert row.state == DraftState.PROPOSED
    assert row.view is not None
    assert row.view["written_by"] == "composer"
    return row, job


def _decision(row: DraftRow, kind: DecisionKind, **more: Any) -> Decision:
    return Decision(
        draft=row.id, revision=row.revision, text_hash=row.text_hash or "", kind=kind, by=str(uuid.uuid4()), **more
    )


async def _topics(world: World) -> list[str]:
    async with world.store.merchant(world.merchant) as session:
        rows = await session.scalars(select(EventRow.topic).where(EventRow.topic.like("draft.%")).order_by(EventRow.id))
        return list(rows)


async def test_a_models_better_text_takes_the_composed_ones_place_and_is_announced(with_model: World) -> None:
    held, world = _held(with_model, SAYS)
    conversation = await world.buyer(ASKS)
    first, job = await _waiting(world, conversation)
    held.go.set()
    await job
    row = await _only(world, conversation)
    assert row.view is not None
    assert (row.state, row.revision, row.view["written_by"]) == (DraftState.PROPOSED, first.revision, "model")
    assert row.text_hash != first.text_hash
    assert await _topics(world) == ["draft.writing", "draft.proposed", "draft.proposed"]
    # A decision about the text that stood there before is told so; one about this text counts.
    with pytest.raises(StaleDraft):
        await decide(world.store, world.merchant, _decision(first, DecisionKind.ACCEPT), world.clock)
    await decide(world.store, world.merchant, _decision(row, DecisionKind.ACCEPT), world.clock)
    await world.driver.resume(world.merchant, row.id)
    (reply,) = await world.replies()
    assert reply.text == row.text


async def test_what_was_accepted_before_the_model_answered_stays_as_it_was_approved(with_model: World) -> None:
    held, world = _held(with_model, SAYS)
    conversation = await world.buyer(ASKS)
    first, job = await _waiting(world, conversation)
    await decide(world.store, world.merchant, _decision(first, DecisionKind.ACCEPT), world.clock)
    held.go.set()
    await job
    await world.driver.resume(world.merchant, first.id)
    row = await _only(world, conversation)
    assert (row.state, row.text) == (DraftState.APPROVED, first.text)
    (reply,) = await world.replies()
    assert reply.text == first.text


async def test_what_was_rejected_before_the_model_answered_is_written_again(with_model: World) -> None:
    held, world = _held(with_model, SAYS)
    conversation = await world.buyer(ASKS)
    first, job = await _waiting(world, conversation)
    rejection = Rejection(reason=RejectReason.TONE)
    await decide(world.store, world.merchant, _decision(first, DecisionKind.REJECT, rejection=rejection), world.clock)
    held.go.set()
    await job
    assert (await _only(world, conversation)).state == DraftState.REJECTED
    await world.driver.resume(world.merchant, first.id)
    row = await _only(world, conversation)
    assert (row.state, row.revision) == (DraftState.PROPOSED, first.revision + 1)


async def test_a_model_that_fails_changes_no_text_and_announces_nothing(with_model: World) -> None:
    held, world = _held(with_model, ModelFailed(ModelFault.THROTTLED))
    conversation = await world.buyer(ASKS)
    first, job = await _waiting(world, conversation)
    held.go.set()
    await job
    row = await _only(world, conversation)
    assert row.view is not None
    assert (row.text_hash, row.view["composed_because"]) == (first.text_hash, "model_throttled")
    assert await _topics(world) == ["draft.writing", "draft.proposed"]


async def test_what_a_supervisor_is_asked_about_stays_as_it_was_asked(with_model: World) -> None:
    held, world = _held(with_model, SAYS)
    conversation = await world.buyer(ASKS)
    first, job = await _waiting(world, conversation)
    async with world.store.merchant(world.merchant) as session:
        session.add(asked_about(first, world.clock.now()))
    held.go.set()
    await job
    assert (await _only(world, conversation)).text_hash == first.text_hash


def asked_about(row: DraftRow, now: datetime) -> ApprovalRow:
    """A request to a supervisor about the draft as it stands."""
    return ApprovalRow(
        merchant=row.merchant, id=uuid.uuid4(), shop=row.shop, conversation=row.conversation, draft=row.id,
        revision=row.revision, option="refund", minor=100, currency="CNY", ceiling="per_issue", left_minor=0,
        state="requested", asked_by="agent-1", created_at=now, updated_at=now,
    )  # fmt: skip
