"""Where sentences begin and end in a base view; enough for "in the opening" and "in the closing"."""

import re
from collections.abc import Iterator
from itertools import islice

_END = re.compile(r"[。!?\n…]+|\.(?=\s|$)")


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` with their end marks, blank ones left out."""
    return [*_apart(text)]


def _apart(text: str) -> Iterator[str]:
    last = 0
    for match in _END.finditer(text):
        part, last = text[last : match.end()], match.end()
        if part.strip():
            yield part
    if text[last:].strip():
        yield text[last:]


def opening(text: str, count: int) -> str:
    """The first ``count`` sentences."""
    return " ".join(islice(_apart(text), count))


def closing(text: str, count: int) -> str:
    """The last ``count`` sentences."""
    return " ".join(sentences(text)[-count:])
