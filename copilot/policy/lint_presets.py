"""Static checks of preset answers, for ``policy lint``.

A file that cannot be read is a finding like any other: nothing raises, nothing is printed.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.domain.errors import PolicyFileError
from copilot.policy.lint_rules import LintFinding
from copilot.policy.load import PolicyFolders
from copilot.policy.presets import FOLDER, Preset, Presets, load_presets


def lint(folders: Sequence[Path]) -> list[LintFinding]:
    """Everything to remark about the preset answers in ``folders``; nothing when there are none."""
    if not PolicyFolders(tuple(folders)).files(FOLDER):
        return []
    try:
        presets = load_presets(folders)
    except PolicyFileError as error:
        return [_as_finding(error)]
    owners: dict[str, Preset] = {}
    return [found for preset in presets.all for found in _remarks(preset, presets, owners)]


def _remarks(preset: Preset, presets: Presets, owners: dict[str, Preset]) -> Iterator[LintFinding]:
    """What to say about ``preset``; ``owners`` are the forms of those before it, and become its own as well."""
    for index, text in enumerate(preset.texts):
        path, line, keys = preset.document.path, preset.line("texts", index), presets.keys(text)
        if not keys:
            en, zh = f"'{text}' has no letter or digit and is never found", f"“{text}”里没有文字，永远不会命中"
            yield LintFinding(path, line, en, zh=zh)
        other = next((owners[key] for key in keys if key in owners), preset)
        if other.id != preset.id:
            en, zh = f"'{text}' also stands in preset '{other.id}'", f"“{text}”在预设“{other.id}”里也有"
            yield LintFinding(path, line, en, "note", zh)
        owners.update(dict.fromkeys(keys, preset))


def _as_finding(error: PolicyFileError) -> LintFinding:
    found = re.match(r"(.*?):(\d+): (.*)", str(error), re.DOTALL)
    if found is None:
        return LintFinding(Path(FOLDER), 1, str(error))
    return LintFinding(Path(found[1]), int(found[2]), found[3])
