"""An agent's day is one day in all shops of a merchant; orders and buyers are a shop's own."""

import asyncio
import random
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import update

from copilot.domain.errors import OverCeiling
from copilot.domain.plan import Grant
from copilot.flow.granting import About, Giver, StoredGrants
from copilot.flow.own_words import OwnReply, queue_own_words
from copilot.store.tables import GrantRow, ShopRow
from tests.flow.conftest import World
from tests.flow.test_granting import accept, given, limits, proposed, yuan


async def another_shop(world: World, slug: str = "pots") -> World:
    """The same merchant and people in one more shop."""
    kept = {column.key: getattr(world.shop, column.key) for column in ShopRow.__table__.columns}
    shop = ShopRow(**{**kept, "id": uuid.uuid4(), "slug": slug, "platform_shop_id": f"shop-{slug}"})
    async with world.store.merchant(world.merchant) as session:
        session.add(shop)
    return replace(world, shop=shop)


async def test_what_is_left_of_a_day_is_spent_in_one_of_two_shops_at_once(world: World) -> None:
    other, of = await another_shop(world), limits("500.00", day="80.00")
    rows = [
        (shop, await proposed(shop, "80.00", order=f"o{n}", conversation=f"c{n}", of=of))
        for n in range(3)
        for shop in (world, other)
    ]
    results = await asyncio.gather(*(accept(shop, row) for shop, row in rows), return_exceptions=True)
    refused = [result for result in results if result is not None]
    assert len(refused) == 5
    for one in refused:
        assert isinstance(one, OverCeiling)
        assert (one.ceiling, one.left) == ("per_day", "0.00 CNY")
    assert await given(world) == 8000


async def test_a_typed_reply_and_a_draft_of_another_shop_share_the_day(world: World) -> None:
    other, of = await another_shop(world), limits("500.00", day="80.00")
    row, talk = await proposed(world, "50.00", of=of), await other.buyer("碎了", "t1")
    reply = OwnReply(
        other.shop.id,
        talk,
        uuid.uuid4(),
        "给您退50元",
        Giver("agent-1", "agent"),
        grant=Grant(cost=yuan("50.00"), settled=True, limits=of),
        order="o9",
    )

    async def types() -> None:
        async with world.store.merchant(world.merchant) as session:
            await queue_own_words(session, world.merchant, reply, world.clock)

    results = await asyncio.gather(accept(world, row), types(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "OverCeiling"]
    assert await given(world) == 5000


async def test_a_plan_is_told_of_the_day_in_the_other_shop_and_of_no_order_there(world: World) -> None:
    other = await another_shop(world)
    await accept(other, await proposed(other, "30.00", order="o1", of=limits(day="100.00")))
    talk = await world.buyer("碎了")
    about = About(world.shop.id, talk, by="agent-1", zone="Asia/Shanghai")
    known = await StoredGrants(world.store, world.merchant, about, world.clock).given("o1")
    assert known.per_day is not None
    # The same order number, and the same name of a buyer, are somebody else's in another shop.
    assert (known.per_day, known.per_order.get("CNY", 0), known.per_buyer.get("CNY", 0)) == ({"CNY": 3000}, 0, 0)


async def test_a_day_counts_each_currency_for_itself(world: World) -> None:
    other = await another_shop(world)
    await accept(other, await proposed(other, "80.00", order="o1", of=limits(day="80.00")))
    async with world.store.merchant(world.merchant) as session:
        await session.execute(update(GrantRow).values(currency="USD"))
    await accept(world, await proposed(world, "80.00", order="o2", of=limits(day="80.00")))


@pytest.mark.parametrize("seed", range(2))
async def test_agents_who_work_in_three_shops_at_once_end_and_pass_no_day(world: World, seed: int) -> None:
    chance, of = random.Random(seed), limits("60.00", day="120.00")
    shops = [world, await another_shop(world, "pots"), await another_shop(world, "pans")]
    rows = [
        (shop, await proposed(shop, f"{chance.randrange(5, 60)}.00", order=f"o{n}", conversation=f"c{n}", of=of))
        for n in range(6)
        for shop in shops
    ]
    chance.shuffle(rows)
    async with asyncio.timeout(60):
        results = await asyncio.gather(
            *(accept(shop, row, by=f"agent-{n % 2}") for n, (shop, row) in enumerate(rows)), return_exceptions=True
        )
    assert all(result is None or isinstance(result, OverCeiling) for result in results)
    for agent in ("agent-0", "agent-1"):
        assert 0 < await given(world, GrantRow.by == agent) <= 12000
