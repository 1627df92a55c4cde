"""What stands around a match: clause and sentence windows, refusals, second signals.

Works on the base view only. Precision lives here, so that folding never has to be weakened.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from copilot.domain.errors import PolicyFileError

_CLAUSE_END = re.compile(r"[,。!?;:…\n]|\.(?:\s|$)|--+|——")
_SENTENCE_END = re.compile(r"[。!?\n]|\.(?:\s|$)")
_HANDLE_BEHIND = re.compile(
    r"^(?:号码?|同号|id|is|是|为|加|number|at|on|here|账号|[\s:=\-_~,(\[「【<@+])*"
    r"(?:(?=[a-z0-9_\-]*\d)[a-z0-9][a-z0-9_\-]{3,20}|[a-z]+_[a-z0-9_]+|\+?\d[\d\s\-]{5,})"
)
_HANDLE = re.compile(
    r"(?<![a-z0-9])(?:(?=[a-z0-9_\-]*\d)(?=[a-z0-9_\-]*[a-z])[a-z][a-z0-9_\-]{4,20}|\d{6,11})(?![a-z0-9])"
)
_NOT_A_HANDLE = re.compile(r"(?:单|号|编号|型号|货号|款|order|tracking|no|sku|model|#)\s*[:.#]?\s*$")
_FAR = 48
_NEAR_BEHIND = 20


class WordList:
    """Some words as one search; Latin words count only as whole words."""

    def __init__(self, words: Iterable[str]) -> None:
        """``words`` are folded already."""
        ordered = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
        self.words = tuple(ordered)
        self._pattern = re.compile("|".join(_bounded(word) for word in ordered)) if ordered else None

    def __bool__(self) -> bool:
        """Whether there are any words."""
        return self._pattern is not None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in ``text``."""
        return [match.span() for match in self._pattern.finditer(text)] if self._pattern else []

    def found(self, text: str) -> bool:
        """Whether a word stands in ``text``."""
        return self._pattern is not None and self._pattern.search(text) is not None


def _bounded(word: str) -> str:
    before = "(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = "(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return before + re.escape(word) + after


def resolve(words: Iterable[str], lists: Mapping[str, tuple[str, ...]], place: str) -> tuple[str, ...]:
    """``words`` with every @name replaced by its list; ``PolicyFileError`` for an unknown name."""
    result: list[str] = []
    for word in words:
        if not word.startswith("@"):
            result.append(word)
        elif word[1:] in lists:
            result.extend(lists[word[1:]])
        else:
            raise PolicyFileError(f"{place}: unknown list '{word}'", remedy=f"known: {', '.join(sorted(lists))}")
    return tuple(result)


def clause_before(text: str, start: int, far: int = _FAR) -> str:
    """The words of the same clause in front of ``start``."""
    return _last_part(text[max(0, start - far) : start], _CLAUSE_END)


def sentence_before(text: str, start: int, far: int = _FAR) -> str:
    """The words of the same sentence in front of ``start``."""
    return _last_part(text[max(0, start - far) : start], _SENTENCE_END)


def clause_after(text: str, end: int, far: int = _NEAR_BEHIND) -> str:
    """The words of the same clause behind ``end``."""
    return _first_part(text[end : end + far], _CLAUSE_END)


def sentence_after(text: str, end: int, far: int = _FAR) -> str:
    """The words of the same sentence behind ``end``."""
    return _first_part(text[end : end + far], _SENTENCE_END)


def _last_part(window: str, ends: re.Pattern[str]) -> str:
    last = 0
    for match in ends.finditer(window):
        last = match.end()
    return window[last:]


def _first_part(window: str, ends: re.Pattern[str]) -> str:
    match = ends.search(window)
    return window[: match.start()] if match else window


@dataclass(frozen=True, slots=True)
class Excuses:
    """When a match of a rule is no violation: it is refused, warned of, or somebody else's words."""

    before: WordList
    after: WordList
    adjacent: WordList
    warning_before: WordList
    warning_after: WordList
    pivot: WordList
    no_refusal: WordList

    def excused(self, text: str, start: int, end: int) -> bool:
        """Whether what stands at ``start``–``end`` of the base view is refused or warned of."""
        if self.warning_after.found(text[end : end + _FAR]):
            return True
        if _HANDLE_BEHIND.match(text[end : end + 32]):
            # Whoever gives the account's name along with it refuses nothing.
            return False
        return self._warned(text, start) or self._refused_before(text, start) or self._refused_after(text, end)

    def _warned(self, text: str, start: int) -> bool:
        window = sentence_before(text, start)
        spans = self.warning_before.spans(window)
        return bool(spans) and not self.pivot.found(window[spans[-1][1] :])

    def _refused_before(self, text: str, start: int) -> bool:
        window = clause_before(text, start)
        empty = self.no_refusal.spans(window + text[start : start + 6])
        for first, last in reversed(self.before.spans(window)):
            if not _overlaps(first, last, empty) and not self.pivot.found(window[last:]):
                return True
        return any(
            len(window) - last <= 4 and not _overlaps(first, last, empty) and not self.pivot.found(window[last:])
            for first, last in self.adjacent.spans(window)
        )

    def _refused_after(self, text: str, end: int) -> bool:
        window = clause_after(text, end)
        spans = self.after.spans(window)
        if not spans:
            return False
        first, last = spans[0]
        return not _overlaps(first, last, self.no_refusal.spans(window)) and not self.pivot.found(window[:first])


def _overlaps(first: int, last: int, spans: list[tuple[int, int]]) -> bool:
    return any(first < other_last and other_first < last for other_first, other_last in spans)


@dataclass(frozen=True, slots=True)
class Signals:
    """The second signal of a weak trigger."""

    around: WordList
    before: WordList
    after: WordList
    handle: bool
    within: int

    def present(self, text: str, start: int, end: int) -> bool:
        """Whether the second signal stands close to the trigger, in the same sentence."""
        left, right = sentence_before(text, start, self.within), sentence_after(text, end, self.within)
        if self.around.found(left) or self.around.found(right):
            return True
        if self.before.found(left) or self.after.found(right):
            return True
        return self.handle and (
            _handle_in(left) or _handle_in(right) or bool(_HANDLE_BEHIND.match(text[end : end + 32]))
        )


def _handle_in(window: str) -> bool:
    return any(not _NOT_A_HANDLE.search(window[: match.start()]) for match in _HANDLE.finditer(window))
