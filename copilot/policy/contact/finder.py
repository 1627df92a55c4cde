"""One look for all contact details of a text; rules ask for the kinds they judge."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from copilot.policy.contact.digits import DigitReader
from copilot.policy.contact.links import addresses, links
from copilot.policy.contact.phones import is_phone, is_qq
from copilot.policy.fold import Folded
from copilot.policy.model import Detect

_HANDLE = re.compile(
    r"(?:微信号?|v信|wechat|weixin|(?<![a-z])(?:wx|vx|v|ig|ins|insta|instagram|tg|telegram|snap|snapchat|line|kakao|zalo|facebook|fb|messenger|whatsapp)(?![a-z]))"
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
        self._digits = DigitReader(words)
        # Cheap and never wrong towards "nothing here": five figures or digit words, an @, a dot of some kind, or a name.
        chinese = "".join(word for word in words if len(word) == 1 and not word.isascii())
        english = "|".join(word for word in words if word.isascii())
        self._maybe_digits = re.compile(rf"(?:[\d{chinese}]|(?:{english}) ?)(?:.{{0,3}}(?:[\d{chinese}]|(?:{english}) ?)){{4}}")

    def find(self, folded: Folded, kinds: Iterable[Detect], allowed: Iterable[str]) -> list[Hit]:
        """Every detail of ``kinds``; domains in ``allowed`` do not count."""
        text, wanted = folded.base, frozenset(kinds)
        hits: list[Hit] = []
        if wanted & {Detect.PHONE, Detect.QQ} and self._maybe_digits.search(text):
            hits += self._numbers(text, wanted)
        if Detect.EMAIL in wanted:
            hits += [Hit(Detect.EMAIL, *span) for span in addresses(text)]
        if Detect.URL in wanted:
            mails = addresses(text)
            spans = [span for span, _ in links(text, allowed)]
            hits += [Hit(Detect.URL, *span) for span in spans if not any(a < span[1] and span[0] < b for a, b in mails)]
        if Detect.HANDLE in wanted:
            hits += self._handles(text)
        return hits

    def _numbers(self, text: str, wanted: frozenset[Detect]) -> list[Hit]:
        hits: list[Hit] = []
        for run in self._digits.runs(text):
            if Detect.QQ in wanted and is_qq(text, run):
                hits.append(Hit(Detect.QQ, run.start, run.end))
            elif Detect.PHONE in wanted and is_phone(text, run):
                hits.append(Hit(Detect.PHONE, run.start, run.end))
        return hits

    def _handles(self, text: str) -> list[Hit]:
        return [
            Hit(Detect.HANDLE, match.start(), match.end())
            for match in _HANDLE.finditer(text)
            if not _ENGLISH_WORD.fullmatch(match["name"]) or ":" in match.group()
        ]
