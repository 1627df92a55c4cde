"""Which language a text is written in, by its script and its small words.

Owns the word lists ``languages.yaml`` and ``telling.yaml`` in ``data`` and the decision; says null when a text shows no
language ("ok", an emoji, an order number, a lone name) rather than guess.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from copilot.files import own_data

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
_ANY_SCRIPT = re.compile("|".join(letters.pattern for _, letters in _SCRIPTS))
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_WORD_OR_CODE = re.compile(r"(?<![a-z])[a-z]*+\d[a-z0-9-]*|([a-zà-öø-ÿăđĩũơưạ-ỹ]+(?:'[a-z]+)?)")
"""A code is in no language and gives an empty group; it begins at a word's beginning, as in "sku12-a"."""
_MAIL, _URL = re.compile(r"(?<!\S)\S+@\S+"), re.compile(r"https?://\S+")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'"})
# Small words do not tell Indonesian and Malay apart well enough to reproach anybody with the difference.
_ALIKE = {"ms": "id"}
Votes = tuple[tuple[str, int], ...]
"""Languages with how much a word speaks for each."""
_NEUTRAL = 0


def language_of(text: str) -> str | None:
    """The language code that ``text`` shows (zh, en, id, vi, th, ms, es, …), or null when it shows none."""
    if text.isascii():
        # Nothing to normalise, no other script.
        folded, han = _without_addresses(text.lower().replace("`", "'")), 0
    else:
        folded = _without_addresses(unicodedata.normalize("NFKC", text).lower().translate(_APOSTROPHES))
        if _ANY_SCRIPT.search(folded):
            for tag, letters in _SCRIPTS:
                if len(letters.findall(folded)) >= 2:
                    return tag
        han = sum(map(len, _HAN.findall(folded)))
    number_of, spoken_for = _votes()
    # Counted by the number of what a word speaks for: a text has hundreds of words and hears a dozen different votes.
    heard = Counter(map(number_of.get, _WORD_OR_CODE.findall(folded)))
    del heard[_NEUTRAL]
    words = heard.total()
    if han and han >= words:
        return "zh"
    votes = [(spoken_for[number], times) for number, times in heard.items() if number is not None]
    return _latin(folded, words, votes) if words else None


def _without_addresses(text: str) -> str:
    """``text`` without web and mail addresses, which are in no language."""
    if "@" in text:
        text = _MAIL.sub(" ", text)
    if "://" in text:
        text = _URL.sub(" ", text)
    return text


def in_another_language(text: str, expected: str) -> bool:
    """Whether ``text`` is surely not in the language ``expected`` ("en", "en-US", "zh-Hant"); unsure: false."""
    spoken = language_of(text)
    wanted = expected.lower().replace("_", "-").partition("-")[0]
    return spoken is not None and _ALIKE.get(spoken, spoken) != _ALIKE.get(wanted, wanted)


def _latin(folded: str, words: int, heard: Iterable[tuple[Votes, int]]) -> str | None:
    """The language of a text with so many ``words`` that count; ``heard`` in the order of their first ones."""
    if not folded.isascii() and len(_VIETNAMESE.findall(folded)) >= 2:
        return "vi"
    votes: dict[str, int] = {}
    for spoken, times in heard:
        for tag, weight in spoken:
            votes[tag] = votes.get(tag, 0) + weight * times
    english = votes.pop("en", 0)
    if votes:
        # Of equals the one that was heard first.
        tag, count = max(votes.items(), key=lambda vote: vote[1])
        # One plain word may be a name ("Minh") or a shout ("ho"); two are a sentence, and so is one that tells alone.
        if count > max(english, 1):
            return tag
    if english or words >= 3:
        return "en"
    # One or two unknown words may be a name or a product; they decide nothing.
    return None


@cache
def _votes() -> tuple[dict[str | None, int], list[Votes]]:
    """By word the number of its votes, ``_NEUTRAL`` for one that does not count; and the votes by number."""
    telling, lists = _read("telling.yaml"), _read("languages.yaml")
    found: dict[str, Votes] = {}
    for tag, words in lists.items():
        alone = telling.get(tag, frozenset())
        for word in words:
            # Twice where it needs no second word beside it.
            found[word] = (*found.get(word, ()), (tag, 2 if not word.isascii() or word in alone else 1))
    numbers: dict[Votes, int] = {(): _NEUTRAL}
    number_of: dict[str | None, int] = {word: numbers.setdefault(votes, len(numbers)) for word, votes in found.items()}
    number_of.update(dict.fromkeys((*lists["neutral"], ""), _NEUTRAL))
    return number_of, list(numbers)


@cache
def _read(name: str) -> dict[str, frozenset[str]]:
    raw: dict[str, str] = own_data("copilot.policy", name)
    return {tag: frozenset(words.split()) for tag, words in raw.items()}
