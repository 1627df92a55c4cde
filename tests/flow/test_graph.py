"""The graph itself: every step reachable, its drawing pinned, its state plain."""

import json
import re
from pathlib import Path
from typing import get_type_hints

from copilot.flow.graph import build, compile_graph, flow_version
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
    from typing import get_args

    assert set(get_args(Next)) <= {*STEPS, "__end__"}


def test_the_state_has_no_key_that_a_node_could_misspell() -> None:
    source = (Path(__file__).parents[2] / "copilot" / "flow" / "graph.py").read_text(encoding="utf-8")
    used = set(re.findall(r'state(?:\.get\(|\[)"(\w+)"', source)) | set(re.findall(r'return \{"(\w+)":', source))

    assert used <= set(get_type_hints(State))
    assert set(build().channels) >= used


def test_the_flow_version_changes_with_the_steps() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", flow_version())
    assert json.dumps(flow_version())
