"""A task that lost the first request to stop is asked again, and whoever ends it is not held for ever."""

import asyncio

from copilot.store.ending import end


async def test_a_lost_request_to_stop_is_repeated() -> None:
    asked = 0

    async def deaf_once() -> None:
        nonlocal asked
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                asked += 1
                if asked > 1:
                    raise

    task = asyncio.create_task(deaf_once())
    await asyncio.sleep(0)
    await end(task, again=0.01)
    assert (task.done(), asked) == (True, 2)


async def test_a_task_that_failed_or_ended_is_ended() -> None:
    async def fails() -> None:
        raise ValueError

    async def ends() -> None:
        return

    for made in (fails(), ends()):
        task = asyncio.create_task(made)
        await asyncio.sleep(0)
        await end(task)
        assert task.done()
