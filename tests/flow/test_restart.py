"""What survives the end of a process: accepted replies, half-written drafts, and a flow that changed in between."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from copilot.channel.lookup import Lookup
from copilot.domain.clock import FrozenClock, SystemClock
from copilot.domain.draft import DraftState, Rejection, RejectReason
from copilot.flow import driver as driving
from copilot.flow import graph as flow
from copilot.flow.checkpoints import open_saver
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.flow.graph import compile_graph
from copilot.flow.threads import Threads
from copilot.jobs.conversations import tasks_of
from copilot.jobs.owed import OwedJobs
from copilot.jobs.worker import Task, run_worker
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import DraftRow
from tests.flow.conftest import World

ASKS = "我的快递到哪了"
ROOT = Path(__file__).parents[2]


async def _proposed(world: World) -> DraftRow:
    return await world.draft(await world.buyer(ASKS))


def _accept(row: DraftRow) -> Decision:
    assert row.text_hash is not None
    return Decision(row.id, row.revision, row.text_hash, DecisionKind.ACCEPT, by="agent-1")


def _renamed() -> tuple[flow.Graph, str]:
    """The flow of the next release, in which the pause has another name, and its version."""
    graph = flow.build()
    graph.nodes["sign_off"] = graph.nodes.pop("approve")
    graph.branches["sign_off"] = graph.branches.pop("approve")
    branch = graph.branches["check"]["after_check"]
    ends = dict(branch.ends or {}) | {"approve": "sign_off"}
    graph.branches["check"]["after_check"] = branch._replace(ends=ends)
    return graph.compile(checkpointer=InMemorySaver()), flow.version_of(graph)


async def test_an_accepted_reply_leaves_although_the_pause_was_renamed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await _proposed(world)
    await decide(world.store, world.merchant, _accept(row), world.clock)
    # The next release starts: another graph, another flow version, the old threads in the database.
    restarted, version = _renamed()
    monkeypatch.setattr(driving, "flow_version", lambda: version)
    async with open_saver(world.store) as saver:
        restarted.checkpointer = saver
        after = replace(world.driver, threads=Threads(restarted))
        await after.resume(world.merchant, row.id)
        (reply,) = await world.replies()
        await world.outbox.send(world.merchant, reply.id)

    assert [call[0].text for call in world.adapter.calls] == [row.text]


async def test_an_open_draft_of_another_release_can_still_be_rejected(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await _proposed(world)
    rejected = replace(_accept(row), kind=DecisionKind.REJECT, rejection=Rejection(reason=RejectReason.TOO_LONG))
    await decide(world.store, world.merchant, rejected, world.clock)
    monkeypatch.setattr(driving, "flow_version", lambda: "next-release")

    await world.driver.resume(world.merchant, row.id)

    (after,) = await world.drafts(row.conversation)
    assert (after.state, after.revision, after.flow_version) == (DraftState.PROPOSED, 2, "next-release")


async def test_a_thread_that_is_gone_starts_no_ghost_draft(world: World) -> None:
    row = await _proposed(world)
    await decide(world.store, world.merchant, _accept(row), world.clock)
    async with open_saver(world.store) as saver:
        await saver.adelete_thread(str(row.id))
        await replace(world.driver, threads=Threads(compile_graph(saver))).resume(world.merchant, row.id)
        left = [found async for found in saver.alist({"configurable": {"thread_id": str(row.id)}})]

    assert left == []
    assert len(await world.drafts(row.conversation)) == 1


@asynccontextmanager
async def _working(world: World) -> AsyncGenerator[None]:
    """A healthy worker in this process, on the machine's clock."""

    @asynccontextmanager
    async def tasks(_: Store) -> AsyncGenerator[Mapping[str, Task]]:
        yield tasks_of(
            replace(world.driver, clock=SystemClock()),
            world.outbox,
            OwedJobs(
                world.outbox.store, Lookup(world.outbox.store, world.outbox.accounts, SystemClock()), SystemClock()
            ),
        )

    stop = asyncio.Event()
    running = asyncio.create_task(run_worker(Settings(), tasks=tasks, store=world.store, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, 30)


async def test_a_worker_killed_while_drafting_leaves_a_draft_soon_after_the_restart(
    world: World, database_url: str, tmp_path: Path
) -> None:
    conversation = await world.buyer(ASKS, clock=SystemClock())
    # Its own session: the kill must not reach the test.
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.flow.dying_worker", database_url, str(tmp_path)),
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        half_written = await world.composed(conversation)
        assert half_written.state == DraftState.PROPOSED, "nobody waits for the model, nor for the worker"
    finally:
        worker.kill()
        await worker.wait()

    async with _working(world):
        shown = await world.reaches(half_written, DraftState.PROPOSED, 15)

    assert shown.view is not None
    assert shown.view["written_by"] == "composer"


async def test_a_hanging_model_is_left_at_the_deadline_by_a_real_worker(world: World) -> None:
    clock = SystemClock()
    writer = Writer(ScriptedModel([3600.0]), world.driver.shops.prompts, clock)
    hanging = replace(world, driver=replace(world.driver, writer=writer))
    # A worker's rules are loaded when it begins; here they would cost what is left until the deadline.
    world.driver.shops.of_shop(world.shop, f"m-{world.merchant.hex[:8]}", clock.now())
    # Received a while ago: the wait for the deadline is short.
    received = FrozenClock(clock.now() - timedelta(seconds=14))
    conversation = await world.buyer(ASKS, clock=received)
    async with _working(hanging):
        row = await world.composed(conversation)
        deadline = row.deadline_at
        assert deadline is not None
        assert row.state == DraftState.PROPOSED
        # The job ends with its time; what it says then is why no model wrote the text.
        while (row.view or {}).get("composed_because") is None:
            assert clock.now() < deadline + timedelta(seconds=5)
            await asyncio.sleep(0.05)
            row = await world.composed(conversation)

    assert row.view is not None
    assert (row.view["written_by"], row.view["composed_because"]) == ("composer", "model_timeout")
