"""What stands around a match: clause and sentence windows, refusals, second signals.

Works on the base view only. Precision lives here, so that folding never has to be weakened.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from copilot.domain.errors import PolicyFileError
from copilot.policy.words import WordList

_CLAUSE_END = re.compile(r"[,。!?;:…\n]|\.(?:\s|$)|--+|——")
_SENTENCE_END = re.compile(r"[。!?\n]|\.(?:\s|$)")
_DIGIT_WORDS = "零〇一二两三四五六七八九幺洞拐勾壹贰叁肆伍陆柒捌玖"
_SPELLED = rf"[a-z]{{1,8}}[_\-]?[{_DIGIT_WORDS}\d]{{3,12}}"
_HANDLE_BEHIND = re.compile(
    r"^(?:号码?|同号|id|is|是|为|加|搜|number|at|on|here|账号|[\s:=\-_~,(\[「【<@+])*"
    r"(?:(?=[a-z0-9_\-]*\d)(?:[a-z][a-z0-9_\-]{3,20}|\d[a-z0-9_\-]{4,20})"
    r"|[a-z]+_[a-z0-9_]+|\+?\d[\d\s\-]{5,}|" + _SPELLED + ")"
)
_HANDLE = re.compile(
    r"(?<![a-z0-9])(?:@[a-z][a-z0-9_.]{3,}|(?=[a-z0-9_\-]*\d)(?=[a-z0-9_\-]*[a-z])[a-z][a-z0-9_\-]{4,20}|\d{6,11}|[a-z0-9]{2,}_[a-z0-9_]+|"
    + _SPELLED
    + r")(?![a-z0-9])"
)
# What people put between the characters of a word to hide it.
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])[^\w,。!?;:\n+]{1,4}(?=[\u4e00-\u9fff])")
_NOT_A_HANDLE = re.compile(r"(?:单|号|编号|型号|货号|款|order|tracking|no|sku|model|#)\s*[:.#]?\s*$")
# A quotation that begins and has not ended; one that ends.
_OPENING = re.compile(r"[“「『《][^”」』》]*$|(?:^|[^\w])\"[^\"]*$|(?:^|[\s,])['‘][^'’]*$")
_CLOSING = re.compile(r"^[^“「『《]*?[”」』》\"]|^[^'‘]*?['’](?:[\s,.]|$)")
_FAR = 48
_NO = ("不", "没", "勿")
_DISOWNED = re.compile(
    r"(?:不|没|不能|不该|不会|不可能|并非|哪|凭什么|觉得|您说|你说|证明|not|n't|never|nor|how|why|proof|says?|think)"
    r"(?: (?:really|even|exactly|is|was|are|it))?\s?$"
)
"""Stands in front of words of ownership that the sentence denies: 不是我们的错, not our fault."""
_NEAR_BEHIND = 30
_DECLINED_WITHIN = 72


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


@dataclass(frozen=True)
class Excuses:
    """When a match of a rule is no violation: it is refused, warned of, or somebody else's words."""

    before: WordList
    after: WordList
    adjacent: WordList
    warning_before: WordList
    warning_after: WordList
    pivot: WordList
    no_refusal: WordList
    repeated: WordList
    """The buyer's wish, named to answer it: a refusal may then stand anywhere close behind it."""
    topic: WordList
    """What the sentence speaks of when it mentions the match innocently (lists named topic_…), on either side."""
    quoted: WordList
    """What a sentence says of words in quotation marks that are not its own: an apology, a denial, a title."""
    reported: WordList
    """Who else has said it; what is said of quoted words may then stand behind it without quotation marks."""
    owned: WordList
    """The shop takes it on, or says that the buyer did nothing (lists named owned_…), anywhere in the sentence."""

    @cached_property
    def _any(self) -> WordList:
        """Every word without one of which nothing is excused."""
        lists = (self.before, self.after, self.adjacent, self.warning_before, self.warning_after)
        lists += (self.repeated, self.topic, self.quoted, self.owned)
        return WordList(word for words in lists for word in words.words)

    def excused(self, text: str, start: int, end: int) -> bool:
        """Whether what stands at ``start``–``end`` of the base view is refused or warned of."""
        near = text[max(0, start - _FAR) : end + _DECLINED_WITHIN]
        if not text.startswith(_NO, max(0, start - 1)) and not self._any.touched(near):
            # Most of what a rule finds; every look below is into a part of this.
            return False
        if self.warning_after.found(text[end : end + _FAR]):
            return True
        if _HANDLE_BEHIND.match(text[end : end + 32]):
            # Whoever gives the account's name along with it refuses nothing.
            return False
        if self._warned(text, start) or self._refused_before(text, start) or self._refused_after(text, end):
            return True
        if self._declined(text, start, end) or self._on_topic(text, start, end) or self._in_quotes(text, start, end):
            return True
        if not self.owned:
            return False
        return self.takes_on(sentence_before(text, start) + text[start:end] + sentence_after(text, end))

    def takes_on(self, sentence: str) -> bool:
        """Whether ``sentence`` takes on what it speaks of, and does not deny just that."""
        return any(
            not _DISOWNED.search(sentence[max(0, first - 14) : first])
            and sentence[max(0, first - 1) : first + 2] != "是不是"
            for first, _ in self.owned.spans(sentence)
        )

    def _on_topic(self, text: str, start: int, end: int) -> bool:
        if not self.topic:
            return False
        left = sentence_before(text, start)
        first, last = len(left), len(left) + end - start
        around = self.topic.spans(left + text[start:end] + sentence_after(text, end))
        # The match's own letters say nothing about what the sentence speaks of.
        return any(word_start < first or last < word_end for word_start, word_end in around)

    def _in_quotes(self, text: str, start: int, end: int) -> bool:
        """Whether the match is somebody else's words, in quotation marks or not, from which the text keeps away."""
        if not self.quoted:
            return False
        left, right = sentence_before(text, start), text[start:end] + sentence_after(text, end)
        if self.reported.found(left) and self.quoted.found(text[end : end + _DECLINED_WITHIN]):
            return True
        opened, closed = _OPENING.search(left), _CLOSING.search(right)
        if opened is None or closed is None:
            return False
        return self.quoted.found(left[: opened.start()]) or self.quoted.found(right[closed.end() :])

    def _declined(self, text: str, start: int, end: int) -> bool:
        if not self.repeated or not self.repeated.found(clause_before(text, start)):
            return False
        # A match may reach into the refusal that follows its words.
        return self._says_no(self.after, text[start : end + _DECLINED_WITHIN]) or self._says_no(
            self.before, text[end : end + _DECLINED_WITHIN]
        )

    def _says_no(self, words: WordList, window: str) -> bool:
        empty = self.no_refusal.spans(window)
        return any(not _overlaps(first, last, empty) for first, last in words.spans(window))

    def _warned(self, text: str, start: int) -> bool:
        if not self.warning_before:
            return False
        window = sentence_before(text, start)
        spans = self.warning_before.spans(window)
        return bool(spans) and not self.pivot.found(window[spans[-1][1] :])

    def _refused_before(self, text: str, start: int) -> bool:
        window = clause_before(text, start)
        at_once = bool(self.before) and window.endswith(_NO)
        before, adjacent = self.before.spans(window), self.adjacent.spans(window)
        if not at_once and not before and not adjacent:
            return False
        empty = self.no_refusal.spans(window + text[start : start + 6])
        if at_once and not _overlaps(len(window) - 1, len(window), empty):
            return True
        for first, last in reversed(before):
            if not _overlaps(first, last, empty) and not self.pivot.found(window[last:]):
                return True
        return any(
            len(window) - last <= 4 and not _overlaps(first, last, empty) and not self.pivot.found(window[last:])
            for first, last in adjacent
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
        left = _joined(sentence_before(text, start, self.within))
        right = _joined(sentence_after(text, end, self.within))
        if self.around.found(left) or self.around.found(right):
            return True
        if self.before.found(left) or self.after.found(right):
            return True
        return self.handle and (
            _handle_in(left) or _handle_in(right) or bool(_HANDLE_BEHIND.match(text[end : end + 32]))
        )


def _joined(window: str) -> str:
    """``window`` without blanks and signs between ideographs."""
    return _BETWEEN.sub("", window)


def _handle_in(window: str) -> bool:
    return any(not _NOT_A_HANDLE.search(window[: match.start()]) for match in _HANDLE.finditer(window))
