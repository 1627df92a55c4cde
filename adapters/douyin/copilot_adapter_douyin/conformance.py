"""What this adapter is proved with: recorded traffic, both signatures, the emulator; used by the kit only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from copilot.sdk import Account, Delivery
from copilot.sdk.testing.kit import Proof, payload_folder
from copilot_adapter_douyin import chat, push, spi
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.emulator import DouyinEmulator
from copilot_adapter_douyin.settings import DouyinSettings
from copilot_adapter_douyin.signing import sign_push, sign_spi


class DouyinProof(Proof):
    """Douyin Shop with a relay, full; chat follows our own contract (CHAT.md), because the platform's is not public."""

    adapter = DouyinAdapter
    emulator = DouyinEmulator
    payloads = payload_folder(__file__)
    shop = "12345"
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    window = chat.REPLAY_SECONDS
    absent = {
        "polled_messages": "the platform publishes no list of chats: a look tells of orders and after-sales only",
    }

    def settings(self, number: int = 1) -> Mapping[str, Any]:
        """Keys of an app, a shop and a relay that do not exist."""
        return {
            "app_key": f"700000000000000010{number}",
            "app_secret": f"kit-app-secret-{number}",
            "access_token": f"kit-access-token-{number}",
            "refresh_token": f"kit-refresh-token-{number}",
            "relay_url": "https://relay.example/douyin",
            "relay_secret": f"kit-relay-secret-{number}-{'x' * 32}",
        }

    def signs_time(self, delivery: Delivery) -> bool:
        """The relay does, the platform's own pushes do not."""
        return not spi.is_call(delivery) and push.read(delivery).is_chat

    def signed(self, delivery: Delivery, account: Account) -> Delivery:
        """Chat is signed by the relay with its time, everything else by the platform over the raw body."""
        settings: DouyinSettings = account.settings
        if spi.is_call(delivery):
            stamp = str(int(account.clock.now().timestamp()))
            secret, text = settings.app_secret.get_secret_value(), delivery.body.decode()
            sign = sign_spi(app_key=settings.app_key, app_secret=secret, params=text, timestamp=stamp)
            signed = {"app_key": settings.app_key, "timestamp": stamp, "sign_method": "hmac-sha256", "sign": sign}
            return replace(delivery, query=signed)
        if not push.read(delivery).is_chat:
            sign = sign_push(delivery.body, app_key=settings.app_key, app_secret=settings.app_secret.get_secret_value())
            return replace(delivery, headers={"event-sign": sign, "app-id": settings.app_key})
        assert settings.relay_secret is not None  # the settings above have one
        stamp = str(int(account.clock.now().timestamp()))
        sign = chat.sign(settings.relay_secret.get_secret_value(), chat.TO_COPILOT, stamp, delivery.body)
        return replace(delivery, headers={chat.TIMESTAMP_HEADER: stamp, chat.SIGN_HEADER: sign})
