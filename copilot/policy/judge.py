"""One rule at work: from candidates and context to findings.

Each rule judges alone, so that an exception in one is contained by the caller and names its rule.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

from copilot.domain.verdict import Finding, Severity
from copilot.policy.compile import ALLOW
from copilot.policy.context import CheckContext, Origin, Speaker
from copilot.policy.fold import Folder
from copilot.policy.linear import Expression
from copilot.policy.model import (
    AmountOver,
    ClaimSource,
    Judge,
    Language,
    Length,
    Matcher,
    Pattern,
    Require,
    Rule,
    Situation,
)
from copilot.policy.sentences import closing, opening
from copilot.policy.surroundings import Excuses, Signals, resolve
from copilot.policy.words import WordList
from copilot.policy.work import Work

Lists = Mapping[str, tuple[str, ...]]
Span = tuple[int, int]
KnownWords = dict[tuple[str, ...], WordList]
"""Word lists by what rules call them: words, and names of lists with an @ before them."""
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_CONTEXTUAL = (ClaimSource, Require, Length, AmountOver, Language, Judge)


class RuleJudge:
    """A rule made ready to judge."""

    def __init__(self, at: int, rule: Rule, folder: Folder, lists: Lists, known: "KnownWords | None" = None) -> None:
        """``at`` is the rule's place in the pack; ``known`` are word lists that its rules share."""
        self.at = at
        self.rule = rule
        self._folder = folder
        self._lists = lists
        self._excuses = excuses(rule, folder, lists, known)
        self._signals = [self._signal(matcher) for matcher in rule.matchers]
        self._required = {
            index: (self._words(matcher.any), [Expression(pattern) for pattern in matcher.patterns])
            for index, matcher in enumerate(rule.matchers)
            if isinstance(matcher, Require)
        }
        self.contextual = rule.only_if is not None or any(isinstance(m, _CONTEXTUAL) for m in rule.matchers)
        """Whether it may have to say that it cannot judge."""
        self.only_length = all(isinstance(matcher, Length) for matcher in rule.matchers)
        self.every_text = any(isinstance(matcher, _CONTEXTUAL) for matcher in rule.matchers)
        """Whether no trigger wakes it, because it looks at whole texts or at what the check is told."""

    def expression(self, index: int, number: int) -> Expression | None:
        """Expression ``number`` of pattern matcher ``index``; null when that is no pattern matcher."""
        matcher = self.rule.matchers[index]
        return Expression(matcher.patterns[number]) if isinstance(matcher, Pattern) else None

    def speaks_of(self, speaker: Speaker, origin: Origin) -> bool:
        """Whether it judges such a speaker and such an origin at all."""
        return speaker in self.rule.scope.speaker and origin in self.rule.scope.origin

    def shortest_limit(self, limits: Mapping[str, int]) -> int:
        """Of a rule of lengths: the length up to which it has nothing to say."""
        found = [_limit(m, limits) for m in self.rule.matchers if isinstance(m, Length)]
        return min(limit for limit in found if limit is not None)

    def cannot(self, context: CheckContext, limits: Mapping[str, int]) -> str | None:
        """Why the rule cannot speak about a text of this context, or null when it can."""
        if self.rule.only_if is Situation.UNRESOLVED and context.resolved is None:
            return "case_unknown"
        if self.rule.only_if is Situation.TRANSLATED and context.translated is None:
            return "translation_unknown"
        for matcher in self.rule.matchers:
            if isinstance(matcher, AmountOver) and context.authority is None:
                return "no_authority"
            if isinstance(matcher, Language) and context.text_language is None:
                return "no_language"
            if isinstance(matcher, ClaimSource) and context.claims is None:
                return "no_claims"
            if isinstance(matcher, Require):
                if context.origin is Origin.HUMAN or context.expects is None:
                    return "not_asked"
            if isinstance(matcher, Length) and _limit(matcher, limits) is None:
                return "no_limit"
        return None

    def unanswered(self, context: CheckContext) -> str | None:
        """Why a part of the rule cannot speak though the others can, or null: nobody has answered its question."""
        asks = any(isinstance(matcher, Judge) for matcher in self.rule.matchers)
        return "no_judgements" if asks and self.rule.id not in (context.judgements or {}) else None

    def out_of_place(self, context: CheckContext) -> bool:
        """Whether the rule has nothing to say in such a situation."""
        if self.rule.only_if is Situation.UNRESOLVED:
            return context.resolved is not False
        if self.rule.only_if is Situation.BARE:
            return context.claims is not None
        return self.rule.only_if is Situation.TRANSLATED and not context.translated

    def found(self, index: int, spans: Sequence[Span], work: Work) -> list[Finding]:
        """Findings at those of ``spans`` (base view, of matcher ``index``) that nothing allows or excuses."""
        if not spans:
            return []
        found = [self._finding(work, work.folded.origin(*span)) for span in spans if self._stands(index, span, work)]
        return [f for f in found if not _grounded(f, work.context)] if self.rule.unless_grounded else found

    def judge_context(self, work: Work) -> list[Finding]:
        """The findings of the matchers that look at every text."""
        findings: list[Finding] = []
        for index, matcher in enumerate(self.rule.matchers):
            if isinstance(matcher, AmountOver):
                findings += self.found(index, _over_authority(work), work)
            elif isinstance(matcher, ClaimSource | Require | Length):
                findings += self._judge_context(index, matcher, work)
            elif isinstance(matcher, Language | Judge):
                findings += self._judge_whole(matcher, work)
        return findings

    def _judge_whole(self, matcher: Language | Judge, work: Work) -> list[Finding]:
        text = work.folded.original
        if isinstance(matcher, Judge):
            violates = (work.context.judgements or {}).get(self.rule.id, False)
        else:
            from copilot.policy.language import in_another_language

            violates = in_another_language(text, work.context.text_language or "")
        return [self._finding(work, (0, len(text)))] if violates and text else []

    def _stands(self, index: int, span: Span, work: Work) -> bool:
        start, end = span
        base = work.folded.base
        if self.rule.allow:
            allowed = work.candidates(self.at, ALLOW)
            if any(_covers(allow, span) for allow in allowed):
                return False
        signal = self._signals[index]
        if signal is not None and not signal.present(base, start, end):
            return False
        return self.rule.matchers[index].firm or self._excuses is None or not self._excuses.excused(base, start, end)

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
        words, patterns = self._required[index]
        return words.found(part) or any(pattern.found(part) for pattern in patterns)

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


def excuses(rule: Rule, folder: Folder, lists: Lists, known: "KnownWords | None" = None) -> Excuses | None:
    """What keeps ``rule`` quiet around a match; null when nothing does.

    ``known`` are the word lists of other rules with the same folder and lists: most refer to the same.
    """
    if not rule.unless_before and not rule.unless_after:
        return None
    made: KnownWords = {} if known is None else known

    def words(names: Sequence[str], *, out: Sequence[str] = ()) -> WordList:
        chosen = tuple(name for name in names if name not in out)
        found = made.get(chosen)
        if found is None:
            found = made[chosen] = WordList(folder.term(word) for word in resolve(chosen, lists, rule.id))
        return found

    def named(name: str, where: Sequence[str]) -> WordList:
        return words((f"@{name}",) if f"@{name}" in where else ())

    topics = tuple(name for name in (*rule.unless_before, *rule.unless_after) if name.startswith("@topic_"))
    owned = tuple(name for name in rule.unless_before if name.startswith("@owned_"))
    special = ("@warning_before", "@warning_after", "@refusal_adjacent", "@repeated", "@quoted", *topics, *owned)
    empty = ("not_a_refusal", f"not_a_refusal_{rule.family}")
    return Excuses(
        before=words(rule.unless_before, out=special),
        after=words(rule.unless_after, out=special),
        adjacent=named("refusal_adjacent", rule.unless_before),
        warning_before=named("warning_before", rule.unless_before),
        warning_after=named("warning_after", rule.unless_after),
        pivot=words([f"@{name}" for name in ("pivot",) if name in lists]),
        no_refusal=words([f"@{name}" for name in empty if name in lists]),
        repeated=named("repeated", rule.unless_before),
        topic=words(topics),
        quoted=named("quoted", rule.unless_before),
        reported=words(("@reported",)) if "@quoted" in rule.unless_before and "reported" in lists else words(()),
        owned=words(owned),
    )


def _over_authority(work: Work) -> Sequence[Span]:
    # Reading amounts brings all that reads claims, which many a check never needs.
    from copilot.policy.authority import amounts_over

    ceiling = work.context.authority
    return amounts_over(work.folded.base, ceiling) if ceiling else ()


def _covers(allow: Span, span: Span) -> bool:
    """Whether an allow-literal accounts for a match: it overlaps it and is not just a piece inside it."""
    overlaps = allow[0] < span[1] and span[0] < allow[1]
    inside = span[0] <= allow[0] and allow[1] <= span[1] and allow != span
    return overlaps and not inside


def _grounded(finding: Finding, context: CheckContext) -> bool:
    """Whether the finding's words state something and all that they state has a source."""
    stated = [claim for claim in context.claims or () if claim.start < finding.end and finding.start < claim.end]
    return bool(stated) and all(claim.source is not None for claim in stated)


def _limit(matcher: Length, limits: Mapping[str, int]) -> int | None:
    return matcher.max_chars if isinstance(matcher.max_chars, int) else limits.get(matcher.max_chars)


def _language(text: str) -> str:
    return "zh" if _IDEOGRAPH.search(text) else "en"


_WEIGHT = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}


def leftmost_longest(findings: list[Finding], rough: Collection[str] = ()) -> list[Finding]:
    """``findings`` without overlaps: the most severe first, of those the leftmost, of those the longest.

    Rules in ``rough`` mark whole sentences; whatever marks the very words goes before them.
    """
    if len(findings) < 2:
        return findings
    # None of those kept overlap: besides one that begins at the same place only the neighbours can be in the way.
    kept: list[tuple[int, int]] = []
    result: list[Finding] = []
    for finding in sorted(
        findings, key=lambda f: (_WEIGHT[f.severity], f.rule in rough, f.start, f.start - f.end, f.rule)
    ):
        at = bisect_left(kept, (finding.start, finding.end))
        free = (at == 0 or kept[at - 1][1] <= finding.start) and (at == len(kept) or finding.end <= kept[at][0])
        if free:
            kept.insert(at, (finding.start, finding.end))
            result.append(finding)
    return sorted(result, key=lambda f: (f.start, f.end, f.rule))
