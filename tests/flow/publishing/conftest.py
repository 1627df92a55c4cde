"""Versions of a merchant's rules and playbooks, and processes that follow them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from copilot.access.principal import Role
from copilot.assets import policy_folders, prompt_folders
from copilot.flow.publishing import rows
from copilot.flow.publishing.files import Kind, lay_out
from copilot.flow.publishing.rows import Actor, New, State
from copilot.flow.shops import Rules, Shops
from copilot.jobs.following import Following
from copilot.model.prompts import Prompts
from copilot.store.engine import Store
from copilot.store.tables import AuditRow, DirectoryRow, PublicationRow, ShadowCountRow, ShopRow
from tests.flow.conftest import World

OWNER = Actor("the-owner", Role.OWNER)
ADMIN = Actor("the-admin", Role.GENERAL_ADMIN)

RULE = """\
id: {id}
family: {family}
severity: {severity}
source: house rule
reason: {{zh: 不这样说, en: we do not say so}}
suggestion: {{zh: 换个说法, en: say it otherwise}}
matchers:
  - kind: terms
    terms: {terms}
cases:
  violates: [{first}一, {first}二, {first}三, {first}四, {first}五]
  allowed: [好的, 您好, 收到, 稍等, 谢谢]
"""


def rule(id: str, terms: str, severity: str = "block") -> dict[str, str]:
    """A rule file that blocks ``terms`` (a YAML list)."""
    family = id.partition(".")[0]
    first = terms.strip("[]").split(",")[0].strip()
    text = RULE.format(id=id, family=family, severity=severity, terms=terms, first=first)
    return {f"rules/{family}/{id.partition('.')[2]}.yaml": text}


@dataclass
class Process:
    """One process on the database: its rules, and how it follows what is published."""

    shops: Shops
    following: Following

    def rules(self, shop: ShopRow, slug: str) -> Rules:
        return self.shops.of_shop(shop, slug, self.following.clock.now())


@dataclass
class Publishing:
    """A merchant with two shops, and what tests do with its versions."""

    world: World
    store: Store
    other: ShopRow
    slug: str
    processes: Callable[[], Process]

    async def publish(
        self, files: dict[str, str], to: State = State.ENFORCE, kind: Kind = Kind.RULES, **more: Any
    ) -> PublicationRow:
        actor = more.pop("actor", OWNER)
        async with self.store.merchant(self.world.merchant) as session:
            return await rows.add(
                session, self.world.merchant, New(kind, files, **more), to, actor, self.world.clock.now()
            )

    async def promote(self, row: PublicationRow, actor: Actor = OWNER) -> PublicationRow:
        self.world.clock.advance(1)
        async with self.store.merchant(self.world.merchant) as session:
            return await rows.promote(session, row.id, State.ENFORCE, actor, self.world.clock.now())

    async def roll_back(
        self, shop: uuid.UUID | None = None, kind: Kind = Kind.RULES, actor: Actor = OWNER
    ) -> tuple[PublicationRow, PublicationRow | None]:
        self.world.clock.advance(1)
        async with self.store.merchant(self.world.merchant) as session:
            return await rows.roll_back(session, shop, kind, actor, self.world.clock.now())

    async def all(self, table: Any) -> list[Any]:
        async with self.store.merchant(self.world.merchant) as session:
            return list(await session.scalars(select(table)))

    async def states(self) -> dict[int, str]:
        return {row.number: row.state for row in await self.all(PublicationRow)}

    async def counts(self) -> dict[tuple[str, str, str], int]:
        return {(row.rule, row.severity, row.change): row.number for row in await self.all(ShadowCountRow)}

    async def audited(self) -> list[tuple[str, str, int]]:
        lines = sorted(await self.all(AuditRow), key=lambda line: line.at)
        return [(line.action, line.by, line.detail["number"]) for line in lines if "publication" in line.action]

    def with_process(self, process: Process) -> World:
        return replace(self.world, driver=replace(self.world.driver, shops=process.shops))


@pytest.fixture
async def publishing(world: World, store: Store, compiled: Path, tmp_path: Path) -> Publishing:
    async with store.merchant(world.merchant) as session:
        values = {name: getattr(world.shop, name) for name in ShopRow.__table__.columns.keys()}
        other = ShopRow(**{**values, "id": uuid.uuid4(), "slug": "bowls", "platform_shop_id": "shop-bowls"})
        session.add(other)
        await session.flush()
        session.add(DirectoryRow(kind="shop", key=f"r:{other.id}", merchant=world.merchant, shop=other.id))

    made = 0

    def process() -> Process:
        nonlocal made
        made += 1
        shops = Shops(policy_folders(), Prompts(prompt_folders(), compiled), compiled)
        return Process(shops, Following(store, shops, world.clock, tmp_path / f"published-{made}"))

    return Publishing(world, store, other, f"m-{world.merchant.hex[:8]}", process)


__all__ = ["ADMIN", "OWNER", "Process", "Publishing", "lay_out", "rule"]
