"""The words of ``data/pairing.yaml``, ready to be looked for; read once."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from copilot.files import own_data

BY_CLAIMS = frozenset({"zh", "en"})
"""Languages whose values ``policy.claims`` reads."""


@dataclass(frozen=True)
class Tongue:
    """What one language calls things.

    ``months`` and ``days`` are for languages that claims do not read: names to numbers, and words to days from today.
    ``numbers`` are words of small numbers, ``offers`` what each kind of offer is called.
    """

    months: dict[str, int]
    days: dict[str, int]
    today: re.Pattern[str]
    afternoon: re.Pattern[str] | None
    units: dict[str, int]
    numbers: dict[str, int]
    offers: dict[str, re.Pattern[str]]
    negation: re.Pattern[str]
    spaced: bool


@cache
def tongue(language: str) -> Tongue:
    """The words of ``language``; ``KeyError`` when nobody has written them down."""
    raw = _raw()
    after = raw["afternoon"].get(language)
    return Tongue(
        months={name: at for at, name in enumerate(raw["months"].get(language, "").split(), 1)},
        days=raw["days"].get(language, {}),
        today=re.compile(raw["today"][language]),
        afternoon=re.compile(rf"\s?(?:{after})(?![a-z])") if after else None,
        units=raw["units"].get(language, {}),
        numbers=raw["numbers"][language],
        offers={name: re.compile(words[language]) for name, words in raw["offers"].items()},
        negation=re.compile(raw["negation"][language]),
        spaced=language not in ("zh", "th"),
    )


@cache
def languages() -> frozenset[str]:
    """Those that can be compared."""
    return frozenset(_raw()["negation"])


@cache
def _raw() -> dict[str, Any]:
    return own_data("copilot.policy", "pairing.yaml")
