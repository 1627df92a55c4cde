"""Blanks that a shop fills in: ``{opens}`` in a preset. An answer that still has one must reach nobody."""

import re

_BLANK = re.compile(r"\{([^{}\n]{1,40})\}")


def blanks_of(text: str) -> tuple[str, ...]:
    """The names of the blanks in ``text``, each once, in their order."""
    return tuple(dict.fromkeys(name.strip() for name in _BLANK.findall(text)))
