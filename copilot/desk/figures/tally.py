"""Adds up what became of drafts: for a shop, for an issue, for all; and keeps to itself what is of too few.

In a small shop a few drafts are one person's evening, so of fewer than ten nothing is told, and nothing either that
what is told around them would give away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import Field

from copilot.desk.figures.fate import Fate
from copilot.desk.figures.seen import Seen
from copilot.domain.base import Shape

ENOUGH: Final = 10
"""Of fewer drafts a share says nothing, and a count could be one person's."""
CLASSES: Final = tuple(fate for fate in Fate if fate is not Fate.OPEN)


class Unread(Shape):
    """Drafts accepted as they stood of which the reading time is known, and how many were sent faster than read."""

    known: int
    unread: int


class After(Shape):
    """How the texts did that were ``sent``: that reached the platform as drafts, changed or not."""

    sent: int
    corrected: int
    repeated: int
    reopened: int
    broken: int


class Tally(Shape):
    """What became of the ``seen`` drafts that were decided one way or another, by class.

    Not counted: ``open`` ones are undecided, ``erased`` ones will stay so, for their buyer was erased; ``after_typing``
    came on screen when somebody had begun to write, ``never_seen`` on nobody's.
    """

    seen: int
    classes: dict[str, int]
    open: int
    erased: int
    after_typing: int
    never_seen: int
    unread: Unread
    after: After


class Line(Shape):
    """One shop or issue; ``name`` in the reader's language. ``tally`` null: of too few drafts to be told."""

    key: str
    name: str = Field(min_length=1)
    tally: Tally | None


@dataclass(frozen=True)
class Group:
    """The drafts of one shop or issue."""

    key: str
    name: str
    drafts: Sequence[Seen]


def tally(drafts: Iterable[Seen]) -> Tally:
    """The tally of all of them."""
    every = list(drafts)
    seen = [one for one in every if one.typed is False]
    counted = [one.outcome for one in seen if one.outcome.fate is not Fate.OPEN]
    undecided = [one for one in seen if one.outcome.fate is Fate.OPEN]
    sent = [one for one in counted if one.left]
    read = [one.unread for one in counted if one.unread is not None]
    return Tally(
        seen=len(counted),
        classes={fate.value: sum(one.fate is fate for one in counted) for fate in CLASSES},
        open=sum(not one.erased for one in undecided),
        erased=sum(one.erased for one in undecided),
        after_typing=sum(one.typed is True for one in every),
        never_seen=sum(one.typed is None for one in every),
        unread=Unread(known=len(read), unread=sum(read)),
        after=After(
            sent=len(sent),
            corrected=sum(one.corrected for one in sent),
            repeated=sum(one.repeated for one in sent),
            reopened=sum(one.reopened for one in sent),
            broken=sum(one.broken for one in sent),
        ),
    )


def told(whole: Tally) -> Tally | None:
    """The tally, where it is of enough drafts."""
    return whole if whole.seen >= ENOUGH else None


def lines(whole: Tally, groups: Iterable[Group]) -> tuple[Line, ...]:
    """A line for each part of the ``whole``, the largest first; those that are not told come behind, by name.

    What is left out together must be enough as well: else taking the lines from the whole would give it away.
    """
    parts = [(group, tally(group.drafts)) for group in groups if group.drafts]
    parts.sort(key=lambda part: (-part[1].seen, -part[1].never_seen - part[1].after_typing, part[0].name))
    shown = sum(part.seen >= ENOUGH for _, part in parts) if whole.seen >= ENOUGH else 0
    while 0 < shown < len(parts) and sum(part.seen for _, part in parts[shown:]) < ENOUGH:
        shown -= 1
    hidden = sorted((group for group, _ in parts[shown:]), key=lambda group: group.name)
    return (
        *(Line(key=group.key, name=group.name, tally=part) for group, part in parts[:shown]),
        *(Line(key=group.key, name=group.name, tally=None) for group in hidden),
    )
