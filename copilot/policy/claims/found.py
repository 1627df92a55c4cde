"""What the readers of single kinds hand over. Holds no reading of its own."""

from dataclasses import dataclass

from pydantic import JsonValue

from copilot.domain.fact import FactKind


@dataclass(frozen=True, slots=True)
class Found:
    """A claim's kind, span and normalised value."""

    kind: FactKind
    start: int
    end: int
    value: JsonValue
