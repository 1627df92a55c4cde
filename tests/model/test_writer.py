"""The writer: an answer that cannot be used is repaired once, in the time that is left, and never again."""

import json
from dataclasses import replace

import pytest

from copilot.assets import prompt_folders
from copilot.domain.clock import FrozenClock
from copilot.domain.plan import Act, Plan
from copilot.model.completion import Answer, ModelFailed, ModelFault, Question
from copilot.model.prompts import Prompts
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Brief, Writer

GOOD = json.dumps({"explanation": "We are looking into it."})
BAD = "Sure! Here is your reply."
WORDINGS = ("I'm checking with the warehouse. You'll hear from me here.",)
BRIEF = Brief(
    plan=Plan(act=Act.HOLD),
    language="en",
    lines=("buyer: hello?",),
    words={},
    voice={"address": "您"},
    wordings=WORDINGS,
)


def _writer(model: ScriptedModel, clock: FrozenClock) -> Writer:
    return Writer(model, Prompts(prompt_folders()), clock)


async def test_an_answer_that_can_be_used_is_not_asked_for_again(clock: FrozenClock) -> None:
    model = ScriptedModel([GOOD])

    assert (await _writer(model, clock).write(BRIEF, seconds=10)).text == "We are looking into it."
    assert len(model.questions) == 1


async def test_one_repair_sees_what_was_wrong(clock: FrozenClock) -> None:
    model = ScriptedModel([BAD, GOOD])

    assert (await _writer(model, clock).write(BRIEF, seconds=10)).text == "We are looking into it."
    first, second = model.questions
    assert second.messages[: len(first.messages)] == first.messages, "what a provider keeps of a prompt still fits"
    assert second.messages[-2] == {"role": "assistant", "content": BAD}
    assert "cannot be used" in second.messages[-1]["content"]


async def test_there_is_no_second_repair(clock: FrozenClock) -> None:
    model = ScriptedModel([BAD, BAD, GOOD])

    with pytest.raises(ModelFailed) as failed:
        await _writer(model, clock).write(BRIEF, seconds=10)

    assert failed.value.fault is ModelFault.INVALID
    assert len(model.questions) == 2


class Slow:
    """Takes six seconds of the frozen clock for an answer that cannot be used; keeps the times it was given."""

    name = "slow"
    ready = True

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.given: list[float] = []

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        self.given.append(seconds)
        self.clock.advance(6)
        return Answer(text=BAD, model=self.name)


@pytest.mark.parametrize(("seconds", "given", "fault"), [(10, [10, 4], "INVALID"), (6, [6], "NO_TIME")])
async def test_a_repair_has_only_what_is_left_of_the_time(
    clock: FrozenClock, seconds: float, given: list[float], fault: str
) -> None:
    model = Slow(clock)

    with pytest.raises(ModelFailed) as failed:
        await Writer(model, Prompts(prompt_folders()), clock).write(BRIEF, seconds=seconds)

    assert failed.value.fault is ModelFault[fault]
    assert model.given == given


LONG = json.dumps({"explanation": "I'm checking with the warehouse. " * 4})


async def test_a_longer_text_than_the_shop_wants_is_written_again(clock: FrozenClock) -> None:
    model = ScriptedModel([LONG, GOOD])

    text = await _writer(model, clock).write(replace(BRIEF, max_chars=60), seconds=10)

    assert text.text == "We are looking into it."
    assert "at most 60 characters" in model.questions[0].messages[0]["content"]
    assert "longer than 60 characters" in model.questions[1].messages[-1]["content"]


async def test_what_the_facts_themselves_need_is_not_too_long(clock: FrozenClock) -> None:
    model = ScriptedModel([LONG, GOOD])
    needed = replace(BRIEF, max_chars=60, wordings=("I'm checking with the warehouse. " * 4,))

    assert len((await _writer(model, clock).write(needed, seconds=10)).text) > 60
