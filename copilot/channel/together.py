"""What several ask for at the same moment, done in one go: whoever comes while a round is under way is in the next.

The more there are, the less each of them costs, so that a crowd does not wait longer and longer. Who comes alone waits
for nobody. It knows nothing of what is done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
R = TypeVar("R")

PAUSE: Final = 0.02
"""Seconds from the beginning of a round to that of the next, at least: more take part, and nobody notices the wait."""


class Together(Generic[K, T, R]):
    """Rounds of one kind of work, one at a time for each key."""

    def __init__(self, work: Callable[[K, Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        """``work`` does a round for a key and what was asked, and returns an answer to each in their order."""
        self._work = work
        self._waiting: dict[K, list[tuple[T, asyncio.Future[R]]]] = {}
        self._rounds: dict[K, asyncio.Task[None]] = {}
        self._begun: dict[K, float] = {}

    async def part(self, key: K, asked: T) -> R:
        """The answer to ``asked``, from a round that begins only now.

        Raises:
            Exception: what the round ended in, the same for all who were in it.
        """
        answer = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append((asked, answer))
        if key not in self._rounds:
            self._begin(key)
        return await answer

    def _begin(self, key: K) -> None:
        # It begins when the loop comes to it: who asks in the same breath is in it.
        self._rounds[key] = asyncio.create_task(self._round(key), name="round")

    def _end(self, key: K, task: "asyncio.Task[None] | None") -> None:
        if self._rounds.get(key) is task:
            del self._rounds[key]
            if key in self._waiting:
                self._begin(key)

    async def _round(self, key: K) -> None:
        now = asyncio.get_running_loop().time
        try:
            await asyncio.sleep(self._begun.get(key, 0.0) + PAUSE - now())
            self._begun[key] = now()
            # Whoever gave up meanwhile is not worked for.
            asked = [one for one in self._waiting.pop(key, ()) if not one[1].done()]
            if asked:
                await self._answered(key, asked)
        finally:
            self._end(key, asyncio.current_task())

    async def _answered(self, key: K, asked: Sequence[tuple[T, "asyncio.Future[R]"]]) -> None:
        answers = [answer for _, answer in asked]
        task = asyncio.current_task()
        assert task is not None

        def given_up(_: "asyncio.Future[R]") -> None:
            if all(one.cancelled() for one in answers):
                # Nobody waits for it any more, and it must not hold up the next one, however long it takes to end.
                task.cancel()
                self._end(key, task)

        for answer in answers:
            answer.add_done_callback(given_up)
        try:
            found = await self._work(key, [one for one, _ in asked])
        # Each of those who asked is told, and decides what it is to them.
        except Exception as error:
            for answer in answers:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for answer, one in zip(answers, found, strict=True):
                if not answer.done():
                    answer.set_result(one)
