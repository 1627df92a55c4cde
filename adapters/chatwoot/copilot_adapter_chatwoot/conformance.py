"""What this adapter is proved with: recorded traffic, Chatwoot's signature, the emulator; used by the kit only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from copilot.sdk import Account, Delivery
from copilot.sdk.testing.kit import Proof, payload_folder
from copilot_adapter_chatwoot.adapter import Chatwoot
from copilot_adapter_chatwoot.emulator import ChatwootEmulator
from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.signing import SIGNATURE, TIMESTAMP, WINDOW_SECONDS, sign


class ChatwootProof(Proof):
    """Chatwoot, full."""

    adapter = Chatwoot
    emulator = ChatwootEmulator
    payloads = payload_folder(__file__)
    shop = "chat.example-3"
    now = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    window = WINDOW_SECONDS
    absent = {
        "card": "Chatwoot knows no orders and products: buyers send words and files",
        "invisible": "what buyers must not see are private notes, which are no messages of the conversation",
    }

    def settings(self, number: int = 1) -> Mapping[str, Any]:
        """Keys of an account that does not exist."""
        return {
            "account_id": "3",
            "access_token": f"kit-access-token-{number}",
            "webhook_secret": f"kit-webhook-secret-{number}",
            "api_url": "https://chat.example",
        }

    def signed(self, delivery: Delivery, account: Account) -> Delivery:
        """Time and raw body, as Chatwoot signs them."""
        settings: ChatwootSettings = account.settings
        stamp = str(int(account.clock.now().timestamp()))
        signature = sign(settings.webhook_secret.get_secret_value(), stamp, delivery.body)
        return replace(delivery, headers={TIMESTAMP: stamp, SIGNATURE: signature})
