"""What the corner's adapter is proved with."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from copilot.sdk import Account, Delivery
from copilot.sdk.signing import hmac_hex
from copilot.sdk.testing.kit import Proof
from tests.sdk.corner.adapter import WINDOW, Corner
from tests.sdk.corner.emulator import CornerEmulator


class CornerProof(Proof):
    """Everything: nothing is absent."""

    adapter = Corner
    payloads = Path(__file__).parent / "payloads"
    shop = "7000000000000000001"
    window = WINDOW
    emulator = CornerEmulator

    def settings(self, number: int = 1) -> Mapping[str, Any]:
        return {
            "secret": f"corner-secret-{number}",
            "access_token": f"corner-access-{number}",
            "refresh_token": f"corner-refresh-{number}",
            "api_url": "https://corner.example/api",
        }

    def signed(self, delivery: Delivery, account: Account) -> Delivery:
        stamp = str(int(account.clock.now().timestamp()))
        secret = account.settings.secret.get_secret_value()
        sign = hmac_hex(secret, stamp.encode(), b".", delivery.body)
        return replace(delivery, headers={"corner-time": stamp, "corner-sign": sign})
