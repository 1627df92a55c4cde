"""Talks of several turns whose decision is pinned as a whole: turn, issues, order, options and what is owed.

What each of them must give is ``test_golden``'s; here stands that there are enough of them, in both languages, and that
every situation a shop meets is among them as the talk that it claims to be.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import pytest
from pydantic import ValidationError

from copilot.domain.conversation import Conversation
from copilot.domain.message import Kind, Message, Role
from tests.golden.expectation import SCENARIOS, Expectation, read_expectations
from tests.golden.test_golden import conversation_lines, pairs

PINNED = ("turn", "issues", "order", "actions", "commitments", "reason")
FEWEST = 24
"""In each language; together more than the forty that are asked for."""
LONG = range(4, 13)
Talk = tuple[Conversation, Expectation]


@cache
def _talks(language: str) -> list[Talk]:
    """The talks of a language that are pinned as a whole and end in a draft."""
    found: list[Talk] = []
    for conversations, expectations in pairs():
        if language not in conversations.split("."):
            continue
        lines = conversation_lines(conversations)
        expected = read_expectations(expectations).values()
        found += [(Conversation.model_validate(lines[one.id]), one) for one in expected if _is_pinned(one)]
    return [(talk, wanted) for talk, wanted in found if len(talk.messages) in LONG and len(_stretches(talk)) > 2]


def _is_pinned(wanted: Expectation) -> bool:
    return all(wanted.judges(field) for field in PINNED) and wanted.reason is None and wanted.commitments is not None


def _spoken(talk: Conversation) -> list[Message]:
    return [one for one in talk.messages if one.role in (Role.BUYER, Role.AGENT)]


def _stretches(talk: Conversation) -> list[Role]:
    """Who speaks, each time that it changes."""
    roles = [one.role for one in _spoken(talk)]
    return [*roles[:1], *(after for before, after in pairwise(roles) if after is not before)]


def _on_several_days(talk: Conversation) -> bool:
    return len({one.sent_at.date() for one in talk.messages if one.sent_at is not None}) > 1


def _by_two_colleagues(talk: Conversation) -> bool:
    return len({one.agent for one in talk.messages if one.role is Role.AGENT}) > 1


def _with_a_photo_first(talk: Conversation) -> bool:
    return talk.messages[0].kind is Kind.IMAGE and any(one.text for one in talk.messages[1:] if one.role is Role.BUYER)


def _among_five_orders(talk: Conversation) -> bool:
    under_way = [one for one in talk.orders or () if one.status.value == "shipped"]
    return len(talk.orders or ()) == 5 and len(under_way) == 2


SHAPES: dict[str, Callable[[Conversation], bool]] = {
    "two_of_five_orders": _among_five_orders,
    "photo_first": _with_a_photo_first,
    "next_day": _on_several_days,
    "colleague_between": _by_two_colleagues,
}
"""What a talk of a scenario looks like, where its messages or orders show it."""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_enough_talks_are_pinned_as_a_whole(language: str) -> None:
    talks = _talks(language)
    assert len(talks) >= FEWEST
    alternating = [talk for talk, _ in talks if min(map(_stretches(talk).count, (Role.BUYER, Role.AGENT))) > 1]
    assert len(alternating) >= FEWEST, "most of them go to and fro"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_is_a_pinned_talk(language: str, scenario: str) -> None:
    found = [talk for talk, wanted in _talks(language) if scenario in wanted.scenario]
    assert any(_stretches(talk).count(Role.AGENT) > 1 for talk in found), scenario
    assert [talk.id for talk in found if not SHAPES.get(scenario, bool)(talk)] == []


def test_promises_are_pinned_as_given_and_as_kept() -> None:
    """Owed by the draft, owed before, kept and broken: each stands somewhere in both languages."""
    for language in ("zh", "en"):
        pinned = [wanted.commitments for _, wanted in _talks(language) if wanted.commitments is not None]
        states = {one.rsplit(": ", 1)[1] for each in pinned for one in each.earlier}
        assert {"owed", "done", "broken"} <= states
        assert {one.split()[0] for each in pinned for one in each.owes} >= {
            "hold",
            "option.reship",
            "option.refund_keep",
        }


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": []},
        {"turn": "choose"},
        {"scenario": ["somewhere"]},
        {"order": {"number": "1"}},
        {"commitments": {"owes": []}},
        {"commitments": {"owes": ["refund soon"], "earlier": []}},
        {"commitments": {"owes": [], "earlier": ["ship by 2026-11-23 18:00"]}},
        {"commitments": {"owes": [], "earlier": ["ship by 2026-11-23 18:00: late"]}},
    ],
)
def test_a_line_that_judges_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Expectation.model_validate({"id": "x", **wrong})
