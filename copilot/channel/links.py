"""Where a person finds a conversation, an order or a request in the platform's back office.

Owns asking the adapter and looking at what it says: an address that is not https is none. It calls no platform.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.accounts import Accounts, ShopNotConnected
from copilot.channel.orders import cached
from copilot.domain.order import AfterSale
from copilot.sdk import Links, PageKind, Pages, deep_link
from copilot.store.tables import ShopRow


@dataclass(frozen=True)
class ShopLinks:
    """The links of one shop; none where its adapter or its settings know no page."""

    pages: Pages | None = None

    def conversation(self, conversation: str) -> str | None:
        """Where the chat is read and answered."""
        return self._of(PageKind.CONVERSATION, conversation)

    def order(self, order: str) -> str | None:
        """The order's page."""
        return self._of(PageKind.ORDER, order)

    def after_sale(self, order: str, after_sale: str | None) -> str | None:
        """Where a refund or return of the order is decided."""
        return _safe(self.pages.after_sale(order, after_sale)) if self.pages else None

    def product(self, product: str) -> str | None:
        """The product's page."""
        return self._of(PageKind.PRODUCT, product)

    def _of(self, kind: PageKind, id: str) -> str | None:
        return _safe(deep_link(self.pages, kind, id)) if self.pages else None


async def links_of(session: AsyncSession, accounts: Accounts, shops: Iterable[ShopRow]) -> dict[uuid.UUID, ShopLinks]:
    """The links of each of ``shops`` by its id; a shop that is not connected has none."""
    found: dict[uuid.UUID, ShopLinks] = {}
    for shop in shops:
        if shop.id not in found:
            found[shop.id] = await _of(session, accounts, shop)
    return found


async def after_sales_of(
    session: AsyncSession, orders: Collection[tuple[uuid.UUID, str]]
) -> dict[tuple[uuid.UUID, str], str]:
    """The request that is still to be decided (else the last one) of each of ``orders``, by shop and order number."""
    told = await cached(session, orders)
    requests = {key: _undecided(order.after_sales) for key, order in told.items()}
    return {key: request for key, request in requests.items() if request is not None}


async def _of(session: AsyncSession, accounts: Accounts, shop: ShopRow) -> ShopLinks:
    adapter = accounts.adapters.get(shop.adapter)
    if not isinstance(adapter, Links):
        return ShopLinks()
    try:
        account = (await accounts.prepare(session, shop)).connected.account
    except ShopNotConnected:
        return ShopLinks()
    return ShopLinks(adapter.pages(account))


def _undecided(requests: tuple[AfterSale, ...]) -> str | None:
    still = [one for one in requests if one.money_left_at is None]
    return (still or list(requests))[-1].id if requests else None


def _safe(address: str | None) -> str | None:
    """``address`` when it can be shown as a link: what an adapter builds is not trusted with a person's click."""
    if address is None:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme == "https" and parts.hostname and parts.username is None else None
