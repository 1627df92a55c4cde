"""What can be remarked when rules stand beside each other, beside their suggestions and beside ordinary messages.

Judges texts with the rules themselves; it changes nothing and knows no pack.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from copilot.domain.verdict import Finding, Severity
from copilot.policy.context import CheckContext, Speaker
from copilot.policy.expand import spellings
from copilot.policy.linear import Expression
from copilot.policy.lint_rules import LintFinding, remark
from copilot.policy.load import ORDER, PolicyFolders, Sourced
from copilot.policy.model import Contact, Pattern, Personal, Rule, Terms
from copilot.policy.testing import Bench, RuleCase, cases_of

BROAD = 0.003
"""The share of everyday messages from which a rule that does not block is too broad."""

_LONG = 48
_WORDS = (Terms, Pattern, Contact, Personal)
Loc = tuple[str | int, ...]


def lint_across(opened: PolicyFolders, bench: Bench, chosen: Mapping[str, Sourced]) -> Iterator[LintFinding]:
    """Everything to remark about the rules ``chosen`` of ``bench``, beside all the others."""
    yield from _overrides(opened)
    if not chosen:
        return
    bench.expect(chosen)
    yield from _shadowed(bench, chosen)
    yield from _terms_twice(bench)
    yield from _suggestions(bench, chosen)
    yield from _everyday(bench, chosen, opened.everyday())


def _overrides(opened: PolicyFolders) -> Iterator[LintFinding]:
    for layers in opened.layers().values():
        for before, after in pairwise(layers):
            old, new = before.rule.severity, after.rule.severity
            if old is Severity.BLOCK and new is not Severity.BLOCK:
                en = f"replaces {before.document.path} and weakens block to {new}: do that in a pack, with a reason"
                zh = f"替换了 {before.document.path}，并把 block 降为 {new}：请在规则包里改，并写明原因"
                yield remark(after)(en, zh, "severity")
                continue
            change = "" if old is new else f" ({old} → {new})"
            en = f"'{after.rule.id}' replaces the rule in {before.document.path}{change}"
            zh = f"“{after.rule.id}”替换了 {before.document.path} 里的规则{change}"
            yield remark(after, "note")(en, zh, "id")


def _shadowed(bench: Bench, chosen: Mapping[str, Sourced]) -> Iterator[LintFinding]:
    for sourced in chosen.values():
        violating = [case for case in cases_of(bench, sourced) if case.expected == "violates"]
        others: set[str] | None = None
        for case in violating:
            found = _finders(bench, case, others)
            others = found if others is None else others & found
            if not others:
                break
        for other in sorted(others or ()):
            en = f"every violating case is also found by '{other}': merge the rules, or add a case only this one finds"
            zh = f"每个违规用例“{other}”也都能发现：请合并规则，或补一个只有这条能发现的用例"
            yield remark(sourced, "note")(en, zh, "id")


def _finders(bench: Bench, case: RuleCase, among: Iterable[str] | None) -> set[str]:
    """The other rules, at least as severe, that find something in ``case``."""
    rule = case.rule
    strong = {
        rule_id
        for rule_id, other in bench.rules.items()
        if rule_id != rule.id and ORDER[other.rule.severity] >= ORDER[rule.severity] and _by_words(other.rule)
    }
    if among is not None:
        strong &= set(among)
    # All rules together keep one finding per place and family; a rule's own family is asked one by one.
    together = {finding.rule for finding in case.judge_together().findings}
    family = {rule_id for rule_id in strong if bench.rules[rule_id].rule.family == rule.family}
    inside = {rule_id for rule_id in family if bench.only(rule_id).check(case.case.text, case.context()).findings}
    return (together & (strong - family)) | inside


def _by_words(rule: Rule) -> bool:
    """Whether a rule finds words; one that looks at the situation speaks of any text and shadows nothing."""
    return any(isinstance(matcher, _WORDS) for matcher in rule.matchers)


def _terms_twice(bench: Bench) -> Iterator[LintFinding]:
    folder = bench.together.folder
    first: dict[tuple[str, Speaker], str] = {}
    for rule_id, sourced in bench.rules.items():
        for at, index, term in _bare_terms(sourced.rule):
            words = [folder.term(word, compact=True) for word in spellings(term)]
            keys = [(word, speaker) for word in words for speaker in sourced.rule.scope.speaker]
            owner = next((first[key] for key in keys if key in first), rule_id)
            if owner != rule_id:
                en, zh = f"term '{term}' also stands in '{owner}'", f"词“{term}”在“{owner}”里也有"
                yield remark(sourced, "note")(en, zh, "matchers", at, "terms", index)
            first.update({key: rule_id for key in keys if key not in first})


def _bare_terms(rule: Rule) -> Iterator[tuple[int, int, str]]:
    for at, matcher in enumerate(rule.matchers):
        if isinstance(matcher, Terms) and matcher.needs is None:
            yield from ((at, index, term) for index, term in enumerate(matcher.terms))


def _suggestions(bench: Bench, chosen: Mapping[str, Sourced]) -> Iterator[LintFinding]:
    for sourced in chosen.values():
        for language in ("zh", "en"):
            text = sourced.rule.suggestion.of(language)
            for finding in bench.together.check(text).findings:
                if finding.severity is Severity.BLOCK:
                    en = f"the suggestion is itself blocked by '{finding.rule}': '{finding.text}'"
                    zh = f"建议本身会被“{finding.rule}”拦截：“{finding.text}”"
                    yield remark(sourced)(en, zh, "suggestion", language)


def _everyday(bench: Bench, chosen: Mapping[str, Sourced], lines: Sequence[str]) -> Iterator[LintFinding]:
    # Few rules stand in a small pack of their own, which passes over nearly all of the lines.
    asked = bench.only_those(chosen)
    hits: dict[str, dict[Loc, list[str]]] = defaultdict(lambda: defaultdict(list))
    for speaker in Speaker:
        context = CheckContext(speaker=speaker)
        for line in lines:
            # One by one: a few thousand lines are judged faster than the search of a batch is made.
            for finding in asked.check(line, context).findings:
                if finding.rule in chosen:
                    hits[finding.rule][_culprit(bench, finding)].append(line)
    for rule_id, places in sorted(hits.items()):
        sourced = bench.rules[rule_id]
        share = sum(map(len, places.values())) / len(lines)
        wrong = sourced.rule.severity is Severity.BLOCK or share > BROAD
        for loc, found in places.items():
            name = _named(sourced, loc)
            en = f"{name} hits {len(found)} of {len(lines)} everyday messages, for instance '{found[0]}'"
            zh = f"{name} 命中 {len(lines)} 条日常对话里的 {len(found)} 条，例如“{found[0]}”"
            yield remark(sourced, "error" if wrong else "note")(en, zh, *loc)


def _culprit(bench: Bench, finding: Finding) -> Loc:
    """Where in the rule file the words stand that found ``finding``."""
    base = bench.together.folder.fold(finding.text).base
    for at, matcher in enumerate(bench.rules[finding.rule].rule.matchers):
        if isinstance(matcher, Terms):
            for index, term in enumerate(matcher.terms):
                if any(bench.together.folder.term(word) in base for word in spellings(term)):
                    return ("matchers", at, "terms", index)
        if isinstance(matcher, Pattern):
            for index, pattern in enumerate(matcher.patterns):
                if Expression(pattern, finding.rule).found(base):
                    return ("matchers", at, "patterns", index)
    return ("matchers",)


def _named(sourced: Sourced, loc: Loc) -> str:
    if len(loc) < 4:
        return f"'{sourced.rule.id}'"
    matcher = sourced.rule.matchers[int(loc[1])]
    words = matcher.terms if isinstance(matcher, Terms) else matcher.patterns if isinstance(matcher, Pattern) else ()
    word = words[int(loc[3])]
    return f"'{word if len(word) <= _LONG else word[: _LONG - 1] + '…'}'"
