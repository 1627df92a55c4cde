"""How long it takes to decide what a reply may do: the plan step, over the golden conversations as they were read."""

import asyncio
import time
from collections.abc import Iterator

from benchmarks.golden import LANGUAGES, golden
from benchmarks.measure import Row, summed
from copilot.assets import policy_folders, prompt_folders
from copilot.domain.clock import SystemClock
from copilot.domain.conversation import Conversation
from copilot.domain.errors import CopilotError
from copilot.domain.issue import Understanding
from copilot.flow.deps import Deps
from copilot.flow.memory import NOBODY, AsOf, OneConversation, as_of
from copilot.flow.shapes import Gathered, Intake
from copilot.flow.shops import Shops
from copilot.flow.steps import classify, intake, retrieve
from copilot.flow.steps import plan as planning
from copilot.flow.understand import derive_cases
from copilot.model.prompts import Prompts

ROUNDS = 10


def plan() -> Iterator[Row]:
    """One plan decided, from what was understood and gathered."""
    shops = Shops(policy_folders(), Prompts(prompt_folders()))
    for language in LANGUAGES:
        times = asyncio.run(_planned(golden(language), shops))
        yield summed(f"plan {language}", times, target="≤ 10 ms")


async def _planned(conversations: list[Conversation], shops: Shops) -> list[float]:
    ready = [await _ready(one, shops) for one in conversations]
    times: list[float] = []
    for turn in range(ROUNDS + 1):
        for found in ready:
            if found is None:
                continue
            deps, conversation, read, gathered = found
            start = time.perf_counter()
            await planning.run(NOBODY, conversation, read, gathered, None, deps)
            taken = time.perf_counter() - start
            # The first round compiles conditions.
            times.extend([taken] if turn else [])
    return times


async def _ready(conversation: Conversation, shops: Shops) -> tuple[Deps, str, Understanding, Gathered] | None:
    """What the plan step starts from; None where a draft ends before it."""
    clock = SystemClock()
    now = as_of(conversation) or clock.now()
    port = OneConversation(conversation.model_copy(update={"cases": derive_cases(conversation)}))
    deps = Deps(
        clock=AsOf(now, clock),
        conversations=port,
        rows=port,
        rules=shops.of_platform(conversation.platform, conversation.market, now),
        prompts=shops.prompts,
    )
    try:
        turn = await intake.run(NOBODY, conversation.id, deps)
    except CopilotError:
        return None
    if not isinstance(turn, Intake):
        return None
    read = await classify.run(NOBODY, conversation.id, turn, deps)
    return deps, conversation.id, read, await retrieve.run(NOBODY, conversation.id, turn, read, None, deps)
