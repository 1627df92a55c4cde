"""The graph's state: plain JSON types only, ids and masked words, because checkpoints are kept.

A misspelled key would be dropped in silence by the graph, so nodes return ``Update`` built from these names only and a
test compares them with the channels.
"""

from typing import Any, Literal, TypedDict

Json = dict[str, Any]

Next = Literal["classify", "retrieve", "plan", "write", "check", "approve", "deliver", "__end__"]


class State(TypedDict, total=False):
    """What travels from step to step; each value is the dump of a shape in ``flow/shapes.py``."""

    merchant: str
    conversation: str
    draft: str
    revision: int
    intake: Json
    understanding: Json
    gathered: Json
    plan: Json
    written: Json
    checked: Json
    rejection: Json | None
    ruling: Json | None
    end: Json | None
    decision: Json | None
    delivered: bool


Update = State
