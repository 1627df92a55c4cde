"""Orders in a live draft: looked up in time or named as unknown, and what the draft leaves behind for a person."""

import asyncio
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from copilot.channel.tasks import EXPIRE_DRAFT
from copilot.desk.card import Reader, card_of
from copilot.domain.draft import DraftState, Rejection, RejectReason
from copilot.domain.message import Role
from copilot.domain.order import Order
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.flow.talks import load_talk
from copilot.flow.understand import unanswered
from copilot.store.tables import DraftRow, MessageRow, SpanRow, TimerRow
from tests.flow.conftest import NOON, World


@dataclass(frozen=True)
class Found:
    orders: tuple[Order, ...] | None
    as_of: datetime | None = None
    called: None = None


@dataclass
class Book:
    """Orders from nowhere; waits ``slow`` seconds when it may."""

    found: tuple[Order, ...] | None
    slow: float = 0.0
    as_of: datetime | None = None
    asked: list[float] = field(default_factory=list[float])

    async def orders(
        self,
        merchant: uuid.UUID,
        conversation: uuid.UUID,
        *,
        timeout: float,  # noqa: ASYNC109 - as the port has it
        fresh: bool = False,
    ) -> Found:
        self.asked.append(timeout)
        if self.slow > timeout:
            await asyncio.sleep(min(timeout, 0.01))
            return Found(None)
        return Found(self.found, self.as_of)


def order(number: int, **more: Any) -> Order:
    return Order.model_validate(
        {
            "id": f"69381662004177093{number:02}",
            "status": "shipped",
            "created_at": NOON - timedelta(days=3),
            "items": [{"name": f"杯子{number}"}],
            "shipments": [
                {
                    "carrier": "顺丰速运",
                    "tracking_no": f"SF16400277153{number:02}",
                    "events": [{"at": NOON - timedelta(hours=2), "text": "【杭州转运中心】已发出"}],
                }
            ],
        }
        | more
    )


async def test_the_draft_speaks_of_the_order_that_was_looked_up(world: World) -> None:
    book = Book((order(1),))
    world = replace(world, driver=replace(world.driver, book=book))
    draft = await world.draft(await world.buyer("我的快递到哪了"))
    assert draft.state == DraftState.PROPOSED
    assert "杭州" in (draft.text or "")
    assert draft.view is not None
    assert draft.view["order"] == {"id": order(1).id, "why": "only_order_that_fits"}


@pytest.mark.parametrize(
    ("minutes", "notes"),
    [
        (0, []),
        (55, ["订单信息是今天11:05的，平台这次没有答复"]),
    ],
)
async def test_a_draft_on_old_orders_says_how_old_they_are(world: World, minutes: int, notes: list[str]) -> None:
    book = Book((order(1),), as_of=world.clock.now() - timedelta(minutes=minutes))
    world = replace(world, driver=replace(world.driver, book=book))
    draft = await world.draft(await world.buyer("我的快递到哪了"))
    assert draft.state == DraftState.PROPOSED
    card = card_of(draft, Reader("zh", ZoneInfo("Asia/Shanghai"), world.clock.now()))
    assert [note for note in card.look_at if "订单信息" in note] == notes


async def test_a_look_up_gets_no_more_than_half_of_the_time_that_is_left(world: World) -> None:
    book = Book((order(1),), slow=3600)
    world = replace(world, driver=replace(world.driver, book=book, lookup_seconds=3600.0))
    draft = await world.draft(await world.buyer("我的快递到哪了"))
    assert draft.deadline_at is not None
    assert book.asked == [(draft.deadline_at - world.clock.now()).total_seconds() / 2]
    assert draft.state in (DraftState.PROPOSED, DraftState.BLOCKED)
    assert draft.view is None or "orders" in draft.view["unknown"]


async def test_at_the_deadline_nobody_asks_the_platform(world: World) -> None:
    book = Book((order(1),))
    world = replace(world, driver=replace(world.driver, book=book))
    conversation = await world.buyer("我的快递到哪了")
    async with world.store.merchant(world.merchant) as session:
        talk = await load_talk(session, conversation)
        burst = list(unanswered(talk.conversation).messages)
        row = await world.driver.drafts.begin(
            session, world.shop, conversation, burst, deadline=world.clock.now(), flow_version="lost"
        )
    await world.driver.propose_due(world.merchant, row.id)
    assert book.asked == [0.0]
    assert (await world.drafts(conversation))[-1].state == DraftState.PROPOSED


async def test_orders_to_choose_from_are_kept_with_the_draft(world: World) -> None:
    world = replace(world, driver=replace(world.driver, book=Book((order(1), order(2)))))
    draft = await world.draft(await world.buyer("我的快递到哪了"))
    assert sorted(draft.candidates) == [order(1).id, order(2).id]


async def test_every_step_leaves_its_time_and_no_word(world: World) -> None:
    world = replace(world, driver=replace(world.driver, book=Book((order(1),))))
    draft = await world.draft(await world.buyer("我的快递13812345678到哪了"))
    async with world.store.merchant(world.merchant) as session:
        spans = list(await session.scalars(select(SpanRow).where(SpanRow.draft == draft.id).order_by(SpanRow.at)))
    names = [span.name for span in spans]
    assert names.count("lookup") == 1
    assert {"intake", "classify", "retrieve", "plan", "write", "check"} <= set(names)
    assert {span.trace for span in spans} == {draft.trace}
    by_name = {span.name: span.detail for span in spans}
    assert by_name["classify"]["issues"] == ["logistics_query"]
    assert by_name["write"]["templates"]
    assert by_name["check"]["pack_hash"]
    told = str([span.detail for span in spans])
    assert "13812345678" not in told
    assert "快递" not in told


async def test_a_draft_that_can_no_longer_be_sent_is_let_go_of(world: World) -> None:
    # Douyin publishes no window; TikTok's does close.
    async with world.store.merchant(world.merchant) as session:
        shop = type(world.shop)
        await session.execute(
            update(shop).where(shop.id == world.shop.id).values(profile="tiktok_shop.us", zone="America/New_York")
        )
    draft = await world.draft(await world.buyer("我的快递到哪了"))
    async with world.store.system() as session:
        timer = await session.scalar(select(TimerRow).where(TimerRow.kind == EXPIRE_DRAFT))
    assert timer is not None
    assert timer.ref == str(draft.id)
    await world.driver.expire(world.merchant, draft.id)
    assert (await world.drafts(draft.conversation))[-1].state == DraftState.PROPOSED, "not yet"
    world.clock.advance((timer.due_at - world.clock.now()).total_seconds())
    await world.driver.expire(world.merchant, draft.id)
    gone = (await world.drafts(draft.conversation))[-1]
    assert (gone.state, gone.reason) == (DraftState.EXPIRED, "window_closed")


async def test_words_written_while_a_reply_was_on_its_way_stay_unanswered(world: World) -> None:
    conversation = await world.buyer("我的快递到哪了")
    draft = await world.draft(conversation)
    world.clock.advance(5)
    await world.buyer("还有发票什么时候开")
    world.clock.advance(1)
    await world.hears(Role.AGENT, draft.text or "", "c1")
    async with world.store.merchant(world.merchant) as session:
        await session.execute(
            update(MessageRow).where(MessageRow.role == "agent").values(draft={"id": str(draft.id), "revision": 1})
        )
        talk = await load_talk(session, conversation)
    assert [message.role for message in talk.conversation.messages] == [Role.BUYER, Role.AGENT, Role.BUYER]
    assert unanswered(talk.conversation).texts == ("还有发票什么时候开",)


async def test_a_talk_stands_in_the_platforms_order_and_hides_what_people_may_not_see(world: World) -> None:
    conversation = await world.buyer("第二句")
    first = await world.buyer("第一句")
    assert first == conversation
    await world.hears(Role.SYSTEM, "请评价本次服务", "c1")
    async with world.store.merchant(world.merchant) as session:
        for text, sequence in (("第二句", 20), ("第一句", 10)):
            await session.execute(
                update(MessageRow).where(MessageRow.text == text).values(sequence=sequence, sent_at=NOON)
            )
        await session.execute(update(MessageRow).where(MessageRow.role == "system").values(visible=False))
        talk = await load_talk(session, conversation)
        assert (await session.scalars(select(DraftRow))).all() == []
    assert [message.text for message in talk.conversation.messages] == ["第一句", "第二句"]


@pytest.mark.parametrize(("reason", "again"), [("facts_missing", True), ("person_needed", False)])
async def test_a_turn_held_for_want_of_its_order_is_drafted_when_asked_again(
    reason: str, again: bool, world: World
) -> None:
    world = replace(world, driver=replace(world.driver, book=Book((order(1),))))
    first = await world.draft(await world.buyer("我的快递到哪了"))
    async with world.store.merchant(world.merchant) as session:
        held = {"state": "blocked", "reason": reason, "view": None, "text": None, "text_hash": None}
        await session.execute(update(DraftRow).where(DraftRow.id == first.id).values(**held))
    # The platform told that an order moved, and the conversation is asked for once more.
    draft = await world.draft(first.conversation)
    assert draft.id == first.id
    assert (draft.state, draft.revision) == (("proposed", 2) if again else ("blocked", 1))


async def test_an_order_that_an_agent_names_and_the_buyer_has_not_is_used_by_nobody(world: World) -> None:
    world = replace(world, driver=replace(world.driver, book=Book((order(1),))))
    row = await world.draft(await world.buyer("我的快递到哪了"))
    wrong = Rejection(reason=RejectReason.WRONG_ORDER, order="9999999999999")
    rejected = Decision(row.id, row.revision, row.text_hash or "", DecisionKind.REJECT, by="a", rejection=wrong)
    await decide(world.store, world.merchant, rejected, world.clock)
    await world.driver.resume(world.merchant, row.id)
    again = (await world.drafts(row.conversation))[-1]
    assert again.revision == 2
    assert again.view is None or again.view["order"] is None
