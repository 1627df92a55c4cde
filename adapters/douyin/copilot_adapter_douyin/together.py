"""Calls under way at the same time: the first error is raised and ends the others."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Final, TypeVar

from copilot.sdk import Account

_AT_ONCE: Final = 4

S = TypeVar("S")
T = TypeVar("T")


async def both(first: Coroutine[Any, Any, S], second: Coroutine[Any, Any, T]) -> tuple[S, T]:
    """Their results."""
    tasks = asyncio.create_task(first), asyncio.create_task(second)
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def few(work: Callable[[Account, S], Awaitable[T]], account: Account, items: Iterable[S]) -> list[T]:
    """``work`` of each item in order, a few at a time."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(item: S) -> T:
        async with gate:
            return await work(account, item)

    tasks = [asyncio.create_task(one(item)) for item in items]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
