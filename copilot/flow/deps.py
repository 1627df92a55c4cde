"""What the steps may reach: ports and values, handed to the graph as its context.

Two sets exist: the store's (server, worker) and the in-memory one (commands, tests); the steps are the same.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from copilot.domain.clock import Clock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.issue import Category, Issue
from copilot.domain.knowledge import Match, Notice
from copilot.domain.order import Product
from copilot.domain.trace import Step
from copilot.flow.publishing.shadow import Watched
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

    async def composed(
        self, merchant: str, draft: str, revision: int, view: DraftView, candidates: tuple[str, ...] | None = None
    ) -> None:
        """Keep a checked composed draft, so that the deadline finds one whatever happens next.

        With ``candidates`` (orders to choose from, or none) it may be shown as it is while a model still words it.
        """
        ...

    async def deliver(self, merchant: str, draft: str) -> bool:
        """Queue the accepted reply unless it is queued already; whether it was added now."""
        ...


class Grants(Protocol):
    """Where it stands what was given before at the cost of the shop."""

    async def given(self, order: str | None, again: Issue | None = None) -> Given:
        """What counts against the agent's ceilings beside a reply about ``order`` (None: about none).

        ``again`` is the issue in which the buyer chooses over again: what was settled there is not given beside.
        """
        ...


class NothingGiven:
    """The port ``Grants`` where nothing is kept: what was given is what the talk itself shows."""

    async def given(self, order: str | None, again: Issue | None = None) -> Given:
        """Nothing."""
        return Given()


class Knowledge(Protocol):
    """What the shop knows beside its orders; each answers for this moment, and raises what its place raises."""

    async def answers(
        self, question: str, *, language: str, category: Category | None, products: tuple[str, ...]
    ) -> tuple[Match, ...]:
        """Entries for buyers that are valid now and about the shop or one of ``products``, the best first."""
        ...

    async def goods(self, ids: tuple[str, ...]) -> tuple[Product, ...]:
        """The products of ``ids`` that are known, with what the shop states now; those of tonight's stream first."""
        ...

    async def notices(self) -> tuple[Notice, ...]:
        """The notices that hold now."""
        ...

    async def named(self, text: str) -> tuple[Product, ...]:
        """The shop's products, on sale or not, whose whole names stand in ``text``."""
        ...


@runtime_checkable
class AtOnce(Protocol):
    """Knowledge whose place can be asked several things in one go."""

    def at_once(self) -> AbstractAsyncContextManager[None]:
        """What is asked within it costs its place one transaction; a question that fails takes no other along."""
        ...


class NothingKnown:
    """The port ``Knowledge`` of a shop that has stored nothing."""

    async def answers(
        self, question: str, *, language: str, category: Category | None, products: tuple[str, ...]
    ) -> tuple[Match, ...]:
        """None."""
        return ()

    async def goods(self, ids: tuple[str, ...]) -> tuple[Product, ...]:
        """None."""
        return ()

    async def notices(self) -> tuple[Notice, ...]:
        """None."""
        return ()

    async def named(self, text: str) -> tuple[Product, ...]:
        """None."""
        return ()


@dataclass(frozen=True)
class Deps:
    """One draft's surroundings.

    ``deadline`` is when a draft must be on screen (None: no hurry), ``quiet_until`` when the buyer's burst is taken as
    closed, which only the model waits for. ``writer`` is None without a model; ``model_seconds`` bounds a model's work
    where no deadline does. ``orders_as_of`` is when the orders were told, where a person should know that it is a while
    ago. ``translated`` says that what is written is translated by machine before anybody gets it. ``steps`` collects
    what the graph did and how long it took, ``watched`` what rules in shadow would have said.
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
    knowledge: Knowledge = field(default_factory=NothingKnown)
    orders_as_of: datetime | None = None
    translated: bool = False
    steps: list[Step] = field(default_factory=list[Step])
    watched: Watched = field(default_factory=Watched)

    def seconds_left(self) -> float | None:
        """Until the deadline; None when there is none."""
        if self.deadline is None:
            return None
        return (self.deadline - self.clock.now()).total_seconds()
