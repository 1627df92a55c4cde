"""docs/texts.md is what the templates make of the golden conversations, and there is enough of it to judge them by."""

import asyncio
from collections import Counter

import pytest

from copilot.domain.issue import Issue
from copilot.replay.evaluation.cases import LANGUAGES, Outcome
from copilot.replay.evaluation.texts import outcomes, page
from tests.conftest import ROOT

REFRESH = "python -m copilot.replay.evaluation.texts > docs/texts.md"


@pytest.fixture(scope="module")
def found() -> list[tuple[str, Outcome]]:
    return asyncio.run(outcomes())


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
