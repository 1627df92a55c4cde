"""Where sentences begin and end in a base view; enough for "in the opening" and "in the closing"."""

import re

_END = re.compile(r"[。!?\n…]+|\.(?=\s|$)")


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` with their end marks, blank ones left out."""
    parts: list[str] = []
    last = 0
    for match in _END.finditer(text):
        parts.append(text[last : match.end()])
        last = match.end()
    parts.append(text[last:])
    return [part for part in parts if part.strip()]


def opening(text: str, count: int) -> str:
    """The first ``count`` sentences."""
    return " ".join(sentences(text)[:count])


def closing(text: str, count: int) -> str:
    """The last ``count`` sentences."""
    return " ".join(sentences(text)[-count:])
