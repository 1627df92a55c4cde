"""How well entries answer a question, from their tokens and how rare those are in the shop.

Pure: the store and the index in memory both ask this, and so find the same in the same order. It does not decide what
may be used (``standing.py``); it calls that.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from copilot.domain.knowledge import Audience, Entry, Match
from copilot.knowledge.spelling import Vocabulary
from copilot.knowledge.standing import usable
from copilot.knowledge.tokens import Bag, Tokenizer

_MANY: Final = 100
_NOISE: Final = 0.15
"""Below it an entry shares a word or two with the question and nothing else: it is not even shown."""


@dataclass(frozen=True)
class Shares:
    """What counts how much; found over the fixture, the same for every shop and language.

    ``asked`` is the share of the question's words in the score, against the share of the entry's. Words that another
    question of the entry, or its answer, explains count ``other`` and ``answer`` of one that the best question has.
    """

    asked: float = 0.7
    other: float = 0.6
    answer: float = 0.3
    least: float = 0.1
    """The share of the entry's question that one is taken to cover which only its answer explains."""


SHARES: Final = Shares()


@dataclass(frozen=True)
class Prepared:
    """An entry that is cut: each of its questions, all of them together, and the answer."""

    entry: Entry
    questions: tuple[tuple[str, Bag], ...]
    asked: Bag
    answer: Bag

    @classmethod
    def of(cls, entry: Entry, tokenizer: Tokenizer) -> "Prepared":
        """Cut ``entry``."""
        questions = tuple((text, tokenizer.bag(text)) for text in (entry.question, *entry.similar))
        asked: dict[str, float] = {}
        for _, bag in questions:
            for token, counts in bag.items():
                asked[token] = max(asked.get(token, 0.0), counts)
        return cls(entry, questions, asked, tokenizer.bag(entry.answer))


@dataclass(frozen=True)
class Weighed:
    """A question of an entry: each token with what it counts in this shop, and all of them together."""

    text: str
    weights: Mapping[str, float]
    total: float


class Rarity:
    """In how many of ``entries`` questions a token stands; from that, how much it tells."""

    def __init__(self, entries: int, counts: Mapping[str, int]) -> None:
        """``counts``: in the questions of how many entries each token stands."""
        self.entries = entries
        self.counts = counts
        self.vocabulary = Vocabulary(counts)
        # A shop with few entries says little about rarity, so all its words count alike.
        number = max(entries, _MANY)
        by_count = {count: math.log(1 + (number - count + 0.5) / (count + 0.5)) for count in {1, *counts.values()}}
        self._unknown = by_count[1]
        self._weights = {token: by_count[count] for token, count in counts.items()}
        self._weighed: dict[int, tuple[Prepared, tuple[Weighed, ...]]] = {}

    def of(self, token: str) -> float:
        """Large for a token that few entries have.

        One that none has counts like one that a single entry has: it may be anything.
        """
        return self._weights.get(token, self._unknown)

    def weighed(self, prepared: Prepared) -> tuple[Weighed, ...]:
        """The questions of an entry with their weights; reckoned once."""
        kept = self._weighed.get(id(prepared))
        if kept is None:
            questions = tuple(self._weigh(text, bag) for text, bag in prepared.questions)
            kept = self._weighed[id(prepared)] = (prepared, questions)
        return kept[1]

    def _weigh(self, text: str, bag: Bag) -> Weighed:
        weights = {token: counts * self.of(token) for token, counts in bag.items()}
        return Weighed(text, weights, sum(weights.values()))

    @classmethod
    def among(cls, prepared: Iterable[Prepared]) -> "Rarity":
        """Counted over entries."""
        counts: dict[str, int] = {}
        number = 0
        for one in prepared:
            number += 1
            for token in one.asked:
                counts[token] = counts.get(token, 0) + 1
        return cls(number, counts)


@dataclass(frozen=True)
class Asked:
    """A question, cut and weighed: each token with what it counts here."""

    text: str
    weights: Mapping[str, float]
    total: float

    @classmethod
    def of(cls, text: str, tokenizer: Tokenizer, rarity: Rarity) -> "Asked":
        """Cut ``text``; a word nobody knows is read as the one it is a misspelling of."""
        weights: dict[str, float] = {}
        for token, counts in rarity.vocabulary.corrected(tokenizer.bag(text)).items():
            weights[token] = counts * rarity.of(token)
        return cls(text, weights, sum(weights.values()))


def rank(
    asked: Asked,
    candidates: Iterable[Prepared],
    rarity: Rarity,
    *,
    at: datetime,
    audience: Audience,
    products: Sequence[str] = (),
    shares: Shares = SHARES,
) -> list[Match]:
    """The usable ones of ``candidates`` that say anything about what was asked, best first.

    Of entries that fit alike the one about a product goes before one about the shop, and among those the one whose
    product stands first in ``products``.
    """
    found: list[Match] = []
    for one in candidates:
        if not usable(one.entry, at, audience, products):
            continue
        raw, matched = _raw(asked, one, rarity, shares)
        if raw >= _NOISE:
            found.append(Match(entry=one.entry, matched=matched, score=round(raw, 4)))
    return sorted(found, key=lambda match: order_of(match, products))


def order_of(match: Match, products: Sequence[str]) -> tuple[float, int, str]:
    """By what matches are ordered: steps of a tenth in the score yield to whose product it is."""
    mine = [products.index(product) for product in match.entry.products if product in products]
    lift = 0.05 / (1 + min(mine)) if mine else 0.0
    return (-(match.score + lift), min(mine, default=len(products)), match.entry.id)


def _raw(asked: Asked, one: Prepared, rarity: Rarity, shares: Shares) -> tuple[float, str]:
    """How far the question and the entry's best question cover each other, 0 to 1, and that question."""
    rest = _elsewhere(asked, one, shares)
    if not rest:
        return 0.0, ""
    best, matched = 0.0, ""
    for question in rarity.weighed(one):
        common = more = 0.0
        for token, counts in rest.items():
            theirs = question.weights.get(token)
            if theirs is None:
                more += counts
            else:
                common += min(theirs, asked.weights[token])
        if not question.total:
            continue
        covered = min(1.0, (common + more) / asked.total)
        score = covered**shares.asked * max(common / question.total, shares.least) ** (1 - shares.asked)
        if score > best:
            best, matched = score, question.text
    return best, matched


def _elsewhere(asked: Asked, one: Prepared, shares: Shares) -> dict[str, float]:
    """The words of the question that the entry has anywhere, with what they count when its best question lacks them."""
    found: dict[str, float] = {}
    for token, weight in asked.weights.items():
        if token in one.asked:
            found[token] = weight * shares.other
        elif token in one.answer:
            found[token] = weight * shares.answer
    return found
