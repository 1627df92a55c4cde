"""Tokens as PostgreSQL's full-text search keeps and asks for them. Owns the spelling of both; it runs no query."""

import uuid
from collections.abc import Iterable
from typing import Final

from copilot.knowledge.ranking import Prepared

_LONGEST: Final = 200
"""Bytes of a token that are kept: PostgreSQL refuses one of 2 KiB, and no word is that long."""


def lexemes(prepared: Prepared, shop: uuid.UUID) -> str:
    """A ``tsvector``: words of questions with weight A, of the answer alone with weight B, and the shop's own word."""
    found = dict.fromkeys(prepared.answer, "B") | dict.fromkeys(prepared.asked, "A")
    place = quoted(place_of(shop, prepared.entry.language))
    return " ".join([place, *(f"{quoted(token)}:1{weight}" for token, weight in found.items())])


def place_of(shop: uuid.UUID, language: str) -> str:
    """The word that every entry of a shop in a language has; no text can hold it."""
    return f"@{shop.hex}/{language}"


def any_of(tokens: Iterable[str]) -> str:
    """A ``tsquery`` for entries with any of ``tokens``."""
    return " | ".join(quoted(token) for token in tokens)


def quoted(token: str) -> str:
    """A token as it stands in both: quotes and backslashes doubled."""
    cut = token.encode()[:_LONGEST].decode(errors="ignore")
    doubled = cut.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
