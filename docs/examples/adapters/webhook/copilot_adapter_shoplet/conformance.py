"""What this adapter is proved with: settings that do not exist, recorded traffic, the platform's signature."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from copilot.sdk import Account, Delivery
from copilot.sdk.signing import hmac_hex
from copilot.sdk.testing.kit import Proof, payload_folder
from copilot_adapter_shoplet.adapter import WINDOW_SECONDS, Shoplet
from copilot_adapter_shoplet.settings import ShopletSettings


class ShopletProof(Proof):
    """Level base; for full, write an emulator and name it here."""

    adapter = Shoplet
    payloads = payload_folder(__file__)
    shop = "7000000000000000001"
    now = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    window = WINDOW_SECONDS

    def settings(self, number: int = 1) -> Mapping[str, Any]:
        """Keys of a shop that does not exist."""
        return {"secret": f"kit-secret-{number}", "access_token": f"kit-access-token-{number}"}

    def signed(self, delivery: Delivery, account: Account) -> Delivery:
        """Time and raw body, as the platform signs them."""
        settings: ShopletSettings = account.settings
        stamp = str(int(account.clock.now().timestamp()))
        signature = hmac_hex(settings.secret.get_secret_value(), stamp.encode(), b".", delivery.body)
        return replace(delivery, headers={"shoplet-time": stamp, "shoplet-signature": signature})
