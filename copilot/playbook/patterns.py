"""Words of lists as patterns, compiled once a process.

Owns what an entry of a list matches; which lists there are, ``words.yaml`` and ``topics.yaml`` say.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

GAP = "…"


def any_of(words: Sequence[str]) -> re.Pattern[str]:
    """One of ``words``; Latin ones as whole words ("small" is not in "smaller"), with a final ``*`` as beginnings.

    "…" within an entry stands for up to twelve other characters of the same clause.
    """
    parts = [_latin(word) if is_latin(word) else _escaped(word) for word in words]
    return pattern("|".join(sorted(parts, key=len, reverse=True)))


@lru_cache(maxsize=10_000)
def pattern(source: str) -> re.Pattern[str]:
    """``source`` compiled, whatever the case; once a process, however many shops have the same words.

    (Python itself remembers the last few hundred, and the word lists are more.)
    """
    return re.compile(source, re.IGNORECASE)


def is_latin(word: str) -> bool:
    """Whether ``word`` is matched as a whole word."""
    return word.replace(GAP, "").isascii()


def _latin(word: str) -> str:
    stem = word.removesuffix("*")
    return rf"(?<![a-z]){_escaped(stem)}" + ("" if stem != word else "(?![a-z])")


def _escaped(word: str) -> str:
    return r"[^,.;!?，。；！？\n]{0,12}?".join(map(re.escape, word.split(GAP)))
