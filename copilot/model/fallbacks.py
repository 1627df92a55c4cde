"""Several models in order: the next one is asked when the one before failed in a way that another can mend.

Owns the order, the sharing of one time limit and of one draft's budget, each model's breaker and the counting of calls.
An answer that came is final: whether it is any good is the caller's to judge, and no other model is asked then.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Protocol

from copilot import metrics
from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration
from copilot.model.breaker import Breaker, Limits, Permit
from copilot.model.completion import Answer, Completer, ModelFailed, ModelFault, Question
from copilot.model.gateway import Connections, Gateway
from copilot.settings import Settings

_MENDED_BY_ANOTHER: Final = frozenset(
    {
        ModelFault.THROTTLED,
        ModelFault.UNAVAILABLE,
        ModelFault.TIMEOUT,
        ModelFault.REFUSED,
        ModelFault.PAUSED,
        ModelFault.BUDGET,
    }
)
_OF_THE_MODEL: Final = frozenset({ModelFault.THROTTLED, ModelFault.UNAVAILABLE, ModelFault.TIMEOUT, ModelFault.REFUSED})
"""What counts against a model; an answer that cannot be used is no reason to stop asking."""
_NOT_BILLED: Final = frozenset(
    {ModelFault.THROTTLED, ModelFault.REFUSED, ModelFault.NO_TIME, ModelFault.PAUSED, ModelFault.BUDGET}
)
_SHARE: Final = 0.6
"""Of the time that is left while another model could still be asked: a hanging one must leave time for the next."""
_LEAST_SECONDS: Final = 1.0
"""No model answers in less; a call that is certain to be cut off would only cost money."""


class Model(Completer, Protocol):
    """One model that knows what a question may cost."""

    async def upper_bound(self, question: Question) -> Decimal | None:
        """The most that asking may cost in US dollars; None when nobody knows."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


@dataclass
class Purse:
    """What is left of one draft's budget in US dollars; None: no limit."""

    left: Decimal | None

    def covers(self, bound: Decimal | None) -> bool:
        """Whether a question that costs ``bound`` at most may be asked; one of unknown price may not."""
        return self.left is None or (bound is not None and bound <= self.left)

    def spend(self, amount: Decimal | None) -> None:
        """Takes out what a question cost."""
        if self.left is not None and amount is not None:
            self.left -= amount


@dataclass(frozen=True)
class Fallbacks:
    """``models`` in the order in which they are asked, each with its breaker.

    ``budget`` is what one draft may cost; without ``for_draft`` each question is a draft by itself.
    """

    models: Sequence[tuple[Model, Breaker]]
    clock: Clock
    budget: Decimal | None = None
    purse: Purse | None = field(default=None)

    @property
    def name(self) -> str:
        """All names, in their order."""
        return ", ".join(model.name for model, _ in self.models)

    @property
    def ready(self) -> bool:
        """Whether any of them would be asked at once."""
        return any(model.ready for model, _ in self.models)

    def for_draft(self) -> "Fallbacks":
        """The same models and breakers, and a budget of which nothing is spent yet."""
        return replace(self, purse=Purse(self.budget))

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        """The first answer within ``seconds``; else the failure of the model that was tried last.

        A model that was skipped (paused, over budget) is named only when none was tried.
        """
        if seconds <= 0:
            raise ModelFailed(ModelFault.NO_TIME)
        purse = self.purse or Purse(self.budget)
        ends = self.clock.monotonic() + seconds
        tried: ModelFailed | None = None
        skipped: ModelFailed | None = None
        for place, (model, breaker) in enumerate(self.models):
            left = ends - self.clock.monotonic()
            if tried is not None and left < _LEAST_SECONDS:
                break
            others = any(other.admits for _, other in self.models[place + 1 :])
            try:
                return await self._ask(model, breaker, question, purse, left * _SHARE if others else left)
            except ModelFailed as failed:
                metrics.count_model_fault(model.name, failed.fault.value)
                if failed.fault not in _MENDED_BY_ANOTHER:
                    raise
                if failed.fault in (ModelFault.PAUSED, ModelFault.BUDGET):
                    skipped = failed
                else:
                    tried = failed
        raise tried or skipped or ModelFailed(ModelFault.NO_TIME)

    async def _ask(self, model: Model, breaker: Breaker, question: Question, purse: Purse, seconds: float) -> Answer:
        permit = breaker.ask()
        if permit is None:
            raise ModelFailed(ModelFault.PAUSED)
        started = self.clock.monotonic()
        try:
            bound = await self._bound(model, question, purse, seconds)
            left = seconds - (self.clock.monotonic() - started)
            metrics.count_model_call(model.name)
            answer = await self._billed(model, question, purse, bound, left)
            permit.succeeded()
        except ModelFailed as failed:
            _settle(permit, failed)
            raise
        finally:
            # Also when the draft was given up meanwhile: a probe that nobody settles would close the model for good.
            permit.dropped()
        metrics.count_model_answer(
            model.name,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            cost=None if answer.cost is None else float(answer.cost),
        )
        return answer

    async def _bound(self, model: Model, question: Question, purse: Purse, seconds: float) -> Decimal | None:
        if purse.left is None:
            return None
        try:
            async with asyncio.timeout(seconds):
                bound = await model.upper_bound(question)
        except TimeoutError:
            raise ModelFailed(ModelFault.NO_TIME) from None
        if not purse.covers(bound):
            raise ModelFailed(ModelFault.BUDGET)
        return bound

    async def _billed(
        self, model: Model, question: Question, purse: Purse, bound: Decimal | None, seconds: float
    ) -> Answer:
        try:
            answer = await model.complete(question, seconds=seconds)
        except ModelFailed as failed:
            if failed.fault not in _NOT_BILLED:
                # The provider may have worked for nothing, and bills it.
                purse.spend(bound)
            raise
        purse.spend(bound if answer.cost is None else answer.cost)
        return answer

    async def aclose(self) -> None:
        """Close the connections of all of them."""
        for model, _ in self.models:
            await model.aclose()


def open_models(settings: Settings, clock: Clock, connections: Connections | None = None) -> Fallbacks:
    """The models that the settings name, one breaker each for the life of the process.

    ``connections`` are those of the process, where it uses other models as well.

    Raises:
        BadConfiguration: a local server is set beside several models, and none of them is reached through it.
    """
    limits = Limits(settings.model_faults, settings.model_fault_window, settings.model_pause)
    models = [(model, Breaker(clock, limits)) for model in open_each(settings, clock, connections)]
    return Fallbacks(models, clock, settings.model_budget)


def open_each(settings: Settings, clock: Clock, connections: Connections | None = None) -> tuple[Gateway, ...]:
    """The models that the settings name, each by itself, over the same connections.

    Raises:
        BadConfiguration: a local server is set beside several models, and none of them is reached through it.
    """
    names = settings.models
    base = settings.model_base_url
    if base is not None and not any(settings.base_url_of(name) for name in names):
        raise BadConfiguration(
            "COPILOT_MODEL_BASE_URL: no model of COPILOT_MODEL is reached through it",
            remedy="name the local server's model as openai/NAME or unset it",
        )
    connections = connections or Connections()
    return tuple(
        Gateway(name, clock=clock, api_base=settings.base_url_of(name), connections=connections) for name in names
    )


def _settle(permit: Permit, failed: ModelFailed) -> None:
    if failed.fault in _OF_THE_MODEL and not failed.of_question:
        permit.failed(failed.retry_after)
    else:
        permit.dropped()
