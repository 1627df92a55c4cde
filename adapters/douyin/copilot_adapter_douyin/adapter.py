"""Douyin Shop (Feige): orders and pushes as the platform documents them, chat through a relay by a contract of ours.

The platform publishes no interface for chat; ``transport`` says so wherever adapters are shown.
"""

from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Answer,
    Batch,
    Delivery,
    Event,
    FoundBuyer,
    FoundOrder,
    Identity,
    Level,
    Limits,
    Pages,
    Receipt,
    Reply,
    TemplatePages,
    Transport,
    Who,
)
from copilot_adapter_douyin import orders, polling, push, relay, spi, tokens
from copilot_adapter_douyin.settings import DouyinSettings


class DouyinAdapter:
    """The adapter ``douyin``: webhook and looks, orders, refreshing and links besides sending."""

    name = "douyin"
    api = ADAPTER_API
    transport = Transport.NOT_PUBLIC
    settings: type[AdapterSettings] = DouyinSettings
    # The relay must honour the key (CHAT.md).
    idempotent_send = True
    # The platform publishes none.
    limits = Limits()
    level = Level.FULL

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Hand ``reply`` to the shop's relay, once."""
        return await relay.send(account, reply, idempotency_key)

    def identify(self, delivery: Delivery) -> Identity:
        """The shops that a batch, or an SPI call, speaks of, and the platform's app."""
        return spi.identity(delivery) if spi.is_call(delivery) else push.identity(delivery)

    def verify(self, delivery: Delivery, account: Account) -> bool:
        """Order pushes and SPI calls by the app's secret, chat by the relay's secret and its time."""
        return spi.genuine(delivery, account) if spi.is_call(delivery) else push.genuine(delivery, account)

    def parse(self, delivery: Delivery, account: Account | None = None) -> tuple[Event, ...]:
        """What happened; the platform's test of the address is nothing."""
        return spi.events(delivery, account) if spi.is_call(delivery) else push.events(delivery)

    def acknowledge(self, delivery: Delivery, account: Account | None = None) -> Answer:
        """What both the platform and a relay take for success; an SPI call's answer has another form."""
        del account
        return spi.answered() if spi.is_call(delivery) else push.ACKNOWLEDGED

    def refuse(self, delivery: Delivery) -> Answer | None:
        """The platform's own code for an SPI call that nobody signed; a push is refused as any delivery."""
        return spi.answered(code=spi.NOT_GENUINE, message="sign invalid") if spi.is_call(delivery) else None

    async def poll(self, account: Account, cursor: str | None) -> Batch:
        """Orders and after-sales that moved since ``cursor``, which pushes may have missed; never chat."""
        return await polling.poll(account, cursor)

    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        """Orders tied to the conversation, and the newest ones of the same doudian_open_id."""
        return await orders.find_buyer(account, who)

    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        """One order with its parcels and after-sales."""
        return await orders.find_order(account, order_id)

    async def refresh(self, account: Account) -> AdapterSettings:
        """New tokens for this shop, or its first ones."""
        return await tokens.renewed(account)

    def pages(self, account: Account) -> Pages:
        """The pages of the back office that the shop's settings name."""
        settings: DouyinSettings = account.settings
        return TemplatePages(
            conversation=settings.conversation_page,
            order=settings.order_page,
            after_sale=settings.after_sale_page,
            product=settings.product_page,
        )
