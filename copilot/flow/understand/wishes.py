"""Wishes about an order that sound like something else: another quantity, where to leave a parcel, one parcel for two.

Owns the table ``data/wishes.yaml``: what such a clause says, in which surroundings it says something else, and the
issue that deals with it. The classifier hears their words only where a parcel or an address went wrong.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from copilot.domain.issue import Issue
from copilot.flow.understand.text import fold


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish by its name in the table, and the issue that deals with it."""

    name: str
    issue: Issue


@dataclass(frozen=True, slots=True)
class _Row:
    wish: Wish
    says: re.Pattern[str]
    unless: re.Pattern[str]


def wish_in(clause: str) -> Wish | None:
    """The wish that ``clause`` speaks of; None when it speaks of none."""
    folded = fold(clause)
    return next((row.wish for row in _rows() if row.says.search(folded) and not row.unless.search(folded)), None)


@cache
def _rows() -> tuple[_Row, ...]:
    path = resources.files("copilot.flow.understand") / "data" / "wishes.yaml"
    raw: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        _Row(Wish(name, Issue(row["issue"])), re.compile(row["says"]), re.compile(row["unless"]))
        for name, row in raw.items()
    )
