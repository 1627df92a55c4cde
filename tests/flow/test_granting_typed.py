"""What agents type themselves counts against the same ceilings as drafts, at the same moment."""

import asyncio
import random
import uuid
from dataclasses import dataclass, field

import pytest
from sqlalchemy import and_, or_, select

from copilot.channel.sent import ReplyState, mark, record_sent
from copilot.domain.errors import OverCeiling
from copilot.domain.plan import Grant, Limits
from copilot.flow.granting import STANDS, Giver
from copilot.flow.own_words import OwnReply, queue_own_words
from copilot.store.tables import GrantRow, OutboxRow
from tests.flow.conftest import World
from tests.flow.test_granting import accept, given, limits, proposed, yuan


async def types(
    world: World,
    talk: uuid.UUID,
    cost: str,
    *,
    by: str = "agent-1",
    order: str | None = "o1",
    settled: bool = True,
    id: uuid.UUID | None = None,
    text: str | None = None,
    role: str = "agent",
    of: Grant | None = None,
) -> uuid.UUID:
    """A reply that gives ``cost``, queued."""
    grant = of or Grant(cost=yuan(cost), settled=settled, limits=limits())
    reply = OwnReply(
        world.shop.id, talk, id or uuid.uuid4(), text or f"给您退{cost}元", Giver(by, role), grant=grant, order=order
    )
    async with world.store.merchant(world.merchant) as session:
        await queue_own_words(session, world.merchant, reply, world.clock)
    return reply.id


async def moves(world: World, reply: uuid.UUID, state: ReplyState) -> None:
    """The reply ends as ``state``."""
    async with world.store.merchant(world.merchant) as session:
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.id == reply).with_for_update())).one()
        if state is ReplyState.SENT:
            await record_sent(session, row, f"p-{reply}", world.clock)
        else:
            await mark(session, row, state, world.clock, error="test")


async def grants(world: World) -> list[GrantRow]:
    """Those that no other one has taken the place of."""
    stands = GrantRow.replaced_by.is_(None)
    async with world.store.merchant(world.merchant) as session:
        return list(await session.scalars(select(GrantRow).where(stands).order_by(GrantRow.created_at)))


async def test_the_last_of_a_ceiling_is_typed_once(world: World) -> None:
    talks = [await world.buyer("碎了", f"c{n}") for n in range(6)]
    results = await asyncio.gather(
        *(types(world, talk, "80.00", by=f"agent-{n}") for n, talk in enumerate(talks)), return_exceptions=True
    )
    assert sum(isinstance(result, uuid.UUID) for result in results) == 1
    assert all(isinstance(result, uuid.UUID | OverCeiling) for result in results)
    assert await given(world) == 8000
    # The others were not queued either.
    assert len(await world.replies()) == 1


async def test_typed_words_and_accepted_drafts_share_what_is_left(world: World) -> None:
    rows = [await proposed(world, "80.00", conversation=f"c{n}") for n in range(3)]
    talks = [await world.buyer("碎了", f"t{n}") for n in range(3)]
    results = await asyncio.gather(
        *(accept(world, row, by=f"agent-{n}") for n, row in enumerate(rows)),
        *(types(world, talk, "80.00", by=f"agent-{n + 3}") for n, talk in enumerate(talks)),
        return_exceptions=True,
    )
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert sum(isinstance(result, OverCeiling) for result in results) == 5
    assert await given(world) == 8000
    assert len(await world.replies()) == 1


@pytest.mark.parametrize("ends", [ReplyState.FAILED, ReplyState.HELD])
async def test_what_was_typed_and_never_left_gives_its_grant_back(world: World, ends: ReplyState) -> None:
    talk = await world.buyer("碎了")
    reply = await types(world, talk, "80.00")
    with pytest.raises(OverCeiling) as caught:
        await types(world, talk, "0.01")
    assert (caught.value.ceiling, caught.value.left) == ("per_order", "0.00 CNY")
    await moves(world, reply, ends)
    assert await given(world) == 0
    await types(world, talk, "80.00")
    assert await given(world) == 8000


async def test_sent_words_count_for_good_also_when_they_were_given_up_for_lost(world: World) -> None:
    talk = await world.buyer("碎了")
    reply = await types(world, talk, "80.00")
    await moves(world, reply, ReplyState.UNCONFIRMED)
    assert await given(world) == 8000
    await moves(world, reply, ReplyState.SENT)
    world.clock.advance(30 * 24 * 3600)
    (row,) = await grants(world)
    assert (row.state, row.reply, row.draft, row.by, row.minor) == ("settled", reply, None, "agent-1", 8000)
    with pytest.raises(OverCeiling):
        await types(world, talk, "0.01")


async def test_the_same_reply_twice_counts_once(world: World) -> None:
    talk, id = await world.buyer("碎了"), uuid.uuid4()
    await asyncio.gather(*(types(world, talk, "30.00", id=id) for _ in range(4)))
    assert await given(world) == 3000
    await types(world, talk, "80.00", id=id)
    assert await given(world) == 3000
    assert len(await world.replies()) == 1


async def test_two_promises_add_up_and_an_offer_takes_the_place_of_the_one_before(world: World) -> None:
    talk = await world.buyer("碎了")
    await types(world, talk, "30.00")
    await types(world, talk, "30.00")
    assert await given(world) == 6000
    await types(world, talk, "20.00", settled=False)
    await types(world, talk, "10.00", settled=False)
    assert await given(world) == 7000
    # Taking the offer up gives nothing new, whoever does it.
    await types(world, talk, "10.00", by="agent-2")
    rows = await grants(world)
    assert sorted((row.minor, row.state, row.by) for row in rows) == [
        (1000, "settled", "agent-1"), (3000, "settled", "agent-1"), (3000, "settled", "agent-1"),
    ]  # fmt: skip


async def test_words_that_replace_held_ones_count_once(world: World) -> None:
    talk = await world.buyer("碎了")
    first = await types(world, talk, "80.00", text="好的，给您退80元")
    await moves(world, first, ReplyState.HELD)
    await types(world, talk, "80.00", text="好的，给您退80元")
    assert await given(world) == 8000
    assert sorted(row.state for row in await world.replies()) == ["failed", "queued"]


async def test_a_typed_supervisor_has_the_ceilings_of_a_supervisor(world: World) -> None:
    talk = await world.buyer("碎了")
    with pytest.raises(OverCeiling):
        await types(world, talk, "200.00")
    await types(world, talk, "200.00", by="boss", role="supervisor")
    assert await given(world) == 20000


@dataclass
class Crowd:
    """Agents who type and accept at random, all at once."""

    world: World
    chance: random.Random
    of: dict[str, Limits]
    talks: list[uuid.UUID]
    replies: list[uuid.UUID] = field(default_factory=list[uuid.UUID])

    async def acts(self, round_: int) -> None:
        """Some drafts are accepted and some replies typed, of which some never leave."""
        rows = [
            await proposed(
                self.world, f"{self.chance.randrange(1, 60)}.00", order=self._order(),
                conversation=f"d{round_}.{n}", settled=self.chance.random() < 0.5, of=self.of,
            )
            for n in range(5)
        ]  # fmt: skip
        await asyncio.gather(
            *(accept(self.world, row, by=self._agent()) for row in rows),
            *(self._types() for _ in range(14)),
            return_exceptions=True,
        )

    async def _types(self) -> None:
        cost, settled = self.chance.randrange(1, 60), self.chance.random() < 0.6
        talk, order, by = self.chance.choice(self.talks), self._order(), self._agent()
        ends = self.chance.choice([None, None, ReplyState.FAILED, ReplyState.SENT])
        grant = Grant(cost=yuan(f"{cost}.00"), settled=settled, limits=self.of)
        reply = await types(self.world, talk, "", by=by, order=order, of=grant, text=f"给您退{cost}元")
        self.replies.append(reply)
        if ends is not None:
            await moves(self.world, reply, ends)

    def _order(self) -> str | None:
        return self.chance.choice(["o1", "o2", "o3", None])

    def _agent(self) -> str:
        return f"agent-{self.chance.randrange(2)}"


@pytest.mark.feature("F076")
@pytest.mark.parametrize("seed", range(4))
async def test_whatever_agents_type_and_accept_at_once_no_ceiling_is_passed(world: World, seed: int) -> None:
    of = limits("50.00", buyer="90.00", day="120.00")
    talks = [await world.buyer("碎了", f"c{n}") for n in range(4)]
    crowd = Crowd(world, random.Random(seed), of, talks)
    # Between the rounds, what was only offered stops counting.
    for round_ in range(3):
        await crowd.acts(round_)
        since = world.clock.now() - STANDS
        stands = or_(GrantRow.state == "settled", and_(GrantRow.state == "offered", GrantRow.created_at > since))
        for order in ("o1", "o2", "o3"):
            assert await given(world, stands, GrantRow.order_id == order) <= 5000
        days = {(row.by, row.day) for row in await grants(world)}
        for agent, day in days:
            assert await given(world, stands, GrantRow.by == agent, GrantRow.day == day) <= 12000
        for talk in talks:
            assert await given(world, stands, GrantRow.conversation == talk) <= 9000
        world.clock.advance(73 * 3600)
    assert crowd.replies
    assert await given(world) > 0
    # Every reply that stands has its grant, every one that was refused has neither.
    kept = {row.id for row in await world.replies() if row.source_kind == "typed"}
    counted = {row.reply for row in await grants(world) if row.reply is not None}
    assert kept == set(crowd.replies)
    assert counted <= kept
