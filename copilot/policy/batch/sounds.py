"""Terms by sound in a whole batch: which texts are worth a closer look, by two sounds of a term that are neighbours."""

from collections.abc import Sequence

import numpy as np

from copilot.policy.batch.points import BREAK, PointTable
from copilot.policy.batch.views import Views
from copilot.policy.fold import Folder


class SoundPairs:
    """Texts in which two sounds of a literal by sound are neighbours: cheap, and enough to look closer."""

    def __init__(self, folder: Folder, pairs: Sequence[str]) -> None:
        """``pairs`` hold at least one of every literal; a literal of one sound makes every text one to look at."""
        self._single = any(len(pair) < 2 for pair in pairs)
        self._sounds = PointTable(lambda character: character.translate(folder.sound))
        sounds = sorted({ord(character) for pair in pairs for character in pair})
        self._size = len(sounds) + 1
        self._code = np.zeros(max(sounds, default=0) + 2, dtype=np.uint16)
        self._code[sounds] = np.arange(1, self._size)
        self._pairs = np.zeros(self._size * self._size, dtype=np.bool_)
        for pair in pairs:
            first, second = (int(self._code[ord(character)]) for character in (pair[0], pair[-1]))
            self._pairs[first * self._size + second] = True

    def texts(self, views: Views) -> list[int]:
        """The places of the texts to look at."""
        if self._single:
            return list(range(len(views.texts)))
        points = self._sounds.apply(views.base)
        codes = self._code.take(points, mode="clip").astype(np.int64)
        hits = np.flatnonzero(self._pairs.take(codes[:-1] * self._size + codes[1:]))
        return np.unique(np.searchsorted(np.flatnonzero(points == BREAK), hits)).tolist()
