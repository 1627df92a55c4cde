"""Finds what an installed adapter is proved with; only commands need it, never a process that works."""

from importlib.metadata import entry_points
from typing import Final

from copilot.domain.errors import BadInput
from copilot.sdk.testing.kit import Proof

PROOFS: Final = "copilot.conformance"
"""The group of entry points."""


def proof_of(name: str) -> Proof:
    """What the adapter ``name`` is proved with, by its entry point of the group ``copilot.conformance``.

    Raises:
        BadInput: there is none, or it cannot be loaded.
    """
    points = [point for point in entry_points(group=PROOFS) if point.name == name]
    if not points:
        raise BadInput(
            f"no proof of an adapter {name} is installed", remedy=f"name it by an entry point of the group {PROOFS}"
        )
    try:
        made = points[0].load()()
    # Foreign code: what it raises is what is wrong with it.
    except Exception as error:
        raise BadInput(f"the proof of {name} cannot be loaded: {type(error).__name__}") from None
    if not isinstance(made, Proof):
        raise BadInput(f"{points[0].value} is no Proof", remedy="subclass copilot.sdk.testing.kit.Proof")
    return made
