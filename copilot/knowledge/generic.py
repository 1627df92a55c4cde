"""What people are told of an answer they store: that it is still a generic preset, or has a blank to fill in.

The judging is ``policy/presets.py``'s, the same as behind ``policy lint --answers``.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

from copilot.domain.base import Shape
from copilot.domain.knowledge import Entry
from copilot.knowledge.blanks import blanks_of
from copilot.policy.presets import Presets, load_presets

Language = Literal["zh", "en"]


class Hint(Shape):
    """Something to improve in an entry, in the reader's language; it was stored all the same."""

    code: Literal["generic_preset", "blank"]
    id: str
    language: str
    text: str


@lru_cache(maxsize=4)
def generic_answers(folders: tuple[Path, ...]) -> Presets:
    """The generic answers in ``folders``; slow the first time."""
    return load_presets(folders)


def hints_of(entry: Entry, presets: Presets, language: Language) -> Iterator[Hint]:
    """Everything to improve in ``entry``."""
    preset = presets.match(entry.answer)
    if preset is not None:
        known = {
            "zh": f"仍是通用预设“{preset.id}”，没有说到本店的内容；{preset.remedy.zh}",
            "en": f"is the generic preset '{preset.id}', which says nothing about this shop; {preset.remedy.en}",
        }
        yield Hint(code="generic_preset", id=entry.id, language=entry.language, text=known[language])
    blanks = ", ".join(blanks_of(entry.answer))
    if blanks:
        known = {
            "zh": f"还有空没填：{blanks}；填好以前不会用于草稿",
            "en": f"has blanks to fill in: {blanks}; no draft uses it before",
        }
        yield Hint(code="blank", id=entry.id, language=entry.language, text=known[language])
