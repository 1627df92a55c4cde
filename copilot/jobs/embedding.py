"""The job that gives a shop's entries their vectors after a change, when a model for vectors is set.

Owns when it is tried again; what a vector is, and which entries lack theirs, is ``knowledge/embedding.py``'s. Until it
has run, answers are found by their words.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from copilot.domain.clock import Clock
from copilot.domain.errors import ModelError
from copilot.jobs.worker import Task
from copilot.knowledge.embedding import EMBED, fill, later
from copilot.knowledge.vectors import Embedder
from copilot.logs import get_logger
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow

log = get_logger(__name__)
_AGAIN: Final = timedelta(seconds=20)
_DOUBLED: Final = 8
"""So often the wait doubles: a model that is down for a day is asked about once an hour and a half."""


@dataclass(frozen=True)
class EmbeddingJobs:
    """The task over ``embedder``, which is None where no model for vectors is set."""

    store: Store
    clock: Clock
    embedder: Embedder | None

    def tasks(self) -> Mapping[str, Task]:
        """The task by name."""
        return {EMBED: self._embed}

    async def arm(self) -> None:
        """See to every shop once: entries may be older than the model, or of another one."""
        if self.embedder is None:
            return
        async with self.store.system() as session:
            shops = await session.execute(
                select(DirectoryRow.merchant, DirectoryRow.shop).where(DirectoryRow.kind == "shop").distinct()
            )
            for merchant, shop in shops:
                if shop is not None:
                    await later(session, merchant, shop, self.clock.now())

    async def _embed(self, *, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
        if self.embedder is None:
            return
        whose, shop = uuid.UUID(merchant), uuid.UUID(ref)
        try:
            done = await fill(self.store, whose, shop, self.embedder)
        except ModelError as error:
            log.warning("embedding_failed", model=self.embedder.name, error=type(error).__name__, attempt=attempt)
            again = self.clock.now() + _AGAIN * 2 ** min(attempt, _DOUBLED)
            async with self.store.merchant(whose) as session:
                await later(session, whose, shop, again, attempt=attempt + 1)
            return
        if done:
            log.info("entries_embedded", shop=ref, entries=done)
