"""What the steps may reach: ports and values, handed to the graph as its context.

Two sets exist: the store's (server, worker) and the in-memory one (commands, tests); the steps are the same.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from copilot.domain.clock import Clock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.trace import Step
from copilot.flow.shops import Rules
from copilot.model.pace import Pace
from copilot.model.prompts import Prompts
from copilot.model.writer import Writer
from copilot.playbook import Given


class Conversations(Protocol):
    """Where conversations with their orders and products come from."""

    async def get(self, merchant: str, conversation: str) -> Conversation:
        """The conversation as it stands now."""
        ...


class DraftRows(Protocol):
    """Where a draft's text is kept while and after it is written."""

    async def composed(self, merchant: str, draft: str, revision: int, view: DraftView) -> None:
        """Keep a checked composed draft, so that the deadline finds one whatever happens next."""
        ...

    async def deliver(self, merchant: str, draft: str) -> bool:
        """Queue the accepted reply unless it is queued already; whether it was added now."""
        ...


class Grants(Protocol):
    """Where it stands what was given before at the cost of the shop."""

    async def given(self, order: str | None) -> Given:
        """What counts against the agent's ceilings beside a reply about ``order`` (None: about none)."""
        ...


class NothingGiven:
    """The port ``Grants`` where nothing is kept: what was given is what the talk itself shows."""

    async def given(self, order: str | None) -> Given:
        """Nothing."""
        return Given()


@dataclass(frozen=True)
class Deps:
    """One draft's surroundings.

    ``deadline`` is when a draft must be on screen (None: no hurry), ``quiet_until`` when the buyer's burst is taken as
    closed, which only the model waits for. ``writer`` is None without a model; ``model_seconds`` bounds a model's work
    where no deadline does. ``orders_as_of`` is when the orders were told, where a person should know that it is a while
    ago. ``steps`` collects what the graph did and how long it took.
    """

    clock: Clock
    conversations: Conversations
    rows: DraftRows
    rules: Rules
    prompts: Prompts
    writer: Writer | None = None
    pace: Pace = field(default_factory=Pace)
    deadline: datetime | None = None
    quiet_until: datetime | None = None
    model_seconds: float = 20.0
    posture: str = "draft_only"
    grants: Grants = field(default_factory=NothingGiven)
    orders_as_of: datetime | None = None
    steps: list[Step] = field(default_factory=list[Step])

    def seconds_left(self) -> float | None:
        """Until the deadline; None when there is none."""
        if self.deadline is None:
            return None
        return (self.deadline - self.clock.now()).total_seconds()
