"""Samples that come out the same however a run was cut: the k smallest by a hash, one per distinct text."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Sample = dict[str, Any]
"""One example, JSON types only. ``key`` orders it; the other keys are listed at ``copilot.replay.totals.Totals``."""


def sample_key(text: str, *place: str | int) -> str:
    """The key of an example: a hash of its text, then its place, so that equal texts stand side by side."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return digest + "|" + "|".join(f"{part:010d}" if isinstance(part, int) else part for part in place)


class Samples:
    """Keeps the ``limit`` examples with the smallest keys, and of equal texts only the one with the smallest place.

    Adding and merging in any order, in any number of parts, gives the same examples.
    """

    __slots__ = ("_items", "_worst", "limit")

    def __init__(self, limit: int, items: Iterable[Sample] = ()) -> None:
        """No examples yet, or ``items``."""
        self.limit = limit
        self._items: dict[str, Sample] = {}
        self._worst: str | None = None
        for item in items:
            self.add(item)

    def wants(self, key: str) -> bool:
        """Whether an example with ``key`` would be kept; asked before the example is made."""
        text = key.partition("|")[0]
        held = self._items.get(text)
        if held is not None:
            return key < held["key"]
        return len(self._items) < self.limit or text < self._last()

    def add(self, item: Sample) -> None:
        """Offer ``item``."""
        key: str = item["key"]
        if not self.wants(key):
            return
        self._items[key.partition("|")[0]] = item
        self._worst = None
        if len(self._items) > self.limit:
            del self._items[self._last()]
            self._worst = None

    def offer(self, key: str, make: Callable[[], Sample]) -> None:
        """Offer what ``make`` gives, which is called only when it will be kept."""
        if self.wants(key):
            self.add({"key": key, **make()})

    def merge(self, other: "Samples") -> None:
        """Offer everything that ``other`` holds."""
        for item in other._items.values():
            self.add(item)

    def listed(self) -> list[Sample]:
        """The examples in the order of their keys."""
        return [self._items[text] for text in sorted(self._items)]

    def _last(self) -> str:
        if self._worst is None:
            self._worst = max(self._items)
        return self._worst


class Floors:
    """What one process has offered so far, by name: what is not among the smallest of that is in no sample of the run.

    Pieces come to a process in their order, and what is told of them is merged in that order: whatever stands in the
    way of an example is in the whole before it.
    """

    def __init__(self) -> None:
        """Nothing was offered yet."""
        self._seen: dict[str, Samples] = {}

    def passes(self, name: str, limit: int, key: str) -> bool:
        """Whether an example may be kept; it is taken for offered then."""
        seen = self._seen.get(name)
        if seen is None:
            seen = self._seen[name] = Samples(limit)
        if not seen.wants(key):
            return False
        seen.add({"key": key})
        return True


def merge_samples(into: dict[str, Samples], other: Mapping[str, Samples]) -> None:
    """Merge groups of examples by name."""
    for name, samples in other.items():
        into.setdefault(name, Samples(samples.limit)).merge(samples)
