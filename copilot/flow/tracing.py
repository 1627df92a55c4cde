"""What a step of the graph leaves in the trace: how long it took and what it decided, by name and hash.

It may say which template, pack, playbook or order; never a word of the buyer or of the draft.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from copilot.domain.trace import Step
from copilot.flow.deps import Deps
from copilot.flow.state import State, Update

Node = TypeVar("Node", bound=Callable[..., Awaitable[Update]])


class _Surroundings(Protocol):
    """What the graph hands to a node."""

    @property
    def context(self) -> Deps: ...


def traced(name: str) -> Callable[[Node], Node]:
    """Times the node and notes what it decided under ``name``."""

    def wrap(node: Node) -> Node:
        @wraps(node)
        async def run(state: State, runtime: _Surroundings) -> Update:
            clock = runtime.context.clock
            at, started = clock.now(), clock.monotonic()
            update = await node(state, runtime)
            runtime.context.steps.append(Step(name, at, clock.monotonic() - started, _detail(update)))
            return update

        # The same parameters as the node's, which is what the graph looks at.
        return cast(Node, run)

    return wrap


def _detail(update: Update) -> dict[str, Any]:
    if end := update.get("end"):
        return {"ended": end["reason"]}
    found: dict[str, Any] = {}
    for key, about in _ABOUT.items():
        part = cast("dict[str, Any] | None", update.get(key))
        if part:
            found |= about(part)
    return found


def _understanding(part: dict[str, Any]) -> dict[str, Any]:
    return {
        "turn": part["turn"],
        "issues": [issue["issue"] for issue in part["issues"]],
        "risks": [risk["risk"] for risk in part["risks"]],
    }


def _gathered(part: dict[str, Any]) -> dict[str, Any]:
    order = part["order"]
    return {
        "order_why": order["why"] if order else None,
        "candidates": len(part["candidates"]),
        "unavailable": part["unavailable"],
    }


def _plan(part: dict[str, Any]) -> dict[str, Any]:
    return {
        "playbook": part["playbook"],
        "act": part["act"],
        "scene": part["scene"],
        "options": [option["key"] for option in part["options"]],
        "not_offered": {one["key"]: one["reason"] for one in part["not_offered"]},
    }


def _written(part: dict[str, Any]) -> dict[str, Any]:
    return {
        "written_by": part["written_by"],
        "because": part["composed_because"],
        "templates": {one["name"]: one["hash"] for one in part["templates"]},
        "tokens": [part["tokens_in"], part["tokens_out"]],
    }


def _checked(part: dict[str, Any]) -> dict[str, Any]:
    verdict = part["verdict"]
    return {
        "decision": verdict["decision"],
        "pack": verdict["pack"],
        "pack_hash": verdict["pack_hash"],
        "rules": [finding["rule"] for finding in verdict["findings"]],
    }


_ABOUT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "understanding": _understanding,
    "gathered": _gathered,
    "plan": _plan,
    "written": _written,
    "checked": _checked,
}
