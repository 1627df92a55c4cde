"""What a remedy is called: refund, reship, exchange … in everybody's words.

Owns the vocabulary of ``data/remedies.yaml``; refuses to decide who gets one.
"""

import re
from functools import cache

from copilot.domain.case import Option
from copilot.files import own_data
from copilot.flow.understand.text import fold


def remedies_in(text: str) -> frozenset[str]:
    """The remedies that ``text`` names."""
    return frozenset(name for name, _, _ in mentions(fold(text)))


def mentions(folded: str) -> tuple[tuple[str, int, int], ...]:
    """Each remedy named in ``folded`` text with its stretch, in order."""
    found = [
        (name, match.start(), match.end())
        for name, pattern in _patterns().items()
        for match in pattern.finditer(folded)
    ]
    return tuple(sorted(found, key=lambda one: one[1:]))


def fit(option: Option, wanted: frozenset[str]) -> int:
    """How well ``option`` gives one of ``wanted``: 2 by its key, title or action, 1 by its sentence, else 0."""
    if shared(option, wanted):
        return 2
    return 1 if wanted & remedies_in(option.text) else 0


def shared(option: Option, wanted: frozenset[str]) -> int:
    """How many of ``wanted`` the key, the title and the action of ``option`` name."""
    return len(wanted & remedies_in(f"{option.key.replace('_', ' ')} {option.title} {option.action.replace('_', ' ')}"))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw: dict[str, str] = own_data("copilot.flow.understand", "remedies.yaml")
    return {name: re.compile(wordings) for name, wordings in raw.items()}
