"""How the matchers that triggers wake look for spans, one function a kind. Whether a span stands is the rule's."""

from collections.abc import Callable, Iterable, Sequence

from copilot.policy.batch.triggers import Unit, Wakes
from copilot.policy.judge import RuleJudge
from copilot.policy.linear import Expression
from copilot.policy.model import Contact, Matcher, Personal, Wording
from copilot.policy.work import Work

Span = tuple[int, int]
Seek = Callable[[Work], Iterable[Span]]
"""From a text to spans of its base view."""


def seeker(rule: int, index: int, matcher: Matcher, expression: Expression | None) -> Seek:
    """The look of matcher ``index`` of the rule at place ``rule``; ``expression`` for one pattern of it."""
    if expression is not None:
        return lambda work: _pattern(expression, work)
    if isinstance(matcher, Contact):
        kinds, domains = frozenset(matcher.detect), matcher.domains
        return lambda work: [(hit.start, hit.end) for hit in work.contacts(kinds, domains)]
    if isinstance(matcher, Personal):
        types = frozenset(kind.value for kind in matcher.detect)
        return lambda work: [(start, end) for kind, start, end in work.personal() if kind in types]
    if isinstance(matcher, Wording):
        model = matcher.model
        return lambda work: work.wordings().get(model, [])
    return lambda work: [(found.start, found.end) for found in work.candidates(rule, index)]


def _pattern(expression: Expression, work: Work) -> list[Span]:
    folded = work.folded
    spans = expression.spans(folded.base, folded.base_bytes)
    if work.tight:
        spans += [folded.from_tight(*span) for span in expression.spans(folded.tight, folded.tight_bytes)]
    return spans


class Seekers:
    """By unit: the rule that it wakes, the matcher's number and how that looks; made when a text first wakes it."""

    def __init__(self, judges: Sequence[RuleJudge], units: Sequence[Unit]) -> None:
        """``units`` as the triggers number them."""
        self._judges = judges
        self._units = units
        self._made: dict[Unit, tuple[RuleJudge, int, Seek]] = {}

    def of(self, number: int) -> tuple[RuleJudge, int, Seek]:
        """That of the unit ``number``."""
        unit = self._units[number]
        made = self._made.get(unit)
        if made is None:
            judge = self._judges[unit.rule]
            expression = judge.expression(unit.matcher, unit.number) if unit.wakes is Wakes.PATTERN else None
            seek = seeker(unit.rule, unit.matcher, judge.rule.matchers[unit.matcher], expression)
            made = self._made[unit] = (judge, unit.matcher, seek)
        return made
