"""Drafts the golden conversations with several writers beside each other.

Owns the order of questions, how many are on their way at once and what each cost; a writer's failure is a line like
any other.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Protocol, runtime_checkable

from copilot.domain.clock import Clock
from copilot.domain.conversation import Conversation
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.flow.memory import MemoryFlow
from copilot.logs import get_logger
from copilot.model.completion import Answer, Budgeted, Completer, ModelFailed, ModelFault, Question
from copilot.model.writer import Writer
from copilot.replay.evaluation.cases import Outcome, drafted
from copilot.replay.evaluation.judged import COMPOSER, EvalLine, Spent, failed_line, line_of

log = get_logger(__name__)

AT_ONCE: Final = 4


@runtime_checkable
class Priced(Protocol):
    """A completer that knows what a question may cost at most in US dollars; None: nobody knows."""

    async def upper_bound(self, question: Question) -> Decimal | None:
        """The most that asking may cost."""
        ...


@dataclass
class Purse:
    """What a run may cost in US dollars at most, over all models; ``limit`` None: as much as it takes.

    ``held`` is set aside for questions that are on their way.
    """

    limit: Decimal | None = None
    spent: Decimal = Decimal(0)
    held: Decimal = Decimal(0)

    def hold(self, bound: Decimal | None) -> Decimal:
        """Sets aside what a question may cost; ``ModelFailed`` when that is unknown or more than is left."""
        if self.limit is None:
            return Decimal(0)
        if bound is None or self.spent + self.held + bound > self.limit:
            raise ModelFailed(ModelFault.BUDGET)
        self.held += bound
        return bound


@dataclass(frozen=True)
class Counted:
    """A completer that writes down what each question of one draft cost, and stays within the run's purse.

    A model that wants to be left alone is asked once more when that leaves time.
    """

    inner: Completer
    purse: Purse
    clock: Clock
    answers: list[Answer] = field(default_factory=list[Answer])

    @property
    def name(self) -> str:
        """The model's name."""
        return self.inner.name

    @property
    def ready(self) -> bool:
        """Whether a question would be asked at once."""
        return self.inner.ready

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        """The inner one's answer."""
        ends = self.clock.monotonic() + seconds
        held = self.purse.hold(await self._bound(question))
        try:
            answer = await self._patiently(question, ends)
            self.purse.spent += held if answer.cost is None else answer.cost
        finally:
            self.purse.held -= held
        self.answers.append(answer)
        return answer

    async def _patiently(self, question: Question, ends: float) -> Answer:
        try:
            return await self.inner.complete(question, seconds=ends - self.clock.monotonic())
        except ModelFailed as failed:
            left = ends - self.clock.monotonic()
            if failed.fault is not ModelFault.THROTTLED or failed.retry_after is None or failed.retry_after >= left:
                raise
            await asyncio.sleep(failed.retry_after)
        return await self.inner.complete(question, seconds=ends - self.clock.monotonic())

    async def _bound(self, question: Question) -> Decimal | None:
        if self.purse.limit is None or not isinstance(self.inner, Priced):
            return None
        return await self.inner.upper_bound(question)

    @property
    def spent(self) -> Spent:
        """The sum of the answers, without their time."""
        costs = [answer.cost for answer in self.answers if answer.cost is not None]
        return Spent(
            questions=len(self.answers),
            tokens_in=sum(answer.tokens_in for answer in self.answers),
            tokens_out=sum(answer.tokens_out for answer in self.answers),
            cost=sum(costs, Decimal(0)) if costs else None,
        )


@dataclass(frozen=True)
class Evaluation:
    """``flow`` composes; ``models`` word the same plans, each conversation with all of them."""

    flow: MemoryFlow
    models: Sequence[Completer]
    clock: Clock
    purse: Purse
    at_once: int = AT_ONCE

    async def lines(self, cases: Sequence[tuple[str, Conversation]]) -> AsyncIterator[EvalLine]:
        """Every case by the composer, then by each model in turn; in the order of the cases.

        Conversations that get no draft whoever words it are left out.
        """
        for writer in (None, *self.models):
            gate = asyncio.Semaphore(self.at_once)
            tasks = [asyncio.create_task(self._line(writer, language, case, gate)) for language, case in cases]
            try:
                for task in tasks:
                    line = await task
                    if line is not None:
                        yield line
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _line(
        self, model: Completer | None, language: str, case: Conversation, gate: asyncio.Semaphore
    ) -> EvalLine | None:
        async with gate:
            started = self.clock.monotonic()
            counted = self._counted(model)
            flow = self.flow if counted is None else replace(self.flow, writer=self._writer(counted))
            outcome = await _outcome(flow, case)
            waited = self.clock.monotonic() - started
        rules = flow.rules or flow.shops.of_platform(case.platform, case.market, self.clock.now(), flow.pack)
        spent = (counted.spent if counted else Spent()).model_copy(update={"seconds": round(waited, 3)})
        writer = counted.name if counted else COMPOSER
        if outcome is None:
            return failed_line(case, language, writer, spent)
        return line_of(outcome, language, writer, spent, rules.voice)

    def _counted(self, model: Completer | None) -> Counted | None:
        if model is None:
            return None
        return Counted(model.for_draft() if isinstance(model, Budgeted) else model, self.purse, self.clock)

    def _writer(self, counted: Counted) -> Writer:
        return Writer(counted, self.flow.shops.prompts, self.clock)


async def _outcome(flow: MemoryFlow, case: Conversation) -> Outcome | None:
    """What came of a conversation; None when it broke, which is told and stops no other."""
    try:
        return await drafted(flow, case)
    except (BadInput, BadConfiguration):
        # The settings, or a template: true of every conversation, and for people to mend.
        raise
    except Exception as error:  # around one conversation of a batch
        log.error("draft_failed", conversation=case.id, error=type(error).__name__)
        return None
