"""Static checks of the shipped and a user's own entries, for ``policy lint``.

Owns what a file of entries must hold before it is copied into a shop. Everything is a finding, nothing raises.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ConfigDict, Field

from copilot.domain.base import StrictShape
from copilot.domain.errors import BadConfiguration
from copilot.domain.knowledge import Audience, Entry
from copilot.files import YamlDocument, load_documents, validate
from copilot.knowledge.evidence import FILE, EvidenceFile, load_evidence
from copilot.knowledge.faults import faults_of
from copilot.policy import Pack, load_pack
from copilot.policy.lint_rules import LintFinding
from copilot.policy.presets import Presets, load_presets

FOLDER = "knowledge"
PACK = "generic"
NAMES = ("presets.*.yaml", "staff.*.yaml")


class ShippedEntry(Entry):
    """An entry in a file that people write: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid")


class EntriesFile(StrictShape):
    """A file of entries in one language, ``presets.<language>.yaml`` or ``staff.<language>.yaml``."""

    entries: tuple[ShippedEntry, ...] = Field(min_length=1)


def lint(folders: Sequence[Path], pack: Pack | None = None) -> list[LintFinding]:
    """Everything to remark about the entries in ``folders``; nothing when there are none.

    ``pack`` judges the answers (null: the generic one, which forbids what every platform does).
    """
    files = [file for folder in folders for name in NAMES for file in sorted((folder / FOLDER).glob(name))]
    if not files and not any((folder / FILE).is_file() for folder in folders):
        return []
    try:
        evidence = load_evidence(folders)
    except BadConfiguration as error:
        return [_as_finding(Path(FOLDER), error)]
    try:
        judges = pack or load_pack(PACK, folders), load_presets(folders)
    except BadConfiguration:
        # A rule or preset that cannot be read is told by the part that owns it; entries are then read, not judged.
        judges = None
    return [finding for file in files for finding in _file(file, evidence, judges)]


def _file(file: Path, evidence: EvidenceFile, judges: tuple[Pack, Presets] | None) -> Iterator[LintFinding]:
    try:
        (document,) = load_documents(file)
        entries = validate(document, EntriesFile).entries
    except BadConfiguration as error:
        yield _as_finding(file, error)
        return
    except ValueError:
        yield LintFinding(file, 1, "must hold one document", zh="只能有一份文档")
        return
    yield from _same(file, document, entries)
    kind, language = file.name.split(".")[:2]
    audience = Audience.STAFF if kind == "staff" else Audience.BUYER
    for index, entry in enumerate(entries):
        line = document.line(("entries", index))
        if entry.language != language or entry.audience is not audience:
            where = f"{audience.value}, {language}"
            text = f"{entry.id} belongs into another file: {file.name} is for {where}"
            yield LintFinding(file, line, text, zh=f"{entry.id} 放错了文件：{file.name} 只放 {where}")
        if judges is not None:
            yield from _judged(file, line, entry, evidence, *judges)


def _judged(
    file: Path, line: int, entry: Entry, evidence: EvidenceFile, pack: Pack, presets: Presets
) -> Iterator[LintFinding]:
    for fault in faults_of(entry, pack, evidence.report):
        # A blank is what a preset is for; it is remarked on once the entry stands in a shop.
        if fault.code != "blank":
            text, zh = f"{entry.id}: {fault.words.en}", f"{entry.id}：{fault.words.zh}"
            yield LintFinding(file, line, text, fault.level, zh)
    if (generic := presets.match(entry.answer)) is not None:
        text, zh = f"{entry.id} says only {generic.id!r}", f"{entry.id} 只是通用预设“{generic.id}”"
        yield LintFinding(file, line, text, "note", zh)


def _same(file: Path, document: YamlDocument, entries: Sequence[Entry]) -> Iterator[LintFinding]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.id in seen:
            line, zh = document.line(("entries", index)), f"{entry.id} 在这里出现了两次"
            yield LintFinding(file, line, f"{entry.id} stands here twice", zh=zh)
        seen.add(entry.id)


def _as_finding(file: Path, error: BadConfiguration) -> LintFinding:
    """``error`` as a finding; its message begins with file:line when a file is wrong."""
    head, _, text = str(error).partition(": ")
    place, _, line = head.rpartition(":")
    return LintFinding(Path(place), int(line), text) if line.isdigit() else LintFinding(file, 1, str(error))
