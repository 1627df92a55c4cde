"""When a model may be asked, and for how long.

Owns the wait for the buyer's burst to close and the refusal to ask when time is short; what is asked is the caller's.
"""

import asyncio

from copilot.flow.deps import Deps
from copilot.model.completion import Completer, ModelFailed, ModelFault


async def seconds_for_model(completer: Completer, deps: Deps, *, share: float = 1.0) -> float:
    """Waits for the burst to close and says how many seconds the model may take: ``share`` of what is left.

    Raises:
        ModelFailed: the model is not ready, or writing a text would take longer than the time that is left.
    """
    if not completer.ready:
        raise ModelFailed(ModelFault.NOT_READY)
    left = deps.seconds_left()
    if left is not None and left <= deps.pace.p95:
        raise ModelFailed(ModelFault.NO_TIME)
    if deps.quiet_until is not None:
        quiet = (deps.quiet_until - deps.clock.now()).total_seconds()
        if quiet > 0:
            await asyncio.sleep(quiet if left is None else min(quiet, left))
    left = deps.seconds_left()
    return deps.model_seconds if left is None else min(left * share, deps.model_seconds)
