"""What this adapter is proved with: recorded traffic, the homeserver's token, the emulator; used by the kit only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from copilot.sdk import Account, Delivery
from copilot.sdk.testing.kit import Proof, payload_folder
from copilot_adapter_matrix.adapter import Matrix
from copilot_adapter_matrix.emulator import MatrixEmulator
from copilot_adapter_matrix.settings import MatrixSettings


class MatrixProof(Proof):
    """Matrix, full."""

    adapter = Matrix
    emulator = MatrixEmulator
    payloads = payload_folder(__file__)
    shop = "cups"
    now = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    absent = {
        "signature_body": "a homeserver signs nothing: it shows the registration's token over an encrypted connection",
        "signature_time": "a homeserver signs no time: events are told apart by their ids",
        "invisible": "whoever is in a room sees everything in it",
        "card": "rooms have no cards of goods or orders",
        "big_numbers": "every id is text",
    }

    def settings(self, number: int = 1) -> Mapping[str, Any]:
        """An application service that does not exist."""
        return {
            "homeserver": "https://matrix.example.org",
            "as_token": f"kit-as-token-{number}",
            "hs_token": f"kit-hs-token-{number}",
            "bot": "@support:example.org",
            "agents_room": "!agents:example.org",
            "people": "@anna:example.org=anna",
            "colleagues": "@colleague:example.org",
        }

    def signed(self, delivery: Delivery, account: Account) -> Delivery:
        """The token of the registration."""
        settings: MatrixSettings = account.settings
        return replace(delivery, headers={"authorization": f"Bearer {settings.hs_token.get_secret_value()}"})
