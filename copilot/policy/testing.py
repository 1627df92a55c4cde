"""Self-tests of rules: every case of every rule file, judged by that rule alone, then by all rules together.

Public: a third party tests its own rule folder with the loader that the product uses (docs/writing-rules.md). It is
used by ``policy test`` and by pytest, prints nothing and does not need pytest.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from copilot.domain.errors import BadInput
from copilot.domain.fact import Claim, FactKind
from copilot.domain.money import Money
from copilot.domain.verdict import Finding, Severity, Verdict
from copilot.policy.compile import compile_rules
from copilot.policy.context import CheckContext, Expect, Origin, Speaker
from copilot.policy.learned import load_learned
from copilot.policy.load import PolicyFolders, Sourced, open_folders
from copilot.policy.model import Case, ClaimSource, Rule, Situation, Words
from copilot.policy.pack import Pack

Expected = Literal["violates", "allowed"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: what was expected and what the rule saw; ``place`` is file:line."""

    rule: str
    place: str
    text: str
    expected: str
    findings: tuple[Finding, ...]
    said: Words | None

    @property
    def passed(self) -> bool:
        """Whether the rule did what the case says."""
        return self.said is None

    @property
    def problem(self) -> str | None:
        """What went wrong, in English; null for a case that passed."""
        return self.said.en if self.said else None

    def __str__(self) -> str:
        """``file:line: rule: 'text' what went wrong``."""
        return f"{self.place}: {self.rule}: {self.text!r} {self.problem or 'passed'}"


class Bench:
    """The rules of some folders, compiled once for all their cases."""

    def __init__(self, opened: PolicyFolders, cache_dir: Path | None = None) -> None:
        """Reads every rule; raises as loading does. ``cache_dir`` keeps what takes seconds to find out about them."""
        self._opened = opened
        self._cache_dir = cache_dir
        self.rules: dict[str, Sourced] = dict(sorted(opened.rules().items()))
        self._few: frozenset[str] = frozenset()
        self._packs: dict[str, Pack] = {}

    def expect(self, rule_ids: Iterable[str]) -> None:
        """Say which rules will be judged alone: a few of many are compiled without the others."""
        few = frozenset(rule_ids)
        few = few if 2 * len(few) < len(self.rules) else frozenset[str]()
        if few != self._few:
            self._few = few
            self._packs.clear()
            self.__dict__.pop("_those", None)

    @cached_property
    def together(self) -> Pack:
        """All rules as one pack, whatever the pack files say."""
        return self._compiled(self.rules)

    def only_those(self, rule_ids: Collection[str]) -> Pack:
        """A pack in which ``rule_ids`` speak: a few of many without the others, else all rules together."""
        self.expect(rule_ids)
        return self._those if self._few else self.together

    @cached_property
    def _those(self) -> Pack:
        return self._compiled({rule_id: self.rules[rule_id] for rule_id in sorted(self._few)})

    def _compiled(self, chosen: dict[str, Sourced]) -> Pack:
        compiled = compile_rules([sourced.rule for sourced in chosen.values()], self._opened.fold(), chosen)
        domains = {domain for pack, _ in self._opened.packs() for domain in pack.domains}
        learned = load_learned(self._opened.folders)
        pack = Pack(
            "all@test",
            compiled,
            limits={},
            domains=sorted(domains),
            strict=True,
            learned=learned,
            cache_dir=self._cache_dir,
        )
        # A case is to find what a message would find: through the triggers.
        return pack.prepare()

    def only(self, rule_id: str) -> Pack:
        """Some rules, of which this one speaks."""
        if rule_id not in self._packs:
            made = self._those if rule_id in self._few else self.together
            self._packs[rule_id] = made.only(rule_id)
        return self._packs[rule_id]


@dataclass(frozen=True, slots=True)
class RuleCase:
    """One case of a rule, ready to be judged; ``str()`` is a name for test reports."""

    sourced: Sourced
    expected: Expected
    number: int
    """Its place among the violating or the allowed cases, from 0."""
    case: Case
    bench: Bench

    @property
    def rule(self) -> Rule:
        """The rule that it belongs to."""
        return self.sourced.rule

    @property
    def place(self) -> str:
        """``file:line``."""
        document = self.sourced.document
        return f"{document.path}:{document.line(('cases', self.expected, self.number))}"

    def __str__(self) -> str:
        """Rule, expectation and number: ``off_platform.wechat-violates-3``; numbers count from 1."""
        return f"{self.rule.id}-{self.expected}-{self.number + 1}"

    def context(self) -> CheckContext:
        """What the check is told besides the text."""
        return _context(self.case, self.rule)

    def judge(self) -> CaseResult:
        """What the rule alone says about the text."""
        verdict = self.bench.only(self.rule.id).check(self.case.text, self.context())
        findings = tuple(finding for finding in verdict.findings if finding.rule == self.rule.id)
        said = _problem(self.expected, self.case, findings, verdict.not_judged.get(self.rule.id))
        return CaseResult(self.rule.id, self.place, self.case.text, self.expected, findings, said)

    def judge_together(self) -> Verdict:
        """What all rules say about the text."""
        return self.bench.together.check(self.case.text, self.context())


@dataclass(frozen=True, slots=True)
class Crossing:
    """An allowed case of one rule that another rule blocks."""

    case: RuleCase
    finding: Finding


def cases(
    folders: Sequence[Path], only: str | None = None, within: Path | None = None, cache_dir: Path | None = None
) -> list[RuleCase]:
    """Every case of every rule in ``folders``, with names for test reports.

    In a test: ``@pytest.mark.parametrize("case", cases(folders), ids=str)``, then ``assert_case(case)``. ``only`` is a
    rule's id or a family; ``within`` leaves out rules whose file does not lie in that folder, so that a third party's
    rules use the shipped lists and fold tables while only its own cases run; ``cache_dir`` keeps what takes seconds to
    find out about rules. Raises as loading does, ``BadInput`` when nothing is called ``only``.
    """
    bench = Bench(open_folders(folders), cache_dir)
    return _cases(bench, only, within)


def run_cases(
    folders: Sequence[Path], only: str | None = None, within: Path | None = None, cache_dir: Path | None = None
) -> Iterator[CaseResult]:
    """The result of each of ``cases(folders, only, within, cache_dir)``."""
    for case in cases(folders, only, within, cache_dir):
        yield case.judge()


def assert_case(case: RuleCase) -> None:
    """Raise ``AssertionError`` naming file, line and what the rule saw when it does not do what the case says."""
    result = case.judge()
    if not result.passed:
        raise AssertionError(str(result))


def crossings(chosen: Sequence[RuleCase]) -> list[Crossing]:
    """Allowed cases that some other rule blocks, although no violating case of that rule has the same text.

    Not a failure: a text may be fine for one rule and not for another. Often it is an example that nobody could send.
    """
    found: list[Crossing] = []
    for case in chosen:
        if case.expected != "allowed":
            continue
        for finding in case.judge_together().findings:
            other = case.bench.rules.get(finding.rule)
            if other is None or finding.severity is not Severity.BLOCK or finding.rule == case.rule.id:
                continue
            if case.case.text not in {_as_case(item).text for item in other.rule.cases.violates}:
                found.append(Crossing(case, finding))
    return found


def _cases(bench: Bench, only: str | None, within: Path | None) -> list[RuleCase]:
    named = [s for s in bench.rules.values() if only is None or only in (s.rule.id, s.rule.family)]
    if not named:
        from copilot.policy.mistakes import nearest

        near = nearest(only or "", [*bench.rules, *{s.rule.family for s in bench.rules.values()}])
        raise BadInput(f"unknown rule '{only}'", remedy=f"did you mean '{near}'?" if near else "see policy lint")
    inside = within.resolve() if within is not None else None
    chosen = [s for s in named if inside is None or s.document.path.resolve().is_relative_to(inside)]
    bench.expect(sourced.rule.id for sourced in chosen)
    return [case for sourced in chosen for case in cases_of(bench, sourced)]


def cases_of(bench: Bench, sourced: Sourced) -> list[RuleCase]:
    """The cases of one rule of ``bench``."""
    return [
        RuleCase(sourced, expected, number, _as_case(item), bench)
        for expected, items in _groups(sourced.rule)
        for number, item in enumerate(items)
    ]


def _groups(rule: Rule) -> tuple[tuple[Expected, tuple[str | Case, ...]], ...]:
    return ("violates", rule.cases.violates), ("allowed", rule.cases.allowed)


def _as_case(item: str | Case) -> Case:
    return Case(text=item) if isinstance(item, str) else item


def _problem(expected: str, case: Case, findings: tuple[Finding, ...], not_judged: str | None) -> Words | None:
    seen = ", ".join(f"{f.start}–{f.end} '{f.text}'" for f in findings)
    if expected == "allowed":
        quiet = Words(zh=f"不应触发，却看到了 {seen}", en=f"should stay quiet, but saw {seen}")
        return quiet if findings else None
    if not_judged is not None and not findings:
        en = f"could not be judged ({not_judged}): give the case what the rule needs"
        return Words(zh=f"无法判断（{not_judged}）：请在用例里补上规则需要的信息", en=en)
    if not findings:
        return Words(zh="应当触发，却什么也没看到", en="should fire, but saw nothing")
    if case.span is not None and all(finding.text != case.span for finding in findings):
        return Words(zh=f"应当看到“{case.span}”，却看到了 {seen}", en=f"should see '{case.span}', but saw {seen}")
    return None


def _kind_of(rule: Rule) -> FactKind:
    """The kind of the claims of a case: one that the rule looks at."""
    kinds = next((matcher.kinds for matcher in rule.matchers if isinstance(matcher, ClaimSource)), tuple(FactKind))
    return FactKind.STATE if FactKind.STATE in kinds else kinds[0]


def _context(case: Case, rule: Rule) -> CheckContext:
    claims = tuple(
        Claim(kind=_kind_of(rule), start=at, end=at + len(words), text=words, value=words, source=None)
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
        origin=Origin.DRAFT if Origin.DRAFT in rule.scope.origin else rule.scope.origin[0],
        claims=None if rule.only_if is Situation.BARE else claims,
        expects=frozenset(Expect),
        limits={"max_chars": case.max_chars} if case.max_chars is not None else None,
    )
