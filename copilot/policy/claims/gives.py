"""What a person's words give at the shop's cost: money by name or by part, all of it, goods, a difference nobody named.

Owns the reading, wider than that of promises: an offer gives as much as a promise once it is taken up, and nobody needs
to name a time. What it is worth, and whether it is due anyway, the caller knows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from copilot.domain.fact import Claim, FactKind
from copilot.domain.money import Money
from copilot.policy.claims.clauses import asked, conditional, in_options, sentence
from copilot.policy.claims.extract import lowered
from copilot.policy.claims.giving_en import giving_en
from copilot.policy.claims.giving_other import READ, giving_other
from copilot.policy.claims.giving_zh import giving_zh
from copilot.policy.claims.handed import Handed, Stated

_ANEW: Final = re.compile(
    r"再(?!次|见|说)|另外|额外|又|多(?=退|补|送|赔|寄)"
    r"|(?<![a-z])(?:extra|additional|another|on top|also|plus|more)(?![a-z])"
)


class Kind(StrEnum):
    """What is given: money by its amount or by what it is for, goods, or what sending costs."""

    MONEY = "money"
    PART = "part"
    REFUND = "refund"
    GAP = "gap"
    COMPENSATION = "compensation"
    RESHIP = "reship"
    EXCHANGE = "exchange"
    GIFT = "gift"
    SHIPPING = "shipping"


@dataclass(frozen=True, slots=True)
class Gives:
    """Words that give something; ``amount`` goes with ``MONEY`` and ``part`` with ``PART``.

    ``firm``: they promise it, where others only offer it or name it under a condition. ``one_of``: the buyer is to
    choose. ``whole``: they say that all of it goes back, where "a refund" leaves that open.
    """

    what: Kind
    start: int
    end: int
    amount: Money | None = None
    part: Fraction | None = None
    firm: bool = True
    one_of: bool = False
    whole: bool = False


def gives(text: str, claims: Sequence[Claim], language: str) -> tuple[Gives, ...]:
    """What ``text`` gives, in reading order; ``claims`` are what it states, ``language`` is the one it is written in.

    Chinese and English are read wherever they stand, the languages of ``READ`` as far as money beside a verb goes.
    """
    plain = lowered(text)
    money, parts = _stated(claims, FactKind.AMOUNT), _stated(claims, FactKind.PERCENT)
    latin = giving_other(plain, money, language) if language in READ else giving_en(plain, money, parts)
    found = [*giving_zh(plain, money, parts), *latin]
    made: list[Gives] = []
    for one in sorted(found, key=lambda one: (one.start, one.end)):
        if not any(other.start < one.end and one.start < other.end for other in made):
            made.append(_gives(one, plain))
    return tuple(made)


def anew(text: str, one: Gives) -> bool:
    """Whether the words of ``text`` give it on top of what was given before."""
    plain = lowered(text)
    first, _ = sentence(plain, one.start, one.end)
    return _ANEW.search(plain, max(first, plain.rfind(",", first, one.start) + 1), one.end) is not None


def unread(text: str, language: str) -> bool:
    """Whether ``text``, written in ``language``, may give what no reading here would find."""
    if language in ("zh", "en"):
        return False
    words = READ.get(language)
    return words is None or words.goods.search(lowered(text)) is not None


def _stated(claims: Sequence[Claim], kind: FactKind) -> list[Stated]:
    return [Stated(one.start, one.end, one.value) for one in claims if one.kind is kind]


def _gives(one: Handed, text: str) -> Gives:
    one_of = in_options(text, one.start)
    open_ = one.offered or one_of or asked(text, one.start, one.end) or conditional(text, one.start, one.end)
    amount = Money.model_validate(one.value) if one.what == Kind.MONEY else None
    part = one.part if one.what == Kind.PART else None
    return Gives(Kind(one.what), one.start, one.end, amount, part, not open_, one_of, one.whole)
