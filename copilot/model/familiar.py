"""Which words a model may use at all: those of the facts, of our own wordings of the same plan, and plain courtesy.

Lists of forbidden words never end, and whoever talks a model into something finds the word that is missing. So known
words are listed instead: a promise, an amount, a name or an event that nobody decided needs a word that stands nowhere
here. It costs wordings, never truth: the composed text is there. The lists of courtesy are ours
(``data/courtesy.*.txt``); a word in them must promise and state nothing by itself, whatever words of the facts stand
beside it. What is harmless only among its like (feelings, looking, choosing) is ``kindness``'s: a clause of nothing
else.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from copilot.domain.case import Option
from copilot.model.kindness import covered, is_kind, is_nearly_kind

_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_LATIN: Final = re.compile(r"[a-z][a-z']*|\d+(?:,\d{3})*(?:\.\d+)?")
_CLAUSES: Final = re.compile(r"[;:!?。…\n—–]+|[,.](?!\d)")
_MONTH: Final = re.compile(r"january|february|march|april|june|july|august|september|october|november|december")
# What joins words and says nothing by itself. A run between two of them is what is said.
_PARTICLES: Final = frozenset(
    "的了在是我您你们这那就也都还会能要把给跟和着过吗呢吧啊呀哦嗯很太真可以不没有个些下上里到去来为以对从再先后又才"
    "只就更最但而与或被让向比等所之其者么什怎哪谁多少点有一"
)
_SPLIT: Final = re.compile("[" + "".join(sorted(_PARTICLES)) + "]")
_JOINING: Final = frozenset(
    "a an the i you he she it we they me him her us them my your his its our their mine yours this that "
    "these those here there and or but so if as at by for from in into of on off onto out over to up with "
    "without about after again all also am any are aren't be because been before being both can can't "
    "could did didn't do does doesn't doing don't down each few had has hasn't have haven't how i'd i'll "
    "i'm i've is isn't it's just let let's like more most much no nor not now once one only other own s "
    "same should shouldn't some such than that's then there's they're through too very was wasn't we'd "
    "we'll we're we've were what what's when where which while who why will won't would you'd you'll "
    "you're you've yes get got quite still even right please ok okay well way thing things bit make made "
    "go going know see look".split()
)
# Words that say little by themselves and anything before the next one: known only with the word behind them.
_BOUND: Final = frozenset(
    "present anything something everything once again"
    " two three four five six seven eight nine ten twice thrice double triple second third half couple dozen".split()
)
_COUNTED_HAN: Final = re.compile(r"(?<![¥$.\d])(\d+(?:\.\d+)?)\s?([\u3400-\u9fff])")
_OTHERWISE: Final[dict[str, dict[str, str]]] = {
    "reship": {"zh": "补寄 重寄 再寄 换新的 新的 选重 选寄", "en": "reship resend another new fresh sent replace"},
    "refund": {"zh": "钱 退钱 退款 选退", "en": "money back refund"},
    "cancel_refund": {"zh": "取消 退钱 退款", "en": "cancel money back refund"},
    "return_refund": {"zh": "退货 退钱 退款 寄回", "en": "return money back refund"},
    "exchange": {"zh": "换货 换新的 新的", "en": "exchange swap another new"},
}
"""What people call an option beside its title, by what is done; it says no more than that."""
_CHOOSING: Final = re.compile(
    r"还是|哪[个种样只一边]|选|倾向|更想"
    r"|\b(?:rather|prefer|either|whichever|which one|would you|do you|choose|pick|go for)\b"
)
_ENDINGS: Final = ("'s", "ing", "ed", "es", "s", "ly")
_SHORTEST: Final = 3
"""Letters that a word keeps when an ending is taken off."""


@dataclass
class Familiar:
    """The words of ``language`` ("zh" or "en") that are known for one draft.

    ``more`` are further texts whose words are known; each is made and read only when a word is missing so far.
    """

    language: str
    words: frozenset[str]
    more: Iterator[str] = field(default_factory=lambda: iter(()))

    @classmethod
    def of(cls, language: str, texts: Iterable[str], more: Iterable[str] = ()) -> "Familiar":
        """The words of ``texts`` and those of courtesy; of ``more`` when they are needed."""
        return cls(language, _said_in(texts, language) | _courtesy(language), iter(more))

    def strange(self, text: str) -> tuple[str, ...]:
        """The words of ``text`` that are not known, in their order."""
        found = self._strange(text)
        while found and (further := next(self.more, None)) is not None:
            known = _said_in((further,), self.language)
            if not known <= self.words:
                self.words |= known
                found = self._strange(text)
        return found

    def _strange(self, text: str) -> tuple[str, ...]:
        found: list[str] = []
        for clause in clauses_of(text):
            strange = [word for word in words_in(clause, self.language) if word not in self.words]
            if strange and not self._lets(clause):
                found += strange
        return tuple(found)

    def _lets(self, clause: str) -> bool:
        """Whether the clause says nothing although a word of it is not known."""
        if is_kind(clause, self.language) or is_nearly_kind(clause, self.language):
            return True
        # Which of the known ways out is wanted: what is asked is not given.
        return bool(_CHOOSING.search(clause)) and covered(clause, self.language, self.words)


def _said_in(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(word for text in texts for clause in clauses_of(text) for word in words_in(clause, language))


def otherwise(option: Option, language: str) -> str:
    """Other words for ``option``."""
    return _OTHERWISE.get(option.action, {}).get("zh" if language == "zh" else "en", "")


def clauses_of(text: str) -> list[str]:
    """The parts of ``text`` between its signs, in one form: small letters, plain signs."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    return [part for part in _CLAUSES.split(plain) if part.strip()]


def words_in(text: str, language: str) -> list[str]:
    """What ``text`` says, without what only joins: pairs of Chinese characters, English words without their endings."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    latin = [_figure(word) if word[0].isdigit() else word for word in _LATIN.findall(plain)]
    counted = _counted(plain, latin, language)
    if language != "zh":
        said = [_stem(word) for word in latin if word not in _JOINING and word not in _BOUND]
        return said + counted + _HAN.findall(plain)
    found = latin + counted
    for run in _HAN.findall(plain):
        for part in _SPLIT.split(run):
            found += [part] if len(part) == 1 else [part[at : at + 2] for at in range(len(part) - 1)]
    return found


def _counted(plain: str, latin: list[str], language: str) -> list[str]:
    """What is counted: a number that stands in a fact counts nothing else than it counts there."""
    if language == "zh":
        return [f"{_figure(one[1])}{one[2]}" for one in _COUNTED_HAN.finditer(plain)]
    pairs = [(word, after) for word, after in zip(latin, [*latin[1:], ""], strict=False)]
    return [
        f"{word} {_stem(after)}"
        for word, after in pairs
        if word in _BOUND or (word[0].isdigit() and after and after not in _JOINING and not after[0].isdigit())
    ]


def _figure(number: str) -> str:
    """A number in one form: 59.90 says no more than 59.9."""
    plain = number.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _stem(word: str) -> str:
    if _MONTH.fullmatch(word):
        return word[:3]
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) > len(one) + _SHORTEST), "")
    return word.removesuffix(ending).rstrip("e")


@cache
def _courtesy(language: str) -> frozenset[str]:
    name = f"courtesy.{'zh' if language == 'zh' else 'en'}.txt"
    lines = (resources.files("copilot.model") / "data" / name).read_text(encoding="utf-8").splitlines()
    return _said_in((line for line in lines if not line.startswith("#")), language)
