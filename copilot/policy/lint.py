"""Static checks of rule, pack and fold files: what is readable and still not good enough to enforce.

A file that cannot be read is a finding as well, so that all of them are told at once. Nothing is printed.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.domain.errors import PolicyFileError
from copilot.domain.verdict import Severity
from copilot.policy.document import Document, read_document
from copilot.policy.lint_across import lint_across
from copilot.policy.lint_rules import LintFinding, lint_rule
from copilot.policy.load import ORDER, PolicyFolders, Sourced, extended, open_folders, rules_of
from copilot.policy.model import FoldFile, Override, PackFile, Rule
from copilot.policy.testing import Bench

__all__ = ["LintFinding", "lint"]

_MODELS: dict[str, type[Rule | PackFile | FoldFile]] = {"rules": Rule, "packs": PackFile, "fold": FoldFile}


def lint(folders: Sequence[Path], within: Path | None = None, cache_dir: Path | None = None) -> list[LintFinding]:
    """Everything to remark about the policy files in ``folders``; with ``within`` only about files in that folder.

    ``cache_dir`` keeps what takes seconds to find out about rules.

    Raises ``BadConfiguration`` when no folder holds rules.
    """
    opened = open_folders(folders)
    inside = within.resolve() if within is not None else None
    findings = _unreadable(opened) or _all(opened, inside, cache_dir)
    return [finding for finding in findings if _lies(finding.file, inside)]


def _lies(file: Path, inside: Path | None) -> bool:
    return inside is None or file.resolve().is_relative_to(inside)


def _all(opened: PolicyFolders, inside: Path | None, cache_dir: Path | None) -> list[LintFinding]:
    try:
        rules = opened.rules()
        packs = opened.packs()
        bench = Bench(opened, cache_dir)
        # Compiling checks patterns, list names and context fields of every rule, in a pack or not.
        _ = bench.together
    except PolicyFileError as error:
        return [_as_finding(error)]
    # A merchant's few rules are published in seconds: the shipped ones have been looked through before.
    chosen = {rule_id: sourced for rule_id, sourced in rules.items() if _lies(sourced.document.path, inside)}
    findings = [finding for sourced in chosen.values() for finding in lint_rule(sourced)]
    findings += _packs(packs, rules)
    findings += lint_across(opened, bench, chosen)
    return findings


def _unreadable(opened: PolicyFolders) -> list[LintFinding]:
    findings: list[LintFinding] = []
    for kind, model in _MODELS.items():
        for path in opened.files(kind):
            try:
                read_document(path).parse(model)
            except PolicyFileError as error:
                findings.append(_as_finding(error))
    return findings


def _as_finding(error: PolicyFileError) -> LintFinding:
    found = re.match(r"(.*?):(\d+): (.*)", str(error), re.DOTALL)
    if found is None:
        return LintFinding(Path("policies"), 1, str(error))
    return LintFinding(Path(found[1]), int(found[2]), found[3])


def _packs(packs: Sequence[tuple[PackFile, Document]], rules: dict[str, Sourced]) -> Iterator[LintFinding]:
    in_packs: set[str] = set()
    for pack, document in packs:
        try:
            in_packs |= {rule.id for rule in rules_of(extended(pack, document, packs, None), document, rules)}
        except PolicyFileError as error:
            yield _as_finding(error)
            continue
        for rule_id, change in pack.rules.items():
            yield from _weakened(rules[rule_id], change, document)
        if document.path.stem.partition("@")[0] != pack.name:
            en, zh = f"the file of pack '{pack.name}' should be {pack.name}.yaml", f"规则包“{pack.name}”的文件名应当是"
            yield LintFinding(document.path, document.line(("name",)), en, zh=f"{zh} {pack.name}.yaml")
    for rule_id, sourced in rules.items():
        if rule_id not in in_packs:
            line = sourced.document.line(("id",))
            en, zh = f"'{rule_id}' is in no pack", f"没有规则包用到“{rule_id}”"
            yield LintFinding(sourced.document.path, line, en, "note", zh)


def _weakened(sourced: Sourced, change: Override, document: Document) -> Iterator[LintFinding]:
    rule = sourced.rule
    if rule.severity is not Severity.BLOCK:
        return
    lower = change.severity is not None and ORDER[change.severity] < ORDER[rule.severity]
    if change.enabled and not lower:
        return
    en_what, zh_what = ("is switched off", "已关闭") if not change.enabled else (f"is only {change.severity}", "已降级")
    line = document.line(("rules", rule.id))
    en, zh = f"'{rule.id}' blocks and {en_what}: {change.reason}", f"拦截规则“{rule.id}”{zh_what}：{change.reason}"
    yield LintFinding(document.path, line, en, "note", zh)
