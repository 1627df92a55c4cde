"""Folding: texts in the forms in which rules look for words, with the way back to the original code points.

Owns views and spans. It knows no rule: which view a term is looked for in is the term's own choice.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property

from copilot.policy.tables import Tables

_DROPPED_MARKS = (
    (0x0300, 0x0370),
    (0x0483, 0x048A),
    (0x20D0, 0x2100),
    (0xFE00, 0xFE10),
    (0xE0100, 0xE01F0),
    (0x180B, 0x180F),
)
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")
_KEPT_IN_TIGHT = frozenset(",。!?;:.\n+¥$€£%()[]【】《》#@/")
_KEPT_CONTROLS = frozenset("\n\t\r")
_FRAMED = re.compile(r"\((\w{1,2})\)|(\d{1,2})[.,]")
# Letters that Unicode keeps apart from the alphabet though a reader does not: squared, small-capital, hooked …
_LETTER_NAME = re.compile(
    r"(?:NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER|CROSSED NEGATIVE SQUARED LATIN CAPITAL LETTER"
    r"|REGIONAL INDICATOR SYMBOL LETTER|LATIN LETTER SMALL CAPITAL|LATIN (?:SMALL|CAPITAL) LETTER SCRIPT"
    r"|LATIN (?:SMALL|CAPITAL) LETTER(?= [A-Z] WITH )) ([A-Z])(?: WITH .*)?"
)


def _is_mark(code: int) -> bool:
    return any(first <= code < last for first, last in _DROPPED_MARKS)


class _Table(dict[int, str]):
    """A ``str.translate`` table that works out a character the first time it is met."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()
        """Characters met so far that do not become exactly one."""

    def __missing__(self, code: int) -> str:
        value = self.work_out(chr(code))
        if len(value) != 1:
            self.uneven.add(chr(code))
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
        if category in {"No", "Nd"} and (digit := unicodedata.digit(character, None)) is not None:
            return str(digit)
        parts = unicodedata.normalize("NFKC", character)
        framed = _FRAMED.fullmatch(parts) if len(parts) > 1 else None
        parts = framed[1] or framed[2] if framed else parts
        return "".join(self._letter(part) for part in parts.casefold())

    def _letter(self, character: str) -> str:
        tables = self._tables
        character = tables.looks_like.get(character, character)
        plain = unicodedata.normalize("NFD", character)
        if len(plain) > 1 and plain[0].isascii() and all(_is_mark(ord(mark)) for mark in plain[1:]):
            return plain[0]
        if len(character) == 1 and _is_mark(ord(character)):
            return ""
        return tables.simplified.get(character) or _named_letter(character) or character


def _named_letter(character: str) -> str | None:
    """The plain letter that the Unicode name of ``character`` speaks of."""
    if len(character) != 1 or character.isascii():
        return None
    found = _LETTER_NAME.fullmatch(unicodedata.name(character, ""))
    return found[1].lower() if found else None


class _CompactTable(_Table):
    def work_out(self, character: str) -> str:
        return character if unicodedata.category(character)[0] in "LN" else ""


_ASCII_DROPPED = bytes(code for code in range(128) if unicodedata.category(chr(code))[0] not in "LN")
"""What the compact view drops of plain ASCII."""


class _TightTable(_Table):
    """The base view without what people put between characters to hide a word; clauses stay apart."""

    def work_out(self, character: str) -> str:
        if character in _KEPT_IN_TIGHT:
            return character
        return character if unicodedata.category(character)[0] in "LN" else ""


_LETTER, _FIGURE, _OTHER, _DROPPED = b"a", b"0", b".", b" "
# The first of a run of letters or of figures is marked; those left unmarked go on with one.
_BEGINNINGS = (
    *((before + _LETTER, before + b"A") for before in (_OTHER, _DROPPED, _FIGURE)),
    *((before + _FIGURE, before + b"Z") for before in (_OTHER, _DROPPED, _LETTER, b"A")),
)
_GLUED = bytes(int(bytes((code,)) in (_LETTER, _FIGURE)) for code in range(256))


class _KindTable(_Table):
    """A letter for each character of the base view: what words and numbers are made of, and what compact drops."""

    def work_out(self, character: str) -> str:
        if character.isascii() and character.isalpha():
            return _LETTER.decode()
        if character.isdecimal():
            return _FIGURE.decode()
        return (_OTHER if unicodedata.category(character)[0] in "LN" else _DROPPED).decode()


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
        self.kinds = _KindTable()

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
    return [position for position, character in enumerate(text) for _ in table[ord(character)]]


def _kept(text: str, left: str, table: _Table) -> Sequence[int]:
    """As ``_index``, for a table that keeps or drops; ``left`` is what it leaves of ``text``."""
    if len(left) == len(text):
        return range(len(text))
    return [position for position, character in enumerate(text) if table[ord(character)]]


class Folded:
    """One text with its views. Spans are given in the base view and led back to the original on demand."""

    def __init__(self, original: str, folder: Folder, base: str | None = None) -> None:
        """``original`` is the text as it was written; ``base`` its base view where that is known already."""
        self.original = original
        self.folder = folder
        self.base = original.translate(folder.base) if base is None else base

    @cached_property
    def compact(self) -> str:
        """The base view without separators, punctuation and symbols."""
        if self.base.isascii():
            # The table would be asked for each character of which nothing stays.
            return self.base.encode().translate(None, _ASCII_DROPPED).decode()
        return self.base.translate(self.folder.compact)

    @cached_property
    def tight(self) -> str:
        """The base view without blanks and odd signs between characters, for Chinese patterns."""
        return self.base.translate(self.folder.tight)

    @cached_property
    def base_bytes(self) -> bytes:
        """The base view in UTF-8."""
        return self.base.encode()

    @cached_property
    def tight_bytes(self) -> bytes:
        """The tight view in UTF-8."""
        return self.tight.encode()

    @cached_property
    def sound(self) -> str:
        """The compact view by sound."""
        return self.base.translate(self.folder.sound)

    def goes_on(self, place: int) -> bool:
        """Whether at ``place`` of the compact view a Latin word or a number of the base view goes on."""
        return bool(self.glued[place])

    @cached_property
    def glued(self) -> bytes:
        """For each place of the compact view, its end included, what ``goes_on`` says; as bytes, zero for no."""
        kinds = _DROPPED + self.base.translate(self.folder.kinds).encode("ascii")
        for before, after in _BEGINNINGS:
            kinds = kinds.replace(before, after)
        return kinds.translate(_GLUED, _DROPPED) + b"\0"

    @cached_property
    def _base_index(self) -> Sequence[int]:
        # Whoever made the base view has asked the table for every character.
        if len(self.base) == len(self.original) and self.folder.base.uneven.isdisjoint(self.original):
            return range(len(self.original))
        return _index(self.original, self.folder.base)

    @cached_property
    def _compact_index(self) -> Sequence[int]:
        return _kept(self.base, self.compact, self.folder.compact)

    @cached_property
    def _tight_index(self) -> Sequence[int]:
        return _kept(self.base, self.tight, self.folder.tight)

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
