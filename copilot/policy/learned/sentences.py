"""The sentences that the model learns from: policies/learned/sentences, the cases of the rules, everyday messages.

A file ``<family>.<language>.txt`` holds one text a line: ``+`` before one that violates, ``-`` before an allowed one.
Of the everyday messages those in ``agents.*.txt`` are what agents say; the others are said by either side.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.errors import PolicyFileError
from copilot.policy.load import PolicyFolders, open_folders
from copilot.policy.model import Case, Pattern, Situation, Terms, Wording

FOLDER = "learned/sentences"
EVERYDAY = "everyday"
AGENTS = "agents"
"""Ordinary messages that agents say: by these false alarms of rules about agents are counted."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with the family that judged it, or ``EVERYDAY``."""

    text: str
    family: str
    violates: bool


def sentences(folders: Sequence[Path]) -> list[Sentence]:
    """Every sentence, each once, in a stable order; ``PolicyFileError`` for a line without a label."""
    opened = open_folders(folders)
    found = [*_files(opened), *_cases(opened)]
    found += [Sentence(line, AGENTS, False) for line in opened.everyday("agents.*.txt")]
    found += [Sentence(line, EVERYDAY, False) for line in (*opened.everyday(), *_suggestions(opened))]
    return list(dict.fromkeys(found))


def _files(opened: PolicyFolders) -> Iterator[Sentence]:
    for folder in opened.folders:
        for path in sorted((folder / FOLDER).glob("*.txt")):
            family = path.name.partition(".")[0]
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                label, _, text = line.strip().partition(" ")
                if label in {"+", "-"} and text.strip():
                    yield Sentence(text.strip(), family, label == "+")
                elif line.strip() and not line.startswith("#"):
                    remedy = "begin it with '+ ' (violates), '- ' (allowed) or '#' (a comment)"
                    raise PolicyFileError(f"{path}:{number}: a line without a label", remedy=remedy)


def _cases(opened: PolicyFolders) -> Iterator[Sentence]:
    """Cases of rules that judge words alone; what needs a context teaches nothing about wording."""
    for sourced in opened.rules().values():
        rule = sourced.rule
        if rule.only_if not in (None, Situation.BARE) or not all(
            isinstance(m, Terms | Pattern | Wording) for m in rule.matchers
        ):
            continue
        for violates, cases in ((True, rule.cases.violates), (False, rule.cases.allowed)):
            for case in cases:
                yield Sentence(case.text if isinstance(case, Case) else case, rule.family, violates)


def _suggestions(opened: PolicyFolders) -> Iterator[str]:
    """What the rules suggest to say instead must never be held against whoever says it."""
    for sourced in opened.rules().values():
        yield from (sourced.rule.suggestion.zh, sourced.rule.suggestion.en)


def fingerprint(found: Sequence[Sentence]) -> str:
    """A hash over all of it, in which the order does not count."""
    digest = hashlib.sha256()
    for one in sorted(found, key=lambda one: (one.family, one.text, one.violates)):
        digest.update(f"{one.family}\t{one.violates}\t{one.text}\n".encode())
    return digest.hexdigest()
