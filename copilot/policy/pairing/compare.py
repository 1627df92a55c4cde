"""Lays the readings of two texts beside each other and says what differs, by kind; never what would be right."""

from datetime import datetime, tzinfo

from copilot.domain.base import Shape
from copilot.policy.language import in_another_language
from copilot.policy.pairing.reading import Reading, read
from copilot.policy.pairing.words import BY_CLAIMS, languages

COMPARABLE = languages()
"""Languages that can be compared with each other; one side must be zh or en."""
_VALUES = ("amount", "percent", "date", "time", "duration", "number", "option", "placeholder", "address")
_OFFERED = frozenset({"refund", "reship", "exchange", "compensate", "cancel"})


class Difference(Shape):
    """One kind of thing that the two texts do not state alike.

    ``kind`` is one of amount, percent, date, time, duration, number, option, placeholder, address, figure, offer,
    today, negation, language; ``missing`` stands in the source only, ``added`` in the translation only.
    """

    kind: str
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def differences(
    source: str,
    translation: str,
    *,
    source_language: str,
    language: str,
    now: datetime,
    zone: tzinfo,
    currency: str = "CNY",
) -> tuple[Difference, ...]:
    """What ``translation`` (in ``language``) states otherwise than ``source``; empty when nothing was found.

    ``currency`` is what a bare price of the shop counts in. Two languages that cannot be compared differ.
    """
    pair = {source_language, language}
    if not pair <= COMPARABLE or not pair & BY_CLAIMS:
        return (Difference(kind="language", added=(language,)),)
    ours = read(source, source_language, now, zone, currency)
    theirs = read(translation, language, now, zone, currency)
    found = [*_of_values(ours, theirs), *_of_figures(ours, theirs), *_of_offers(ours, theirs, pair <= BY_CLAIMS)]
    if ours.today != theirs.today:
        found.append(_one("today", ours.today))
    if ours.negated and not theirs.negated:
        found.append(_one("negation", ours.negated))
    if in_another_language(translation, language):
        found.append(Difference(kind="language", added=(language,)))
    return tuple(found)


def loosely_different(
    source: str, translation: str, *, language: str, source_language: str, now: datetime, zone: tzinfo
) -> tuple[Difference, ...]:
    """What a translation that is only read states otherwise: amounts, long numbers, placeholders, addresses.

    Buyers write numbers as they please; what would mislead a reader is another sum or another order.
    """
    if not {source_language, language} <= COMPARABLE:
        return ()
    ours = read(source, source_language, now, zone, "CNY")
    theirs = read(translation, language, now, zone, "CNY")
    kinds = ("number", "placeholder", "address", *(("amount",) if {source_language, language} <= BY_CLAIMS else ()))
    return tuple(one for one in _of_values(ours, theirs) if one.kind in kinds)


def _of_values(ours: Reading, theirs: Reading) -> list[Difference]:
    found: list[Difference] = []
    for kind in _VALUES:
        here, there = ours.values.get(kind, set()), theirs.values.get(kind, set())
        if here != there:
            found.append(Difference(kind=kind, missing=tuple(sorted(here - there)), added=tuple(sorted(there - here))))
    return found


def _of_figures(ours: Reading, theirs: Reading) -> list[Difference]:
    # "One of these two": how many options there are may be said.
    counted = {str(len(ours.values.get("option", ())))}
    missing, added = ours.demanded - theirs.words, theirs.demanded - ours.words - counted
    if not (missing or added):
        return []
    return [Difference(kind="figure", missing=tuple(sorted(missing)), added=tuple(sorted(added)))]


def _of_offers(ours: Reading, theirs: Reading, by_claims: bool) -> list[Difference]:
    added = theirs.offers - ours.offers
    if by_claims:
        # What is promised is read in both; a promise may be worded with another verb of the same deed.
        added |= (theirs.promises & _OFFERED) - ours.promises - _deeds(ours.offers)
    return [Difference(kind="offer", added=tuple(sorted(added)))] if added else []


def _deeds(offers: set[str]) -> set[str]:
    """The promises that words of an offer may stand for."""
    deeds = {"refund": {"refund"}, "replacement": {"reship", "exchange"}, "compensation": {"compensate", "refund"}}
    return {one for name in offers for one in deeds.get(name, {name})}


def _one(kind: str, missing: bool) -> Difference:
    return Difference(kind=kind, missing=(kind,) if missing else (), added=() if missing else (kind,))
