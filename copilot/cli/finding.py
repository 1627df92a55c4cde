"""One thing that ``doctor`` looked at, and its sentence."""

from dataclasses import dataclass
from typing import Literal

from copilot.cli.doctor_words import REMEDIES, WORDS
from copilot.cli.words import Language

_MARKS = {"ok": "✓", "note": "·", "wrong": "✗"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; ``key`` names its sentence, ``note`` is worth knowing, ``wrong`` must be mended."""

    level: Literal["ok", "note", "wrong"]
    key: str
    values: tuple[str, ...] = ()

    def line(self, lang: Language) -> str:
        """The sentence with its mark, and the remedy when there is one."""
        said = f"{_MARKS[self.level]} {WORDS[self.key][lang].format(*self.values)}"
        remedy = REMEDIES.get(self.key)
        return f"{said} → {remedy[lang].format(*self.values)}" if remedy else said
