"""Texts as vectors by the configured model; whoever asks goes on without them when it fails.

Owns how many texts go into one call and when a failing model is left alone. The call itself is the gateway's; the texts
are masked by whoever gives them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from copilot import metrics
from copilot.domain.clock import Clock
from copilot.model.breaker import Breaker, Limits
from copilot.model.completion import ModelFailed, ModelFault
from copilot.model.gateway import Connections, Gateway
from copilot.settings import Settings

_BATCH: Final = 16
"""Texts of one call at first; fewer when the answer is longer than we read."""


class Vectorizer(Protocol):
    """What makes one call; a ``Gateway`` is one."""

    name: str

    async def embed(self, texts: Sequence[str], *, seconds: float) -> list[list[float]]:
        """One vector a text; ``ModelFailed`` otherwise."""
        ...


@dataclass(frozen=True)
class Embedding:
    """The model that ``COPILOT_EMBEDDING_MODEL`` names; ``seconds`` bounds each call."""

    model: Vectorizer
    breaker: Breaker
    seconds: float

    @property
    def name(self) -> str:
        """The model's name: vectors of another one are not comparable."""
        return self.model.name

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in as many calls as it takes; ``ModelFailed`` when one of them gives nothing usable."""
        found: list[list[float]] = []
        size = _BATCH
        while len(found) < len(texts):
            try:
                found += await self._ask(texts[len(found) : len(found) + size])
            except ModelFailed as failed:
                if failed.fault is not ModelFault.TOO_LARGE or size == 1:
                    raise
                size //= 2
        return found

    async def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        permit = self.breaker.ask()
        if permit is None:
            raise ModelFailed(ModelFault.PAUSED)
        try:
            vectors = await self.model.embed(texts, seconds=self.seconds)
        except ModelFailed as failed:
            metrics.count_model_fault(self.model.name, failed.fault.value)
            if failed.fault in (ModelFault.TOO_LARGE, ModelFault.INVALID):
                permit.dropped()
            else:
                permit.failed(failed.retry_after)
            raise
        except asyncio.CancelledError:
            # Given up by whoever waits, which is not for long: a model that never answers must be noticed.
            permit.failed()
            raise
        permit.succeeded()
        return vectors


def open_embedding(settings: Settings, clock: Clock, connections: Connections | None = None) -> Embedding | None:
    """The model for vectors, or None when the settings name none.

    ``COPILOT_MODEL_BASE_URL`` is for one named ``openai/…``, as it is among several models.
    ``connections`` are those of the other models of the process, which litellm knows one set of.
    """
    if settings.embedding_model is None:
        return None
    name = settings.embedding_model
    base = settings.model_base_url if name.startswith("openai/") else None
    gateway = Gateway(name, clock=clock, api_base=base, connections=connections)  # fmt: skip
    limits = Limits(settings.model_faults, settings.model_fault_window, settings.model_pause)
    return Embedding(gateway, Breaker(clock, limits), settings.model_seconds)
