"""Shoplet as the core sees it: a standing connection, replies out. Translates at the edge and keeps no state."""

from collections.abc import AsyncGenerator
from typing import ClassVar

import httpx
from copilot_adapter_shoplet import sending, wire
from copilot_adapter_shoplet.client import check, headers
from copilot_adapter_shoplet.settings import ShopletSettings

from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Batch,
    Level,
    Limits,
    PlatformDown,
    Receipt,
    Reply,
    Transport,
)

_PLACE = "GET /stream"


class Shoplet:
    """The adapter ``shoplet``: a stream of lines, and sending."""

    name = "shoplet"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    settings: ClassVar[type[AdapterSettings]] = ShopletSettings
    # The platform knows keys: the same one again is the same message.
    idempotent_send = True
    limits = Limits(max_chars=1000)
    level = Level.BASE

    async def connect(self, account: Account, cursor: str | None) -> AsyncGenerator[Batch]:
        """One batch for each line of the stream; the platform sends a line without events when nothing happens."""
        settings: ShopletSettings = account.settings
        url, params = f"{settings.api_url}/stream", {"after": cursor or ""}
        # A line comes at least once a minute: a silence that is longer is a broken connection.
        patience = httpx.Timeout(10.0, read=75.0)
        try:
            async with account.http.stream(
                "GET", url, headers=headers(account), params=params, timeout=patience
            ) as answer:
                if answer.status_code != 200:
                    await answer.aread()
                    check(_PLACE, answer)
                    raise PlatformDown(f"{_PLACE}: HTTP {answer.status_code}")
                async for line in answer.aiter_lines():
                    found = wire.envelope(line.encode())
                    yield Batch(events=wire.events(found), cursor=found.next)
        except httpx.HTTPError as error:
            raise PlatformDown(f"{_PLACE}: {type(error).__name__}") from None
        raise PlatformDown(f"{_PLACE}: the platform ended the stream")

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send a text once."""
        return await sending.send(account, reply, idempotency_key)
