"""Shoplet as the core sees it: signed deliveries in, replies out. Translates at the edge and keeps no state."""

from typing import ClassVar

from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Answer,
    Delivery,
    Event,
    Identity,
    Level,
    Limits,
    Receipt,
    Reply,
    Transport,
)
from copilot.sdk.signing import hmac_hex, is_fresh, same
from copilot_adapter_shoplet import sending, wire
from copilot_adapter_shoplet.settings import ShopletSettings

WINDOW_SECONDS = 300
"""How old a signature may be."""


class Shoplet:
    """The adapter ``shoplet``: a webhook, and sending."""

    name = "shoplet"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    settings: ClassVar[type[AdapterSettings]] = ShopletSettings
    # The platform knows keys: the same one again is the same message.
    idempotent_send = True
    limits = Limits(max_chars=1000)
    level = Level.BASE

    def identify(self, delivery: Delivery) -> Identity:
        """The shop that the delivery names."""
        return Identity(shops=(wire.envelope(delivery.body).shop_id,))

    def verify(self, delivery: Delivery, account: Account) -> bool:
        """Whether time and raw body are signed with the shop's secret, lately."""
        settings: ShopletSettings = account.settings
        stamp = delivery.headers.get("shoplet-time", "")
        if not is_fresh(stamp, account.clock.now(), WINDOW_SECONDS):
            return False
        expected = hmac_hex(settings.secret.get_secret_value(), stamp.encode(), b".", delivery.body)
        return same(delivery.headers.get("shoplet-signature", ""), expected)

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        """What the delivery tells."""
        del account  # deliveries are signed and not encrypted
        return wire.events(wire.envelope(delivery.body))

    def acknowledge(self, delivery: Delivery, account: Account) -> Answer:
        """An empty object, which ends the platform's retries."""
        del delivery, account
        return Answer(body=b"{}")

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send a text once."""
        return await sending.send(account, reply, idempotency_key)
