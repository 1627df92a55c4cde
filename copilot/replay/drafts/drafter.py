"""One process's part of a flow replay: conversations in, lines for ``drafts.jsonl`` and ``offers.jsonl`` out.

Owns the drafting of turns one by one; the other playbooks see the same reading of a turn and decide anew.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from copilot.domain.clock import Clock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.domain.issue import Understanding
from copilot.domain.reason import Reason
from copilot.domain.verdict import Decision
from copilot.flow.deps import Deps
from copilot.flow.memory import NOBODY, AsOf, MemoryFlow, OneConversation
from copilot.flow.shapes import Gathered
from copilot.flow.shops import Rules
from copilot.flow.state import State
from copilot.flow.steps import plan
from copilot.flow.views import candidates_of, end_of, plan_of, understanding_of, view_of
from copilot.logs import get_logger
from copilot.model.writer import Writer
from copilot.replay.drafts.offers import Offer, offer_of
from copilot.replay.drafts.rules import RulesInForce
from copilot.replay.drafts.turns import Turn, turns_of

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the flow made of a turn.

    ``view`` is the draft, also one that policy blocked; ``reason`` why there is none to show. ``before`` is the offer
    of the playbooks compared with, ``now`` that of those in force; null where neither decides (nothing to answer).
    """

    turn: Turn
    rules: Rules
    understanding: Understanding | None
    view: DraftView | None
    reason: Reason | None
    candidates: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    now: Offer | None = None
    before: Offer | None = None


@dataclass
class Drafter:
    """Drafts conversations with the rules that were in force; use as a context manager: it owns an event loop."""

    in_force: RulesInForce
    clock: Clock
    otherwise: datetime
    writer: Writer | None = None
    model_seconds: float = 20.0
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _flow: MemoryFlow | None = None

    def __enter__(self) -> Self:
        """Ready to draft."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the model's connections and the event loop."""
        aclose = getattr(self.writer.completer, "aclose", None) if self.writer is not None else None
        if aclose is not None:
            self._runner.run(aclose())
        self._runner.close()

    def drafted(self, conversation: Conversation) -> Iterator[Drafted]:
        """Every turn of ``conversation``, in order; one that breaks is told and does not stop the rest."""
        for turn in turns_of(conversation, self.otherwise):
            # The loop itself: a runner's own ``run`` spends as long on signal handlers as a draft takes.
            yield self._runner.get_loop().run_until_complete(self._draft(turn))

    async def _draft(self, turn: Turn) -> Drafted:
        given = turn.given
        rules = self.in_force.at(given.platform, given.market, turn.at)
        try:
            state = await self._flow_with(rules).run(given)
            return await self._told(turn, rules, state)
        except (BadInput, BadConfiguration) as error:
            # The conversation's own terms, or a template: for people, by place.
            log.error("draft_failed", why=str(error))
        except Exception as error:  # around one conversation of a batch
            log.error("draft_failed", error=type(error).__name__)
        return Drafted(turn, rules, None, None, Reason.FAILED)

    def _flow_with(self, rules: Rules) -> MemoryFlow:
        if self._flow is None:
            self._flow = MemoryFlow(
                self.in_force.shops, self.clock, writer=self.writer, model_seconds=self.model_seconds
            )
        self._flow.rules = rules
        return self._flow

    async def _told(self, turn: Turn, rules: Rules, state: State) -> Drafted:
        end = end_of(state)
        if "understanding" not in state or "gathered" not in state:
            return Drafted(turn, rules, None, None, end.reason if end else Reason.FAILED)
        planned = None if "plan" not in state else plan_of(state)
        decided = planned or end
        view = view_of(state) if end is None else None
        blocked = view is not None and view.verdict.decision is Decision.BLOCK
        return Drafted(
            turn,
            rules,
            understanding_of(state),
            view,
            end.reason if end else Reason.BLOCKED if blocked else None,
            candidates_of(state),
            tuple(f"{one.key}: {one.reason}" for one in planned.not_offered) if planned else (),
            now=offer_of(decided, rules.playbooks) if decided else None,
            before=await self._before(turn, state),
        )

    async def _before(self, turn: Turn, state: State) -> Offer | None:
        """What the playbooks compared with decide about the turn, read the same way."""
        rules = self.in_force.other(turn.given.platform, turn.given.market, turn.at)
        if rules is None:
            return None
        port = OneConversation(turn.given)
        deps = Deps(
            clock=AsOf(turn.at, self.clock),
            conversations=port,
            rows=port,
            rules=rules,
            prompts=self.in_force.shops.prompts,
        )
        read, gathered = understanding_of(state), Gathered.model_validate(state.get("gathered"))
        found = await plan.run(NOBODY, turn.given.id, read, gathered, None, deps)
        return offer_of(found, rules.playbooks)
