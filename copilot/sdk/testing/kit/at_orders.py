"""Checks of level full for texts that are left at an order when the buyer has closed the chat."""

from copilot.sdk.capabilities import OrderMessage
from copilot.sdk.errors import AdapterError, BuyerClosed
from copilot.sdk.testing.chats import stable_id
from copilot.sdk.testing.kit.bench import TEXT, Bench
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.stage import on_stage


async def closed_by_buyer(bench: Bench) -> None:
    """A chat that its buyer closed is told apart: that is when another way is proposed."""
    async with on_stage(bench) as stage:
        stage.platform.faults.buyer_closed = 1
        require(isinstance(await stage.send("hello"), BuyerClosed), "a chat that the buyer closed is not BuyerClosed")


async def order_messages(bench: Bench) -> None:
    """A text is left at its order word for word, once for a key where keys count, and not in the chat."""
    async with on_stage(bench) as stage:
        mine = stage.order("mine")
        stage.platform.add_order(mine, "robin")
        message = OrderMessage(shop=stage.platform.shop_id, order=mine.id, text=TEXT)
        receipt = await stage.adapter.send_order_message(stage.account, message, "key-order")
        if stage.adapter.idempotent_send:
            await stage.adapter.send_order_message(stage.account, message, "key-order")
        left = [(one.order, one.text) for one in stage.platform.at_orders]
        require(left == [(mine.id, TEXT)], "the text is not left at the order once and word for word")
        require(receipt.message_id == stage.platform.at_orders[0].id, "the receipt has another id than the platform")
        require(stage.sent() == [], "what was approved for the order stands in the chat")
        try:
            await stage.adapter.send_order_message(
                stage.account, message.model_copy(update={"order": stable_id("none")}), "key-none"
            )
        except AdapterError:
            return
        wrong("a text is left at an order that is not there")
