"""What may go wrong at an emulated platform, as counters that are used up one by one.

Owns the counting only; what a fault looks like on the wire is the emulator's.
"""

from dataclasses import dataclass
from typing import Literal

Fault = Literal[
    "duplicate",
    "drop",
    "delay",
    "reorder",
    "throttle",
    "server_error",
    "cut_after_accepting",
    "refuse",
    "refuse_card",
    "window_closed",
    "buyer_closed",
    "token_expired",
]
"""The first four happen to deliveries, the others to calls."""


@dataclass
class Faults:
    """How often each fault still happens; ``faults.throttle = 2`` throttles the next two calls.

    Deliveries: ``duplicate`` sends one twice, ``drop`` loses it for good, ``delay`` sends it ``delay_seconds`` later
    (others overtake it), ``reorder`` sends it after the one that follows. Calls: ``throttle`` asks to come back in
    ``retry_after`` seconds, ``server_error`` and ``token_expired`` fail a call before it does anything;
    ``cut_after_accepting`` stores a send and cuts the connection without an answer, ``refuse``, ``window_closed`` and
    ``buyer_closed`` turn a send down, ``refuse_card`` a card. ``only`` limits the first three of these to calls of one
    kind ("send", "read").
    """

    duplicate: int = 0
    drop: int = 0
    delay: int = 0
    reorder: int = 0
    throttle: int = 0
    server_error: int = 0
    cut_after_accepting: int = 0
    refuse: int = 0
    refuse_card: int = 0
    window_closed: int = 0
    buyer_closed: int = 0
    token_expired: int = 0
    delay_seconds: float = 1.0
    retry_after: float = 1.0
    only: Literal["send", "read"] | None = None

    def take(self, fault: Fault, call: Literal["send", "read"] | None = None) -> bool:
        """Whether ``fault`` happens now; if so it is used up once."""
        left: int = getattr(self, fault)
        if left <= 0 or (call is not None and self.only is not None and self.only != call):
            return False
        setattr(self, fault, left - 1)
        return True
