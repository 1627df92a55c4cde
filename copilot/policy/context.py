"""What a check may know besides the text: who speaks, what is expected, which claims stand in it.

Everything is optional. A rule that needs something that is not given is listed as not judged; it never guesses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from copilot.domain.fact import Claim, Fact
from copilot.domain.issue import Issue
from copilot.domain.money import Money


class Speaker(StrEnum):
    """Who says the text."""

    AGENT = "agent"
    BUYER = "buyer"


class Origin(StrEnum):
    """How the text came about: drafted by us, typed by a person, or read from an archive."""

    DRAFT = "draft"
    HUMAN = "human"
    ARCHIVE = "archive"


class Expect(StrEnum):
    """What ``require`` rules can look for."""

    EMPATHY = "empathy"
    OPTIONS = "options"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class CheckContext:
    """The context of one check.

    ``claims`` are what the text states, each with its source or null; ``facts`` what is known by id; ``expects`` names
    which ``require`` rules may speak (null: none); ``authority`` is the ceiling of the agent; ``limits`` overrides
    the pack's ({"max_chars": 500}). ``language`` picks the language of reasons and suggestions, ``text_language`` is
    the one the text must be written in. ``resolved`` says whether the buyer's case is solved, ``translated`` whether
    the text will be translated by machine; ``judgements`` holds a model's answers by rule id (true: it violates).
    """

    speaker: Speaker = Speaker.AGENT
    origin: Origin = Origin.HUMAN
    issue: Issue | None = None
    language: str | None = None
    facts: Mapping[str, Fact] | None = None
    claims: tuple[Claim, ...] | None = None
    expects: frozenset[Expect] | None = None
    authority: Money | None = None
    limits: Mapping[str, int] | None = None
    text_language: str | None = None
    resolved: bool | None = None
    translated: bool | None = None
    judgements: Mapping[str, bool] | None = None


BARE = CheckContext()
"""A bare text that an agent says, nothing known about it."""
