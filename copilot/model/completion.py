"""The port through which a text is asked of a model, and the shapes of question and answer.

Whoever wants words depends on this port; the gateway (real models) and the scripted model (tests, trials) stand
behind it.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable

from pydantic import JsonValue

from copilot.domain.base import Shape
from copilot.domain.errors import ModelError


class ModelFault(StrEnum):
    """Why a model gave nothing usable."""

    TIMEOUT = "model_timeout"
    THROTTLED = "model_throttled"
    REFUSED = "model_refused"
    UNAVAILABLE = "model_unavailable"
    TOO_LARGE = "model_too_large"
    INVALID = "model_invalid"
    NOT_READY = "model_not_ready"
    NO_TIME = "model_no_time"
    PAUSED = "model_paused"
    BUDGET = "model_budget"


class ModelFailed(ModelError):
    """A model call that failed; ``fault`` says how. Carries no word of the prompt or the answer."""

    def __init__(
        self, fault: ModelFault, detail: str = "", *, retry_after: float | None = None, of_question: bool = False
    ) -> None:
        """``detail`` is a class name or a status, never text from the provider.

        ``retry_after`` are the seconds for which the provider wants to be left alone; ``of_question`` says that this
        question was refused, which says nothing about the next one.
        """
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)
        self.fault = fault
        self.retry_after = retry_after
        self.of_question = of_question


class Question(Shape):
    """What a model is asked: chat messages and the JSON schema its answer must follow."""

    messages: tuple[dict[str, str], ...]
    answer_schema: dict[str, JsonValue]
    max_tokens: int = 700


class Answer(Shape):
    """A model's raw answer with what it cost in tokens, seconds and US dollars.

    ``cost`` is reckoned from litellm's price list, which may be behind the provider's; None when it has no price.
    """

    text: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: Decimal | None = None


class Completer(Protocol):
    """Something that answers questions within a time limit."""

    @property
    def name(self) -> str:
        """The model's name as the user configured it."""
        ...

    @property
    def ready(self) -> bool:
        """Whether a question would be asked at once; a draft never waits for a client to load."""
        ...

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        """The answer, or ``ModelFailed``; never takes longer than ``seconds``."""
        ...


@runtime_checkable
class Budgeted(Protocol):
    """A completer that counts what its questions cost against a budget."""

    def for_draft(self) -> Completer:
        """The same models with a budget that nothing was taken from yet."""
        ...
