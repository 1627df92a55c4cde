"""Drafts that the flow itself made, accepted by several agents at once: no ceiling is passed, whatever they do."""

import asyncio
import random
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from copilot.channel.inbox import receive
from copilot.domain.draft import DraftState, DraftView
from copilot.domain.errors import OverCeiling, StaleDraft
from copilot.domain.message import Message, Role
from copilot.domain.plan import Grant, NoPlan, Plan
from copilot.flow.steps import plan as planning
from copilot.playbook import Playbooks, Situation
from copilot.sdk import MessageEvent
from copilot.store.tables import ConversationRow, DraftRow, GrantRow
from tests.flow.conftest import NOON, World
from tests.flow.test_approvals import Found, accept, of_shop, view_of
from tests.flow.test_granting import given, limits, yuan
from tests.flow.test_granting_typed import types
from tests.flow.test_histories import CHOICES, costs_of
from tests.orders import delivered_cups

AGENTS = ("agent-1", "agent-2")
PER_ORDER, PER_BUYER, PER_DAY = 8000, 11000, 15000
CEILINGS = (
    "{per_order: {amount: '80.00', currency: CNY}, per_buyer: {amount: '110.00', currency: CNY},"
    " per_day: {amount: '150.00', currency: CNY}}"
)
RAISES = ("收到碎了两个,怎么办", "碎了,补发还是退钱", "质量太差了,怎么处理", "裂了一道,给个说法")
# Two buyers; the first has two orders, and writes about one of them in several chats.
TALKS = {"c1": ("b1", "o1"), "c2": ("b1", "o1"), "c3": ("b1", "o2"), "c4": ("b2", "o3"), "c5": ("b2", "o3")}

Decided = tuple[Playbooks, Situation, Plan | NoPlan]
decided_here: ContextVar[list[Decided]] = ContextVar("decided_here")


@dataclass
class Book:
    """A platform on which each conversation is about one order."""

    orders_of: dict[uuid.UUID, str]
    price: str

    async def orders(self, merchant: uuid.UUID, conversation: uuid.UUID, **_: Any) -> Found:
        return Found((delivered_cups(self.orders_of[conversation], NOON, self.price),))


@dataclass
class Desk:
    """Agents at work; ``decided`` is what stood behind each draft, ``refused`` what they could not do."""

    world: World
    book: Book
    chance: random.Random
    decided: dict[tuple[uuid.UUID, int], Decided] = field(default_factory=dict[tuple[uuid.UUID, int], Decided])
    refused: list[Exception] = field(default_factory=list[Exception])

    async def hears(self, talk: str, words: str) -> uuid.UUID:
        world, (buyer, order) = self.world, TALKS[talk]
        world.said += 1
        message = Message(id=f"m{world.said}", role=Role.BUYER, text=words, sent_at=world.clock.now())
        event = MessageEvent(shop=world.shop.platform_shop_id, conversation=talk, message=message, buyer=buyer)
        async with world.store.merchant(world.merchant) as session:
            conversation = (await receive(session, world.shop, event, None, world.clock)).conversation
        self.book.orders_of[conversation] = order
        return conversation

    async def drafts(self, conversation: uuid.UUID) -> DraftRow:
        decided_here.set([])
        row = await self.world.draft(conversation)
        if decided_here.get():
            self.decided[row.id, row.revision] = decided_here.get()[-1]
        return row

    async def works_on(self, row: DraftRow) -> None:
        """An agent accepts, or writes themselves; several do not see each other."""
        by = self.chance.choice(AGENTS)
        try:
            if self.chance.random() < 0.2:
                cost, of = f"{self.chance.randrange(1, 90)}.00", limits("80.00", buyer="110.00", day="150.00")
                grant = Grant(cost=yuan(cost), settled=True, limits=of)
                await types(self.world, row.conversation, cost, by=by, order=self.order_of(row), of=grant)
            elif row.state == DraftState.PROPOSED:
                await accept(self.world, row, by=by)
        except (OverCeiling, StaleDraft) as error:
            self.refused.append(error)

    def order_of(self, row: DraftRow) -> str:
        return self.book.orders_of[row.conversation]

    async def sends(self) -> None:
        for reply in await self.world.replies():
            if reply.state == "queued":
                await self.world.outbox.send(self.world.merchant, reply.id)
        self.world.clock.advance(30)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_agents_who_accept_what_was_drafted_at_once_pass_no_ceiling(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    real = planning.decide

    def recorded(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
        plan = real(playbooks, situation)
        decided_here.get().append((playbooks, situation, plan))
        return plan

    monkeypatch.setattr(planning, "decide", recorded)
    book = Book({}, chance.choice(["59.90", "36.00"]))
    shop = of_shop(world, tmp_path, CEILINGS)
    desk = Desk(replace(shop, driver=replace(shop.driver, book=book)), book, chance)
    for turn in range(2):
        words = {talk: chance.choice(RAISES if turn == 0 else CHOICES) for talk in TALKS}
        heard = [await desk.hears(talk, said) for talk, said in words.items()]
        rows = await asyncio.gather(*(desk.drafts(talk) for talk in heard))
        # Two agents have the same card open as well.
        await asyncio.gather(*(desk.works_on(row) for row in (*rows, *rows)))
        await desk.sends()
    # It was tight: what one agent gave another one could not give as well.
    assert any(isinstance(one, OverCeiling) for one in desk.refused)
    await no_ceiling_is_passed(desk.world)
    await what_was_accepted_was_allowed(desk)


async def no_ceiling_is_passed(world: World) -> None:
    for order in ("o1", "o2", "o3"):
        assert await given(world, GrantRow.order_id == order) <= PER_ORDER, order
    async with world.store.merchant(world.merchant) as session:
        buyers = set(await session.scalars(select(ConversationRow.buyer)))
    assert len(buyers) == 2
    for buyer in buyers:
        assert await given(world, GrantRow.buyer == buyer) <= PER_BUYER
    for agent in AGENTS:
        assert await given(world, GrantRow.by == agent) <= PER_DAY
    assert await given(world) > 0


async def what_was_accepted_was_allowed(desk: Desk) -> None:
    async with desk.world.store.merchant(desk.world.merchant) as session:
        sent = (DraftState.APPROVED, DraftState.SENT)
        accepted = list(await session.scalars(select(DraftRow).where(DraftRow.state.in_(sent))))
    offered = 0
    for row in accepted:
        view: DraftView = view_of(row)
        playbooks, situation, plan = desk.decided[row.id, row.revision]
        assert isinstance(plan, Plan)
        assert [one.key for one in view.options] == [one.key for one in plan.options]
        costs = costs_of(playbooks, situation, plan)
        offered += len(costs)
        assert all(cost <= PER_ORDER for cost in costs)
        assert view.grant is None or not costs or view.grant.cost.minor == max(costs)
    assert offered
