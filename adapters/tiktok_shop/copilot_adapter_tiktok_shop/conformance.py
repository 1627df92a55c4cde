"""What this adapter is proved with: recorded traffic, the platform's signature, the emulator; used by the kit only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from copilot.sdk import Account, Delivery
from copilot.sdk.testing.kit import Proof, payload_folder
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.emulator import TikTokShopEmulator
from copilot_adapter_tiktok_shop.signing import sign_delivery


class TikTokShopProof(Proof):
    """TikTok Shop, full."""

    adapter = TikTokShop
    emulator = TikTokShopEmulator
    payloads = payload_folder(__file__)
    shop = "7494049642642441621"
    now = datetime(2025, 11, 2, 12, 0, tzinfo=UTC)
    absent = {
        "signature_time": "the platform signs no time: deliveries are de-duplicated by the ids within",
    }

    def settings(self, number: int = 1) -> Mapping[str, Any]:
        """Keys of an app and a shop that do not exist."""
        return {
            "app_key": f"kit-app-{number}",
            "app_secret": f"kit-app-secret-{number}",
            "access_token": f"kit-access-token-{number}",
            "refresh_token": f"kit-refresh-token-{number}",
            "shop_cipher": f"kit-cipher-{number}",
        }

    def signed(self, delivery: Delivery, account: Account) -> Delivery:
        """The platform signs the app's key and the raw body."""
        settings: TikTokShopSettings = account.settings
        signature = sign_delivery(settings.app_key, settings.app_secret.get_secret_value(), delivery.body)
        return replace(delivery, headers={"authorization": signature})
