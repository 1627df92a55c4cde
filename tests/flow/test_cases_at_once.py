"""Two talks of one buyer that are drafted at once hold the same cases, and take them in one order."""

import asyncio
import uuid

from sqlalchemy import select

from copilot.flow import casebook
from copilot.flow.talks import load_talk
from copilot.flow.understand.story import Book
from copilot.store.tables import CaseRow
from tests.flow.conftest import World

LOWER, HIGHER = (uuid.UUID(int=number) for number in (1, 2))


async def test_who_waits_for_a_case_holds_none_that_comes_after_it(world: World) -> None:
    conversation = await world.buyer("碎了")
    now = world.clock.now()
    async with world.store.merchant(world.merchant) as session:
        # The higher one lies before the other: nothing but our own order keeps it from being taken first.
        for id in (HIGHER, LOWER):
            body = {"issue": "damaged"}
            values = {"conversation": conversation, "issue": "damaged", "created_at": now, "updated_at": now}
            session.add(CaseRow(merchant=world.merchant, id=id, state="open", body=body, **values))
            await session.flush()

    async def refreshes() -> None:
        async with world.store.merchant(world.merchant) as session:
            talk = await load_talk(session, conversation)
            assert {one.id for one in talk.memory} == {str(LOWER), str(HIGHER)}
            vars(talk)["book"] = Book((), (), (str(HIGHER), str(LOWER)))
            await casebook.refresh(session, talk, now)

    taken = select(CaseRow.id).with_for_update(nowait=True)
    async with world.store.merchant(world.merchant) as session:
        await session.execute(taken.where(CaseRow.id == LOWER))
        other = asyncio.create_task(refreshes())
        await asyncio.sleep(0.5)
        assert not other.done()
        await session.execute(taken.where(CaseRow.id == HIGHER))
    await other
    async with world.store.merchant(world.merchant) as session:
        assert not list(await session.scalars(select(CaseRow.id)))
