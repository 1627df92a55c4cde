"""Which language a turn is written in.

Owns the tag (zh, en, or another language's code, "und" for an unknown script); it is sticky, because an "ok", an emoji
or an order number says nothing about the language. It refuses to guess from such words.
"""

import re
from collections import Counter
from functools import cache
from importlib import resources

import yaml

from copilot.flow.understand.text import count_han, fold

UNKNOWN = "und"
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_LATIN_WORD = re.compile(r"[a-zà-öø-ÿăđĩũơưạ-ỹ]+(?:'[a-z]+)?")
_CODE = re.compile(r"\S+@\S+|https?://\S+|[a-z]*\d[a-z0-9-]*")


def language_of(text: str, previous: str | None = None, fallback: str = "en") -> str:
    """The tag of ``text``; ``previous`` (the case's language) when the words say nothing, else ``fallback``."""
    return detect(text) or previous or fallback


def detect(text: str) -> str | None:
    """The language that ``text`` shows, or None when it shows none ("ok", "👌", "3348917502", "B")."""
    folded = _CODE.sub(" ", fold(text))
    for tag, letters in _SCRIPTS:
        if len(letters.findall(folded)) >= 2:
            return tag
    words = [word for word in _LATIN_WORD.findall(folded) if word not in _lists()["neutral"]]
    han = count_han(folded)
    if han and han >= len(words):
        return "zh"
    if not words:
        return None
    return _latin(folded, words)


def _latin(folded: str, words: list[str]) -> str | None:
    if len(_VIETNAMESE.findall(folded)) >= 2:
        return "vi"
    votes: Counter[str] = Counter()
    for word in words:
        votes.update({tag: 1 if word.isascii() else 2 for tag, known in _lists().items() if word in known})
    english = votes.pop("en", 0)
    if votes:
        tag, count = votes.most_common(1)[0]
        # One plain word may be a name ("Minh") or a shout ("ho"); two are a sentence.
        if count > max(english, 1):
            return tag
    if english or len(words) >= 3:
        return "en"
    # One or two unknown words may be a name or a product; they decide nothing.
    return None


@cache
def _lists() -> dict[str, frozenset[str]]:
    path = resources.files("copilot.flow.understand") / "data" / "languages.yaml"
    raw: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {tag: frozenset(words.split()) for tag, words in raw.items()}
