"""A vault with a key of its own, and two merchants that must never see each other."""

import uuid
from dataclasses import dataclass

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import Vault
from copilot.domain.clock import FrozenClock
from copilot.sdk import AdapterSettings
from copilot.store.engine import Store

SECRET = "canary-5f1c7be2"


class SampleSettings(AdapterSettings):
    """What a made-up adapter asks for."""

    app_key: str
    app_secret: SecretStr
    base_url: str = "https://platform.example"

    def app_id(self) -> str | None:
        return self.app_key


def settings(app_key: str = "app-1", secret: str = SECRET) -> SampleSettings:
    return SampleSettings(app_key=app_key, app_secret=SecretStr(secret))


def new_shop(slug: str = "cups", platform_shop_id: str = "7001", **changed: object) -> NewShop:
    values: dict[str, object] = {
        "slug": slug, "name": "Cups", "platform": "sample", "market": "cn", "platform_shop_id": platform_shop_id,
        "adapter": "sample", "pack": "generic", "profile": "generic", "zone": "Asia/Shanghai",
        "settings": settings(),
    }  # fmt: skip
    return NewShop(**{**values, **changed})  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True)
class Two:
    """Two merchants with a shop each."""

    a: uuid.UUID
    b: uuid.UUID
    shop_a: uuid.UUID
    shop_b: uuid.UUID


@pytest.fixture
def vault() -> Vault:
    return Vault([Fernet.generate_key().decode()], "the test")


@pytest.fixture
async def two(store: Store, vault: Vault, clock: FrozenClock) -> Two:
    a = await add_merchant(store, "a", "Merchant A", clock)
    b = await add_merchant(store, "b", "Merchant B", clock)
    shop_a = await add_shop(store, vault, a, new_shop(), clock)
    shop_b = await add_shop(store, vault, b, new_shop(platform_shop_id="7002"), clock)
    return Two(a, b, shop_a, shop_b)
