"""Looks up the wordings of ``data/words.yaml``: what a stretch of text means for a turn.

Owns loading and compiling; refuses to weigh one meaning against another.
"""

import re
from functools import cache

from copilot.files import own_data


def says(meaning: str, folded: str) -> bool:
    """Whether ``folded`` text carries ``meaning``, a key of ``data/words.yaml``."""
    return patterns()[meaning].search(folded) is not None


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Every meaning with its compiled wordings."""
    raw: dict[str, str] = own_data("copilot.flow.understand", "words.yaml")
    return {meaning: re.compile(wordings, re.MULTILINE) for meaning, wordings in raw.items()}
