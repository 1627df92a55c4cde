"""TikTok Shop as the core sees it: deliveries in, replies out, orders, history, renewed tokens.

Translates at the edge and keeps no state; what the platform's payloads mean stands in the modules beside it.
"""

from datetime import date, datetime
from typing import ClassVar, Final

from copilot.domain.order import Product
from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Answer,
    Batch,
    CardKind,
    CardReply,
    Delivery,
    Event,
    FileReply,
    FoundBuyer,
    FoundOrder,
    Identity,
    Level,
    Limits,
    Pages,
    PlatformMessage,
    Receipt,
    Reply,
    ServiceRecord,
    TemplatePages,
    Transport,
    Who,
)
from copilot_adapter_tiktok_shop import chat, events, lookup, polling, products, reception, tokens
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.signing import same, sign_delivery

_TAKEN: Final = Answer(status=200, body=b"")


class TikTokShop:
    """The adapter ``tiktok_shop``: deliveries and looks in, and all but Videos, FAQ cards and notes.

    Not Videos: a message of that type names a video that was uploaded, and the upload is described nowhere.
    """

    name = "tiktok_shop"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    settings: ClassVar[type[AdapterSettings]] = TikTokShopSettings
    idempotent_send = False
    # How long a text may be says the clock profile, with its date and source.
    limits = Limits()
    level = Level.FULL
    card_kinds = frozenset(CardKind)

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

    def parse(self, delivery: Delivery, account: Account | None = None) -> tuple[Event, ...]:
        """The event of a delivery, or none for a type that says nothing about chats and orders.

        Raises:
            Malformed: the type is known and its data has another shape.
        """
        del account  # deliveries are signed and not encrypted
        return events.events(delivery)

    def acknowledge(self, delivery: Delivery, account: Account | None = None) -> Answer:
        """An empty 200, which ends the platform's retries."""
        del delivery, account
        return _TAKEN

    async def poll(self, account: Account, cursor: str | None) -> Batch:
        """Messages and moved orders that deliveries may have missed since ``cursor``; the first round: an hour's."""
        return await polling.poll(account, cursor)

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send a text; the platform has no key, so ``idempotency_key`` cannot travel.

        Raises:
            OutcomeUnknown: it is open whether the platform took it; read back.
            AdapterError: it did not arrive.
        """
        del idempotency_key
        return await chat.send(account, reply)

    async def send_image(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        """Send a picture, uploading it first; ends as ``send``."""
        del idempotency_key
        return await chat.send_image(account, reply)

    async def send_card(self, account: Account, reply: CardReply, idempotency_key: str) -> Receipt:
        """Send a card of any kind; ends as ``send``, and as ``CardRefused`` where the platform does not show it."""
        del idempotency_key
        return await chat.send_card(account, reply)

    async def mark_read(self, account: Account, conversation: str) -> None:
        """Mark all that the buyer wrote as read."""
        await chat.mark_read(account, conversation)

    async def open_conversation(self, account: Account, order_id: str) -> str:
        """The conversation with the order's buyer, opened where there is none yet."""
        return await lookup.open_conversation(account, order_id)

    async def attended_by(self, account: Account, conversation: str) -> str | None:
        """The agent who has joined a conversation, by the chat's id of them."""
        return await reception.attended_by(account, conversation)

    async def service_record(self, account: Account, first: date, last: date) -> ServiceRecord:
        """The platform's own figures of the shop's service over these days."""
        return await reception.service_record(account, first, last)

    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        """Who is writing and their recent orders, by the ``user_id`` that joins chats to orders."""
        return await lookup.buyer(account, who)

    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        """One order with tracking and after-sales, or None when the shop has no such order."""
        return await lookup.one(account, order_id)

    async def product(self, account: Account, product_id: str) -> Product | None:
        """One product as the shop's buyers see it, or None when the shop has no such product."""
        return await products.one(account, product_id)

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
