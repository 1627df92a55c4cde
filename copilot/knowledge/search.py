"""Finds what of a shop's stored knowledge answers a question: PostgreSQL names candidates, ``ranking.py`` orders them.

It keeps, per shop, how rare words are, and entries that it has cut; the version of the shop's knowledge and an entry's
revision say when those are old, so that a change counts from the next question on. It changes nothing but tokens that
were stored under other word lists.
"""

import asyncio
import json
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.model_use import is_forbidden
from copilot.domain.errors import ModelError
from copilot.domain.knowledge import Audience, Entry, Match
from copilot.knowledge import records
from copilot.knowledge.kinds import FAQ
from copilot.knowledge.lexemes import any_of, place_of, quoted
from copilot.knowledge.ranking import Asked, Prepared, Rarity, rank
from copilot.knowledge.standing import usable
from copilot.knowledge.tokens import MEANING, Tokenizer
from copilot.knowledge.vectors import Embedder, Near, Vectors, fused, matches_of
from copilot.logs import get_logger
from copilot.policy.privacy import mask
from copilot.store.engine import Store
from copilot.store.tables import EntryRow

log = get_logger(__name__)

_CANDIDATES: Final = 200
"""So many entries are ranked: more than any question has answers, few enough to be ranked in milliseconds."""
_WORDS: Final = 32
"""So many words of a question look for candidates, the rarest; the ranking counts them all."""
_NEAR: Final = 20
_UNFINISHED: Final = -1
"""No shop's version: what is kept under it is looked at again."""
_KEPT_ENTRIES: Final = 20_000
_KEPT_SHOPS: Final = 500

_STATISTICS = text(
    "SELECT word, ndoc FROM ts_stat(format("
    "'SELECT tokens FROM faq_entries WHERE shop = %L AND language = %L', CAST(:shop AS text), CAST(:language AS text)"
    "), 'a')"
)
_NUMBER = text(
    "SELECT count(*), count(*) FILTER (WHERE cut <> :cut) FROM faq_entries WHERE shop = :shop AND language = :language"
)
_FIND = text(
    "SELECT id, revision FROM find_entries(CAST(:place AS tsquery), CAST(:words AS tsquery), :audience, :at,"
    " CAST(:products AS jsonb), :most)"
).columns(id=EntryRow.id.type, revision=EntryRow.revision.type)


Reading = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction of the merchant, or lends one that is open."""


@dataclass
class _Known:
    """What is kept of a shop and language, true at ``version``."""

    version: int
    rarity: Rarity


@dataclass
class Search:
    """The search of one process; ``embedder`` adds vectors to words when a model is configured."""

    store: Store
    tokenizer: Tokenizer
    embedder: Embedder | None = None
    _known: "OrderedDict[tuple[uuid.UUID, str], _Known]" = field(default_factory=OrderedDict)
    _entries: "OrderedDict[uuid.UUID, tuple[int, Prepared]]" = field(default_factory=OrderedDict)
    _vectors: Vectors = field(default_factory=Vectors)

    async def find(
        self,
        merchant: uuid.UUID,
        shop: uuid.UUID,
        question: str,
        *,
        language: str,
        at: datetime,
        audience: Audience = Audience.BUYER,
        limit: int = 3,
        products: Sequence[str] = (),
        seconds: float = 1.0,
        version: int | None = None,
        reading: Reading | None = None,
    ) -> tuple[Match, ...]:
        """The shop's entries in ``language`` that answer ``question`` best, at most ``limit``, the best first.

        Only those usable at ``at`` for ``audience``; entries about goods only when one of ``products`` is theirs, the
        first one before the others. ``question`` is masked text. ``seconds`` bounds the embedding model, whose failure
        leaves the search by words. ``version`` is that of the shop's knowledge, where the caller has just read it,
        ``reading`` the caller's own transaction.
        """
        known = self._known.get((shop, language))
        if version is not None and known is not None and known.version == version and not known.rarity.entries:
            return ()
        meaning = await self._embedded(merchant, shop, question, seconds)
        async with reading() if reading is not None else self.store.merchant(merchant) as session:
            version = await records.version_of(session, shop) if version is None else version
            rarity = await self._rarity(session, shop, language, version)
            asked = Asked.of(question, self.tokenizer, rarity)
            revisions = await _candidates(session, shop, language, asked, rarity, at, audience, products)
            by_words = await self._prepared(session, revisions)
            near, by_meaning = await self._near(session, shop, language, version, meaning)
        matches = rank(asked, by_words.values(), rarity, at=at, audience=audience, products=products)
        if near:
            usable_ones = ((id, entry) for id, entry in by_meaning if usable(entry, at, audience, products))
            matches = fused(matches, matches_of(near, usable_ones))
        return tuple(matches[:limit])

    async def _embedded(
        self, merchant: uuid.UUID, shop: uuid.UUID, question: str, seconds: float
    ) -> Sequence[float] | None:
        """The question's vector; None without a model, when the shop forbids them, or when it gave none in time."""
        if self.embedder is None or seconds <= 0 or not question.strip():
            return None
        async with self.store.merchant(merchant) as session:
            if await is_forbidden(session, shop):
                return None
        try:
            async with asyncio.timeout(seconds):
                # Whoever asks has masked it; what leaves the house is masked here all the same.
                (vector,) = await self.embedder.embed([mask(question).text])
        except (TimeoutError, ModelError, ValueError) as error:
            log.warning("embedding_failed", model=self.embedder.name, error=type(error).__name__)
            return None
        return vector

    async def _rarity(self, session: AsyncSession, shop: uuid.UUID, language: str, version: int) -> Rarity:
        known = self._known.get((shop, language))
        if known is None or known.version != version:
            place = {"shop": shop, "language": language}
            number, old = (await session.execute(_NUMBER, place | {"cut": self.tokenizer.version})).one()
            if old:
                left = old - await records.recut(session, shop, self.tokenizer)
                # What is left waits for the next questions: nobody's question waits for all of it.
                version = _UNFINISHED if left > 0 else version
            counts = {word: count for word, count in await session.execute(_STATISTICS, place)}
            known = self._known[shop, language] = _Known(version, Rarity(number, counts))
        _keep(self._known, (shop, language), _KEPT_SHOPS)
        return known.rarity

    async def _prepared(self, session: AsyncSession, revisions: Mapping[uuid.UUID, int]) -> dict[uuid.UUID, Prepared]:
        """The entries, cut; those whose revision is not the one kept are read."""
        missing = [id for id, revision in revisions.items() if self._entries.get(id, (None,))[0] != revision]
        if missing:
            for row in await session.scalars(select(EntryRow).where(EntryRow.id.in_(missing))):
                self._entries[row.id] = (row.revision, Prepared.of(FAQ.read(row), self.tokenizer))
        found = {id: self._entries[id][1] for id in revisions if id in self._entries}
        for id in found:
            _keep(self._entries, id, _KEPT_ENTRIES)
        return found

    async def _near(
        self, session: AsyncSession, shop: uuid.UUID, language: str, version: int, meaning: Sequence[float] | None
    ) -> tuple[dict[uuid.UUID, Near], list[tuple[uuid.UUID, Entry]]]:
        """Which entries are near in meaning, and they themselves."""
        if meaning is None or self.embedder is None:
            return {}, []
        vectors = await self._vectors.of(session, shop, language, version, self.embedder.name)
        near = vectors.near(meaning, _NEAR)
        if not near:
            return {}, []
        known = await session.execute(select(EntryRow.id, EntryRow.revision).where(EntryRow.id.in_(near)))
        prepared = await self._prepared(session, {id: revision for id, revision in known})
        return near, [(id, one.entry) for id, one in prepared.items()]


async def _candidates(
    session: AsyncSession, shop: uuid.UUID, language: str, asked: Asked, rarity: Rarity, at: datetime,
    audience: Audience, products: Sequence[str],
) -> dict[uuid.UUID, int]:  # fmt: skip
    """Ids of entries with any of the rarest words of the question, with their revisions."""
    known = [token for token in asked.weights if token in rarity.counts or not token.startswith(MEANING)]
    rarest = sorted(known, key=lambda token: (-asked.weights[token], token))[:_WORDS]
    if not rarest:
        return {}
    rows = await session.execute(
        _FIND,
        {
            "place": quoted(place_of(shop, language)),
            "words": any_of(rarest),
            "audience": audience.value,
            "at": at,
            "products": json.dumps(list(products)),
            "most": _CANDIDATES,
        },
    )
    return {id: revision for id, revision in rows}


def _keep(kept: "OrderedDict[Any, Any]", key: object, most: int) -> None:
    """Note that ``key`` was used, and let go of what was not used for longest."""
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
