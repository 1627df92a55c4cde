"""What the turn's words say beyond its issue: which topics of the goods, which promise of an advertisement.

Owns the meeting of the word lists with one situation; refuses to judge issues or feelings.
"""

import re
from dataclasses import dataclass, field

from copilot.domain.case import Case
from copilot.domain.issue import Issue, Turn
from copilot.domain.order import Product
from copilot.playbook.adverts import Adverts, Detail
from copilot.playbook.compatible import ASKS_MODEL
from copilot.playbook.literal import questions_of
from copilot.playbook.needs import needed
from copilot.playbook.situation import Situation
from copilot.playbook.topics import Asked, Topics

_GIFT = re.compile(r"gift|freebie|bonus|赠|附送", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_OF_GOODS = frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION})
_OF_SHIPPING = re.compile(
    r"发货|时候[能可]?以?发|多久[能可]?发|[几哪]天[能可]?发|今天发|寄出|快递|物流|到货|能到|送到|送达"
    r"|\b(?:ship|dispatch|arriv|deliver)\w*",
    re.IGNORECASE,
)
PROMISED = "promised"
"""The slot for what an advertisement promised."""
TRANSIT = "transit"
"""The way that tells how long a parcel travels."""


@dataclass(frozen=True)
class Said:
    """``asked`` are topics of the goods, ``ways`` names and titles of the shop's ways that are asked about.

    ``promised`` is the buyer's own word for what was advertised; ``gift``: it is what the goods state to come along.
    """

    asked: Asked = field(default_factory=Asked)
    ways: tuple[tuple[str, str], ...] = ()
    promised: Detail | None = None
    gift: bool = False


def said_in(situation: Situation, topics: Topics, adverts: Adverts) -> Said:
    """Read the words of ``situation``."""
    case, read = situation.case, situation.understanding
    told = read.answered.get(PROMISED) or (case.answered.get(PROMISED) if case else None)
    # We asked what was promised: then the reply itself is it.
    answers = read.turn is Turn.ANSWER and case is not None and PROMISED in case.asked_for
    promised = adverts.promised(situation.text, answers=answers)
    if promised is None and told:
        # "It just was different" answers too, and is nothing that a reply could name.
        promised = adverts.promised(told, answers=True)
    if promised is None and _misses_promised(case):
        # "The socks you promised?" — "they come along" — "they're not in it": what was promised was said first.
        promised = adverts.promised(situation.earlier)
    stated = _gift_of(situation.product) if promised is None and _misses_promised(case) else None
    promised = promised or stated
    if promised is not None and not situation.language.startswith("zh") and _HAN.search(promised.text):
        # Words in another script than the reply cannot be quoted in it.
        promised = None
    given = stated is not None and promised is stated
    return Said(asked=asked_in(situation, topics), ways=_ways(situation, topics), promised=promised, gift=given)


def _misses_promised(case: Case | None) -> bool:
    return case is not None and case.issue is Issue.AD_MISMATCH


def _gift_of(product: Product | None) -> Detail | None:
    """What the goods state to come along for nothing: who misses what was promised without a name for it means that."""
    attributes = product.attributes if product is not None else {}
    said = next((value for key, value in attributes.items() if _GIFT.search(key) and isinstance(value, str)), None)
    return None if not said else Detail(0, len(said), said)


def _ways(situation: Situation, topics: Topics) -> tuple[tuple[str, str], ...]:
    """The shop's ways that are asked about; a day named for what is not bought yet asks how long the way takes."""
    ways = topics.ways(situation.text, situation.language)
    if situation.order is not None or any(name == TRANSIT for name, _ in ways):
        return ways
    if not any(one.issue is Issue.SHIPPING_TIME for one in situation.understanding.issues):
        return ways
    day = needed(situation.text, situation.days.day(situation.now), before_order=True)
    return ways if day is None else (*ways, *topics.way(TRANSIT, situation.language))


def asked_in(situation: Situation, topics: Topics) -> Asked:
    """What the turn asks of the goods, with what it only answers a colleague's question about."""
    answers = situation.understanding.turn is Turn.ANSWER and bool(situation.colleague)
    return topics.asked(
        situation.text,
        situation.product,
        situation.language,
        _elsewhere(situation, topics),
        situation.earlier if answers else "",
        which=answers and ASKS_MODEL.search(situation.colleague.splitlines()[-1]) is not None,
    )


def _elsewhere(situation: Situation, topics: Topics) -> list[tuple[int, int]]:
    """Where the turn speaks of what is no question about the goods: another issue, a way of the shop's."""
    read = situation.understanding
    # Of a list only one point is the evidence of its issue: "1 which courier 2 when does it ship 3 does it come with…".
    others = (one for one in (*read.issues, *read.asked) if one.issue not in _OF_GOODS)
    spans = [(one.evidence.start, one.evidence.end) for one in others if one.evidence is not None]
    if len(read.issues) < 2:
        return spans
    ships = any(one.issue is Issue.SHIPPING_TIME for one in read.issues)
    return [
        *spans,
        *(
            (at, at + len(part))
            for at, part in questions_of(situation.text)
            if (ships and _OF_SHIPPING.search(part)) or topics.ways(part, situation.language)
        ),
    ]
