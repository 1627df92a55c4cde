"""Several models: who is asked next, within which time, for how much, and what is counted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

import pytest
from prometheus_client import REGISTRY

from copilot.domain.clock import FrozenClock, SystemClock
from copilot.domain.errors import BadConfiguration
from copilot.model.breaker import Breaker, Limits
from copilot.model.completion import Answer, ModelFailed, ModelFault, Question
from copilot.model.fallbacks import Fallbacks, open_models
from copilot.model.gateway import warm
from copilot.settings import load_settings
from tests.model.openai_server import serving

QUESTION = Question(messages=({"role": "user", "content": "hello"},), answer_schema={})
LIMITS = Limits(faults=2, window=60.0, pause=30.0)
_numbers = count()


@dataclass
class Told:
    """A model that does as ``does`` says, and takes ``takes`` seconds of the frozen clock for it."""

    clock: FrozenClock
    does: Answer | ModelFault | ModelFailed | Exception = field(default_factory=lambda: Answer(text="{}", model="told"))
    takes: float = 0.0
    bound: Decimal | None = Decimal("0.01")
    name: str = field(default_factory=lambda: f"told/{next(_numbers)}")
    ready: bool = True
    asked: list[float] = field(default_factory=list[float])

    async def upper_bound(self, question: Question) -> Decimal | None:
        return self.bound

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        self.asked.append(seconds)
        self.clock.advance(min(self.takes, seconds))
        if isinstance(self.does, ModelFault):
            raise ModelFailed(self.does)
        if isinstance(self.does, Exception):
            raise self.does
        return self.does

    async def aclose(self) -> None:
        return None


def _in_order(*models: Told, budget: str | None = None) -> Fallbacks:
    clock = models[0].clock
    chain = [(model, Breaker(clock, LIMITS)) for model in models]
    return Fallbacks(chain, clock, None if budget is None else Decimal(budget))


async def _fault(models: Fallbacks, seconds: float = 10.0) -> ModelFault:
    with pytest.raises(ModelFailed) as failed:
        await models.complete(QUESTION, seconds=seconds)
    return failed.value.fault


def _counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"copilot_model_{name}_total", labels) or 0.0


@pytest.mark.parametrize(
    "fault", [ModelFault.THROTTLED, ModelFault.UNAVAILABLE, ModelFault.TIMEOUT, ModelFault.REFUSED]
)
async def test_the_next_model_is_asked_when_it_can_mend_the_fault(clock: FrozenClock, fault: ModelFault) -> None:
    first, second, third = Told(clock, fault), Told(clock, Answer(text="{}", model="second")), Told(clock)

    answer = await _in_order(first, second, third).complete(QUESTION, seconds=10)

    assert answer.model == "second"
    assert (len(first.asked), len(second.asked), len(third.asked)) == (1, 1, 0)


@pytest.mark.parametrize("fault", [ModelFault.INVALID, ModelFault.TOO_LARGE, ModelFault.NO_TIME])
async def test_other_faults_end_it(clock: FrozenClock, fault: ModelFault) -> None:
    first, second = Told(clock, fault), Told(clock)

    assert await _fault(_in_order(first, second)) is fault
    assert second.asked == []


async def test_an_answer_is_final_whatever_it_says(clock: FrozenClock) -> None:
    first, second = Told(clock, Answer(text="no JSON at all", model="first")), Told(clock)

    assert (await _in_order(first, second).complete(QUESTION, seconds=10)).text == "no JSON at all"
    assert second.asked == []


async def test_all_models_together_keep_the_one_limit(clock: FrozenClock) -> None:
    models = [Told(clock, ModelFault.TIMEOUT, takes=99) for _ in range(3)]
    started = clock.monotonic()

    assert await _fault(_in_order(*models), seconds=10) is ModelFault.TIMEOUT
    assert clock.monotonic() - started <= 10
    assert [model.asked for model in models] == [[pytest.approx(6)], [pytest.approx(2.4)], [pytest.approx(1.6)]]


async def test_no_model_is_asked_for_less_than_it_needs(clock: FrozenClock) -> None:
    first, second = Told(clock, ModelFault.UNAVAILABLE, takes=1.2), Told(clock)

    assert await _fault(_in_order(first, second), seconds=2.1) is ModelFault.UNAVAILABLE
    assert second.asked == []


async def test_the_only_model_that_may_be_asked_gets_all_the_time(clock: FrozenClock) -> None:
    first, second = Told(clock), Told(clock, ModelFault.THROTTLED)
    models = _in_order(first, second)
    models.models[1][1].ask().failed(retry_after=60)  # type: ignore[union-attr]

    await models.complete(QUESTION, seconds=10)

    assert first.asked == [10]


async def test_no_time_asks_nobody(clock: FrozenClock) -> None:
    only = Told(clock)

    assert await _fault(_in_order(only), seconds=0) is ModelFault.NO_TIME
    assert only.asked == []


async def test_a_failing_model_is_left_alone_and_tried_again(clock: FrozenClock) -> None:
    first, second = Told(clock, ModelFault.UNAVAILABLE), Told(clock)
    models = _in_order(first, second)
    for _ in range(5):
        await models.complete(QUESTION, seconds=10)
    assert (len(first.asked), len(second.asked)) == (2, 5)

    clock.advance(30)
    first.does = Answer(text="{}", model="back")

    assert (await models.complete(QUESTION, seconds=10)).model == "back"


async def test_when_all_are_left_alone_the_reason_says_so(clock: FrozenClock) -> None:
    only = Told(clock, ModelFailed(ModelFault.THROTTLED, retry_after=7))
    models = _in_order(only)

    assert await _fault(models) is ModelFault.THROTTLED
    assert await _fault(models) is ModelFault.PAUSED
    clock.advance(7)
    assert await _fault(models) is ModelFault.THROTTLED


async def test_a_refused_question_does_not_stop_the_next_one(clock: FrozenClock) -> None:
    only = Told(clock, ModelFailed(ModelFault.REFUSED, of_question=True))
    models = _in_order(only)
    for _ in range(4):
        assert await _fault(models) is ModelFault.REFUSED

    assert len(only.asked) == 4


@pytest.mark.parametrize("ending", [asyncio.CancelledError(), BadConfiguration("forbidden")])
async def test_a_probe_that_is_given_up_does_not_shut_the_model_for_good(
    clock: FrozenClock, ending: BaseException
) -> None:
    only = Told(clock, ModelFault.UNAVAILABLE)
    models = _in_order(only)
    for _ in range(2):
        await _fault(models)
    clock.advance(30)
    only.does = ending  # type: ignore[assignment]

    async def given_up(question: Question, *, seconds: float) -> Answer:
        raise ending

    only.complete = given_up  # type: ignore[method-assign]
    with pytest.raises(type(ending)):
        await models.complete(QUESTION, seconds=10)

    assert models.models[0][1].admits


async def test_a_question_that_may_pass_the_budget_is_not_asked(clock: FrozenClock) -> None:
    dear, cheap = Told(clock, bound=Decimal("0.02")), Told(clock, bound=Decimal("0.01"))

    assert await _fault(_in_order(dear, budget="0.019")) is ModelFault.BUDGET
    assert dear.asked == []
    await _in_order(dear, cheap, budget="0.01").complete(QUESTION, seconds=10)
    assert (dear.asked, len(cheap.asked)) == ([], 1)


async def test_an_unknown_price_is_not_asked_under_a_budget(clock: FrozenClock) -> None:
    unknown = Told(clock, bound=None)

    assert await _fault(_in_order(unknown, budget="100")) is ModelFault.BUDGET
    await _in_order(unknown).complete(QUESTION, seconds=10)
    assert len(unknown.asked) == 1


async def test_what_was_really_spent_counts_and_each_draft_begins_anew(clock: FrozenClock) -> None:
    model = Told(clock, Answer(text="{}", model="m", cost=Decimal("0.004")))
    models = _in_order(model, budget="0.015")
    draft = models.for_draft()
    await draft.complete(QUESTION, seconds=10)
    await draft.complete(QUESTION, seconds=10)

    assert await _fault(draft) is ModelFault.BUDGET, "0.007 is left, one may cost 0.01"
    await models.for_draft().complete(QUESTION, seconds=10)


@pytest.mark.parametrize(
    ("fault", "billed"),
    [
        (ModelFault.TIMEOUT, True),
        (ModelFault.UNAVAILABLE, True),
        (ModelFault.TOO_LARGE, True),
        (ModelFault.INVALID, True),
        (ModelFault.THROTTLED, False),
        (ModelFault.REFUSED, False),
    ],
)
async def test_what_a_provider_may_have_worked_for_is_taken_as_spent(
    clock: FrozenClock, fault: ModelFault, billed: bool
) -> None:
    model = Told(clock, fault)
    draft = _in_order(model, budget="0.015").for_draft()
    await _fault(draft)
    model.does = Answer(text="{}", model="m", cost=Decimal(0))

    if billed:
        assert await _fault(draft) is ModelFault.BUDGET
    else:
        await draft.complete(QUESTION, seconds=10)


async def test_over_budget_says_nothing_about_the_model(clock: FrozenClock) -> None:
    dear = Told(clock, bound=Decimal(9))
    models = _in_order(dear, budget="1")
    for _ in range(4):
        assert await _fault(models) is ModelFault.BUDGET


async def test_calls_faults_tokens_and_cost_are_counted_by_model(clock: FrozenClock) -> None:
    bad = Told(clock, ModelFault.THROTTLED)
    good = Told(clock, Answer(text="{}", model="m", tokens_in=11, tokens_out=5, cost=Decimal("0.25")))
    await _in_order(bad, good).complete(QUESTION, seconds=10)

    assert _counted("calls", model=bad.name) == 1
    assert _counted("faults", model=bad.name, fault="model_throttled") == 1
    assert _counted("calls", model=good.name) == 1
    assert _counted("tokens", model=good.name, direction="in") == 11
    assert _counted("tokens", model=good.name, direction="out") == 5
    assert _counted("cost_usd", model=good.name) == 0.25


@pytest.fixture
async def opened(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Fallbacks]]:
    monkeypatch.delenv("COPILOT_FORBID_MODEL_CALLS", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-key")
    made: list[Fallbacks] = []
    yield made
    for one in made:
        await one.aclose()


async def test_the_settings_models_over_a_real_connection(opened: list[Fallbacks]) -> None:
    warm()
    with serving() as server:
        settings = load_settings(model="openai/throttled, openai/good", model_base_url=server.url)
        models = open_models(settings, SystemClock())
        opened.append(models)
        first = await models.complete(QUESTION, seconds=10)
        second = await models.complete(QUESTION, seconds=10)

    assert models.name == "openai/throttled, openai/good"
    assert first.model == second.model == "openai/good"
    asked = [body["model"] for body in server.bodies]
    assert asked == ["throttled", "good", "good"], "its Retry-After keeps the first one from being asked again"


def test_a_local_server_that_no_model_uses_is_an_error() -> None:
    settings = load_settings(model="deepseek/deepseek-v4-flash, dashscope/qwen-plus", model_base_url="http://127.0.0.1")

    with pytest.raises(BadConfiguration, match="COPILOT_MODEL_BASE_URL"):
        open_models(settings, SystemClock())


@pytest.mark.parametrize("value", ["openai/a,,openai/b", "openai/a,", "openai/a, openai/a"])
def test_a_list_of_models_that_cannot_be_meant_is_an_error(value: str) -> None:
    with pytest.raises(BadConfiguration, match="COPILOT_MODEL"):
        load_settings(model=value)


def test_the_models_of_the_settings_keep_their_order() -> None:
    assert load_settings(model=" openai/b ,openai/a").models == ("openai/b", "openai/a")
    assert load_settings(model="  ").models == ()


@pytest.mark.parametrize("value", ["0", "-1", "much", "nan", "inf"])
def test_a_budget_is_an_amount(value: str) -> None:
    with pytest.raises(BadConfiguration, match="COPILOT_MODEL_BUDGET"):
        load_settings(model_budget=value)
