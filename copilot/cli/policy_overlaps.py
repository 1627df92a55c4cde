"""The work behind ``policy lint --overlaps``: which scenes of a playbook take turns from one another."""

from pathlib import Path

from copilot.cli.errors import OK
from copilot.cli.io import note
from copilot.cli.policy_authoring import folders_with
from copilot.cli.words import language
from copilot.playbook.overlaps import overlaps

_WORDS = {
    "en": ("note:", "no scenes overlap", "{} pairs of scenes overlap", "1 pair of scenes overlaps"),
    "zh": ("提示：", "没有互相重叠的场景", "{} 对场景互相重叠", "1 对场景互相重叠"),
}


def tell_overlaps(folder: Path | None) -> int:
    """Print the pairs in ``folder``, or in everything; returns the exit code, for none of them is a mistake."""
    level, nothing, several, single = _WORDS[language()]
    inside = folder.resolve() if folder is not None else None
    found = [
        one for one in overlaps(folders_with(folder)) if inside is None or one.file.resolve().is_relative_to(inside)
    ]
    for one in found:
        note(f"{one.file}:{one.line}: {level} {one.zh if language() == 'zh' else one.text}")
    note(nothing if not found else single if len(found) == 1 else several.format(len(found)))
    return OK
