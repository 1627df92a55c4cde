"""``eval``: models word the golden conversations, the rubric judges them, the composer stands beside them."""

import asyncio
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from copilot.domain.clock import SystemClock
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.model.completion import Answer, ModelFailed, ModelFault, Question
from copilot.model.scripted import ScriptedModel
from copilot.replay.evaluation.cases import golden
from copilot.replay.evaluation.judged import COMPOSER, EvalLine
from copilot.replay.evaluation.page import render
from copilot.replay.evaluation.running import Evaluation, Purse
from copilot.replay.evaluation.scores import scores
from tests.conftest import Cli
from tests.model.obedient import answer_to
from tests.model.openai_server import OpenAIServer, serving

CASES = [one for language in ("zh", "en") for one in list(golden((language,)))[8:14]]


class Obedient:
    """Answers from the question's own facts, for a price."""

    name, ready = "obedient", True

    def __init__(self, price: str = "0.01") -> None:
        self.price = Decimal(price)

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        text = answer_to({"messages": question.messages})
        return Answer(text=text, model=self.name, tokens_in=100, tokens_out=20, cost=self.price)

    async def upper_bound(self, question: Question) -> Decimal:
        return self.price


@pytest.fixture(scope="module")
def flow(shops: Shops) -> MemoryFlow:
    return MemoryFlow(shops, SystemClock())


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with serving() as running:
        yield running


def _lines(flow: MemoryFlow, *models: object, budget: str | None = None) -> list[EvalLine]:
    purse = Purse(Decimal(budget) if budget else None)
    evaluation = Evaluation(flow, models, SystemClock(), purse)  # pyright: ignore[reportArgumentType]

    async def all_of_them() -> list[EvalLine]:
        return [line async for line in evaluation.lines(CASES)]

    return asyncio.run(all_of_them())


def test_every_writer_words_the_same_conversations(flow: MemoryFlow) -> None:
    lines = _lines(flow, Obedient(), ScriptedModel(["not json"], name="babbler"))

    by_writer = {writer: [line.conversation for line in lines if line.writer == writer] for writer in
                 (COMPOSER, "obedient", "babbler")}  # fmt: skip
    assert by_writer[COMPOSER] == by_writer["obedient"] == by_writer["babbler"]
    assert len(by_writer[COMPOSER]) >= 10
    composed, obedient, babbler = scores(lines)
    assert (composed.usable, composed.clean) == (composed.asked, composed.asked)
    assert obedient.usable > 0
    assert obedient.clean < obedient.usable, "words strung together do not pass for a good draft"
    assert babbler.usable == 0
    assert babbler.faults["model_invalid"] == babbler.asked


def test_what_failed_counts_and_is_nobody_elses_text(flow: MemoryFlow) -> None:
    throttled = ScriptedModel([ModelFailed(ModelFault.THROTTLED)], name="throttled")
    lines = [line for line in _lines(flow, throttled) if line.writer == "throttled"]

    assert {line.fault for line in lines} == {"model_throttled"}
    assert {line.text for line in lines} == {None}


def test_a_model_that_asks_for_patience_gets_it(flow: MemoryFlow) -> None:
    case = CASES[0][1]
    wait = ModelFailed(ModelFault.THROTTLED, retry_after=0.01)
    patient = ScriptedModel([wait, '{"explanation": "这边在看了。", "closing": "您看行吗?"}'], name="patient")
    evaluation = Evaluation(flow, (patient,), SystemClock(), Purse())

    async def all_of_them() -> list[EvalLine]:
        return [line async for line in evaluation.lines([("zh", case)])]

    (line,) = [line for line in asyncio.run(all_of_them()) if line.writer == "patient"]
    assert line.fault != "model_throttled"
    assert len(patient.questions) >= 2


def test_a_budget_ends_the_questions(flow: MemoryFlow) -> None:
    lines = [line for line in _lines(flow, Obedient("0.01"), budget="0.03") if line.writer == "obedient"]

    asked = sum(line.spent.questions for line in lines)
    assert asked == 3
    assert {line.fault for line in lines if not line.spent.questions} == {"model_budget"}
    assert scores(lines)[0].cost == Decimal("0.03")


def test_without_a_known_price_nothing_is_asked_within_a_budget(flow: MemoryFlow) -> None:
    lines = [line for line in _lines(flow, ScriptedModel(["{}"], name="free"), budget="1") if line.writer == "free"]

    assert {line.fault for line in lines} == {"model_budget"}


def test_prompts_are_named_by_their_hash(flow: MemoryFlow) -> None:
    lines = [line for line in _lines(flow, Obedient()) if line.writer == "obedient" and line.text]

    for line in lines:
        assert any(
            re.fullmatch(rf"model/reply_system\.{line.language}\.j2@[0-9a-f]{{12}}", one) for one in line.prompts
        )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_stands_alone_and_escapes_what_models_say(flow: MemoryFlow, language: str) -> None:
    lines = _lines(flow, Obedient())
    lines[-1] = lines[-1].model_copy(update={"text": "<script>alert(1)</script>", "fault": None})
    page = render(lines, {case.id: case for _, case in CASES}, language)

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert re.search(r"default-src 'none'; style-src 'sha256-[\w+/=]+'", page.replace("&#39;", "'"))
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert " style=" not in page
    assert page == render(lines, {case.id: case for _, case in CASES}, language)
    assert ("标准会话评测" in page) == (language == "zh")
    with pytest.raises(ValueError, match="zh or en"):
        render(lines, {}, "fr")


def test_the_command_evaluates_several_models_of_a_local_server(cli: Cli, tmp_path: Path, server: OpenAIServer) -> None:
    env = {
        "COPILOT_DATA_DIR": str(tmp_path / "data"),
        "COPILOT_MODEL_BASE_URL": server.url,
        "COPILOT_FORBID_MODEL_CALLS": "",
        "OPENAI_API_KEY": "sk-canary-secret",
    }
    done = cli(
        "eval", "--model", "openai/obedient", "--model", "openai/broken", "--limit", "3", "--language", "en",
        "--out", str(tmp_path / "out"), env=env, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["writer"] for line in lines} == {COMPOSER, "openai/obedient", "openai/broken"}
    assert {line["language"] for line in lines} == {"en"}
    assert {line["fault"] for line in lines if line["writer"] == "openai/broken"} == {"model_unavailable"}
    assert all(line["text"] for line in lines if line["writer"] == "openai/obedient")
    assert "spent" in done.stderr
    assert "3 conversations × 2 models" in done.stderr
    page = (tmp_path / "out" / "eval.html").read_text(encoding="utf-8")
    assert "openai/obedient" in page
    assert "sk-canary-secret" not in done.stdout + done.stderr + page


def test_the_command_without_a_model_shows_the_composer_alone(cli: Cli, tmp_path: Path) -> None:
    env = {"COPILOT_DATA_DIR": str(tmp_path / "data"), "LANG": "zh_CN.UTF-8"}
    done = cli("eval", "--limit", "2", env=env)

    assert {json.loads(line)["writer"] for line in done.stdout.splitlines()} == {COMPOSER}
    assert "有依据" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--budget", "much"), "--budget"),
        (("--budget", "-1"), "--budget"),
        (("--model", "openai/a", "--model", "openai/a"), "named twice"),
    ],
)
def test_bad_options_are_one_clear_line(cli: Cli, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = cli("eval", "--limit", "1", *arguments, env={"COPILOT_DATA_DIR": str(tmp_path / "data")})

    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
