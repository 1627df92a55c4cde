"""A platform's limit is kept by saying less, never by cutting: whole sentences, and nothing lost that must be said."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copilot.assets import policy_folders, prompt_folders, shipped
from copilot.domain.clock import SystemClock
from copilot.domain.reason import Reason
from copilot.flow.memory import MemoryFlow, as_of
from copilot.flow.shops import Shops
from copilot.model.composer import Composed, Limits, Voice, compose
from copilot.model.prompts import Prompts
from copilot.replay.evaluation.cases import Outcome, drafted, golden
from copilot.replay.evaluation.texts import outcomes

ZONES = {"zh": ZoneInfo("Asia/Shanghai"), "en": ZoneInfo("America/New_York")}
ENDS = ("。", "？", "！", ".", "?", "!")
PROMPTS = Prompts(prompt_folders())


@pytest.fixture(scope="module")
def planned() -> list[tuple[str, Outcome]]:
    return [(language, one) for language, one in asyncio.run(outcomes()) if one.plan and one.reason is None]


def _worded(language: str, outcome: Outcome, most: int | None) -> Composed:
    at, plan = as_of(outcome.conversation), outcome.plan
    assert at is not None
    assert plan is not None
    return compose(
        plan, language=language, case=None, burst_text="", order=None, now=at, zone=ZONES[language], voice=Voice(),
        prompts=PROMPTS, seed=outcome.conversation.id, limits=Limits(max_chars=most),
    )  # fmt: skip


def _must(composed: Composed, outcome: Outcome) -> Iterator[str]:
    """The facts that a text for this plan cannot do without: what is offered, and what is promised."""
    plan = outcome.plan
    assert plan is not None
    for option in (*plan.options, *((plan.chosen,) if plan.chosen else ())):
        yield from (f"option.{option.key}.{end}" for end in ("amount", "by"))
    yield from (promise.fact for promise in plan.promises if promise.fact)


@pytest.mark.parametrize("most", [60, 75, 90, 120, 160, 220, 320, 500, 2000])
def test_every_golden_plan_at_every_limit(planned: list[tuple[str, Outcome]], most: int) -> None:
    for language, outcome in planned:
        free, bound = _worded(language, outcome, None), _worded(language, outcome, most)
        assert bound.text.endswith(ENDS), bound.text
        assert "…" not in bound.text.replace("“…", "")
        glue = "" if language == "zh" else " "
        assert glue.join(bound.sentences) == bound.text
        assert len(bound.text) <= max(most, len(free.text))
        assert set(bound.option_texts) == set(free.option_texts)
        said = {claim.source for claim in bound.claims}
        before = {claim.source for claim in free.claims}
        assert [fact for fact in _must(bound, outcome) if fact in before and fact not in said] == []
        if len(free.text) <= most:
            assert bound == free


def test_a_tight_limit_is_kept_by_most(planned: list[tuple[str, Outcome]]) -> None:
    fitting = [len(_worded(language, one, 120 if language == "zh" else 300).text) for language, one in planned]
    most = [120 if language == "zh" else 300 for language, _ in planned]
    kept = sum(length <= limit for length, limit in zip(fitting, most, strict=True))
    assert kept >= 0.95 * len(planned)


@pytest.mark.parametrize("most", [60, 160])
def test_what_cannot_be_said_within_the_limit_is_not_said_and_told(tmp_path: Path, most: int) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    text = (shipped("policies") / "profiles" / "tiktok_shop.us.yaml").read_text(encoding="utf-8")
    limited, times = re.subn(r"max_chars: \{value: \d+", f"max_chars: {{value: {most}", text)
    assert times
    (profiles / "tiktok_shop.us.yaml").write_text(limited, encoding="utf-8")
    flow = MemoryFlow(Shops(policy_folders([tmp_path]), PROMPTS, tmp_path / "cache"), SystemClock())

    async def all_of_them() -> list[Outcome]:
        return [await drafted(flow, case) for _, case in list(golden(("en",)))[:30]]

    found = asyncio.run(all_of_them())
    shown = [one.text for one in found if one.reason is None]
    assert max((len(text or "") for text in shown), default=0) <= most
    too_long = [one for one in found if one.reason is Reason.BLOCKED]
    assert too_long, "some of these talks cannot be answered in so few characters"
    for one in too_long:
        assert one.checked is not None
        assert {finding.rule for finding in one.checked.verdict.findings} >= {"length.max_chars"}
