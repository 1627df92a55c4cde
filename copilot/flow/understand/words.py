"""Looks up the wordings of ``data/words.yaml``: what a stretch of text means for a turn.

Owns loading and compiling; refuses to weigh one meaning against another.
"""

import re
from functools import cache
from importlib import resources

import yaml


def says(meaning: str, folded: str) -> bool:
    """Whether ``folded`` text carries ``meaning``, a key of ``data/words.yaml``."""
    return patterns()[meaning].search(folded) is not None


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Every meaning with its compiled wordings."""
    path = resources.files("copilot.flow.understand") / "data" / "words.yaml"
    raw: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {meaning: re.compile(wordings, re.MULTILINE) for meaning, wordings in raw.items()}
