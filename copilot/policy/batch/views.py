"""A folded batch: the base, tight and compact views of many texts as one, and each text's own on demand."""

import unicodedata
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from copilot.policy.batch.gates import CLOSERS, DOTS, PATHS
from copilot.policy.batch.points import BREAK, PointFlags, Points, PointTable, joined
from copilot.policy.fold import Folded, Folder

LATIN, DIGIT, FIGURE, SIGN, DOT, PATH, TIGHT, COMPACT = (1 << bit for bit in range(8))
"""What a character of the base view is.

``DOT`` marks an address before a letter, ``PATH`` by itself; ``DOT`` with ``PATH`` is a closing bracket. ``TIGHT`` and
``COMPACT`` say which views keep it.
"""
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]


class BatchFolder:
    """Folds batches with the tables of one pack."""

    def __init__(self, folder: Folder, figures: str, signs: str) -> None:
        """``figures`` are characters for digits besides the digits, ``signs`` the marks that triggers look for."""
        self.folder = folder
        self.base = PointTable(lambda character: character.translate(folder.base))
        self.flags = PointFlags(self._flags)
        self._figures, self._signs = frozenset(figures), frozenset(signs)

    def fold(self, texts: list[str]) -> "Views":
        """``texts`` folded."""
        return Views(texts, joined(texts, self.base), self)

    def _flags(self, character: str) -> int:
        flags = LATIN if character.isascii() and character.isalpha() else 0
        if character.isdecimal():
            flags |= DIGIT
        if character.isdecimal() or character in self._figures:
            flags |= FIGURE
        if character in self._signs:
            flags |= SIGN
        if character in DOTS or character in CLOSERS:
            flags |= DOT
        if character in PATHS or character in CLOSERS:
            flags |= PATH
        if unicodedata.category(character)[0] in "LN":
            return flags | TIGHT | COMPACT
        return flags | TIGHT if character.translate(self.folder.tight) else flags


class Views:
    """Many folded texts."""

    def __init__(self, texts: list[str], base: Points, folder: BatchFolder) -> None:
        """``base`` is the base view of ``texts``, a ``BREAK`` behind each."""
        self.texts = texts
        self.base = base
        self._folder = folder.folder
        self.flags = folder.flags.of(base)
        self.ends = np.flatnonzero(base == BREAK)
        """Where each text ends in the base view."""

    @cached_property
    def kept(self) -> Mask:
        """Which characters of the base view the compact view keeps; breaks are kept."""
        mask = (self.flags & COMPACT) != 0
        mask[self.ends] = True
        return mask

    @cached_property
    def glued(self) -> NDArray[np.uint8]:
        """For each character of the compact view 1 where it continues a Latin word or a number of the base view."""
        flags = self.flags & (LATIN | DIGIT)
        glued = np.zeros(len(flags), dtype=np.bool_)
        np.not_equal(flags[1:] & flags[:-1], 0, out=glued[1:])
        return glued[self.kept].view(np.uint8)

    @cached_property
    def compact(self) -> Points:
        """The compact view, a ``BREAK`` behind each text."""
        return self.base[self.kept]

    @cached_property
    def breaks(self) -> Places:
        """Where each text ends in the compact view."""
        return np.flatnonzero(self.compact == BREAK)

    @cached_property
    def _tight(self) -> Mask:
        """Which characters of the base view the tight view keeps; breaks are kept."""
        mask = (self.flags & TIGHT) != 0
        mask[self.ends] = True
        return mask

    def spelled_out(self) -> tuple[Places, Points, Mask]:
        """The texts in which the tight view joins Latin letters that stand apart, by number.

        With their tight views, a ``BREAK`` behind each, and which characters of those are Latin letters. Plain ASCII
        has no tight view.
        """
        kept = np.flatnonzero(self._tight)
        latin = (self.flags[kept] & LATIN) != 0
        joins = np.flatnonzero(latin[1:] & latin[:-1] & (np.diff(kept) > 1))
        found: list[int] = np.unique(np.searchsorted(self.ends, kept[joins])).tolist()
        texts = np.array([text for text in found if not self.texts[text].isascii()], dtype=np.int64)
        chosen = np.zeros(len(self.ends), dtype=np.bool_)
        chosen[texts] = True
        places = kept[np.repeat(chosen, np.diff(self.ends, prepend=-1))[kept]] if len(texts) else texts
        return texts, self.base[places], (self.flags[places] & LATIN) != 0

    def folded(self, at: int) -> Folded:
        """The text at ``at``."""
        return _Piece(self, at, self._folder)

    @cached_property
    def bases(self) -> list[str]:
        """The base view of each text."""
        return _texts(self.base)

    @cached_property
    def base_bytes(self) -> list[bytes]:
        """The base view of each text in UTF-8."""
        return _encoded(self.base)

    @cached_property
    def tight_bytes(self) -> dict[int, bytes]:
        """By the number of a text its tight view in UTF-8, where that is another than the base view and looked at."""
        sizes = np.diff(self.ends, prepend=-1)
        dropped = np.add.reduceat(~self._tight, self.ends - sizes + 1, dtype=np.int32)
        texts = [text for text in np.flatnonzero(dropped).tolist() if not self.texts[text].isascii()]
        chosen = np.zeros(len(self.ends), dtype=np.bool_)
        chosen[texts] = True
        tights = _encoded(self.base[self._tight & np.repeat(chosen, sizes)])
        return dict(zip(texts, tights, strict=False))

    @cached_property
    def compacts(self) -> list[str]:
        """The compact view of each text."""
        return _texts(self.compact)

    @cached_property
    def tights(self) -> list[str]:
        """The tight view of each text."""
        return _texts(self.base[self._tight])


class _Piece(Folded):
    """One text of a batch, with the views that the batch has made."""

    def __init__(self, views: Views, at: int, folder: Folder) -> None:
        super().__init__(views.texts[at], folder, views.bases[at])
        self._views, self._at = views, at

    @cached_property
    def compact(self) -> str:
        return self._views.compacts[self._at]

    @cached_property
    def tight(self) -> str:
        return self._views.tights[self._at]


def _encoded(points: Points) -> list[bytes]:
    return points.tobytes().decode("utf-32-le").encode().split(b"\x01")


def _texts(points: Points) -> list[str]:
    return points.tobytes().decode("utf-32-le", "surrogatepass").split("\x01")
