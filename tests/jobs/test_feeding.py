"""The worker runs whatever way in its adapters have, and looks for nothing where every platform calls."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from copilot.access.vault import Vault
from copilot.channel.accounts import Accounts
from copilot.channel.registry import Registry
from copilot.channel.tasks import POLL_SHOP, WATCH_FEEDS
from copilot.domain.clock import FrozenClock
from copilot.jobs.tasks import open_tasks
from copilot.settings import load_settings
from copilot.store.engine import Store
from copilot.store.tables import TimerRow
from tests.channel.feeding import Asked, Standing
from tests.channel.platform import NOON, PlainAdapter


@pytest.mark.parametrize(
    ("adapter", "armed"),
    [(PlainAdapter(), []), (Asked(), [WATCH_FEEDS]), (Standing(), [])],
    ids=["webhook", "poll", "connect"],
)
async def test_what_is_armed_is_what_the_adapters_need(
    store: Store, tmp_path: Path, adapter: object, armed: list[str]
) -> None:
    clock = FrozenClock(NOON)
    settings = load_settings(data_dir=tmp_path)
    async with httpx.AsyncClient(trust_env=False) as http:
        registry = Registry([adapter])  # type: ignore[list-item]
        accounts = Accounts(store, Vault.load(settings), registry, clock, http)
        async with open_tasks(store, settings, clock, accounts=accounts) as tasks:
            assert {POLL_SHOP, WATCH_FEEDS} <= set(tasks)
            async with store.system() as session:
                kinds = (await session.scalars(select(TimerRow.kind).order_by(TimerRow.kind))).all()
    assert [kind for kind in kinds if kind.startswith("shop.")] == armed
