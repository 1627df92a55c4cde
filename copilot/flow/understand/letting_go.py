"""Whether a turn lets a matter go: "算了", "forget it", and nothing beside it that asks, threatens or wants."""

from copilot.domain.case import Case, Option
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import patterns, says

_ENDS_THE_ORDER = "cancel_refund"
"""Whoever may still cancel and says "I don't want it any more" may well mean the order."""


def lets_go(text: str, offered: tuple[Option, ...], case: Case | None) -> bool:
    """Whether ``text`` gives up a matter for which ``offered`` stands and nothing is agreed on yet."""
    if not offered or (case is not None and case.chosen is not None):
        return False
    if any(_ENDS_THE_ORDER in (option.key, option.action) for option in offered):
        return False
    folded = fold(text)
    if "?" in folded or not says("let_go", folded):
        return False
    rest = patterns()["let_go_beside"].sub(" ", patterns()["let_go"].sub(" ", folded))
    return not any(sign.isalnum() for sign in rest)
