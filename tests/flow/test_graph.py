"""The graph itself: every step reachable, its drawing pinned, its state plain."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from copilot.flow.graph import build, compile_graph, flow_version, version_of
from copilot.flow.state import Next, State

DRAWING = Path(__file__).parent / "graph.mmd"
STEPS = ("intake", "classify", "retrieve", "plan", "write", "check", "approve", "deliver")


def test_every_step_can_be_reached_and_has_a_way_out() -> None:
    drawn = compile_graph().get_graph()
    after: dict[str, set[str]] = {}
    for edge in drawn.edges:
        after.setdefault(edge.source, set()).add(edge.target)
    seen, open_ = set[str](), ["__start__"]
    while open_:
        node = open_.pop()
        if node not in seen:
            seen.add(node)
            open_ += after.get(node, ())

    assert seen == {"__start__", "__end__", *STEPS}
    assert all(after.get(step) for step in STEPS)


def test_the_drawing_is_the_one_people_have_read() -> None:
    drawn = compile_graph().get_graph().draw_mermaid(with_styles=False)

    assert drawn == DRAWING.read_text(encoding="utf-8"), "the graph changed: read the new drawing, then store it"


def test_routers_name_known_steps_only() -> None:
    assert set(get_args(Next)) <= {*STEPS, "__end__"}


def test_nodes_speak_of_keys_that_the_state_has() -> None:
    """A misspelled key would be dropped by the graph without a word."""
    source = (Path(__file__).parents[2] / "copilot" / "flow" / "graph.py").read_text(encoding="utf-8")
    used: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "state":
            used.add(ast.literal_eval(node.slice))
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
            used |= {ast.literal_eval(key) for key in node.value.keys if isinstance(key, ast.Constant)}

    assert {"merchant", "written", "rejection", "decision", "delivered"} <= used, "the walk found the nodes"
    assert used <= set(get_type_hints(State))
    assert used <= set(build().channels)


def _without_check() -> object:
    graph = build()
    graph.nodes.pop("check")
    return graph


def _with_a_renamed_pause() -> object:
    graph = build()
    graph.nodes["sign_off"] = graph.nodes.pop("approve")
    return graph


def _with_another_way() -> object:
    graph = build()
    graph.add_edge("classify", "plan")
    return graph


@pytest.mark.parametrize("changed", [_without_check, _with_a_renamed_pause, _with_another_way])
def test_the_flow_version_changes_with_the_steps(changed: Callable[[], Any]) -> None:
    assert version_of(changed()) != flow_version()
    assert version_of(build()) == flow_version(), "and with nothing else"
