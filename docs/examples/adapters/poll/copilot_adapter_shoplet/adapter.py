"""Shoplet as the core sees it: asked again and again, replies out. Translates at the edge and keeps no state."""

from typing import ClassVar

from copilot_adapter_shoplet import sending, wire
from copilot_adapter_shoplet.client import call
from copilot_adapter_shoplet.settings import ShopletSettings

from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Batch,
    Level,
    Limits,
    Receipt,
    Reply,
    Transport,
)

WAIT_SECONDS = 3.0
"""How long to wait before the next look when there was nothing new."""


class Shoplet:
    """The adapter ``shoplet``: polling, and sending."""

    name = "shoplet"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    settings: ClassVar[type[AdapterSettings]] = ShopletSettings
    # The platform knows keys: the same one again is the same message.
    idempotent_send = True
    limits = Limits(max_chars=1000)
    level = Level.BASE

    async def poll(self, account: Account, cursor: str | None) -> Batch:
        """What happened since ``cursor``; the platform begins with now when there is none."""
        body = await call(account, "GET", "/events", params={"after": cursor or ""})
        found = wire.envelope(body)
        events = wire.events(found)
        return Batch(events=events, cursor=found.next, more=bool(events), wait=WAIT_SECONDS)

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send a text once."""
        return await sending.send(account, reply, idempotency_key)
