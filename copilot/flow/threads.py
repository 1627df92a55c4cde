"""A draft's thread in the graph: run it, see where it stands, delete it. One thread per draft, by its id.

The only place that calls the compiled graph, so that the rest deals in states and never in checkpoints.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (LangGraph leaves its own generics open.)

from dataclasses import dataclass
from typing import cast

from langchain_core.runnables import RunnableConfig

from copilot.flow.checkpoints import EMPTY
from copilot.flow.deps import Deps
from copilot.flow.graph import Graph, Resumption
from copilot.flow.state import State

PAUSE = "approve"
_INTERRUPT = "__interrupt__"


@dataclass(frozen=True)
class Standing:
    """Where a thread stands: its state, and whether it waits for a decision."""

    state: State
    waiting: bool


@dataclass(frozen=True)
class Threads:
    """The threads of a compiled graph with its memory."""

    graph: Graph

    async def run(self, draft: str, given: State | Resumption, deps: Deps) -> Standing:
        """Run the thread until it pauses or ends; what it reached is kept once, at that point."""
        # A thread that is given a state is written from the start: it is new, or what it held has been deleted.
        config = _config(draft, **{EMPTY: True} if isinstance(given, dict) else {})
        reached = await self.graph.ainvoke(given, config, context=deps, durability="exit")
        # What it returns has been kept; reading it back would say the same.
        waiting = bool(reached.pop(_INTERRUPT, None))
        return Standing(cast(State, reached), waiting)

    async def standing(self, draft: str) -> Standing:
        """Where the thread stands now; an unknown one has an empty state."""
        found = await self.graph.aget_state(_config(draft))
        return Standing(cast(State, found.values), waiting=found.next == (PAUSE,))

    async def forget(self, draft: str) -> None:
        """Delete the thread: resuming a deleted thread would start over and draft a ghost."""
        saver = self.graph.checkpointer
        if saver is not None and not isinstance(saver, bool):
            await saver.adelete_thread(draft)


def _config(draft: str, **known: bool) -> RunnableConfig:
    return {"configurable": {"thread_id": draft, **known}}
