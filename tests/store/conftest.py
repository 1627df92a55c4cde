"""Rows that most store tests start from."""

import uuid
from dataclasses import dataclass

import pytest

from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, MerchantRow, ShopRow
from tests.fixtures_store import NOW


@dataclass(frozen=True)
class Seed:
    """A merchant with one shop and one conversation."""

    merchant: uuid.UUID
    shop: uuid.UUID
    conversation: uuid.UUID


async def seed(store: Store, name: str) -> Seed:
    made = Seed(uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    async with store.merchant(made.merchant) as session:
        session.add(MerchantRow(id=made.merchant, slug=name, name=name, created_at=NOW))
        await session.flush()
        session.add(
            ShopRow(
                merchant=made.merchant,
                id=made.shop,
                slug="shop",
                name="shop",
                platform="douyin",
                market="cn",
                platform_shop_id=name,
                adapter="douyin",
                zone="Asia/Shanghai",
                pack="douyin.cn",
                profile="douyin.cn",
                posture="draft_only",
                settings={},
                created_at=NOW,
            )
        )
        await session.flush()
        session.add(
            ConversationRow(
                merchant=made.merchant,
                id=made.conversation,
                shop=made.shop,
                platform_conversation_id="c1",
                created_at=NOW,
                updated_at=NOW,
            )
        )
    return made


@pytest.fixture
async def ours(store: Store) -> Seed:
    return await seed(store, "ours")


@pytest.fixture
async def theirs(store: Store) -> Seed:
    return await seed(store, "theirs")
