"""What a version in shadow would have found, beside what the one in force did; it changes nothing of a draft.

Owns the comparison and the collector that a draft carries: rules, severities and changes, never a text.
``shadow_counts`` keeps them.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.domain.plan import NoPlan, Plan
from copilot.domain.verdict import Verdict
from copilot.policy import CheckContext, Pack

if TYPE_CHECKING:
    from copilot.flow.decided import Decided

JUDGED, SAME, CAUGHT, RELEASED, CHANGED = "judged", "same", "caught", "released", "changed"

Counted = tuple[str, str, str]
"""Rule (or issue), severity, change."""


@dataclass(frozen=True)
class Shadow:
    """The versions that watch over a shop, by kind, with what they make together with everything else that holds."""

    rules: tuple[uuid.UUID, ...] = ()
    playbooks: tuple[uuid.UUID, ...] = ()
    pack: Pack | None = None
    decided: "Decided | None" = None


@dataclass
class Watched:
    """Collects for one draft what its last text and plan would have been told; one written again replaces the first."""

    shadow: Shadow | None = None
    texts: tuple[Counted, ...] = ()
    plans: tuple[Counted, ...] = ()

    def text(self, text: str, context: CheckContext, verdict: Verdict) -> None:
        """``text`` was judged in force; judge it by the version in shadow as well."""
        if self.shadow is not None and self.shadow.pack is not None:
            self.texts = tuple(compared(verdict, self.shadow.pack.check(text, context)))

    def plan(self, issue: str, now: Plan | NoPlan, other: Plan | NoPlan) -> None:
        """``now`` was planned in force, ``other`` by the playbooks in shadow."""
        self.plans = (("", "", JUDGED), (issue, "", SAME if _offers(now) == _offers(other) else CHANGED))

    def counted(self) -> Iterator[tuple[uuid.UUID, Counted]]:
        """What to add, by version."""
        if self.shadow is not None:
            yield from ((version, one) for version in self.shadow.rules for one in self.texts)
            yield from ((version, one) for version in self.shadow.playbooks for one in self.plans)


def compared(now: Verdict, other: Verdict) -> Iterator[Counted]:
    """What the verdict in force and the one in shadow say, by rule; a text counts once for each rule and severity."""
    yield "", "", JUDGED
    found = {(one.rule, one.severity.value) for one in now.findings}
    beside = {(one.rule, one.severity.value) for one in other.findings}
    for rule, severity in sorted(found | beside):
        both = (rule, severity) in found and (rule, severity) in beside
        change = SAME if both else CAUGHT if (rule, severity) in beside else RELEASED
        yield rule, severity, change


def _offers(plan: Plan | NoPlan) -> object:
    """What the buyer would notice: the act, and each option with what it costs; or why there is none."""
    if isinstance(plan, NoPlan):
        return plan.reason
    return plan.act, tuple((one.key, one.cost) for one in plan.options)
