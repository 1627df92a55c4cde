"""Which language a turn is written in.

Owns that the tag is sticky: an "ok", an emoji or an order number says nothing about the language. What a text shows is
told by ``copilot.policy.language``, which judges the answers by the same lists.
"""

from copilot.policy.language import language_of as detect

__all__ = ["UNKNOWN", "detect", "language_of"]

UNKNOWN = "und"


def language_of(text: str, previous: str | None = None, fallback: str = "en") -> str:
    """The tag of ``text``; ``previous`` (the case's language) when the words say nothing, else ``fallback``."""
    return detect(text) or previous or fallback
