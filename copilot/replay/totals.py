"""The aggregate a report is made of: sums that add up in any order, and samples that do not depend on the cut.

Plain counts and bounded lists; as JSON it is ``totals.json``. ``merge`` of the parts equals one run over everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, cast

from copilot.replay.samples import Samples, merge_samples

Counts = dict[str, int]

FORMAT = 1
SAMPLES_PER_RULE = 12
SAMPLES_PER_AGENT_RULE = 2
SAMPLES_PER_CHANGE = 8
BUYER_SAMPLES = 400


def add_counts(into: Counts, other: Mapping[str, int]) -> None:
    """Add the numbers of ``other`` to those of ``into``."""
    for name, number in other.items():
        into[name] = into.get(name, 0) + number


def _nested() -> dict[str, Counts]:
    return {}


def _samples() -> dict[str, Samples]:
    return {}


def add_nested(into: dict[str, Counts], other: Mapping[str, Mapping[str, int]]) -> None:
    """``add_counts`` one level down."""
    for name, counts in other.items():
        add_counts(into.setdefault(name, {}), counts)


@dataclass(slots=True)
class Group:
    """What was counted over some messages.

    ``messages`` were judged; ``decisions`` counts them by pass, warn and block; ``rules`` counts findings by rule.
    """

    messages: int = 0
    decisions: Counts = field(default_factory=dict[str, int])
    rules: Counts = field(default_factory=dict[str, int])

    def merge(self, other: "Group") -> None:
        """Add ``other``."""
        self.messages += other.messages
        add_counts(self.decisions, other.decisions)
        add_counts(self.rules, other.rules)

    def as_json(self) -> dict[str, Any]:
        """Keys messages, decisions, rules."""
        return {"messages": self.messages, "decisions": self.decisions, "rules": self.rules}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What ``as_json`` gave."""
        return cls(value["messages"], dict(value["decisions"]), dict(value["rules"]))


Groups = dict[str, Group]


def _groups() -> Groups:
    return {}


def merge_groups(into: Groups, other: Groups) -> None:
    """Add the groups of ``other`` by name."""
    for name, group in other.items():
        into.setdefault(name, Group()).merge(group)


@dataclass(slots=True)
class Changes:
    """What a second version of the rules changes.

    ``messages`` counts those with a difference, ``decisions`` "pass>block" and so on (from the version compared with
    to the version of the run). ``rules``, ``agents`` and ``shops`` count caught (only the run's version finds it),
    released (only the other one does) and changed (another severity or span). ``samples`` are keyed "rule|change".
    """

    messages: int = 0
    decisions: Counts = field(default_factory=dict[str, int])
    rules: dict[str, Counts] = field(default_factory=_nested)
    agents: dict[str, Counts] = field(default_factory=_nested)
    shops: dict[str, Counts] = field(default_factory=_nested)
    samples: dict[str, Samples] = field(default_factory=_samples)

    def merge(self, other: "Changes") -> None:
        """Add ``other``."""
        self.messages += other.messages
        add_counts(self.decisions, other.decisions)
        for mine, theirs in (
            (self.rules, other.rules),
            (self.agents, other.agents),
            (self.shops, other.shops),
        ):
            add_nested(mine, theirs)
        merge_samples(self.samples, other.samples)

    def as_json(self) -> dict[str, Any]:
        """One key per field."""
        return {
            "messages": self.messages,
            "decisions": self.decisions,
            "rules": self.rules,
            "agents": self.agents,
            "shops": self.shops,
            "samples": {name: samples.listed() for name, samples in self.samples.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What ``as_json`` gave."""
        changes = cls(value["messages"], dict(value["decisions"]))
        for mine, part in ((changes.rules, "rules"), (changes.agents, "agents"), (changes.shops, "shops")):
            add_nested(mine, value[part])
        changes.samples = _samples_of(value["samples"], SAMPLES_PER_CHANGE)
        return changes


@dataclass(slots=True)
class Totals:
    """Everything counted in a run.

    ``run``: what was asked (pack, against, masked, timezone, as_of …), ``partial`` (true: it was interrupted) and
    ``rules``, the ids of all rules that judged.
    ``archives``: per archive, in the order of the run: conversations, messages, rejected.
    ``messages``: all messages by role. ``marks``: recalled, auto, no_time, bad_time, not_text, private, empty.
    ``speakers``: judged messages by role (agent, bot, buyer). ``agents``: people only, by name ("" unnamed).
    ``shops`` and ``weeks`` ("2026-W48" in the market's zone, "" without a time) count the shop's side, people and bots.
    ``rules``: findings by rule and severity; ``messages`` there counts messages with at least one.
    ``catalogue``: per rule that spoke or could not: family, severity, source, reason {zh,en}, suggestion {zh,en}.
    ``packs``: messages judged by each pack, with ``first`` and ``last`` day (empty without times) in ``pack_days``.
    ``not_judged``: per rule, messages by why it could not speak. ``rejected``: lines and rows by kind of damage.
    ``samples`` by rule and ``coaching`` by "agent|rule" hold dicts: key, rule, severity, archive, line, conversation,
    message, index, sent_at, shop, agent, role, pack, excerpt (masked), start, end (the span inside the excerpt).
    ``buyers``: masked buyer messages as a fair sample: key, text, week, shop. ``changes``: null without a second pack.
    ``extra``: sections of others (``drafts``), merged by whoever owns them.
    """

    run: dict[str, Any] = field(default_factory=dict[str, Any])
    archives: dict[str, Counts] = field(default_factory=_nested)
    messages: Counts = field(default_factory=dict[str, int])
    marks: Counts = field(default_factory=dict[str, int])
    speakers: Groups = field(default_factory=_groups)
    agents: Groups = field(default_factory=_groups)
    shops: Groups = field(default_factory=_groups)
    weeks: Groups = field(default_factory=_groups)
    rules: dict[str, Counts] = field(default_factory=_nested)
    catalogue: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    packs: Counts = field(default_factory=dict[str, int])
    pack_days: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    not_judged: dict[str, Counts] = field(default_factory=_nested)
    rejected: Counts = field(default_factory=dict[str, int])
    samples: dict[str, Samples] = field(default_factory=_samples)
    coaching: dict[str, Samples] = field(default_factory=_samples)
    buyers: Samples = field(default_factory=lambda: Samples(BUYER_SAMPLES))
    changes: Changes | None = None
    extra: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def partial(self) -> bool:
        """Whether the run was interrupted before the end of its archives."""
        return bool(self.run.get("partial"))

    def merge(self, other: "Totals") -> None:
        """Add ``other``, a part of the same run; ``run`` and ``extra`` stay as they are."""
        for mine, theirs in (
            (self.messages, other.messages),
            (self.marks, other.marks),
            (self.packs, other.packs),
            (self.rejected, other.rejected),
        ):
            add_counts(mine, theirs)
        for groups, more in (
            (self.speakers, other.speakers),
            (self.agents, other.agents),
            (self.shops, other.shops),
            (self.weeks, other.weeks),
        ):
            merge_groups(groups, more)
        for nested, added in (
            (self.archives, other.archives),
            (self.rules, other.rules),
            (self.not_judged, other.not_judged),
        ):
            add_nested(nested, added)
        self.catalogue |= other.catalogue
        self._merge_days(other.pack_days)
        merge_samples(self.samples, other.samples)
        merge_samples(self.coaching, other.coaching)
        self.buyers.merge(other.buyers)
        if other.changes is not None:
            self.changes = self.changes or Changes()
            self.changes.merge(other.changes)

    def _merge_days(self, other: Mapping[str, list[str]]) -> None:
        for pack, (first, last) in other.items():
            mine = self.pack_days.get(pack)
            self.pack_days[pack] = [min(mine[0], first), max(mine[1], last)] if mine else [first, last]

    def as_json(self) -> dict[str, Any]:
        """One key per field, JSON types; ``archives`` is a list, because its order counts."""
        return {
            "format": FORMAT,
            "run": self.run,
            "archives": [{"name": name, **counts} for name, counts in self.archives.items()],
            "messages": self.messages,
            "marks": self.marks,
            **{name: _groups_json(getattr(self, name)) for name in ("speakers", "agents", "shops", "weeks")},
            "rules": self.rules,
            "catalogue": self.catalogue,
            "packs": self.packs,
            "pack_days": self.pack_days,
            "not_judged": self.not_judged,
            "rejected": self.rejected,
            "samples": {name: samples.listed() for name, samples in self.samples.items()},
            "coaching": {name: samples.listed() for name, samples in self.coaching.items()},
            "buyers": self.buyers.listed(),
            "changes": self.changes.as_json() if self.changes is not None else None,
            "extra": self.extra,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What ``as_json`` gave; ``ValueError`` or ``KeyError`` for anything else."""
        if value.get("format") != FORMAT:
            raise ValueError("not totals of this version")
        totals = cls()
        for name in ("run", "messages", "marks", "catalogue", "packs", "pack_days", "rejected", "extra"):
            setattr(totals, name, dict(value[name]))
        for name in ("speakers", "agents", "shops", "weeks"):
            setattr(totals, name, _groups_of(value[name]))
        for row in value["archives"]:
            totals.archives[row["name"]] = {key: number for key, number in row.items() if key != "name"}
        add_nested(totals.rules, value["rules"])
        add_nested(totals.not_judged, value["not_judged"])
        totals.samples = _samples_of(value["samples"], SAMPLES_PER_RULE)
        totals.coaching = _samples_of(value["coaching"], SAMPLES_PER_AGENT_RULE)
        totals.buyers = Samples(BUYER_SAMPLES, value["buyers"])
        if value["changes"] is not None:
            totals.changes = Changes.from_json(value["changes"])
        return totals


def _groups_json(groups: Groups) -> dict[str, Any]:
    return {name: group.as_json() for name, group in groups.items()}


def _groups_of(value: Mapping[str, Any]) -> Groups:
    return {name: Group.from_json(cast("Mapping[str, Any]", group)) for name, group in value.items()}


def _samples_of(value: Mapping[str, Any], limit: int) -> dict[str, Samples]:
    return {name: Samples(limit, items) for name, items in value.items()}
