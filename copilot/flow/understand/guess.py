"""Classes that are only a guess: what is no issue, and when the likeliest issue is none either.

Owns the doubt about one reading; refuses to look at other clauses, or at a case.
"""

from typing import Final

from copilot.domain.issue import Issue
from copilot.flow.understand.classifier import Label
from copilot.flow.understand.remedies import mentions
from copilot.flow.understand.text import count_han, fold

MANNERS: Final = frozenset({Issue.THANKS.value, Issue.GREETING.value, Issue.UNCLEAR.value})
_LONE_HAN: Final = 2
"""A Chinese word: alone it names a thing, and seldom what is the matter with it."""
_LONE, _RIVALLED = 0.8, 0.6
"""A lone word, or one beside which "unclear" is half as likely, has to be surer than that."""


def is_issue(label: Label) -> bool:
    """Whether ``label`` is an issue that a reply deals with: neither a turn, nor manners, nor unclear."""
    return not label.name.startswith("_") and label.name not in MANNERS


def is_guess(labels: tuple[Label, ...], words: str) -> bool:
    """Whether the likeliest class is a guess: of a lone word, or hardly likelier than that nothing is clear.

    A lone word that names a remedy (换) says what is wanted.
    """
    first = labels[0]
    if not is_issue(first):
        return False
    unclear = next((one.probability for one in labels if one.name == Issue.UNCLEAR.value), 0.0)
    if first.probability < _RIVALLED and unclear > first.probability / 2:
        return True
    lone = count_han(words) <= _LONE_HAN and len(words.split()) == 1
    return lone and first.probability < _LONE and not mentions(fold(words))


def unless_guessed(labels: tuple[Label, ...], words: str) -> tuple[Label, ...]:
    """``labels`` with what is only a guess behind "unclear"."""
    if not is_guess(labels, words):
        return labels
    rest = tuple(one for one in labels if one.name != Issue.UNCLEAR.value)
    return (Label(Issue.UNCLEAR.value, labels[0].probability), *rest)
