"""One look for all contact details of a text; rules ask for the kinds they judge."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from copilot.policy.contact.digits import DigitReader, Run, figure_pattern
from copilot.policy.contact.links import addresses, links
from copilot.policy.fold import Folded
from copilot.policy.model import Detect

_LATIN_LABELS = (
    "wx vx v ig ins insta instagram tg telegram snap snapchat line kakao zalo facebook fb messenger whatsapp".split()
)
_OTHER_LABELS = ("微信", "v信", "wechat", "weixin")
LABELS = (*_LATIN_LABELS, *_OTHER_LABELS)
"""Names of messengers that introduce an account name."""
_HANDLE = re.compile(
    rf"(?:微信号?|v信|wechat|weixin|(?<![a-z])(?:{'|'.join(_LATIN_LABELS)})(?![a-z]))"
    r"(?:\s?(?:id|号码?|账号|user(?:name)?))?\s?(?::|=|是|为|is)\s?@?(?P<name>[a-z][a-z0-9_.\-]{4,24})"
)
_ENGLISH_WORD = re.compile(r"[a-z]{1,12}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A contact detail at ``start``–``end`` of the base view."""

    kind: Detect
    start: int
    end: int


class ContactFinder:
    """Finds contact details with the digit words of a pack."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """``words`` maps folded words to figures."""
        self._words = words
        # Cheap, and never wrong towards "nothing here": five figures or digit words close together.
        figure = figure_pattern(words)
        self._maybe_digits = re.compile(rf"{figure}(?:.{{0,3}}?{figure}){{4}}")

    @cached_property
    def _digits(self) -> DigitReader:
        return DigitReader(self._words)

    def find(
        self, folded: Folded, kinds: Iterable[Detect], allowed: Iterable[str], numbers: "NumbersOnce | None" = None
    ) -> list[Hit]:
        """Every detail of ``kinds``; domains in ``allowed`` do not count; ``numbers`` shares work between rules."""
        text, wanted = folded.base, frozenset(kinds)
        hits: list[Hit] = []
        if wanted & {Detect.PHONE, Detect.QQ}:
            found = numbers.hits if numbers is not None else self.numbers(text)
            hits += [hit for hit in found if hit.kind in wanted]
        mails = addresses(text) if wanted & {Detect.EMAIL, Detect.URL} else []
        if Detect.EMAIL in wanted:
            hits += [Hit(Detect.EMAIL, *span) for span in mails]
        if Detect.URL in wanted:
            spans = [span for span, _ in links(text, allowed)]
            hits += [Hit(Detect.URL, *span) for span in spans if not any(a < span[1] and span[0] < b for a, b in mails)]
        if Detect.HANDLE in wanted:
            hits += self._handles(text)
        return hits

    def numbers(self, text: str) -> list[Hit]:
        """Phone and QQ numbers in ``text``, a base view."""
        if not self._maybe_digits.search(text):
            return []
        is_qq, phones_in = _tellers()
        hits: list[Hit] = []
        for run in self._digits.runs(text):
            if is_qq(text, run):
                hits.append(Hit(Detect.QQ, run.start, run.end))
            hits += [Hit(Detect.PHONE, phone.start, phone.end) for phone in phones_in(text, run)]
        return hits

    def _handles(self, text: str) -> list[Hit]:
        return [
            Hit(Detect.HANDLE, match.start(), match.end())
            for match in _HANDLE.finditer(text)
            if not _ENGLISH_WORD.fullmatch(match["name"]) or ":" in match.group()
        ]


@cache
def _tellers() -> tuple[Callable[[str, Run], bool], Callable[[str, Run], list[Run]]]:
    """What tells numbers apart; it takes longer to compile than most checks take."""
    from copilot.policy.contact.phones import is_qq, phones_in

    return is_qq, phones_in


class NumbersOnce:
    """The numbers of one text, looked for when a rule first asks."""

    def __init__(self, finder: ContactFinder, folded: Folded) -> None:
        """Nothing is looked for yet."""
        self._finder = finder
        self._folded = folded

    @cached_property
    def hits(self) -> list[Hit]:
        """Phone and QQ numbers."""
        return self._finder.numbers(self._folded.base)
