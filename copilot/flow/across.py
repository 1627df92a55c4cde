"""The port ``Knowledge`` for a loop that is not the store's: each question is asked where the store's connections live.

Owns that way there and back; what is known is the other port's.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from copilot.domain.issue import Category
from copilot.domain.knowledge import Match, Notice
from copilot.domain.order import Product
from copilot.flow.deps import AtOnce, Knowledge

_T = TypeVar("_T")


@dataclass(frozen=True)
class Across:
    """``knowledge``, asked in ``loop``; it raises what the other port raises, and giving up here gives up there."""

    knowledge: Knowledge
    loop: asyncio.AbstractEventLoop

    async def answers(
        self, question: str, *, language: str, category: Category | None, products: tuple[str, ...]
    ) -> tuple[Match, ...]:
        """Entries for buyers, the best first."""
        return await self._there(
            self.knowledge.answers(question, language=language, category=category, products=products)
        )

    async def goods(self, ids: tuple[str, ...]) -> tuple[Product, ...]:
        """The products of ``ids`` that are known, and those of tonight's stream."""
        return await self._there(self.knowledge.goods(ids))

    async def notices(self) -> tuple[Notice, ...]:
        """The notices that hold now."""
        return await self._there(self.knowledge.notices())

    async def named(self, text: str) -> tuple[Product, ...]:
        """The products whose names stand in ``text``."""
        return await self._there(self.knowledge.named(text))

    @asynccontextmanager
    async def at_once(self) -> AsyncGenerator[None]:
        """What is asked within it, in one transaction where the other port can."""
        there = self.knowledge.at_once() if isinstance(self.knowledge, AtOnce) else nullcontext()
        await self._there(_entered(there))
        try:
            yield
        finally:
            await self._there(_left(there))

    async def _there(self, asked: Coroutine[Any, Any, _T]) -> _T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, self.loop))


async def _entered(place: AbstractAsyncContextManager[None]) -> None:
    await place.__aenter__()


async def _left(place: AbstractAsyncContextManager[None]) -> None:
    await place.__aexit__(None, None, None)
