"""Which of a shop's knowledge may be used now, for whom and about which goods.

The one place that decides it: everything that a draft or a command finds went through here, wherever it is kept.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from copilot.domain.knowledge import Audience, Entry
from copilot.knowledge.blanks import blanks_of


class Dated(Protocol):
    """Something that holds for a while."""

    @property
    def valid_from(self) -> datetime | None:
        """From when on, included."""
        ...

    @property
    def valid_to(self) -> datetime | None:
        """Until when, excluded."""
        ...


D = TypeVar("D", bound=Dated)


def holds(thing: Dated, at: datetime) -> bool:
    """Whether it is in its time: ``valid_from`` is included, ``valid_to`` is not."""
    return (thing.valid_from is None or thing.valid_from <= at) and (thing.valid_to is None or at < thing.valid_to)


def holding(things: Iterable[D], at: datetime) -> tuple[D, ...]:
    """Those of ``things`` that are in their time."""
    return tuple(thing for thing in things if holds(thing, at))


def usable(entry: Entry, at: datetime, audience: Audience, products: Iterable[str]) -> bool:
    """Whether ``entry`` may be shown: in its time, for exactly this audience, about the shop or one of ``products``.

    An entry about other goods is none: what is true of a cup need not be true of a plate. Nor is one whose answer still
    has a blank that the shop must fill in.
    """
    if entry.audience is not audience or not holds(entry, at) or blanks_of(entry.answer):
        return False
    return not entry.products or not set(entry.products).isdisjoint(products)
