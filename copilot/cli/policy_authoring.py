"""The work behind ``policy test``, ``lint``, ``new`` and ``schema``: for people who write rules.

What people read goes to standard error, what programs read (a path, a schema) to standard output.
"""

import importlib
import importlib.util
import json
import sys
from pathlib import Path

from copilot import assets
from copilot.cli.errors import GATE_FAILED, OK
from copilot.cli.io import note
from copilot.cli.words import language
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.settings import load_settings


def folders_with(folder: Path | None) -> tuple[Path, ...]:
    """The shipped policies, the user's, and ``folder`` on top of them."""
    mine = load_settings().policies_dir
    extra = (folder,) if folder is not None and folder.resolve() not in {path.resolve() for path in mine} else ()
    if folder is not None and folder.resolve() == assets.shipped("policies").resolve():
        extra = ()
    return assets.policy_folders((*mine, *extra))


def run_tests(rule: str | None, folder: Path | None) -> int:
    """Run the cases of all rules (or of ``rule``, a rule or a family) and name each that fails; returns the exit code.

    An allowed case that another rule blocks is told as well, as a note.
    """
    from copilot.policy.testing import cases, crossings

    chosen = cases(folders_with(folder), rule, folder, load_settings().cache_dir)
    if not chosen:
        raise BadConfiguration(f"no cases in {folder or rule}", remedy="see policy lint")
    failed = 0
    for case in chosen:
        result = case.judge()
        if result.said is not None:
            failed += 1
            note(f"{result.place}: {result.rule}: {result.text!r} {result.said.of(language())}")
    crossed = crossings(chosen)
    for crossing in crossed:
        case, finding = crossing.case, crossing.finding
        seen = f"{finding.start}–{finding.end} '{finding.text}'"
        words = {
            "en": f"note: allowed here, but {finding.rule} blocks {seen}",
            "zh": f"提示：这里允许，但 {finding.rule} 会拦截 {seen}",
        }
        note(f"{case.place}: {case.rule.id}: {case.case.text!r} {words[language()]}")
    note(_summary(len({case.rule.id for case in chosen}), len(chosen), failed, len(crossed)))
    return GATE_FAILED if failed else OK


def run_lint(folder: Path | None, *, strict: bool) -> int:
    """Print what each part remarks about its files; returns the exit code. ``strict``: notes are errors as well."""
    folders = folders_with(folder)
    inside = folder.resolve() if folder is not None else None
    errors = notes = 0
    for module in (
        "policy.lint",
        "policy.lint_presets",
        "playbook.lint",
        "model.composer.lint",
        "clock.lint",
        "knowledge.lint",
    ):
        name = f"copilot.{module}"
        if importlib.util.find_spec(name) is None:
            continue
        lint = importlib.import_module(name).lint
        # Rules stand in thousands of comparisons: those outside the folder need none.
        more = {"within": inside, "cache_dir": load_settings().cache_dir} if module == "policy.lint" else {}
        for finding in lint(folders, **more):
            if inside is not None and not finding.file.resolve().is_relative_to(inside):
                continue
            is_note = getattr(finding, "level", "error") == "note"
            notes, errors = notes + is_note, errors + (not is_note)
            note(f"{finding.file}:{finding.line}: {_LEVEL[language()][is_note]} {_said(finding)}")
    words = {
        "en": f"{_count(errors, 'error')}, {_count(notes, 'note')}",
        "zh": f"{errors} 个错误，{notes} 条提示",
    }
    note(words[language()])
    return GATE_FAILED if errors or (strict and notes) else OK


def _summary(rules: int, number: int, failed: int, notes: int) -> str:
    return {
        "en": f"{_count(rules, 'rule')}, {_count(number, 'case')}, {failed} failed, {_count(notes, 'note')}",
        "zh": f"{rules} 条规则，{number} 个用例，{failed} 个失败，{notes} 条提示",
    }[language()]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


_LEVEL = {"en": ("error:", "note:"), "zh": ("错误：", "提示：")}


def _said(finding: object) -> str:
    chinese = getattr(finding, "zh", None) if language() == "zh" else None
    return str(chinese or getattr(finding, "text", finding))


def write_new(rule: str, folder: Path | None, *, copy: bool) -> int:
    """Write a new rule file and print its path; returns the exit code."""
    from copilot.policy.load import open_folders
    from copilot.policy.mistakes import nearest
    from copilot.policy.new import rule_path, write_rule

    mine = load_settings().policies_dir
    target = folder or (mine[0] if mine else Path("policies"))
    rule_path(target, rule)
    opened = open_folders(assets.policy_folders(mine))
    known = opened.rules()
    if copy and rule not in known:
        near = nearest(rule, list(known))
        raise BadInput(f"unknown rule '{rule}'", remedy=f"did you mean '{near}'?" if near else "leave out --copy")
    if rule in known and not copy:
        remedy = "choose another id, add --copy to replace that rule, or change its severity in a pack"
        raise BadInput(f"'{rule}' is there already: {known[rule].document.path}", remedy=remedy)
    family = rule.partition(".")[0]
    families = sorted({sourced.rule.family for sourced in known.values()})
    copy_of = known[rule].document.path.read_text(encoding="utf-8") if copy else None
    path = write_rule(target, rule, schema_text("rule"), shipped=_own_schema(target), copy_of=copy_of)
    sys.stdout.write(f"{path}\n")
    if family not in families:
        note(_no_pack(family, families))
    note(_next(target, rule))
    return OK


def _own_schema(target: Path) -> Path | None:
    """The schema of a checkout whose own policies ``target`` is: there it stands with the documents."""
    if target.resolve() != assets.shipped("policies").resolve():
        return None
    return assets.shipped("schemas", in_checkout="docs/schemas") / "rule.json"


def _no_pack(family: str, families: list[str]) -> str:
    return {
        "en": f"family '{family}' is new: a pack has to name it (known: {', '.join(families)})",
        "zh": f"类别“{family}”是新的：需要在规则包里写上它（已有：{'、'.join(families)}）",
    }[language()]


def _next(target: Path, rule: str) -> str:
    command = f"reply-copilot policy test {rule} --folder {target}"
    return {
        "en": f"fill in every TODO, then run: {command}",
        "zh": f"把每个 TODO 填好，然后运行：{command}",
    }[language()]


def schema_text(kind: str) -> str:
    """The JSON Schema of files of ``kind`` as it stands in its file."""
    from copilot.policy.schema import schema

    return json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"


def print_schema(kind: str) -> int:
    """Print the schema of ``kind``; returns the exit code."""
    sys.stdout.write(schema_text(kind))
    return OK
