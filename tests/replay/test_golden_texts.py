"""docs/texts.md is what the templates make of the golden conversations, and there is enough of it to judge them by.

A platform's limit is kept by saying less, never by cutting: whole sentences, and nothing lost that must be said.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copilot.assets import prompt_folders
from copilot.domain.issue import Issue
from copilot.flow.memory import as_of
from copilot.model.composer import Composed, Limits, Voice, compose
from copilot.model.prompts import Prompts
from copilot.replay.evaluation.cases import LANGUAGES, Outcome
from copilot.replay.evaluation.texts import outcomes, page
from tests.conftest import ROOT

REFRESH = "python -m copilot.replay.evaluation.texts > docs/texts.md"
ZONES = {"zh": ZoneInfo("Asia/Shanghai"), "en": ZoneInfo("America/New_York")}
ENDS = ("。", "？", "！", ".", "?", "!")
PROMPTS = Prompts(prompt_folders())


@pytest.fixture(scope="module")
def found(compiled: Path) -> list[tuple[str, Outcome]]:
    return asyncio.run(outcomes(compiled))


def test_the_page_is_up_to_date(found):
    assert (ROOT / "docs" / "texts.md").read_text(encoding="utf-8") == page(found), f"run {REFRESH}"


def test_the_page_holds_sixty_texts_and_more_in_each_language(found):
    told = Counter(language for language, one in found if one.reason is None)
    assert {language for language, number in told.items() if number >= 55} == set(LANGUAGES), told
    long = [one for _, one in found if one.reason is None and len(one.conversation.messages) >= 4]
    assert len(long) >= 40


def test_the_page_shows_every_issue_that_gets_a_text(found):
    for language in LANGUAGES:
        shown = {one.plan.issue for spoken, one in found if spoken == language and one.plan and one.reason is None}
        # What is unclear, abuse, and mere thanks raise no text of their own.
        missing = set(Issue) - shown - {Issue.UNCLEAR, Issue.ABUSE, Issue.THANKS}
        assert missing == set(), (language, sorted(issue.value for issue in missing))


@pytest.fixture(scope="module")
def planned(found: list[tuple[str, Outcome]]) -> list[tuple[str, Outcome]]:
    return [(language, one) for language, one in found if one.plan and one.reason is None]


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


@pytest.fixture(scope="module")
def unbound(planned: list[tuple[str, Outcome]]) -> list[Composed]:
    """The text of each plan where no platform limits it."""
    return [_worded(language, outcome, None) for language, outcome in planned]


@pytest.mark.parametrize("most", [60, 75, 90, 120, 160, 220, 320, 500, 2000])
def test_every_golden_plan_at_every_limit(
    planned: list[tuple[str, Outcome]], unbound: list[Composed], most: int
) -> None:
    for (language, outcome), free in zip(planned, unbound, strict=True):
        bound = _worded(language, outcome, most)
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
