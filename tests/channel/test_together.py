"""Rounds: who asks at one moment is answered by one, and nobody is held up by those who gave up."""

import asyncio
from collections.abc import Sequence

import pytest

from copilot.channel.together import Together


class Work:
    """Rounds that end when they may; ``seen`` is who was in them."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []
        self.begun: asyncio.Queue[None] = asyncio.Queue()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def round(self, _: str, asked: Sequence[int]) -> list[int]:
        self.seen.append(list(asked))
        self.begun.put_nowait(None)
        await self.may_end.wait()
        if 13 in asked:
            raise LookupError("thirteen")
        return [one * 10 for one in asked]


async def test_whoever_asks_at_one_moment_is_in_one_round_and_gets_an_own_answer() -> None:
    work = Work()
    together = Together(work.round)
    assert await asyncio.gather(*(together.part("a", one) for one in range(5))) == [0, 10, 20, 30, 40]
    assert await together.part("a", 7) == 70
    assert work.seen == [[0, 1, 2, 3, 4], [7]]


async def test_whoever_comes_during_a_round_is_in_the_next_and_other_keys_do_not_wait() -> None:
    work = Work()
    together = Together(work.round)
    work.may_end.clear()
    first = asyncio.create_task(together.part("a", 1))
    await work.begun.get()
    later = [asyncio.create_task(together.part("a", one)) for one in (2, 3)]
    other = asyncio.create_task(together.part("b", 4))
    await work.begun.get()
    assert work.seen == [[1], [4]], "what was read before they asked is not told to them"
    work.may_end.set()
    assert await asyncio.gather(first, *later, other) == [10, 20, 30, 40]
    assert work.seen == [[1], [4], [2, 3]]


async def test_what_a_round_ends_in_is_told_to_all_who_were_in_it() -> None:
    work = Work()
    together = Together(work.round)
    answers = await asyncio.gather(*(together.part("a", one) for one in (1, 13)), return_exceptions=True)
    assert [type(one) for one in answers] == [LookupError, LookupError]
    assert await together.part("a", 2) == 20


async def test_a_round_that_nobody_waits_for_holds_up_nobody() -> None:
    work = Work()
    stuck, begun = asyncio.Event(), asyncio.Event()

    async def hanging(key: str, asked: Sequence[int]) -> list[int]:
        if 1 in asked:
            begun.set()
            try:
                await stuck.wait()
            finally:
                # As a connection does that is asked to let go and has to wait for its answer.
                await stuck.wait()
        return await work.round(key, asked)

    together = Together(hanging)
    gone = asyncio.create_task(together.part("a", 1))
    await begun.wait()
    impatient, patient = (asyncio.create_task(together.part("a", one)) for one in (2, 3))
    await asyncio.sleep(0)
    gone.cancel()
    impatient.cancel()
    assert await asyncio.wait_for(patient, 5) == 30
    assert work.seen == [[3]], "who gave up before a round began is not worked for"
    stuck.set()
    with pytest.raises(asyncio.CancelledError):
        await gone
