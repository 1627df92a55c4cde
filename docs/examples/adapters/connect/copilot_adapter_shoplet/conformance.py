"""What this adapter is proved with: settings that do not exist, and recorded traffic."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from copilot_adapter_shoplet.adapter import Shoplet

from copilot.sdk.testing.kit import Proof, payload_folder


class ShopletProof(Proof):
    """Level base; for full, write an emulator and name it here."""

    adapter = Shoplet
    payloads = payload_folder(__file__)
    shop = "7000000000000000001"
    now = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

    def settings(self, number: int = 1) -> Mapping[str, Any]:
        """Keys of a shop that does not exist."""
        return {"access_token": f"kit-access-token-{number}"}
