"""The sums of a flow replay: mergeable in any order, plain JSON, bounded samples.

It stands in ``copilot.replay.totals.Totals.extra`` under ``drafts``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self, cast

from copilot.replay.samples import Sample, Samples

DRAFTS, OFFERS, STATE = "drafts.jsonl", "offers.jsonl", "drafts.state"
SECTION = "drafts"
"""The key of these sums in ``Totals.extra``."""

Tally = Counter[str]
Costs = dict[str, dict[str, list[int]]]
"""By shop and currency: matters, least and most cost in minor units."""

PER_BUCKET = 3
"""Samples kept of each reason for silence, of each issue that was drafted, and of each kind of change in a shop."""
MOST_BUCKETS = 200
"""Kinds of samples kept; only shops are without number, and the names that sort first stay."""


@dataclass
class Shown:
    """Samples by bucket ("silent|unclear", "drafted|damaged", "changed|shop|other_cost")."""

    kept: dict[str, Samples] = field(default_factory=dict[str, Samples])

    def offer(self, bucket: str, key: str, make: Callable[[], Sample]) -> None:
        """Offer the sample that ``make`` gives; it is called only when it will be kept."""
        self._of(bucket).offer(key, make)
        self._bound()

    def merge(self, other: Self) -> None:
        """Offer everything that ``other`` holds."""
        for bucket, samples in other.kept.items():
            self._of(bucket).merge(samples)
        self._bound()

    def listed(self, prefix: str) -> dict[str, list[Sample]]:
        """The samples of every bucket that begins with ``prefix``, by the rest of its name."""
        return {
            name.removeprefix(prefix): self.kept[name].listed() for name in sorted(self.kept) if name.startswith(prefix)
        }

    def _of(self, bucket: str) -> Samples:
        return self.kept.setdefault(bucket, Samples(PER_BUCKET))

    def _bound(self) -> None:
        while len(self.kept) > MOST_BUCKETS:
            del self.kept[max(self.kept)]


@dataclass
class DraftTotals:
    """What a flow replay found.

    ``partial``: it was interrupted. ``unfit`` counts conversations that could not be drafted, by why. ``turns`` are
    buyer turns, ``answered`` those that a person answered then, ``drafted`` those with a text that policy let through;
    ``silent`` counts reasons of the rest. ``issues``/``issues_drafted`` count turns by their first issue ("none" where
    a turn raises none), likewise shops. ``options`` counts offers by playbook key, ``titles`` names them in both
    languages, ``left_out`` holds "key: reason". ``verdicts`` and ``rules`` are what policy said of the texts;
    ``costs`` what the offers can cost. With other playbooks (``against``): how many turns are ``changed`` and in which
    way, by shop and issue; ``costs_before`` are theirs.
    """

    against: str = ""
    model: str = ""
    partial: bool = False
    conversations: int = 0
    unfit: Tally = field(default_factory=Tally)
    turns: int = 0
    drafted: int = 0
    answered: int = 0
    silent: Tally = field(default_factory=Tally)
    issues: Tally = field(default_factory=Tally)
    issues_drafted: Tally = field(default_factory=Tally)
    shops: Tally = field(default_factory=Tally)
    shops_drafted: Tally = field(default_factory=Tally)
    languages: Tally = field(default_factory=Tally)
    risks: Tally = field(default_factory=Tally)
    acts: Tally = field(default_factory=Tally)
    options: Tally = field(default_factory=Tally)
    left_out: Tally = field(default_factory=Tally)
    verdicts: Tally = field(default_factory=Tally)
    rules: Tally = field(default_factory=Tally)
    written_by: Tally = field(default_factory=Tally)
    composed_because: Tally = field(default_factory=Tally)
    titles: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    changed: int = 0
    changes: Tally = field(default_factory=Tally)
    changed_shops: Tally = field(default_factory=Tally)
    changed_issues: Tally = field(default_factory=Tally)
    costs: Costs = field(default_factory=Costs)
    costs_before: Costs = field(default_factory=Costs)
    samples: Shown = field(default_factory=Shown)

    def bill(self, costs: Costs, shop: str, sums: dict[str, tuple[int, int, int]]) -> None:
        """Add one conversation's ``sums`` (by currency: matters, least, most) to ``costs``."""
        for currency, numbers in sums.items():
            held = costs.setdefault(shop, {}).setdefault(currency, [0, 0, 0])
            for at, number in enumerate(numbers):
                held[at] += number

    def merge(self, other: Self) -> None:
        """Add ``other``, in place."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, Counter):
                cast(Tally, mine).update(cast(Tally, theirs))
            elif isinstance(mine, Shown):
                mine.merge(theirs)
            elif one.name == "titles":
                self.titles |= other.titles
            elif isinstance(mine, dict):
                for shop, sums in cast(Costs, theirs).items():
                    self.bill(cast(Costs, mine), shop, {key: (v[0], v[1], v[2]) for key, v in sums.items()})
            elif isinstance(mine, int) and not isinstance(mine, bool):
                setattr(self, one.name, mine + theirs)
            else:
                setattr(self, one.name, mine or theirs)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, keys sorted; equal totals give equal bytes."""
        found: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Shown):
                found[one.name] = value.listed("")
            elif isinstance(value, dict):
                table = cast("dict[str, Any]", value)
                found[one.name] = {key: _sorted(table[key]) for key in sorted(table)}
            else:
                found[one.name] = value
        return found

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What ``as_json`` gave; keys of a newer version are left out."""
        found = cls()
        for one in fields(cls):
            if one.name not in value:
                continue
            mine, given = getattr(found, one.name), value[one.name]
            if isinstance(mine, Shown):
                groups = cast("dict[str, list[Sample]]", given)
                setattr(found, one.name, Shown({name: Samples(PER_BUCKET, items) for name, items in groups.items()}))
            elif isinstance(mine, Counter):
                setattr(found, one.name, Counter(cast("dict[str, int]", given)))
            else:
                setattr(found, one.name, given)
        return found


def _sorted(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    table = cast("dict[str, Any]", value)
    return {key: table[key] for key in sorted(table)}


def forget(out: Path) -> None:
    """Remove what an earlier flow replay left in the folder ``out``, so that nobody takes it for this run's."""
    for name in (DRAFTS, OFFERS, STATE):
        (out / name).unlink(missing_ok=True)


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sums of the parts of one flow replay, as JSON."""
    whole = DraftTotals()
    for part in parts:
        whole.merge(DraftTotals.from_json(part))
    return whole.as_json()
