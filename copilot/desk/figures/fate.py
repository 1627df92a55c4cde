"""What became of one draft that was on screen: exactly one thing each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from copilot.domain.draft import DraftState, EditClass, RejectReason

_HAN_A_SECOND: Final = 15
_WORDS_A_SECOND: Final = 8
"""Faster than anybody skims: whoever sends sooner than this has not read the text."""
_HAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:'’/-]*")


class Fate(StrEnum):
    """The classes of acceptance; ``open``: nothing is decided yet, and then it counts for nothing."""

    VERBATIM = "verbatim"
    SURFACE = "surface"
    SUBSTANCE = "substance"
    OWN_WORDS = "own_words"
    REJECTED = "rejected"
    LATE = "late"
    OVERTAKEN = "overtaken"
    OPEN = "open"


_CAME_BACK: Final = frozenset({DraftState.PROPOSED, DraftState.SUPERSEDED, DraftState.EXPIRED})


@dataclass(frozen=True)
class Decided:
    """A decision about one revision of a draft; ``read_seconds``: how long the text had stood there, None: unknown."""

    kind: str
    edit_class: str | None
    reason: str | None
    at: datetime
    read_seconds: float | None = None
    revision: int = 1

    @property
    def chooses(self) -> bool:
        """Whether it only says which options the text offers: that finds no fault with it."""
        return self.kind == "reject" and self.reason == RejectReason.OPTIONS


@dataclass(frozen=True)
class Story:
    """A draft that was on screen, and what happened to it; ``decisions`` are in order, each about a text.

    ``late``: the text that is judged came after its own deadline. ``answered`` says that a person answered in words of
    their own while it stood there, ``same_words`` that they were the draft's.
    """

    state: str
    late: bool = False
    decisions: Sequence[Decided] = ()
    answered: bool = False
    same_words: bool = False


def judging_decision(decisions: Sequence[Decided]) -> Decided | None:
    """The decision that judges the text: its rejection, else the last one; what was held back may yet be changed."""
    judging = [one for one in decisions if not one.chooses]
    if judging and judging[0].kind == "reject":
        return judging[0]
    return judging[-1] if judging else None


def fate_of(story: Story) -> Fate:
    """What became of it. What came late is late, whatever was made of it: nobody could count on it."""
    decided = judging_decision(story.decisions)
    if story.late or (decided is None and story.state == DraftState.EXPIRED and not story.answered):
        return Fate.LATE
    if decided is not None and decided.kind in ("accept", "edit") and story.state in _CAME_BACK:
        # Accepted, but it never left: the buyer wrote first, and it lies before the agent again or is over.
        return Fate.OPEN if story.state == DraftState.PROPOSED else Fate.OVERTAKEN
    if decided is not None:
        return _decided(decided)
    if story.answered:
        return Fate.VERBATIM if story.same_words else Fate.OWN_WORDS
    return Fate.OVERTAKEN if story.state == DraftState.SUPERSEDED else Fate.OPEN


def _decided(one: Decided) -> Fate:
    if one.kind == "accept":
        return Fate.VERBATIM
    if one.kind == "edit":
        # What nobody classed is taken for the worse.
        return Fate(one.edit_class or EditClass.SUBSTANCE)
    return Fate.REJECTED


def seconds_to_read(text: str) -> float:
    """The least time in which a text can be skimmed."""
    return len(_HAN.findall(text)) / _HAN_A_SECOND + len(_WORD.findall(text)) / _WORDS_A_SECOND


def unread(story: Story, text: str | None) -> bool | None:
    """Whether it was accepted faster than it can be read; None where that cannot be told, or does not arise."""
    decided = judging_decision(story.decisions)
    if decided is None or decided.kind != "accept" or decided.read_seconds is None or not text:
        return None
    return decided.read_seconds < seconds_to_read(text)
