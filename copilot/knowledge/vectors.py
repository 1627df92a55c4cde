"""Meanings of questions as vectors: kept as bytes beside entries, compared in memory, mixed with the search by words.

Owns the form of the bytes, the cosine and the mixing. Where vectors come from is the embedder's business; without one
nothing here is used.
"""

import uuid
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.knowledge import Entry, Match
from copilot.knowledge.kinds import FAQ
from copilot.store.tables import EntryRow

_FORM: Final = np.dtype("<f4")
_KEPT_SHOPS: Final = 50
_RRF: Final = 60
"""The usual constant of reciprocal rank fusion: the first places count, without drowning the rest."""

Matrix = Any


class Embedder(Protocol):
    """What makes vectors of texts; ``name`` is the model's, vectors of different models are never compared."""

    @property
    def name(self) -> str:
        """The model."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, all of one length.

        Raises:
            ModelError: it gave nothing usable.
        """
        ...


def packed(vectors: Sequence[Sequence[float]]) -> bytes:
    """Vectors of an entry's questions, in their order, as they are stored."""
    return _unit(np.asarray(vectors, dtype=_FORM)).astype(_FORM).tobytes()


def asked_texts(entry: Entry) -> tuple[str, ...]:
    """What of an entry gets a vector: each of its questions."""
    return (entry.question, *entry.similar)


@dataclass(frozen=True)
class Near:
    """How near an entry is (0 to 1), and which of its questions (0: the first)."""

    score: float
    question: int


@dataclass(frozen=True)
class OfShop:
    """The vectors of a shop's entries in a language; row ``i`` is question ``questions[i]`` of ``ids[i]``."""

    ids: tuple[uuid.UUID, ...]
    questions: tuple[int, ...]
    matrix: Matrix

    def near(self, meaning: Sequence[float], most: int) -> dict[uuid.UUID, Near]:
        """The nearest entries, the nearest first.

        A score says how far an entry stands out of the shop's others: 0 is what any question has with any entry, 1 is
        the same meaning. Cosines of different models are not comparable, this is.
        """
        if not self.ids or len(meaning) != self.matrix.shape[1]:
            return {}
        cosines = self.matrix @ _unit(np.asarray([meaning], dtype=_FORM))[0]
        usual = float(np.median(cosines))
        found: dict[uuid.UUID, Near] = {}
        order: list[int] = np.argsort(-cosines, kind="stable").tolist()
        for row in order:
            score = (float(cosines[row]) - usual) / (1 - usual) if usual < 1 else 0.0
            if score <= 0 or len(found) >= most:
                break
            found.setdefault(self.ids[row], Near(min(score, 1.0), self.questions[row]))
        return found


@dataclass
class Vectors:
    """Vectors of the shops last asked for, each true at a version of the shop's knowledge."""

    _kept: "OrderedDict[tuple[uuid.UUID, str, str], tuple[int, OfShop]]" = field(default_factory=OrderedDict)

    async def of(self, session: AsyncSession, shop: uuid.UUID, language: str, version: int, model: str) -> OfShop:
        """Those of ``shop`` that ``model`` made; read when the version is another than last time."""
        key = (shop, language, model)
        kept = self._kept.get(key)
        if kept is None or kept[0] != version:
            kept = self._kept[key] = (version, await _read(session, shop, language, model))
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT_SHOPS:
            self._kept.popitem(last=False)
        return kept[1]


async def _read(session: AsyncSession, shop: uuid.UUID, language: str, model: str) -> OfShop:
    rows = await session.execute(
        select(EntryRow.id, EntryRow.vector, EntryRow.similar).where(
            EntryRow.shop == shop, EntryRow.language == language,
            EntryRow.embedded_by == model, EntryRow.vector.is_not(None),
        )
    )  # fmt: skip
    ids: list[uuid.UUID] = []
    questions: list[int] = []
    parts: list[Matrix] = []
    for id, vector, similar in rows:
        number = 1 + len(similar)
        flat: Matrix = np.frombuffer(cast(bytes, vector), dtype="<f4")
        # One that does not divide, or is longer than its neighbours, was not written by us.
        if len(flat) % number or (parts and len(flat) // number != parts[0].shape[1]):
            continue
        parts.append(flat.reshape(number, -1))
        ids.extend([id] * number)
        questions.extend(range(number))
    matrix = np.concatenate(parts) if parts else np.zeros((0, 0), dtype=_FORM)
    return OfShop(tuple(ids), tuple(questions), matrix)


def fused(by_words: Sequence[Match], by_meaning: Sequence[Match]) -> list[Match]:
    """Both lists, each best first, as one: an entry that stands high in both comes before one that leads in one.

    The score is the better one of the two.
    """
    places: dict[tuple[Any, ...], float] = {}
    best: dict[tuple[Any, ...], Match] = {}
    for matches in (by_words, by_meaning):
        for place, match in enumerate(matches):
            key = FAQ.key(match.entry)
            places[key] = places.get(key, 0.0) + 1 / (_RRF + place)
            if key not in best or match.score > best[key].score:
                best[key] = match
    return sorted(best.values(), key=lambda match: (-places[FAQ.key(match.entry)], -match.score, match.entry.id))


def matches_of(near: Mapping[uuid.UUID, Near], entries: Iterable[tuple[uuid.UUID, Entry]]) -> list[Match]:
    """The entries that are near, as matches, the nearest first."""
    found = [
        Match(entry=entry, matched=asked_texts(entry)[near[id].question], score=round(near[id].score, 4))
        for id, entry in entries
        if id in near
    ]
    return sorted(found, key=lambda match: (-match.score, match.entry.id))


def _unit(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths == 0, 1, lengths)
