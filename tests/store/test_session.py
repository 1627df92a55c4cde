"""A transaction is one, whether its statements pass by the session or go through it."""

import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.store import timers
from copilot.store.direct import Direct
from copilot.store.engine import Store
from copilot.store.tables import TimerRow
from tests.fixtures_store import NOW

Does = Callable[[AsyncSession, str], Coroutine[Any, Any, None]]
_FAILING = Direct(text("SELECT 1 / :zero"))
_ENDING = Direct(text("SELECT pg_terminate_backend(pg_backend_pid()) WHERE :yes"))


async def _past(session: AsyncSession, ref: str) -> None:
    await timers.arm(session, "k", ref, NOW, merchant=None)


async def _through(session: AsyncSession, ref: str) -> None:
    session.add(TimerRow(id=uuid.uuid4(), kind="k", ref=ref, due_at=NOW))


async def _refs(store: Store) -> list[str]:
    async with store.system() as session:
        return sorted(await session.scalars(select(TimerRow.ref).where(TimerRow.kind == "k")))


@pytest.mark.parametrize(
    "ways", [(_past,), (_through,), (_past, _through), (_through, _past), (_past, _through, _past)]
)
async def test_all_of_it_stays_or_nothing(store: Store, ways: tuple[Does, ...]) -> None:
    names = [f"n{number}" for number in range(len(ways))]

    async def do(end: Exception | None) -> None:
        async with store.system() as session:
            for way, name in zip(ways, names, strict=True):
                await way(session, name)
            if end is not None:
                raise end

    with pytest.raises(RuntimeError, match="ours"):
        await do(RuntimeError("ours"))
    assert await _refs(store) == []
    await do(None)
    assert await _refs(store) == names


async def test_a_place_in_it_is_marked_for_what_passes_by_as_well(store: Store) -> None:
    async def fail(session: AsyncSession) -> None:
        async with session.begin_nested():
            await _past(session, "inside")
            await _FAILING.all(session, {"zero": 0})

    async with store.system() as session:
        await _past(session, "before")
        with pytest.raises(DBAPIError):
            await fail(session)
        await _past(session, "after")
    assert await _refs(store) == ["after", "before"]


async def test_what_passed_by_is_taken_back_with_the_rest(store: Store) -> None:
    async with store.system() as session:
        await _past(session, "one")
        await session.rollback()
    assert await _refs(store) == []


async def test_what_was_committed_early_stays(store: Store) -> None:
    async def fail() -> None:
        async with store.system() as session:
            await _past(session, "one")
            await session.commit()
            raise RuntimeError("ours")

    with pytest.raises(RuntimeError, match="ours"):
        await fail()
    assert await _refs(store) == ["one"]


@pytest.mark.parametrize("way", [_past, _through])
async def test_a_connection_that_breaks_takes_nothing_along(store: Store, way: Does) -> None:
    async def lose() -> None:
        async with store.system() as session:
            await way(session, "lost")
            await session.flush()
            await _ENDING.all(session, {"yes": True})

    with pytest.raises(DBAPIError):
        await lose()
    for number in range(3):
        async with store.system() as session:
            await way(session, f"n{number}")
    assert await _refs(store) == ["n0", "n1", "n2"]
