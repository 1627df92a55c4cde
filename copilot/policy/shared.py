"""What packs of the same rules share in one process: a hundred shops then hold it once, and the second finds it made.

Kept as long as a pack holds it. Whatever is shared here is never changed after it was made.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Made = TypeVar("Made")


class Shared(Generic[Made]):
    """Things by what they were made of."""

    def __init__(self) -> None:
        """Nothing is made yet."""
        self._made: WeakValueDictionary[Hashable, Made] = WeakValueDictionary()

    def of(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made of ``key``, else what ``make`` gives. Two threads may both make it: then one's is let go."""
        found = self._made.get(key)
        if found is None:
            found = make()
            self._made[key] = found
        return found
