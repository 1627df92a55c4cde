"""How the matchers that triggers wake look for spans, one function a kind. Whether a span stands is the rule's."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from copilot.domain.verdict import Finding
from copilot.policy.batch.units import Unit, Wakes
from copilot.policy.judge import RuleJudge
from copilot.policy.linear import Expression
from copilot.policy.model import Contact, Matcher, Personal, Wording
from copilot.policy.work import Work

Span = tuple[int, int]
Seek = Callable[[Work], Sequence[Span]]
"""From a text to spans of its base view."""


def seeker(rule: int, index: int, matcher: Matcher, expression: Expression | None) -> Seek:
    """The look of matcher ``index`` of the rule at place ``rule``; ``expression`` for one pattern of it."""
    if expression is not None:
        return partial(_pattern, expression)
    if isinstance(matcher, Contact):
        kinds, domains = frozenset(matcher.detect), matcher.domains
        return lambda work: [(hit.start, hit.end) for hit in work.contacts(kinds, domains)]
    if isinstance(matcher, Personal):
        types = frozenset(kind.value for kind in matcher.detect)
        return lambda work: [(start, end) for kind, start, end in work.personal() if kind in types]
    if isinstance(matcher, Wording):
        model = matcher.model
        return lambda work: work.wordings().get(model, [])
    return lambda work: work.candidates(rule, index)


def _pattern(expression: Expression, work: Work) -> list[Span]:
    folded = work.folded
    spans = expression.spans(folded.base, folded.base_bytes)
    if work.tight:
        spans += [folded.from_tight(*span) for span in expression.spans(folded.tight, folded.tight_bytes)]
    return spans


class Seekers:
    """How each unit looks; made when a text first wakes it."""

    def __init__(self, judges: Sequence[RuleJudge], units: Sequence[Unit]) -> None:
        """``units`` as ``units_of`` numbers them."""
        self._judges = judges
        self._units = units
        self._made: dict[int, Seek] = {}
        self._expressions: list[Expression | None] = [
            judges[unit.rule].expression(unit.matcher, unit.number) if unit.wakes is Wakes.PATTERN else None
            for unit in units
        ]

    def expression(self, number: int) -> Expression | None:
        """The expression of the unit ``number``; null when it is of another kind."""
        return self._expressions[number]

    def compile(self, muted: Collection[int]) -> None:
        """Compile every expression but those of rules in ``muted``."""
        for unit, expression in zip(self._units, self._expressions, strict=True):
            if expression is not None and unit.rule not in muted:
                expression.compile()

    def found(self, number: int, work: Work) -> list[Finding]:
        """What the unit ``number`` finds in a text."""
        unit = self._units[number]
        judge = self._judges[unit.rule]
        seek = self._made.get(number)
        if seek is None:
            matcher = judge.rule.matchers[unit.matcher]
            seek = self._made[number] = seeker(unit.rule, unit.matcher, matcher, self._expressions[number])
        return judge.found(unit.matcher, seek(work), work)
