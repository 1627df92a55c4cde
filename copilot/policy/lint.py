"""Static checks of rule, pack and fold files: what is readable and still not good enough to enforce.

Reading errors are raised as everywhere; this finds what a reader would overlook.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.verdict import Severity
from copilot.policy.compile import compile_rules
from copilot.policy.fold import Folder
from copilot.policy.load import PolicyFolders, Sourced, open_folders, rules_of
from copilot.policy.model import Rule, Terms
from copilot.policy.tables import Tables

LANGUAGES = ("zh", "en")
FEWEST_CASES = 5


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to repair, or with ``level`` "note" only to know; ``line`` counts from 1."""

    file: Path
    line: int
    text: str
    level: str = "error"


def lint(folders: Sequence[Path]) -> list[LintFinding]:
    """Everything to remark about the policy files in ``folders``; raises like loading for files that cannot be read."""
    opened = open_folders(folders)
    rules = opened.rules()
    findings = [finding for sourced in rules.values() for finding in _rule(sourced)]
    findings += _packs(opened, rules)
    # Compiling checks patterns, list names and context fields of every rule, in a pack or not.
    compile_rules([sourced.rule for sourced in rules.values()], opened.fold(), rules)
    return findings


def _rule(sourced: Sourced) -> Iterator[LintFinding]:
    rule, document = sourced.rule, sourced.document

    def error(message: str, *loc: str | int) -> LintFinding:
        return LintFinding(document.path, document.line(loc), message)

    if document.path.stem != rule.id.split(".")[1] or document.path.parent.name != rule.family:
        yield error(f"the file of '{rule.id}' should be {rule.family}/{rule.id.split('.')[1]}.yaml", "id")
    for kind, cases in (("violates", rule.cases.violates), ("allowed", rule.cases.allowed)):
        if len(cases) < FEWEST_CASES:
            yield error(f"{len(cases)} cases under '{kind}', at least {FEWEST_CASES} are needed", "cases", kind)
        texts = [case if isinstance(case, str) else case.text for case in cases]
        for index, text in enumerate(texts):
            if text in texts[:index]:
                yield error("the same case stands twice", "cases", kind, index)
    missing = [language for language in LANGUAGES if language not in rule.languages]
    if missing:
        yield error(f"language {', '.join(missing)} is missing", "languages")
    yield from _terms(rule, error)


def _terms(rule: Rule, error: Callable[..., LintFinding]) -> Iterator[LintFinding]:
    folder = Folder(Tables())
    for at, matcher in enumerate(rule.matchers):
        if not isinstance(matcher, Terms):
            continue
        seen: set[str] = set()
        for index, term in enumerate(matcher.terms):
            folded = folder.term(term)
            if folded in seen:
                yield error(f"term '{term}' stands twice", "matchers", at, "terms", index)
            if not folder.term(term, compact=True):
                yield error(f"term '{term}' has no letter or digit", "matchers", at, "terms", index)
            seen.add(folded)


def _packs(opened: PolicyFolders, rules: dict[str, Sourced]) -> Iterator[LintFinding]:
    in_packs: set[str] = set()
    for pack, document in opened.packs():
        in_packs |= {rule.id for rule in rules_of(pack, document, rules)}
        for rule_id, change in pack.rules.items():
            weakened = not change.enabled and rules[rule_id].rule.severity is Severity.BLOCK
            if weakened:
                text = f"'{rule_id}' blocks and is switched off: {change.reason}"
                yield LintFinding(document.path, document.line(("rules", rule_id)), text, "note")
        if document.path.stem.partition("@")[0] != pack.name:
            text = f"the file of pack '{pack.name}' should be {pack.name}.yaml"
            yield LintFinding(document.path, document.line(("name",)), text)
    for rule_id, sourced in rules.items():
        if rule_id not in in_packs:
            line = sourced.document.line(("id",))
            yield LintFinding(sourced.document.path, line, f"'{rule_id}' is in no pack", "note")
