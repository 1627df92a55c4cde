"""A served emulator and an account that reaches it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.emulator import TikTokShopEmulator

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Reply
from copilot.sdk.testing import Shopper, serve


@dataclass
class Stage:
    """The platform, the adapter, and what the adapter is called with."""

    platform: TikTokShopEmulator
    clock: FrozenClock
    account: Account
    adapter: TikTokShop = field(default_factory=TikTokShop)

    def conversation(self, shopper: str) -> str:
        return self.platform.chats.of_shopper(shopper).id

    def reply(self, text: str, shopper: str = "robin") -> Reply:
        return Reply(shop=self.platform.shop_id, conversation=self.conversation(shopper), text=text)

    def with_settings(self, **changed: Any) -> Account:
        settings = self.account.settings.model_copy(update=changed)
        return Account(self.account.shop, settings, self.account.http, self.clock)


@pytest.fixture
def clock() -> FrozenClock:
    """Stands at noon on 2 November 2026."""
    return FrozenClock(datetime(2026, 11, 2, 12, 0, tzinfo=UTC))


@pytest.fixture
async def stage(clock: FrozenClock) -> AsyncGenerator[Stage]:
    """An emulator with two shoppers, over real sockets."""
    platform = TikTokShopEmulator(clock=clock)
    for shopper in ("robin", "kim"):
        platform.add_shopper(Shopper(id=shopper, nickname=shopper.title()))
    async with serve(platform.app) as base, httpx.AsyncClient(trust_env=False, timeout=5) as http:
        settings = TikTokShopSettings.model_validate(platform.settings(base))
        yield Stage(platform, clock, Account(platform.shop_id, settings, http, clock))
        await platform.aclose()
