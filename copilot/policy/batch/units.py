"""What a trigger can wake: each matcher of each rule, each expression of a pattern matcher by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from copilot.policy.model import Contact, Pattern, Personal, Rule, Terms, Wording


class Wakes(StrEnum):
    """What a trigger wakes."""

    TERMS = "terms"
    PATTERN = "pattern"
    CONTACT = "contact"
    PERSONAL = "personal"
    LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class Unit:
    """The matcher ``matcher`` of rule ``rule``; of a pattern matcher its expression ``number``."""

    wakes: Wakes
    rule: int
    matcher: int
    number: int = 0


_WHOLE: dict[type, Wakes] = {
    Terms: Wakes.TERMS,
    Contact: Wakes.CONTACT,
    Personal: Wakes.PERSONAL,
    Wording: Wakes.LEARNED,
}


def units_of(rules: Iterable[Rule]) -> list[Unit]:
    """Every unit of ``rules``, in their order; matchers that look at the context alone have none."""
    found: list[Unit] = []
    for at, rule in enumerate(rules):
        for index, matcher in enumerate(rule.matchers):
            if isinstance(matcher, Pattern):
                found += [Unit(Wakes.PATTERN, at, index, number) for number in range(len(matcher.patterns))]
            elif type(matcher) in _WHOLE:
                found.append(Unit(_WHOLE[type(matcher)], at, index))
    return found
