"""What can be remarked about one rule file by itself: names, cases, languages, words, patterns.

Looks at no other file; ``lint_across`` compares rules, ``lint`` puts everything together.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from copilot.policy.batch.literals import clauses
from copilot.policy.expand import spellings
from copilot.policy.fold import Folder
from copilot.policy.load import Sourced
from copilot.policy.model import Case, Pattern, Rule, Terms, View, Words
from copilot.policy.tables import Tables

LANGUAGES = ("zh", "en")
FEWEST_CASES = 5
FEWEST_NEAR = 2
PLACEHOLDER = "TODO"
"""What ``policy new`` writes where a person has to write."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PIECES = re.compile(r"[\u4e00-\u9fff]+|[a-z][a-z']{2,}")
_DISTINCT = re.compile(r"[^\x00-\x7f]|[a-z]{2}|\d{2}")
_SAME_SPELLING = {View.BASE, View.COMPACT}


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to repair, or with ``level`` "note" only to know; ``line`` counts from 1.

    ``text`` is English, ``zh`` the same in Chinese.
    """

    file: Path
    line: int
    text: str
    level: str = "error"
    zh: str | None = None


Remark = Callable[..., LintFinding]


def remark(sourced: Sourced, level: str = "error") -> Remark:
    """A maker of findings about ``sourced``: ``(en, zh, *loc)``."""

    def make(en: str, zh: str, *loc: str | int) -> LintFinding:
        return LintFinding(sourced.document.path, sourced.document.line(loc), en, level, zh)

    return make


def text_of(case: str | Case) -> str:
    """The text of a case, however it is written."""
    return case if isinstance(case, str) else case.text


def lint_rule(sourced: Sourced) -> Iterator[LintFinding]:
    """Everything to remark about one rule file."""
    rule, error, note = sourced.rule, remark(sourced), remark(sourced, "note")
    name, folder = rule.id.split(".")[1], sourced.document.path.parent.name
    if sourced.document.path.stem != name or folder != rule.family:
        place = f"{rule.family}/{name}.yaml"
        yield error(f"the file of '{rule.id}' should be {place}", f"“{rule.id}”的文件应当是 {place}", "id")
    yield from _placeholders(sourced)
    yield from _languages(rule, error)
    yield from _cases(rule, error, note)
    yield from _terms(rule, error)
    yield from _patterns(rule, error)
    yield from _allow(rule, note)


def _placeholders(sourced: Sourced) -> Iterator[LintFinding]:
    error, document = remark(sourced), sourced.document

    def walk(value: object, *loc: str | int) -> Iterator[LintFinding]:
        if isinstance(value, str) and PLACEHOLDER in value:
            where = ".".join(str(part) for part in loc)
            yield error(f"{where} is still to be written ({PLACEHOLDER})", f"{where} 还没有写（{PLACEHOLDER}）", *loc)
        elif isinstance(value, dict):
            for key, inner in cast("dict[str, object]", value).items():
                yield from walk(inner, *loc, key)
        elif isinstance(value, list):
            for at, inner in enumerate(cast("list[object]", value)):
                yield from walk(inner, *loc, at)

    yield from walk(document.data)


def _languages(rule: Rule, error: Remark) -> Iterator[LintFinding]:
    missing = ", ".join(language for language in LANGUAGES if language not in rule.languages)
    if missing:
        yield error(f"language {missing} is missing", f"缺少语言 {missing}", "languages")
    for key, words in (("reason", rule.reason), ("suggestion", rule.suggestion)):
        yield from _in_its_language(key, words, error)


def _in_its_language(key: str, words: Words, error: Remark) -> Iterator[LintFinding]:
    if PLACEHOLDER in words.zh + words.en:
        return
    if not _HAN.search(words.zh):
        yield error(f"{key}.zh has no Chinese in it", f"{key}.zh 里没有中文", key, "zh")
    if not words.en.strip() or len(_HAN.findall(words.en)) > len(words.en) // 2:
        yield error(f"{key}.en is not English", f"{key}.en 不是英文", key, "en")


def _cases(rule: Rule, error: Remark, note: Remark) -> Iterator[LintFinding]:
    groups = {"violates": rule.cases.violates, "allowed": rule.cases.allowed}
    for kind, cases in groups.items():
        if len(cases) < FEWEST_CASES:
            en = f"{len(cases)} cases under '{kind}', at least {FEWEST_CASES} are needed"
            yield error(en, f"“{kind}”下只有 {len(cases)} 个用例，至少要 {FEWEST_CASES} 个", "cases", kind)
        texts = [text_of(case) for case in cases]
        for index, text in enumerate(texts):
            if text in texts[:index]:
                yield error("the same case stands twice", "同一个用例写了两遍", "cases", kind, index)
    violating = {text_of(case) for case in rule.cases.violates if isinstance(case, str)}
    for index, case in enumerate(rule.cases.allowed):
        if case in violating:
            en, zh = "the same case violates and is allowed", "同一个用例既算违规又算允许"
            yield error(en, zh, "cases", "allowed", index)
    if len(rule.cases.allowed) >= FEWEST_CASES and _near_misses(rule) < FEWEST_NEAR:
        en = f"fewer than {FEWEST_NEAR} allowed cases share a word with what the rule looks for: add near misses"
        yield note(en, f"允许的用例里和规则用词沾边的不到 {FEWEST_NEAR} 个：请补充容易误伤的例子", "cases", "allowed")


def _near_misses(rule: Rule) -> int:
    if not any(isinstance(matcher, Terms | Pattern) for matcher in rule.matchers):
        return FEWEST_NEAR
    words = {word for case in rule.cases.violates for word in _pieces(text_of(case))}
    return sum(not words.isdisjoint(_pieces(text_of(case))) for case in rule.cases.allowed)


def _pieces(text: str) -> set[str]:
    """Latin words, and pairs of neighbouring Han characters."""
    found: set[str] = set()
    for piece in _PIECES.findall(text.lower()):
        found |= {piece} if piece[0].isascii() else {piece[at : at + 2] for at in range(len(piece) - 1)}
    return found


def _terms(rule: Rule, error: Remark) -> Iterator[LintFinding]:
    folder = Folder(Tables())
    for at, matcher in enumerate(rule.matchers):
        if not isinstance(matcher, Terms):
            continue
        seen: set[str] = set()
        for index, term in enumerate(matcher.terms):
            folded = {folder.term(word) for word in spellings(term)}
            if folded <= seen:
                yield error(f"term '{term}' stands twice", f"词“{term}”写了两遍", "matchers", at, "terms", index)
            if not any(unicodedata.category(character)[0] in "LNS" for character in term):
                en, zh = f"term '{term}' has no letter, digit or sign", f"词“{term}”里没有文字、数字或符号"
                yield error(en, zh, "matchers", at, "terms", index)
            seen |= folded


def _patterns(rule: Rule, error: Remark) -> Iterator[LintFinding]:
    for at, matcher in enumerate(rule.matchers):
        if not isinstance(matcher, Pattern):
            continue
        for index, pattern in enumerate(matcher.patterns):
            loc = ("matchers", at, "patterns", index)
            if pattern in matcher.patterns[:index]:
                yield error("the same pattern stands twice", "同一个表达式写了两遍", *loc)
            if not any(_names_something(words) for words in clauses(pattern)):
                en = "no word must stand in every match of this pattern: name one, or a small choice of them"
                yield error(en, "这个表达式没有必须出现的字词：请写上一个，或给出几个可选的", *loc)


def _names_something(words: frozenset[str]) -> bool:
    """Whether ``words`` are more than a class of letters, digits or signs."""
    return any(map(_DISTINCT.search, words)) or (len(words) == 1 and any(map(str.isalnum, next(iter(words)))))


def _allow(rule: Rule, note: Remark) -> Iterator[LintFinding]:
    """Allow-literals that touch none of the terms; other matchers, and terms by sound, may match anything."""
    matchers = [matcher for matcher in rule.matchers if isinstance(matcher, Terms)]
    if len(matchers) < len(rule.matchers) or any(set(matcher.views) - _SAME_SPELLING for matcher in matchers):
        return
    folder = Folder(Tables())
    terms = [folder.term(word, compact=True) for m in matchers for term in m.terms for word in spellings(term)]
    for index, literal in enumerate(rule.allow):
        folded = folder.term(literal, compact=True)
        if not any(_touch(folded, term) for term in terms):
            en = f"'{literal}' touches no term and can never apply"
            yield note(en, f"“{literal}”和任何词都不重叠，永远用不上", "allow", index)


def _touch(allow: str, term: str) -> bool:
    """Whether an allow-literal can overlap a match of ``term`` without being a piece inside it."""
    if term in allow:
        return True
    shorter = range(1, min(len(allow), len(term)))
    return any(allow.endswith(term[:size]) or allow.startswith(term[-size:]) for size in shorter)
