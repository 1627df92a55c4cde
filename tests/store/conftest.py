"""Rows that most store tests start from."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
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


@pytest.fixture
def postgres_login(empty_url: str) -> Iterator[str]:
    """The address of an empty database for a login that is nobody special; the roles of the server exist."""
    with psycopg.connect(empty_url, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE plain_login LOGIN")
    yield empty_url.replace("postgres@", "plain_login@")
    with psycopg.connect(empty_url, autocommit=True) as superuser:
        superuser.execute("REVOKE copilot_owner, copilot_app FROM plain_login")
        superuser.execute(f"REVOKE ALL ON DATABASE {empty_url.split('/')[3].split('?')[0]} FROM plain_login".encode())
        superuser.execute("DROP ROLE plain_login")
