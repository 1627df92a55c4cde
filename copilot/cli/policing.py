"""The work behind ``policy``: reads lines, asks the policy package, prints what it says.

Verdicts go to standard output as JSONL; everything for people goes to standard error.
"""

import importlib
import importlib.util
from datetime import date
from pathlib import Path

from pydantic import Field

from copilot import assets
from copilot.cli.errors import GATE_FAILED, OK
from copilot.cli.io import BadLine, note, write_json
from copilot.cli.rejects import Rejects
from copilot.cli.texts import read_texts
from copilot.cli.words import language
from copilot.domain.base import Shape
from copilot.domain.clock import SystemClock
from copilot.domain.errors import BadConfiguration
from copilot.domain.fact import Claim
from copilot.domain.issue import Issue
from copilot.domain.verdict import Decision
from copilot.policy import CheckContext, Expect, Origin, Pack, Speaker, load_pack
from copilot.settings import Settings, load_settings

_WEIGHT = {Decision.PASS: 0, Decision.WARN: 1, Decision.BLOCK: 2}


class CheckLine(Shape):
    """One line for ``policy check``; what is left out is not judged."""

    text: str
    speaker: Speaker = Speaker.AGENT
    origin: Origin = Origin.HUMAN
    language: str | None = None
    issue: Issue | None = None
    expects: frozenset[Expect] | None = None
    claims: tuple[Claim, ...] | None = None
    limits: dict[str, int] = Field(default_factory=dict)

    def context(self, lang: str | None) -> CheckContext:
        """What the check is told besides the text."""
        return CheckContext(
            speaker=self.speaker,
            origin=self.origin,
            issue=self.issue,
            language=lang or self.language,
            claims=self.claims,
            expects=self.expects,
            limits=self.limits or None,
        )


def check_lines(source: str, *, pack: str, fail_on: str | None, lang: str | None) -> int:
    """Print one verdict per line of ``source``; returns the exit code."""
    settings = load_settings()
    loaded = _load(pack, settings)
    gate = _WEIGHT[Decision(fail_on)] if fail_on else len(_WEIGHT)
    worst = 0
    with Rejects() as rejects:
        for line in read_texts(source, CheckLine):
            if isinstance(line, BadLine):
                rejects.add(line)
                continue
            verdict = loaded.check(line.text, line.context(lang))
            rejects.accept()
            worst = max(worst, _WEIGHT[verdict.decision])
            write_json(verdict)
    if rejects.exit_code != OK:
        return rejects.exit_code
    return GATE_FAILED if worst >= gate else OK


def _load(pack: str, settings: Settings) -> Pack:
    folders = assets.policy_folders(settings.policies_dir)
    today = SystemClock().now().date()
    values = _profile_values(pack.partition("@")[0], folders, today)
    return load_pack(pack, folders, at=today, cache_dir=settings.cache_dir, profile_values=values)


def _profile_values(name: str, folders: tuple[Path, ...], today: date) -> dict[str, int]:
    """The limit of the platform's profile that packs name; none where the platform publishes none."""
    from copilot.clock.profiles import load_profile, profile_names

    if name not in profile_names(folders):
        return {}
    number = load_profile(name, folders, today).limits.max_chars
    return {} if number is None else {"message.max_chars": number.whole}


def run_tests(rule: str | None) -> int:
    """Run the cases of all rules (or of ``rule``) and name each that fails; returns the exit code."""
    from copilot.policy.testing import run_cases

    rules: set[str] = set()
    total = failed = 0
    for result in run_cases(assets.policy_folders(load_settings().policies_dir), rule):
        total += 1
        rules.add(result.rule)
        if not result.passed:
            failed += 1
            note(f"{result.place}: {result.rule}: {result.text!r} {result.problem}")
    if rule is not None and not total:
        raise BadConfiguration(f"rule '{rule}' is unknown or has no cases", remedy="see policy explain")
    words = {
        "en": f"{len(rules)} rules, {total} cases, {failed} failed",
        "zh": f"{len(rules)} 条规则,{total} 个用例,{failed} 个失败",
    }
    note(words[language()])
    return GATE_FAILED if failed else OK


def run_lint() -> int:
    """Print what each package remarks about its files; returns the exit code."""
    folders = assets.policy_folders(load_settings().policies_dir)
    errors = notes = 0
    for package in ("policy", "playbook", "clock"):
        name = f"copilot.{package}.lint"
        if importlib.util.find_spec(name) is None:
            continue
        for finding in importlib.import_module(name).lint(folders):
            is_note = getattr(finding, "level", "error") == "note"
            notes, errors = notes + is_note, errors + (not is_note)
            note(f"{finding.file}:{finding.line}: {'note' if is_note else 'error'}: {finding.text}")
    note({"en": f"{errors} errors, {notes} notes", "zh": f"{errors} 个错误,{notes} 条提示"}[language()])
    return GATE_FAILED if errors else OK


def explain_rule(rule: str) -> int:
    """Print the rule as one JSON object; returns the exit code."""
    from copilot.policy.explain import explain

    write_json(explain(rule, assets.policy_folders(load_settings().policies_dir)))
    return OK
