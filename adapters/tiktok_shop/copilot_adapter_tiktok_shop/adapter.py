"""TikTok Shop as the core sees it: deliveries in, replies out, orders, history, renewed tokens.

Translates at the edge and keeps no state; what the platform's payloads mean stands in the modules beside it.
"""

from datetime import datetime
from typing import ClassVar, Final

from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Answer,
    Delivery,
    Event,
    FoundBuyer,
    FoundOrder,
    Identity,
    Pages,
    PlatformMessage,
    Receipt,
    Reply,
    TemplatePages,
    Transport,
    Who,
)
from copilot_adapter_tiktok_shop import chat, events, lookup, tokens
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.signing import same, sign_delivery

_TAKEN: Final = Answer(status=200, body=b"")


class TikTokShop:
    """The adapter ``tiktok_shop``: Webhook, Orders, History, Refreshing and Links besides sending."""

    name = "tiktok_shop"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    settings: ClassVar[type[AdapterSettings]] = TikTokShopSettings
    idempotent_send = False

    def identify(self, delivery: Delivery) -> Identity:
        """The one shop that the delivery names.

        Raises:
            Malformed: this is no notification of the platform.
        """
        return Identity(shops=(events.notification(delivery).shop_id,))

    def verify(self, delivery: Delivery, account: Account) -> bool:
        """Whether the raw body is signed with the app's key and secret."""
        settings: TikTokShopSettings = account.settings
        expected = sign_delivery(settings.app_key, settings.app_secret.get_secret_value(), delivery.body)
        return same(delivery.headers.get("authorization", ""), expected)

    def parse(self, delivery: Delivery) -> tuple[Event, ...]:
        """The event of a delivery, or none for a type that says nothing about chats and orders.

        Raises:
            Malformed: the type is known and its data has another shape.
        """
        return events.events(delivery)

    def acknowledge(self, delivery: Delivery) -> Answer:
        """An empty 200, which ends the platform's retries."""
        del delivery
        return _TAKEN

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send a text; the platform has no key, so ``idempotency_key`` cannot travel.

        Raises:
            OutcomeUnknown: it is open whether the platform took it; read back.
            AdapterError: it did not arrive.
        """
        del idempotency_key
        return await chat.send(account, reply)

    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        """Who is writing and their recent orders, by the ``user_id`` that joins chats to orders."""
        return await lookup.buyer(account, who)

    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        """One order with tracking and after-sales, or None when the shop has no such order."""
        return await lookup.one(account, order_id)

    async def sent_since(self, account: Account, conversation: str, since: datetime) -> tuple[PlatformMessage, ...]:
        """Every text of the shop's side since then, all pages, oldest first."""
        return await chat.sent_since(account, conversation, since)

    async def refresh(self, account: Account) -> TikTokShopSettings:
        """Settings with a fresh pair of tokens; the old refresh token is used up."""
        return await tokens.refresh(account)

    def pages(self, account: Account) -> Pages:
        """The pages of Seller Center that the shop's settings name."""
        settings: TikTokShopSettings = account.settings
        return TemplatePages(
            conversation=settings.conversation_page,
            order=settings.order_page,
            after_sale=settings.after_sale_page,
            product=settings.product_page,
        )
