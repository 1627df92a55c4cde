"""A served homeserver with one shop's application service, and an account that reaches it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from copilot_adapter_matrix.adapter import Matrix
from copilot_adapter_matrix.emulator import MatrixEmulator
from copilot_adapter_matrix.settings import MatrixSettings

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Reply
from copilot.sdk.testing import Shopper, serve


@dataclass
class Stage:
    """The platform, the adapter, and what the adapter is called with."""

    platform: MatrixEmulator
    clock: FrozenClock
    account: Account
    adapter: Matrix = field(default_factory=Matrix)

    @property
    def room(self) -> str:
        return self.platform.chats.of_shopper("robin").id

    def reply(self, text: str) -> Reply:
        return Reply(shop=self.platform.shop_id, conversation=self.room, text=text)

    def with_settings(self, **changed: Any) -> Account:
        settings = self.account.settings.model_copy(update=changed)
        return Account(self.account.shop, settings, self.account.http, self.clock)

    def said(self) -> list[str]:
        """What the bot wrote to the buyer."""
        return [one.message.text for one in self.platform.chats.of_shopper("robin").said if one.by_call]


@pytest.fixture
async def stage() -> AsyncGenerator[Stage]:
    """An emulator with a shopper, over real sockets."""
    clock = FrozenClock(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))
    platform = MatrixEmulator(clock=clock)
    platform.add_shopper(Shopper(id="robin", nickname="Robin"))
    async with serve(platform.app) as base, httpx.AsyncClient(trust_env=False, timeout=5) as http:
        settings = MatrixSettings.model_validate(platform.settings(base))
        yield Stage(platform, clock, Account(platform.shop_id, settings, http, clock))
        await platform.aclose()
