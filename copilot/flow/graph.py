"""The table of contents of a draft: which step follows which.

Steps live in ``steps/`` and know nothing of graphs; here they become nodes over one state of plain JSON. Every router
returns a ``Literal``, because a router that returns an unknown name would end the graph without a word; it is a
coroutine, because the graph runs plain functions in threads, and waiting for one costs more than the draft's rules do.
"""
# pyright: reportTypedDictNotRequiredAccess=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# (The order of the steps says which keys are there; a missing one is a defect and raises.)

import hashlib
from functools import cache
from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from copilot.domain.draft import Rejection, WrittenBy
from copilot.domain.verdict import Decision
from copilot.flow.deps import Deps
from copilot.flow.shapes import Checked, DecisionInput, End, Gathered, Intake, Written
from copilot.flow.state import State, Update
from copilot.flow.steps import check, classify, deliver, intake, plan, retrieve, write
from copilot.flow.tracing import traced
from copilot.flow.views import plan_of, rejection_of, ruling_of, understanding_of

Graph = CompiledStateGraph[State, Deps, State, State]
Resumption = Command[Any]
_AGAIN = ("reject", "ruling")
_KEPT = "state in the checkpoint's own row"
"""How a paused draft is kept; a program that keeps it otherwise must not go on with it."""


@traced("intake")
async def intake_node(state: State, runtime: Runtime[Deps]) -> Update:
    """Read the unanswered turn."""
    return _ended_or("intake", await intake.run(state["merchant"], state["conversation"], runtime.context))


@traced("classify")
async def classify_node(state: State, runtime: Runtime[Deps]) -> Update:
    """Say what the turn wants."""
    read = Intake.model_validate(state["intake"])
    found = await classify.run(state["merchant"], state["conversation"], read, runtime.context)
    return {"understanding": found.model_dump(mode="json")}


@traced("retrieve")
async def retrieve_node(state: State, runtime: Runtime[Deps]) -> Update:
    """Find the right order, or none, and what the shop knows."""
    result = await retrieve.run(
        state["merchant"],
        state["conversation"],
        Intake.model_validate(state["intake"]),
        understanding_of(state),
        rejection_of(state),
        runtime.context,
    )
    return {"gathered": result.model_dump(mode="json")}


@traced("plan")
async def plan_node(state: State, runtime: Runtime[Deps]) -> Update:
    """Decide what the reply may do."""
    result = await plan.run(
        state["merchant"],
        state["conversation"],
        understanding_of(state),
        Gathered.model_validate(state["gathered"]),
        rejection_of(state),
        runtime.context,
        ruling_of(state),
    )
    return _ended_or("plan", result)


@traced("write")
async def write_node(state: State, runtime: Runtime[Deps]) -> Update:
    """Word the plan."""
    before = Written.model_validate(state["written"]) if state.get("written") else None
    refused = Checked.model_validate(state["checked"]) if before and state.get("checked") else None
    result = await write.run(
        write.Task(
            merchant=state["merchant"],
            conversation=state["conversation"],
            draft=state["draft"],
            revision=state["revision"],
            intake=Intake.model_validate(state["intake"]),
            understanding=understanding_of(state),
            plan=plan_of(state),
            rejection=rejection_of(state),
            before=before,
            refused=refused,
            gathered=Gathered.model_validate(state["gathered"]),
        ),
        runtime.context,
    )
    return _ended_or("written", result)


@traced("check")
async def check_node(state: State, runtime: Runtime[Deps]) -> Update:
    """Judge the text."""
    result = await check.run(
        state["merchant"],
        state["conversation"],
        understanding_of(state),
        plan_of(state),
        Written.model_validate(state["written"]),
        runtime.context,
        Gathered.model_validate(state["gathered"]).goods or (),
    )
    return {"checked": result.model_dump(mode="json")}


async def approve_node(state: State) -> Update:
    """Wait for the agent; runs again from its first line when resumed, so nothing stands before the pause."""
    answer = interrupt({"draft": state["draft"], "revision": state["revision"]})
    decision = DecisionInput.model_validate(answer)
    if decision.kind not in _AGAIN:
        return {"decision": decision.model_dump(mode="json")}
    return {
        "decision": decision.model_dump(mode="json"),
        # What an agent said about the draft holds on when a supervisor allows more, and the other way round.
        "rejection": _said(decision, state),
        "ruling": decision.ruling or state.get("ruling"),
        "revision": state["revision"] + 1,
        # A new revision is written from nothing: what was refused must not look like a rewrite.
        "written": {},
        "checked": {},
    }


@traced("deliver")
async def deliver_node(state: State, runtime: Runtime[Deps]) -> Update:
    """Make sure the accepted reply is queued."""
    return {"delivered": await deliver.run(state["merchant"], state["draft"], runtime.context)}


async def after_intake(state: State) -> Literal["classify", "__end__"]:
    """On, unless there is nothing to draft."""
    return "__end__" if state.get("end") else "classify"


async def after_plan(state: State) -> Literal["write", "__end__"]:
    """On, unless nothing may be said."""
    return "__end__" if state.get("end") else "write"


async def after_write(state: State) -> Literal["check", "__end__"]:
    """On, unless no text exists in the buyer's language."""
    return "__end__" if state.get("end") else "check"


async def after_check(state: State) -> Literal["write", "approve", "__end__"]:
    """A blocked model text is written again; a blocked composed text ends the draft."""
    checked = Checked.model_validate(state["checked"])
    if checked.verdict.decision is not Decision.BLOCK:
        return "approve"
    written = Written.model_validate(state["written"])
    return "write" if written.written_by is WrittenBy.MODEL else "__end__"


async def after_approve(state: State) -> Literal["deliver", "retrieve", "__end__"]:
    """Accepted text goes out, a rejected draft or one with a ruling is planned again, the rest ends."""
    decision = DecisionInput.model_validate(state["decision"])
    if decision.kind in ("accept", "edit"):
        return "deliver"
    return "retrieve" if decision.kind in _AGAIN else "__end__"


def build() -> StateGraph[State, Deps, State, State]:
    """The graph, not yet compiled."""
    graph: StateGraph[State, Deps, State, State] = StateGraph(State, context_schema=Deps)
    graph.add_node("intake", intake_node)
    graph.add_node("classify", classify_node)
    graph.add_node("retrieve", retrieve_node)
    graph.add_node("plan", plan_node)
    graph.add_node("write", write_node)
    graph.add_node("check", check_node)
    graph.add_node("approve", approve_node)
    graph.add_node("deliver", deliver_node)
    graph.add_edge(START, "intake")
    graph.add_conditional_edges("intake", after_intake)
    graph.add_edge("classify", "retrieve")
    graph.add_edge("retrieve", "plan")
    graph.add_conditional_edges("plan", after_plan)
    graph.add_conditional_edges("write", after_write)
    graph.add_conditional_edges("check", after_check)
    graph.add_conditional_edges("approve", after_approve)
    graph.add_edge("deliver", END)
    return graph


def compile_graph(saver: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """The graph with its memory; without ``saver`` one that forgets when the process ends."""
    return build().compile(checkpointer=saver or InMemorySaver())


def resumption(decision: DecisionInput) -> Resumption:
    """What wakes a thread that waits at ``approve``."""
    return Command(resume=decision.model_dump(mode="json"))


@cache
def flow_version() -> str:
    """The version of this program's flow: a paused draft of another one is drafted again, never resumed."""
    return version_of(build())


def version_of(graph: StateGraph[State, Deps, State, State]) -> str:
    """A hash of nodes, edges, routers, state keys and how they are kept."""
    branches = sorted((node, name) for node, found in graph.branches.items() for name in found)
    parts = (sorted(graph.nodes), sorted(graph.edges), branches, sorted(State.__annotations__), _KEPT)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _said(decision: DecisionInput, state: State) -> dict[str, Any] | None:
    """What the agent holds against the draft by now."""
    if not decision.rejection:
        return state.get("rejection")
    return Rejection.model_validate(decision.rejection).upon(rejection_of(state)).model_dump(mode="json")


def _ended_or(key: Literal["intake", "plan", "written"], result: object) -> Update:
    if isinstance(result, End):
        return {"end": result.model_dump(mode="json")}
    dump = result.model_dump(mode="json")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
    return {key: dump, "end": None}  # pyright: ignore[reportReturnType, reportUnknownVariableType]
