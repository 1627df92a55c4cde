"""One rule at work: from candidates and context to findings.

Each rule judges alone, so that an exception in one is contained by the caller and names its rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from copilot.domain.verdict import Finding, Severity
from copilot.policy.authority import amounts_over
from copilot.policy.compile import ALLOW
from copilot.policy.contact import Hit
from copilot.policy.context import CheckContext, Origin
from copilot.policy.fold import Folded, Folder
from copilot.policy.language import language_of
from copilot.policy.linear import Expression
from copilot.policy.model import (
    AmountOver,
    ClaimSource,
    Contact,
    Judge,
    Language,
    Length,
    Matcher,
    Pattern,
    Personal,
    Require,
    Rule,
    Situation,
    Terms,
)
from copilot.policy.scan import Candidate
from copilot.policy.sentences import closing, opening
from copilot.policy.surroundings import Excuses, Signals, WordList, resolve

Lists = Mapping[str, tuple[str, ...]]
Span = tuple[int, int]


@dataclass(slots=True)
class Work:
    """One text under check, with what was found in it once for all rules."""

    folded: Folded
    context: CheckContext
    candidates: dict[tuple[int, int], list[Candidate]]
    touched: frozenset[int]
    """The places of the rules that have a candidate."""
    contacts: Callable[[Contact], list[Hit]]
    personal: Callable[[], list[tuple[str, int, int]]]
    """Personal data in the base view: (type, start, end)."""
    limits: Mapping[str, int]
    patterns: frozenset[int]
    """The numbers of the pack's patterns that occur at all."""
    tight: bool
    """Whether the tight view differs from the base view and has to be looked at as well."""


class RuleJudge:
    """A rule made ready to judge."""

    def __init__(self, at: int, rule: Rule, folder: Folder, lists: Lists, numbering: "Callable[[str], int]") -> None:
        """``at`` is the rule's place in the pack; ``numbering`` registers a pattern with the pack's common look."""
        self.at = at
        self.rule = rule
        self._folder = folder
        self._lists = lists
        self._excuses = _excuses(rule, folder, lists)
        self._signals = [self._signal(matcher) for matcher in rule.matchers]
        self._patterns = [self._ready(matcher, numbering) for matcher in rule.matchers]
        self._required = [
            self._words(matcher.any) if isinstance(matcher, Require) else None for matcher in rule.matchers
        ]
        # A rule of words alone has nothing to do when the common looks found none of them.
        self._words_only = all(isinstance(matcher, Terms | Pattern) for matcher in rule.matchers)
        self._numbers = frozenset(number for patterns in self._patterns for number, _ in patterns)

    def idle(self, work: Work) -> bool:
        """Whether nothing in the text can concern this rule."""
        return self._words_only and self.at not in work.touched and self._numbers.isdisjoint(work.patterns)

    def cannot(self, work: Work) -> str | None:
        """Why the rule cannot speak about this text, or null when it can."""
        if self.rule.only_if is Situation.UNRESOLVED and work.context.resolved is None:
            return "case_unknown"
        if self.rule.only_if is Situation.TRANSLATED and work.context.translated is None:
            return "translation_unknown"
        for matcher in self.rule.matchers:
            if isinstance(matcher, AmountOver) and work.context.authority is None:
                return "no_authority"
            if isinstance(matcher, Language) and work.context.text_language is None:
                return "no_language"
            if isinstance(matcher, ClaimSource) and work.context.claims is None:
                return "no_claims"
            if isinstance(matcher, Require):
                if work.context.origin is Origin.HUMAN or work.context.expects is None:
                    return "not_asked"
            if isinstance(matcher, Length) and _limit(matcher, work.limits) is None:
                return "no_limit"
        return None

    def judge(self, work: Work) -> list[Finding]:
        """The findings of this rule, leftmost-longest."""
        if not self._in_situation(work.context):
            return []
        findings: list[Finding] = []
        allowed = [(c.start, c.end) for c in work.candidates.get((self.at, ALLOW), ())]
        for index, matcher in enumerate(self.rule.matchers):
            if isinstance(matcher, ClaimSource | Require | Length):
                findings += self._judge_context(index, matcher, work)
                continue
            if isinstance(matcher, Language | Judge):
                findings += self._judge_whole(matcher, work)
                continue
            for start, end in self._spans(index, matcher, work):
                if self._stands(index, matcher, work.folded.base, (start, end), allowed):
                    findings.append(self._finding(work, work.folded.origin(start, end)))
        return leftmost_longest(findings)

    def _in_situation(self, context: CheckContext) -> bool:
        if self.rule.only_if is Situation.UNRESOLVED:
            return context.resolved is False
        return self.rule.only_if is not Situation.TRANSLATED or bool(context.translated)

    def _judge_whole(self, matcher: Language | Judge, work: Work) -> list[Finding]:
        text = work.folded.original
        if isinstance(matcher, Judge):
            violates = (work.context.judgements or {}).get(self.rule.id, False)
        else:
            spoken = language_of(text)
            violates = spoken is not None and spoken != work.context.text_language
        return [self._finding(work, (0, len(text)))] if violates and text else []

    def _spans(self, index: int, matcher: Matcher, work: Work) -> Sequence[Span]:
        if isinstance(matcher, Personal):
            return [(start, end) for kind, start, end in work.personal() if kind in matcher.detect]
        if isinstance(matcher, AmountOver):
            return amounts_over(work.folded.base, work.context.authority) if work.context.authority else []
        if isinstance(matcher, Terms):
            return [(c.start, c.end) for c in work.candidates.get((self.at, index), ())]
        if isinstance(matcher, Contact):
            return [(hit.start, hit.end) for hit in work.contacts(matcher)]
        present = [pattern for number, pattern in self._patterns[index] if number in work.patterns]
        spans = [span for pattern in present for span in pattern.spans(work.folded.base)]
        if work.tight:
            hidden = [span for pattern in present for span in pattern.spans(work.folded.tight)]
            spans += [work.folded.from_tight(*span) for span in hidden]
        return spans

    def _stands(self, index: int, matcher: Matcher, base: str, span: Span, allowed: list[Span]) -> bool:
        start, end = span
        if any(_covers(allow, span) for allow in allowed):
            return False
        signal = self._signals[index]
        if signal is not None and not signal.present(base, start, end):
            return False
        return matcher.firm or self._excuses is None or not self._excuses.excused(base, start, end)

    def _judge_context(self, index: int, matcher: ClaimSource | Require | Length, work: Work) -> list[Finding]:
        text = work.folded.original
        if isinstance(matcher, ClaimSource):
            severity = Severity.WARN if work.context.origin is Origin.HUMAN else None
            claims = [c for c in work.context.claims or () if c.source is None and c.kind in matcher.kinds]
            return [self._finding(work, (c.start, c.end), severity) for c in claims]
        if isinstance(matcher, Length):
            limit = _limit(matcher, work.limits)
            return [self._finding(work, (limit, len(text)))] if limit is not None and len(text) > limit else []
        if matcher.expect not in (work.context.expects or ()) or self._satisfied(index, matcher, work.folded.base):
            return []
        return [self._finding(work, (0, min(len(text), 1)) if matcher.first else (max(0, len(text) - 1), len(text)))]

    def _satisfied(self, index: int, matcher: Require, base: str) -> bool:
        part = opening(base, matcher.first) if matcher.first else base
        part = closing(part, matcher.last) if matcher.last else part
        words = self._required[index]
        if words is not None and words.found(part):
            return True
        return any(pattern.found(part) for _, pattern in self._patterns[index])

    def _finding(self, work: Work, span: Span, severity: Severity | None = None) -> Finding:
        start, end = span
        text = work.folded.original
        language = work.context.language or _language(text)
        rule = self.rule
        return Finding(
            rule=rule.id,
            family=rule.family,
            severity=severity or rule.severity,
            start=start,
            end=end,
            text=text[start:end],
            reason=rule.reason.of(language),
            suggestion=rule.suggestion.of(language),
        )

    def _words(self, words: Sequence[str]) -> WordList:
        return WordList(self._folder.term(word) for word in resolve(words, self._lists, self.rule.id))

    def _signal(self, matcher: Matcher) -> Signals | None:
        needs = matcher.needs
        if needs is None:
            return None
        around, before, after = self._words(needs.words), self._words(needs.before), self._words(needs.after)
        return Signals(around, before, after, needs.handle, needs.within)

    def _ready(self, matcher: Matcher, numbering: "Callable[[str], int]") -> list[tuple[int, Expression]]:
        if not isinstance(matcher, Pattern | Require):
            return []
        common = isinstance(matcher, Pattern)
        return [(numbering(p) if common else -1, Expression(p, self.rule.id)) for p in matcher.patterns]


def _excuses(rule: Rule, folder: Folder, lists: Lists) -> Excuses | None:
    if not rule.unless_before and not rule.unless_after:
        return None

    def words(names: Sequence[str], *, out: Sequence[str] = (), only: Sequence[str] | None = None) -> WordList:
        chosen = [name for name in names if name not in out and (only is None or name in only)]
        return WordList(folder.term(word) for word in resolve(chosen, lists, rule.id))

    def named(name: str, where: Sequence[str]) -> WordList:
        return words((f"@{name}",)) if f"@{name}" in where else WordList(())

    special = ("@warning_before", "@warning_after", "@refusal_adjacent")
    return Excuses(
        before=words(rule.unless_before, out=special),
        after=words(rule.unless_after, out=special),
        adjacent=named("refusal_adjacent", rule.unless_before),
        warning_before=named("warning_before", rule.unless_before),
        warning_after=named("warning_after", rule.unless_after),
        pivot=WordList(folder.term(word) for word in lists.get("pivot", ())),
        no_refusal=WordList(folder.term(word) for word in lists.get("not_a_refusal", ())),
    )


def _covers(allow: Span, span: Span) -> bool:
    """Whether an allow-literal accounts for a match: it overlaps it and is not just a piece inside it."""
    overlaps = allow[0] < span[1] and span[0] < allow[1]
    inside = span[0] <= allow[0] and allow[1] <= span[1] and allow != span
    return overlaps and not inside


def _limit(matcher: Length, limits: Mapping[str, int]) -> int | None:
    return matcher.max_chars if isinstance(matcher.max_chars, int) else limits.get(matcher.max_chars)


def _language(text: str) -> str:
    return "zh" if any("\u4e00" <= character <= "\u9fff" for character in text) else "en"


_WEIGHT = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}


def leftmost_longest(findings: list[Finding]) -> list[Finding]:
    """``findings`` without overlaps: the most severe first, of those the leftmost, of those the longest."""
    if len(findings) < 2:
        return findings
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (_WEIGHT[f.severity], f.start, f.start - f.end, f.rule)):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda f: (f.start, f.end, f.rule))
