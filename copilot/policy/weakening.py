"""What a merchant's own rules take away from what the deployment blocks: switched off, made milder, made blind.

Compares two sets of folders for one pack; decides nothing about who may do that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from copilot.domain.errors import BadConfiguration
from copilot.domain.verdict import Decision, Severity
from copilot.policy.document import Document
from copilot.policy.load import PolicyFolders, Sourced, choose_pack, open_folders, rules_of
from copilot.policy.model import PackFile, Rule
from copilot.policy.pack import Pack
from copilot.policy.testing import Bench, cases_of

How = Literal["off", "milder", "blind"]


@dataclass(frozen=True, slots=True)
class Weakened:
    """A blocking rule of the deployment that blocks less.

    ``how``: it is ``off``, it is ``milder`` (warns or tells), or it is ``blind`` (texts of its own cases that were
    blocked no longer are). ``reason`` is what the pack gives, ``place`` the file:line where to look.
    """

    rule: str
    how: How
    reason: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A pack as files say it, with its rules by id as it enforces them."""

    pack: PackFile
    document: Document
    rules: dict[str, Rule]
    sourced: dict[str, Sourced]


def edition(folders: Sequence[Path], name: str, at: date | None) -> Edition:
    """The pack ``name`` in force on ``at``; raises as loading does."""
    opened = open_folders(folders)
    pack, document = choose_pack(opened.packs(), name, at)
    sourced = opened.rules()
    return Edition(pack, document, {rule.id: rule for rule in rules_of(pack, document, sourced)}, sourced)


def base_name(folders: Sequence[Path], name: str, platform: str, at: date | None, otherwise: str) -> str:
    """The deployment's pack that a merchant's pack ``name`` has to hold to: its own, its platform's, ``otherwise``."""
    packs = open_folders(folders).packs()
    for known in (name, platform):
        try:
            choose_pack(packs, known, at)
        except BadConfiguration:
            continue
        return known
    return otherwise


def weakened(
    base: Edition, new: Edition, before: Pack, after: Pack, folders: Sequence[Path], cache_dir: Path | None = None
) -> Iterator[Weakened]:
    """Every rule of ``base`` that blocks and blocks less in ``new``; ``before`` and ``after`` are the two packs, ready.

    ``folders`` are those of ``base``: its rules' own violating cases are judged by both. ``cache_dir`` keeps what takes
    seconds to find out about rules.
    """
    bench = Bench(PolicyFolders(tuple(folder for folder in folders if folder.is_dir())), cache_dir)
    alike = before.judges_alike(after)
    for rule_id, rule in base.rules.items():
        if rule.severity is not Severity.BLOCK:
            continue
        now = new.rules.get(rule_id)
        if now is None:
            yield _told(new, rule_id, "off")
        elif now.severity is not Severity.BLOCK:
            yield _told(new, rule_id, "milder")
        elif not (alike and now == rule) and _blind(bench, rule_id, before, after):
            yield _told(new, rule_id, "blind")


def _told(new: Edition, rule_id: str, how: How) -> Weakened:
    change, sourced = new.pack.rules.get(rule_id), new.sourced.get(rule_id)
    if change is not None:
        return Weakened(rule_id, how, change.reason, f"{new.document.path}:{new.document.line(('rules', rule_id))}")
    if how != "off" and sourced is not None:
        line = sourced.document.line(("severity",) if how == "milder" else ("matchers",))
        return Weakened(rule_id, how, None, f"{sourced.document.path}:{line}")
    return Weakened(rule_id, how, None, f"{new.document.path}:{new.document.line(('families',))}")


def _blind(bench: Bench, rule_id: str, before: Pack, after: Pack) -> bool:
    for case in cases_of(bench, bench.rules[rule_id]):
        if case.expected != "violates":
            continue
        context = case.context()
        if before.check(case.case.text, context).decision is not Decision.BLOCK:
            continue
        if after.check(case.case.text, context).decision is not Decision.BLOCK:
            return True
    return False
