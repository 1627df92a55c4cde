"""Our own texts for one plan, each composed when it is first read: most drafts need few of them."""

from collections.abc import Callable, Sequence
from typing import overload


class Wordings(Sequence[str]):
    """``number`` texts that ``make`` gives by their place; each is made once. ``first`` is there already."""

    def __init__(self, make: Callable[[int], str], number: int, first: str | None = None) -> None:
        """Nothing is made yet."""
        self._make = make
        self._number = number
        self._made: dict[int, str] = {} if first is None else {0: first}

    def __len__(self) -> int:
        """How many there are."""
        return self._number

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        """The text at ``place``, or those of a slice."""
        places = range(self._number)[place]
        return self._at(places) if isinstance(places, int) else tuple(self._at(one) for one in places)

    def _at(self, place: int) -> str:
        if place not in self._made:
            self._made[place] = self._make(place)
        return self._made[place]
