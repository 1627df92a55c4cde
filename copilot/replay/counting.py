"""Adds what was judged in one piece to its totals."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from copilot.domain.verdict import Decision
from copilot.replay.comparing import Change
from copilot.replay.rows import Row, sample_of
from copilot.replay.said import Said, Taken
from copilot.replay.samples import Floors, Samples, sample_key
from copilot.replay.totals import (
    SAMPLES_PER_AGENT_RULE,
    SAMPLES_PER_CHANGE,
    SAMPLES_PER_RULE,
    Changes,
    Counts,
    Group,
    Totals,
    add_counts,
)


def add_taken(totals: Totals, taken: Taken, packs: Sequence[str]) -> None:
    """Count all messages of a piece as passed, under speakers, agents, shops, weeks and packs; ``packs`` by place.

    ``add_findings`` corrects that. One entry per kind of message: nothing here is done for each message.
    """
    for (role, agent, shop, day), number in taken.kinds.items():
        when = taken.whens[day]
        _add(totals.messages, role, number)
        pack = packs[when.pack]
        _add(totals.packs, pack, number)
        if day:
            first, last = totals.pack_days.get(pack, (day, day))
            totals.pack_days[pack] = [min(first, day), max(last, day)]
        for group in _groups(totals, role, agent, shop, when.week):
            group.messages += number
            _add(group.decisions, "pass", number)
    add_counts(totals.messages, taken.roles)
    add_counts(totals.marks, taken.marks)


def _groups(totals: Totals, role: str, agent: str, shop: str, week: str) -> list[Group]:
    groups = [totals.speakers.setdefault(role, Group())]
    if role != "buyer":
        groups += [totals.shops.setdefault(shop, Group()), totals.weeks.setdefault(week, Group())]
    if role == "agent":
        groups.append(totals.agents.setdefault(agent, Group()))
    return groups


def add_not_judged(totals: Totals, not_judged: Mapping[str, str], number: int, known: Collection[str] = ()) -> None:
    """Count the rules that could not speak about ``number`` messages, and why; those that are ``known`` are left out.

    ``not_judged`` is that of any of their verdicts: it depends on pack and context, which they share.
    """
    for rule, why in not_judged.items():
        if rule not in known:
            _add(totals.not_judged.setdefault(rule, {}), why, number)


def _add(counts: Counts, name: str, number: int = 1) -> None:
    counts[name] = counts.get(name, 0) + number


def add_findings(
    totals: Totals, said: Said, decision: Decision, rows: Iterable[Row], floors: Floors | None = None
) -> None:
    """Count the findings of one message and keep the examples that are wanted, and that ``floors`` lets pass."""
    groups = _groups(totals, said.role, said.agent, said.shop, said.when.week)
    if decision is not Decision.PASS:
        for group in groups:
            _add(group.decisions, "pass", -1)
            _add(group.decisions, decision.value)
    seen: set[str] = set()
    for row in rows:
        rule: str = row["rule"]
        counts = totals.rules.setdefault(rule, {})
        _add(counts, row["severity"])
        if rule not in seen:
            _add(counts, "messages")
            seen.add(rule)
        for group in groups:
            _add(group.rules, rule)
        key = sample_key(row["excerpt"], row["archive"], said.line, said.position, row["start"])
        if floors is None or floors.passes(rule, SAMPLES_PER_RULE, key):
            _keep(totals.samples, rule, SAMPLES_PER_RULE, key, row)
        if said.role == "agent":
            habit = f"{said.agent}|{rule}"
            if floors is None or floors.passes(habit, SAMPLES_PER_AGENT_RULE, key):
                _keep(totals.coaching, habit, SAMPLES_PER_AGENT_RULE, key, row)


def _keep(samples: dict[str, Samples], name: str, limit: int, key: str, row: Row) -> None:
    samples.setdefault(name, Samples(limit)).offer(key, lambda: sample_of(row))


def add_changes(totals: Totals, said: Said, decisions: tuple[str, str], rows: Sequence[tuple[Change, Row]]) -> None:
    """Count what the other version says differently about one message; ``decisions`` are the other's and the run's."""
    changes = totals.changes = totals.changes or Changes()
    changes.messages += 1
    if decisions[0] != decisions[1]:
        _add(changes.decisions, f"{decisions[0]}>{decisions[1]}")
    for change, row in rows:
        rule = change.finding.rule
        _add(changes.rules.setdefault(rule, {}), change.kind)
        if said.role != "buyer":
            _add(changes.shops.setdefault(said.shop, {}), change.kind)
        if said.role == "agent":
            _add(changes.agents.setdefault(said.agent, {}), change.kind)
        key = sample_key(row["excerpt"], row["archive"], said.line, said.position, row["start"])
        _keep(changes.samples, f"{rule}|{change.kind}", SAMPLES_PER_CHANGE, key, row)
