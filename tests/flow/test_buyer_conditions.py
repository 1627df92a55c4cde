"""What a stored buyer is called decides: the platform's level and tags, and the tags that people set here."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from copilot.assets import policy_folders
from copilot.channel.inbox import receive
from copilot.channel.lookup import Lookup
from copilot.channel.registry import Registry
from copilot.desk.buyer_tags import tag_buyer
from copilot.domain.draft import DraftState
from copilot.domain.message import Message, Role
from copilot.domain.order import Order
from copilot.flow.shops import Shops
from copilot.flow.talks import load_talk
from copilot.sdk import Account, FoundBuyer, FoundOrder, MessageEvent, Who
from copilot.store.tables import BuyerRow, ConversationRow
from tests.flow.conftest import NOON, RecordingAdapter, World

ORDER = "6938166200417709301"
MORE, LESS = {"reship", "refund_keep"}, {"reship", "return_refund"}
OPTIONS = """
options:
  refund_keep:
    title: {{zh: 部分退款, en: partial refund}}
    action: refund
    when: "order.shipped && {when}"
    amount: item.total * terms.keep_refund_percent / 100
    cost: item.total * terms.keep_refund_percent / 100
    arrival: true
    gives: {{keep: "'keep'"}}
"""


@dataclass
class Shopkeeper(RecordingAdapter):
    """A platform that knows the buyer's order, and calls them whatever ``told`` says."""

    told: dict[str, Any] = field(default_factory=dict[str, Any])

    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        price = {"amount": "60.00", "currency": "CNY"}
        order = Order.model_validate(
            {
                "id": ORDER,
                "status": "delivered",
                "created_at": NOON - timedelta(days=3),
                "paid_at": NOON - timedelta(days=3),
                "delivered_at": NOON - timedelta(hours=5),
                "total": price,
                "items": [{"name": "陶杯", "quantity": 1, "price": price}],
            }
        )
        return FoundBuyer(order_key="k1", orders=(FoundOrder(order=order, buyer_key="k1"),), **self.told)

    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        return None


@dataclass
class Desk:
    world: World
    platform: Shopkeeper
    said: int = 0
    talk: uuid.UUID = field(default_factory=uuid.uuid4)

    async def offers(self) -> set[str]:
        """What the draft offers in the next conversation of the same buyer."""
        self.said += 1
        world = self.world
        world.clock.advance(120)
        message = Message(id=f"m{self.said}", role=Role.BUYER, text="收到杯子碎了一个", sent_at=world.clock.now())
        event = MessageEvent(
            shop=world.shop.platform_shop_id, conversation=f"c{self.said}", message=message, buyer="b-1"
        )
        async with world.store.merchant(world.merchant) as session:
            self.talk = (await receive(session, world.shop, event, None, world.clock)).conversation
        row = await world.draft(self.talk)
        assert row.state == DraftState.PROPOSED, row.reason
        assert row.view is not None
        return {one["key"] for one in row.view["options"]}

    async def tags(self, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
        """A person changes the buyer's tags."""
        async with self.world.store.merchant(self.world.merchant) as session:
            talk = (await session.scalars(select(ConversationRow).where(ConversationRow.id == self.talk))).one()
            assert await tag_buyer(session, talk, add, remove, self.world.clock.now()) is not None

    async def kept(self) -> tuple[str | None, list[str] | None, list[str]]:
        async with self.world.store.merchant(self.world.merchant) as session:
            row = (await session.scalars(select(BuyerRow))).one()
            return row.level, row.told_tags, row.tags


@pytest.fixture
def desk(world: World, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    """A shop whose own procedure gives a part of the price back to buyers of whom ``when`` holds."""
    own = (policy_folders()[0] / "playbooks/damaged.yaml").read_text(encoding="utf-8")
    (tmp_path / "playbooks").mkdir()
    text = own + OPTIONS.format(when=request.param)
    (tmp_path / "playbooks/damaged.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "terms").mkdir()
    (tmp_path / "terms/douyin.cn.yaml").write_text("photo_required: false\n", encoding="utf-8")
    known = world.driver.shops
    shops = Shops((*known.folders, tmp_path), known.prompts, known.cache_dir)
    platform = Shopkeeper()
    lookup = Lookup(world.store, replace(world.outbox.accounts, adapters=Registry([platform])), world.clock)
    world = replace(world, driver=replace(world.driver, shops=shops, book=lookup))
    return Desk(world, platform)


@pytest.mark.feature("F071")
@pytest.mark.parametrize("desk", ["buyer.level == 'gold'"], indirect=True)
async def test_the_level_that_the_platform_tells_decides_already_in_the_draft_that_looked_it_up(desk: Desk) -> None:
    assert await desk.offers() == LESS
    desk.platform.told = {"level": "gold"}
    assert await desk.offers() == MORE
    # It does not tell it each time, and then says that the buyer has none.
    desk.platform.told = {}
    assert await desk.offers() == MORE
    desk.platform.told = {"level": ""}
    assert await desk.offers() == LESS


@pytest.mark.feature("F072")
@pytest.mark.parametrize("desk", ["'VIP' in buyer.tags"], indirect=True)
async def test_a_tag_that_a_person_set_decides_and_outlasts_what_the_platform_tells(desk: Desk) -> None:
    assert await desk.offers() == LESS
    await desk.tags(add=("VIP",))
    assert await desk.offers() == MORE
    desk.platform.told = {"tags": ("新客",)}
    assert await desk.offers() == MORE
    assert await desk.kept() == (None, ["新客"], ["VIP"])
    async with desk.world.store.merchant(desk.world.merchant) as session:
        assert (await load_talk(session, desk.talk)).conversation.buyer.tags == ("新客", "VIP")
    await desk.tags(remove=("VIP",))
    assert await desk.offers() == LESS


@pytest.mark.feature("F072")
@pytest.mark.parametrize("desk", ["'VIP' in buyer.tags"], indirect=True)
async def test_a_tag_of_the_platform_decides_until_a_person_takes_it_off(desk: Desk) -> None:
    desk.platform.told = {"tags": ("VIP",)}
    assert await desk.offers() == MORE
    await desk.tags(remove=("VIP",))
    # It is told again, and stays off.
    assert await desk.offers() == LESS
    await desk.tags(add=("VIP",))
    assert await desk.offers() == MORE
    desk.platform.told = {"tags": ()}
    assert await desk.offers() == LESS
