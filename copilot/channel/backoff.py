"""How long to wait before the next try: growing, bounded, spread, and never less than the platform asked for."""

import random
from datetime import timedelta
from typing import Final

from copilot.channel.limiter import pause_seconds
from copilot.sdk import Throttled

_BASE: Final = 1.0
_CAP: Final = 60.0


def wait_after(tries: int, error: BaseException | None = None) -> timedelta:
    """The wait after ``tries`` calls in vain (0: the first one); up to a quarter is chance, so that shops spread."""
    seconds = min(_BASE * 2 ** min(tries, 16), _CAP) * (1 + random.random() / 4)
    if isinstance(error, Throttled):
        # Not earlier than asked, and not all replies of a shop in the same moment after it.
        seconds = max(seconds, pause_seconds(error) + random.random() / 4)
    return timedelta(seconds=seconds)
