"""Wishes about an order that sound like something else: another quantity, where to leave a parcel, one parcel for two.

Owns the tables ``data/wishes.yaml`` and ``data/sayings.yaml``: what such words say, in which surroundings they say
something else, and the issue that deals with them. The classifier hears them only where something went wrong.
"""

import re
from dataclasses import dataclass
from functools import cache

from copilot.domain.issue import Issue
from copilot.files import own_data
from copilot.flow.understand.text import fold


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish by its name in the table (``name`` where several rows word one), and the issue that deals with it."""

    name: str
    issue: Issue
    takes: frozenset[Issue] = frozenset()
    """What its words are mistaken for; of a clause's wish nothing is asked about that."""


@dataclass(frozen=True, slots=True)
class _Row:
    wish: Wish
    says: re.Pattern[str]
    unless: re.Pattern[str]


def wish_in(clause: str) -> Wish | None:
    """The wish that ``clause`` speaks of; None when it speaks of none."""
    folded = fold(clause)
    return next((row.wish for row in _rows() if row.says.search(folded) and not row.unless.search(folded)), None)


def saying_in(text: str) -> Wish | None:
    """What a whole turn says that none of its clauses says alone ("box crushed, item fine"); None when nothing."""
    folded = fold(text)
    found = (row.wish for row in _rows("sayings.yaml") if row.says.search(folded) and not row.unless.search(folded))
    return next(found, None)


@cache
def _rows(table: str = "wishes.yaml") -> tuple[_Row, ...]:
    raw: dict[str, dict[str, str]] = own_data("copilot.flow.understand", table)
    return tuple(
        _Row(
            Wish(
                row.get("name", name),
                Issue(row["issue"]),
                frozenset(Issue(one) for one in row.get("takes", "").split()),
            ),
            re.compile(row["says"]),
            re.compile(row["unless"]),
        )
        for name, row in raw.items()
    )
