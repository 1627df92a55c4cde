"""One draft as figures count it: what became of it, and how its text did once it had left."""

import uuid
from dataclasses import dataclass

from copilot.desk.figures.fate import Fate
from copilot.domain.base import Shape


class Outcome(Shape):
    """What became of a draft with a text; it is kept as it was when the buyer's words go.

    ``accepted``: somebody accepted it as it stood. ``left``: it reached the platform as a draft, and
    only then it can have been ``corrected`` within ten minutes, ``repeated`` or pressed by the buyer within a day,
    ``reopened`` within a week, or a promise of it ``broken``. ``unread``: it was accepted faster than it can be read;
    None where that cannot be told, or does not arise.
    """

    issue: str
    fate: Fate
    accepted: bool = False
    left: bool = False
    unread: bool | None = None
    corrected: bool = False
    repeated: bool = False
    reopened: bool = False
    broken: bool = False


@dataclass(frozen=True)
class Seen:
    """A draft with a text, or one whose words were ``erased`` with their buyer.

    ``typed`` None: it was never on the screen of whoever answers; True: they had begun to write before it was.
    """

    draft: uuid.UUID
    typed: bool | None
    outcome: Outcome
    text: str | None = None
    erased: bool = False
