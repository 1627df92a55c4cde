"""What an advertisement promised, in the buyer's own words.

Owns the reading of ``playbooks/adverts.yaml``; refuses to name what the buyer did not: "it was different in the ad"
says nothing that a reply could answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.base import StrictShape
from copilot.files import read_model
from copilot.playbook.patterns import any_of

FILE = "adverts.yaml"
_CLAUSE = re.compile(r"[^,，。.!！?？;；\n]+(?:[.,]\d+[^,，。.!！?？;；\n]*)*")
_PRIVATE = re.compile(r"\d{6,}|[@⟨⟩<>]")
# Particles after the thing itself.
_TAIL = "的了啊呀吗呢吧哦嘛"
_EDGES = " \t\"'“”‘’「」:：、-"
# In Chinese a blank ends a clause.
_GAP = re.compile(r"[\u3400-\u9fff\w](?=\s+[\u3400-\u9fff])")
# So many characters before a verb tell who speaks.
_NEAR = 14
_MOST, _LEAST = 24, 2
# What came along for nothing names itself, whoever said it: 下单送小样的, "a free cookbook".
_GIFT = re.compile(
    r"(?P<thing>(?:送|赠送?)(?!货|到|达|来|去|过|错|人|的|了)[\u3400-\u9fffA-Za-z0-9]{2,8}?(?=[的吗呢啊吧了没我怎咋不在,，。!！?？\s]|$)|小样"
    r"|(?<![a-z])(?:(?:an?|the) )?(?:free|bonus|complimentary) (?:[a-z'-]+ ){0,2}?[a-z'-]+"
    r"(?=\s*(?:$|[,.!?;]|(?:comes?|came|with|and|but|in|was|is|that|when|for|where|where's|didn't|never|not|i|my)\b)))",
    re.IGNORECASE,
)
_MOST_WORDS = 8
_HAN = re.compile(r"[\u3400-\u9fff]")


class AdvertWords(StrictShape):
    """Word lists: ``verbs`` say what was said, ``lead`` comes before the thing itself, ``stop`` begins the contrast.

    ``hollow`` is what names nothing ("different", "的东西"), ``bare`` what names nothing alone ("the gift", "价格");
    ``pages`` before a verb make it the shop's page that speaks, not the advertisement.
    """

    verbs: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    hollow: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Detail:
    """What was promised: ``text[start:end]``."""

    start: int
    end: int
    text: str


class Adverts:
    """The compiled word lists."""

    def __init__(self, words: AdvertWords | None = None) -> None:
        """Compile every list once."""
        words = words or AdvertWords()
        self._verbs = any_of(words.verbs) if words.verbs else None
        self._lead = re.compile(rf"(?:(?:{any_of(words.lead).pattern})\s*)+" if words.lead else r"(?!)", re.IGNORECASE)
        self._stop = any_of(words.stop) if words.stop else re.compile(r"(?!)")
        self._hollow = any_of(words.hollow) if words.hollow else re.compile(r"(?!)")
        self._bare = any_of(words.bare) if words.bare else re.compile(r"(?!)")
        self._pages = any_of(words.pages) if words.pages else re.compile(r"(?!)")

    def promised(self, text: str, *, answers: bool = False) -> Detail | None:
        """The first concrete thing that ``text`` says was promised.

        ``answers``: the text replies to our question for it, so that its words need no "the ad said".
        """
        for clause in _CLAUSE.finditer(text):
            found = self._in_clause(text, clause.start(), clause.end())
            if found is not None:
                return found
        gift = _GIFT.search(text)
        if gift is not None and (found := self._concrete(text, *gift.span("thing"))) is not None:
            return found
        if not answers:
            return None
        first = next(_CLAUSE.finditer(text), None)
        return None if first is None else self._concrete(text, first.start(), first.end())

    def _in_clause(self, text: str, start: int, end: int) -> Detail | None:
        for verb in self._verbs.finditer(text, start, end) if self._verbs else ():
            if self._pages.search(text, max(start, verb.start() - _NEAR), verb.start()):
                continue
            found = self._concrete(text, verb.end(), end)
            if found is not None:
                return found
        return None

    def _concrete(self, text: str, start: int, end: int) -> Detail | None:
        stop = self._stop.search(text, start, end)
        end = stop.start() if stop else end
        start, end = _trimmed(text, start, end)
        lead = self._lead.match(text, start, end)
        start, end = _trimmed(text, lead.end() if lead else start, end)
        space = _GAP.search(text, start, end)
        start, end = _trimmed(text, start, space.start() + 1 if space else end)
        said = text[start:end]
        size = len(said)
        if self._hollow.search(said) or self._bare.fullmatch(said) or _PRIVATE.search(said) or not _LEAST <= size:
            return None
        too_long = size > _MOST if _HAN.search(said) else len(said.split()) > _MOST_WORDS
        return None if too_long else Detail(start, end, said)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES + _TAIL:
        end -= 1
    return start, end


def load_adverts(folders: Sequence[Path]) -> Adverts:
    """The word lists of the last of ``folders`` that has them; without a file nothing counts as promised."""
    files = [folder / "playbooks" / FILE for folder in folders]
    file = next((one for one in reversed(files) if one.is_file()), None)
    return Adverts(read_model(file, AdvertWords) if file else None)
