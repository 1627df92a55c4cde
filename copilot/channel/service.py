"""The platform's own figures of a shop's service, asked for while a person waits; never kept: it counts them anew."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from copilot.channel.accounts import Accounts, ShopNotConnected
from copilot.channel.surprises import SURPRISES
from copilot.logs import get_logger
from copilot.sdk import AdapterError, Service, ServiceRecord
from copilot.store.tables import ShopRow

log = get_logger(__name__)

_SECONDS: Final = 5.0
"""How long the platform may take; a person waits."""

Missing = Literal["not_offered", "not_connected", "unavailable"]
"""Why there are none: the adapter has no such figures, the shop is not connected, the platform could not be asked."""


@dataclass(frozen=True)
class Counted:
    """What the platform counted, or why that is not known."""

    record: ServiceRecord | None = None
    missing: Missing | None = None


async def counted_by_platform(accounts: Accounts, shop: ShopRow, first: date, last: date) -> Counted:
    """The days from ``first`` to ``last``, both in, as the platform counts them."""
    if not isinstance(accounts.adapters.get(shop.adapter), Service):
        return Counted(missing="not_offered")
    try:
        async with asyncio.timeout(_SECONDS):
            found = await accounts.call(shop, lambda adapter, account: adapter.service_record(account, first, last))
    except ShopNotConnected:
        return Counted(missing="not_connected")
    except (AdapterError, *SURPRISES) as error:
        log.warning("service_not_counted", shop=str(shop.id), error=type(error).__name__)
        return Counted(missing="unavailable")
    return Counted(found) if isinstance(found, ServiceRecord) else Counted(missing="unavailable")
