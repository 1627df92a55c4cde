"""The recognisers, one by one when a text first needs them: their expressions take longer to compile than a check."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Protocol

from copilot.policy.privacy.gate import Kind

Hit = tuple[str, int, int]
Reader = Callable[[str], Iterator[Hit]]


@cache
def reader(kind: Kind) -> Reader:
    """What finds (type, start, end) of ``kind`` in a base view; every kind but those of digits has one."""
    if kind is Kind.MAIL:
        from copilot.policy.privacy.accounts import mails as found
    elif kind is Kind.ACCOUNT:
        from copilot.policy.privacy.accounts import accounts as found
    elif kind is Kind.PAPER:
        from copilot.policy.privacy.papers import papers as found
    elif kind is Kind.PLACE:
        from copilot.policy.privacy.places import places as found
    elif kind is Kind.STREET:
        from copilot.policy.privacy.streets import streets as found
    else:
        from copilot.policy.privacy.names import names as found
    return found


class Numbers(Protocol):
    """As ``digits.numbers``."""

    def __call__(self, text: str, where: tuple[str, ...], *, spelled: bool = False) -> Iterator[Hit]:
        """(type, start, end) of personal numbers."""
        ...


@cache
def numbers() -> Numbers:
    """``digits.numbers``."""
    from copilot.policy.privacy.digits import numbers as found

    return found


@cache
def beside() -> Callable[[str, Sequence[Hit]], Iterator[Hit]]:
    """``names.beside``."""
    from copilot.policy.privacy.names import beside as found

    return found
