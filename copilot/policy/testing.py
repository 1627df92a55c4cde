"""Self-tests of rules: every case of every rule file, judged by that rule alone.

Used by the ``policy test`` command and by pytest; it prints nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.fact import Claim, FactKind
from copilot.domain.money import Money
from copilot.domain.verdict import Finding
from copilot.policy.compile import compile_rules
from copilot.policy.context import CheckContext, Expect, Origin, Speaker
from copilot.policy.load import Sourced, open_folders
from copilot.policy.model import Case, FoldFile, Rule, Situation
from copilot.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: what was expected and what the rule saw; ``place`` is file:line."""

    rule: str
    place: str
    text: str
    expected: str
    findings: tuple[Finding, ...]
    problem: str | None

    @property
    def passed(self) -> bool:
        """Whether the rule did what the case says."""
        return self.problem is None


def run_cases(folders: Sequence[Path], only: str | None = None) -> Iterator[CaseResult]:
    """The result of every case of every rule in ``folders`` (or of the rule ``only``)."""
    opened = open_folders(folders)
    fold, rules = opened.fold(), opened.rules()
    chosen = [sourced for rule_id, sourced in sorted(rules.items()) if only in (None, rule_id)]
    packs = _packs([sourced.rule for sourced in chosen], fold, rules)
    for sourced in chosen:
        yield from _run(sourced, packs[sourced.rule.id])


def _packs(rules: list[Rule], fold: FoldFile, sourced: dict[str, Sourced]) -> dict[str, Pack]:
    """One pack per rule, with the tables made only once."""
    compiled = compile_rules(rules, fold, sourced)
    result: dict[str, Pack] = {}
    for at, rule in enumerate(rules):
        literals = {
            view: [[text, 0, matcher] for text, owner, matcher in entries if owner == at]
            for view, entries in compiled["literals"].items()
        }
        alone = {**compiled, "rules": [compiled["rules"][at]], "literals": literals}
        result[rule.id] = Pack(f"{rule.id}@test", alone, limits={}, domains=(), strict=True)
    return result


def _run(sourced: Sourced, pack: Pack) -> Iterator[CaseResult]:
    rule = sourced.rule
    for expected, cases in (("violates", rule.cases.violates), ("allowed", rule.cases.allowed)):
        for index, case in enumerate(cases):
            case = Case(text=case) if isinstance(case, str) else case
            verdict = pack.check(case.text, _context(case, rule))
            findings = tuple(finding for finding in verdict.findings if finding.rule == rule.id)
            line = sourced.document.line(("cases", expected, index))
            yield CaseResult(
                rule=rule.id,
                place=f"{sourced.document.path}:{line}",
                text=case.text,
                expected=expected,
                findings=findings,
                problem=_problem(expected, case, findings),
            )


def _problem(expected: str, case: Case, findings: tuple[Finding, ...]) -> str | None:
    seen = ", ".join(f"{f.start}–{f.end} '{f.text}'" for f in findings)
    if expected == "allowed":
        return f"should stay quiet, but saw {seen}" if findings else None
    if not findings:
        return "should fire, but saw nothing"
    if case.span is not None and all(finding.text != case.span for finding in findings):
        return f"should see '{case.span}', but saw {seen}"
    return None


def _context(case: Case, rule: Rule) -> CheckContext:
    claims = tuple(
        Claim(kind=FactKind.STATE, start=at, end=at + len(words), text=words, value=words, source=None)
        for words in case.ungrounded
        if (at := case.text.find(words)) >= 0
    )
    amount, _, currency = (case.authority or "").partition(" ")
    return CheckContext(
        authority=Money(amount=amount, currency=currency) if case.authority else None,
        text_language=case.language,
        resolved=False if rule.only_if is Situation.UNRESOLVED else None,
        translated=True if rule.only_if is Situation.TRANSLATED else None,
        speaker=rule.scope.speaker[0] if rule.scope.speaker else Speaker.AGENT,
        origin=Origin.DRAFT,
        claims=claims,
        expects=frozenset(Expect),
        limits={"max_chars": case.max_chars} if case.max_chars is not None else None,
    )
