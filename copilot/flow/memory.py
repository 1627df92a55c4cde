"""Drafting without a server: conversations from files, the same graph and steps, nothing kept.

For ``draft``, ``demo`` and tests. A conversation is judged as of its last message, so that an archive drafts the same
today and next year.
"""

# pyright: reportTypedDictNotRequiredAccess=false
# (A start names its conversation; a missing key is a defect and raises.)

from dataclasses import dataclass, field
from datetime import datetime

from copilot.domain.clock import Clock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftResult, DraftView
from copilot.domain.errors import FlowError
from copilot.domain.reason import Reason
from copilot.flow.blocked import blocks_of
from copilot.flow.deps import Deps, Knowledge
from copilot.flow.foreign import drafted_abroad
from copilot.flow.graph import compile_graph
from copilot.flow.line_knowledge import LineKnowledge
from copilot.flow.shops import Rules, Shops
from copilot.flow.state import State
from copilot.flow.threads import Threads
from copilot.flow.translating import home_language
from copilot.flow.typed_promises import with_promises
from copilot.flow.understand import derive_cases
from copilot.flow.views import result, result_of, view_of
from copilot.model.pace import Pace
from copilot.model.writer import Writer

NOBODY = "00000000-0000-0000-0000-000000000000"


class AsOf:
    """A clock that stands still for dates and runs for durations."""

    def __init__(self, at: datetime, clock: Clock) -> None:
        """Stand at ``at``; durations come from ``clock``."""
        self._at = at
        self._clock = clock

    def now(self) -> datetime:
        """The moment it stands at."""
        return self._at

    def monotonic(self) -> float:
        """Seconds of the running clock."""
        return self._clock.monotonic()


@dataclass
class OneConversation:
    """The ports ``Conversations`` and ``DraftRows`` for a single conversation; keeps what was composed."""

    conversation: Conversation
    kept: list[DraftView] = field(default_factory=list[DraftView])

    async def get(self, merchant: str, conversation: str) -> Conversation:
        """The conversation."""
        if conversation != self.conversation.id:
            raise FlowError("a draft asked for another conversation than its own")
        return self.conversation

    async def composed(
        self, merchant: str, draft: str, revision: int, view: DraftView, candidates: tuple[str, ...] | None = None
    ) -> None:
        """Keep the composed draft."""
        self.kept.append(view)

    async def deliver(self, merchant: str, draft: str) -> bool:
        """Nothing is sent from here."""
        return False


@dataclass
class MemoryFlow:
    """Drafts conversations one by one; ``pack`` overrides what platform and market choose, ``rules`` all of it.

    ``knowledge`` is the shop's, where it does not stand in the conversation itself.
    """

    shops: Shops
    clock: Clock
    pack: str | None = None
    writer: Writer | None = None
    model_seconds: float = 20.0
    pace: Pace = field(default_factory=Pace)
    threads: Threads = field(default_factory=lambda: Threads(compile_graph()))
    rules: Rules | None = None
    knowledge: Knowledge | None = None

    async def draft(self, conversation: Conversation) -> DraftResult:
        """The draft for the conversation's unanswered turn, or the reason why there is none."""
        start, deps = self._begin(conversation)

        async def reading() -> str:
            return home_language(deps.rules)

        abroad = await drafted_abroad(start, deps, reading)
        if abroad is not None:
            drafted, state = result(conversation.id, abroad.state, abroad.view, abroad.end), abroad.state
        else:
            state = await self._state(start, deps)
            drafted = result_of(conversation.id, state)
        if drafted.reason is not Reason.BLOCKED:
            return drafted
        held = abroad.view if abroad is not None and abroad.view is not None else view_of(state)
        return drafted.model_copy(update={"blocked": blocks_of(held, deps.rules.pack)})

    async def run(self, conversation: Conversation) -> State:
        """The flow's state at the pause or at its end, in the languages that are composed."""
        return await self._state(*self._begin(conversation))

    def _begin(self, conversation: Conversation) -> tuple[State, Deps]:
        now = as_of(conversation) or self.clock.now()
        rules = self.rules or self.shops.of_platform(conversation.platform, conversation.market, now, self.pack)
        conversation = with_promises(conversation, now, rules.zone)
        conversation = conversation.model_copy(update={"cases": derive_cases(conversation)})
        port = OneConversation(conversation)
        deps = Deps(
            clock=AsOf(now, self.clock),
            conversations=port,
            rows=port,
            rules=rules,
            prompts=self.shops.prompts,
            writer=self.writer and self.writer.for_draft(),
            pace=self.pace,
            model_seconds=self.model_seconds,
            knowledge=self.knowledge or LineKnowledge(conversation, now),
        )
        start: State = {
            "merchant": NOBODY,
            "conversation": conversation.id,
            "draft": conversation.id,
            "revision": 1,
            "rejection": None,
            "ruling": None,
        }
        return start, deps

    async def _state(self, start: State, deps: Deps) -> State:
        thread = start.get("conversation", "")
        reached = await self.threads.run(thread, start, deps)
        await self.threads.forget(thread)
        return reached.state


def as_of(conversation: Conversation) -> datetime | None:
    """The time of the last message; None when none has one."""
    return max((message.sent_at for message in conversation.messages if message.sent_at), default=None)
