"""What a delivery and a look-up may cost, counted and not timed: a regression shows here before it shows on a clock."""

from collections.abc import AsyncIterator

import pytest

from copilot.store.engine import Store
from copilot.store.tables import ConversationRow
from tests.channel.platform import Channel, open_channel, said
from tests.counting import counted

DELIVERY = {"statements": 9, "transactions": 2}
LOOKUP = {"statements": 7, "transactions": 2}


@pytest.fixture
async def channel(store: Store) -> AsyncIterator[Channel]:
    async with open_channel(store) as opened:
        yield opened


async def test_a_delivery_stays_within_its_budget(channel: Channel) -> None:
    await channel.take(said("s1", "m1", "hello"))
    with counted() as seen:
        await channel.take(said("s1", "m2", "where is my parcel"))
    assert all(seen[what] <= most for what, most in DELIVERY.items()), seen


async def test_a_look_up_stays_within_its_budget(channel: Channel) -> None:
    await channel.take(said("s1", "m1", "where is my parcel"))
    (conversation,) = await channel.rows(ConversationRow)
    with counted() as seen:
        await channel.lookup.orders(channel.merchants["s1"], conversation.id, timeout=2)
    assert all(seen[what] <= most for what, most in LOOKUP.items()), seen
