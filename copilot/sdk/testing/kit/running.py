"""Runs the kit over an adapter outside of any test runner: one check after the other, each in a place of its own."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from copilot.domain.clock import FrozenClock
from copilot.domain.errors import BadInput
from copilot.sdk.contract import Level
from copilot.sdk.testing.kit.bench import Bench
from copilot.sdk.testing.kit.check import LEVELS, Absent, Check, Outcome, Report, State, Wrong
from copilot.sdk.testing.kit.proof import MAY_BE_ABSENT, Proof
from copilot.sdk.testing.kit.table import checks_for

_SECONDS = 60.0
"""How long one check may take."""
_BESIDE = 12
"""How many checks run at a time: most of their time is waiting for sockets to close."""
_HELD = (State.PASSED, State.ABSENT)


def run(
    proof: Proof,
    level: Level | None = None,
    told: Callable[[Outcome], None] | None = None,
    *,
    without: Collection[str] = (),
) -> Report:
    """Hold the proof's adapter to ``level`` (None: what it claims); ``told`` gets the outcomes, level by level.

    The checks of a level are run beside each other, and only when all those below hold. ``without`` leaves checks out,
    for whoever tries the kit itself.

    Raises:
        BadInput: the proof's payloads cannot be read, or it leaves out what cannot be left out.
    """
    require_honest(proof)
    adapter = proof.adapter()
    claimed = adapter.level if isinstance(adapter.level, Level) else Level.LISTED
    checks = [one for one in checks_for(adapter, level or claimed) if one.id not in without]
    outcomes: list[Outcome] = []
    for each in LEVELS:
        of_level = [one for one in checks if one.level is each]
        if any(one.state not in _HELD for one in outcomes):
            found = [Outcome(one, State.NOT_REACHED) for one in of_level]
        else:
            found = asyncio.run(_all(proof, of_level))
        outcomes += found
        if told is not None:
            for outcome in found:
                told(outcome)
    name = adapter.name if isinstance(adapter.name, str) else type(adapter).__name__
    return Report(name, claimed, tuple(outcomes))


def run_check(proof: Proof, check: Check) -> Outcome:
    """Run one check in a loop of its own."""
    return asyncio.run(_outcome(proof, check))


async def _all(proof: Proof, checks: Sequence[Check]) -> list[Outcome]:
    places = asyncio.Semaphore(_BESIDE)

    async def one(check: Check) -> Outcome:
        async with places:
            return await _outcome(proof, check)

    return list(await asyncio.gather(*(one(check) for check in checks)))


async def _outcome(proof: Proof, check: Check) -> Outcome:
    try:
        async with asyncio.timeout(_SECONDS):
            await check.body(Bench(proof, FrozenClock(proof.now)))
    except Absent as absent:
        return Outcome(check, State.ABSENT, absent.reason)
    except Wrong as error:
        return Outcome(check, State.FAILED, str(error))
    except BadInput:
        raise
    except NotImplementedError as error:
        return Outcome(check, State.FAILED, f"no proof: {error}")
    # Foreign code in a test: whatever it raises is what is wrong with it.
    except Exception as error:
        return Outcome(check, State.FAILED, f"{type(error).__name__}: {error}")
    return Outcome(check, State.PASSED)


def require_honest(proof: Proof) -> None:
    """Refuse a proof that leaves out what every platform has.

    Raises:
        BadInput: it does.
    """
    for name, reason in proof.absent.items():
        if name not in MAY_BE_ABSENT:
            raise BadInput(f"{type(proof).__name__}.absent: {name} cannot be absent", remedy=f"{sorted(MAY_BE_ABSENT)}")
        if not reason.strip():
            raise BadInput(f"{type(proof).__name__}.absent: {name} needs a reason")
