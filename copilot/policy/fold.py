"""Folding: texts in the forms in which rules look for words, with the way back to the original code points.

Owns views and spans. It knows no rule: which view a term is looked for in is the term's own choice.
"""

import unicodedata
from functools import cached_property

from copilot.policy.tables import Tables

_DROPPED_MARKS = ((0x0300, 0x0370), (0x20D0, 0x2100), (0xFE00, 0xFE10), (0xE0100, 0xE01F0), (0x180B, 0x180F))
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u034f")
_KEPT_IN_TIGHT = frozenset(",。!?;:.\n+¥$€£%()[]【】《》#@/")
_KEPT_CONTROLS = frozenset("\n\t\r")


def _is_mark(code: int) -> bool:
    return any(first <= code < last for first, last in _DROPPED_MARKS)


class _Table(dict[int, str]):
    """A ``str.translate`` table that works out a character the first time it is met."""

    def __missing__(self, code: int) -> str:
        value = self.work_out(chr(code))
        self[code] = value
        return value

    def work_out(self, character: str) -> str:
        raise NotImplementedError


class _BaseTable(_Table):
    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self._tables = tables

    def work_out(self, character: str) -> str:
        if character in _KEPT_CONTROLS:
            return " " if character == "\t" else "\n"
        category = unicodedata.category(character)
        if category in {"Cf", "Cc", "Cn", "Co", "Cs"} or character in _BLANK_LETTERS or _is_mark(ord(character)):
            return ""
        if category in {"Zs", "Zl", "Zp"}:
            return " " if category == "Zs" else "\n"
        own = self._tables.looks_like.get(character)
        if own is not None:
            return own
        return "".join(self._letter(part) for part in unicodedata.normalize("NFKC", character).casefold())

    def _letter(self, character: str) -> str:
        tables = self._tables
        character = tables.looks_like.get(character, character)
        plain = unicodedata.normalize("NFD", character)
        if len(plain) > 1 and plain[0].isascii() and all(_is_mark(ord(mark)) for mark in plain[1:]):
            return plain[0]
        if len(character) == 1 and _is_mark(ord(character)):
            return ""
        return tables.simplified.get(character, character)


class _CompactTable(_Table):
    def work_out(self, character: str) -> str:
        return character if unicodedata.category(character)[0] in "LN" else ""


class _TightTable(_Table):
    """The base view without what people put between characters to hide a word; clauses stay apart."""

    def work_out(self, character: str) -> str:
        if character in _KEPT_IN_TIGHT:
            return character
        return character if unicodedata.category(character)[0] in "LN" else ""


class _SoundTable(_Table):
    """Compact, with emoji read as the word they stand for and every syllable as one character."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self._tables = tables

    def work_out(self, character: str) -> str:
        word = self._tables.emoji.get(character)
        if word is None:
            word = character if unicodedata.category(character)[0] in "LN" else ""
        return "".join(self._tables.homophones.get(part, part) for part in word)


class Folder:
    """Folds texts with the tables of one pack; keeps what it has learnt about single characters."""

    def __init__(self, tables: Tables) -> None:
        """``tables`` are those of the compiled pack."""
        self.tables = tables
        self.base = _BaseTable(tables)
        self.compact = _CompactTable()
        self.tight = _TightTable()
        self.sound = _SoundTable(tables)

    def fold(self, text: str) -> "Folded":
        """``text`` ready to be looked at."""
        return Folded(text, self)

    def term(self, word: str, *, compact: bool = False, sound: bool = False) -> str:
        """A rule's word in the form in which it is looked for."""
        base = word.translate(self.base)
        if sound:
            return base.translate(self.sound)
        return base.translate(self.compact) if compact else base


def _index(text: str, table: _Table) -> list[int]:
    """For each character of the translation the position in ``text`` it comes from."""
    result: list[int] = []
    for position, character in enumerate(text):
        result.extend([position] * len(table[ord(character)]))
    return result


class Folded:
    """One text with its views. Spans are given in the base view and led back to the original on demand."""

    def __init__(self, original: str, folder: Folder) -> None:
        """``original`` is the text as it was written."""
        self.original = original
        self.folder = folder
        self.base = original.translate(folder.base)

    @cached_property
    def compact(self) -> str:
        """The base view without separators, punctuation and symbols."""
        return self.base.translate(self.folder.compact)

    @cached_property
    def tight(self) -> str:
        """The base view without blanks and odd signs between characters, for Chinese patterns."""
        return self.base.translate(self.folder.tight)

    @cached_property
    def sound(self) -> str:
        """The compact view by sound."""
        return self.base.translate(self.folder.sound)

    @cached_property
    def _base_index(self) -> list[int]:
        return _index(self.original, self.folder.base)

    @cached_property
    def _compact_index(self) -> list[int]:
        return _index(self.base, self.folder.compact)

    @cached_property
    def _tight_index(self) -> list[int]:
        return _index(self.base, self.folder.tight)

    @cached_property
    def _sound_index(self) -> list[int]:
        return _index(self.base, self.folder.sound)

    def from_compact(self, start: int, end: int) -> tuple[int, int]:
        """A span of the compact view as a span of the base view."""
        return self._compact_index[start], self._compact_index[end - 1] + 1

    def from_tight(self, start: int, end: int) -> tuple[int, int]:
        """A span of the tight view as a span of the base view."""
        return self._tight_index[start], self._tight_index[end - 1] + 1

    def from_sound(self, start: int, end: int) -> tuple[int, int]:
        """A span of the view by sound as a span of the base view."""
        return self._sound_index[start], self._sound_index[end - 1] + 1

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """A span of the base view as code points of the original, marks that belong to it included."""
        first, last = self._base_index[start], self._base_index[end - 1] + 1
        while last < len(self.original) and _is_mark(ord(self.original[last])):
            last += 1
        return first, last
