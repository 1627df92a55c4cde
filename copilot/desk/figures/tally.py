"""Adds up what became of drafts: for a shop, for an issue, for all."""

from collections.abc import Iterable
from typing import Final

from pydantic import Field

from copilot.desk.figures.fate import SENT, Fate, fate_of, unread
from copilot.desk.figures.reading import Seen
from copilot.domain.base import Shape

ENOUGH: Final = 10
"""Of fewer drafts a share says nothing, and could be one person's evening."""
CLASSES: Final = tuple(fate for fate in Fate if fate is not Fate.OPEN)


class Unread(Shape):
    """Drafts accepted as they stood of which the reading time is known, and how many were sent faster than read."""

    known: int
    unread: int


class After(Shape):
    """How the texts did that were ``sent`` as drafts, changed or not."""

    sent: int
    corrected: int
    repeated: int
    reopened: int
    broken: int


class Tally(Shape):
    """What became of the ``seen`` drafts that were decided one way or another, by class.

    ``open`` are seen and undecided. Not counted: ``after_typing`` came on screen when somebody had begun to write,
    ``never_seen`` on nobody's. ``enough``: shares of it may be spoken of.
    """

    seen: int
    classes: dict[str, int]
    enough: bool
    open: int
    after_typing: int
    never_seen: int
    unread: Unread
    after: After


class Line(Tally):
    """The tally of one shop or issue; ``name`` in the reader's language."""

    key: str
    name: str = Field(min_length=1)


def tally(drafts: Iterable[Seen]) -> Tally:
    """The tally of all of them."""
    every = list(drafts)
    seen = [(one, fate_of(one.story)) for one in every if one.typed is False]
    counted = [(one, fate) for one, fate in seen if fate is not Fate.OPEN]
    sent = [one for one, fate in counted if fate in SENT]
    read = [found for one, _ in counted if (found := unread(one.story, one.text)) is not None]
    return Tally(
        seen=len(counted),
        classes={fate.value: sum(one is fate for _, one in counted) for fate in CLASSES},
        enough=len(counted) >= ENOUGH,
        open=len(seen) - len(counted),
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


def line(key: str, name: str, drafts: Iterable[Seen]) -> Line:
    """The tally under its name."""
    return Line(key=key, name=name, **dict(tally(drafts)))
