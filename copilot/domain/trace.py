"""Steps of work, for "why did it take so long, and with what?"; names, hashes and numbers, never words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step: when it began, how long it took, and plain JSON about it."""

    name: str
    at: datetime
    seconds: float
    detail: dict[str, Any] = field(default_factory=dict[str, Any])
