"""Our messages as the platform would send them; the other way round than the adapter, and written apart."""

from typing import Any, Final

from copilot.domain.message import Kind, Message, Role, SentBy
from copilot.sdk.testing import Said
from copilot_adapter_tiktok_shop.emulator.shapes import compact, im_user_id, seconds

_TYPES: Final = {
    Kind.TEXT: "TEXT",
    Kind.IMAGE: "IMAGE",
    Kind.VIDEO: "VIDEO",
    Kind.STICKER: "EMOTICONS",
    Kind.PRODUCT_CARD: "PRODUCT_CARD",
    Kind.ORDER_CARD: "ORDER_CARD",
    Kind.RETURN_CARD: "RETURN_REFUND_CARD",
    Kind.COUPON_CARD: "COUPON_CARD",
    Kind.OTHER: "OTHER",
}


def as_listed(said: Said, shop_id: str) -> dict[str, Any]:
    """A message as the interface lists it; a delivery calls the id ``message_id`` instead."""
    assert said.message.sent_at is not None  # Chats.post stamps every message
    return {
        "id": said.message.id,
        "index": str(said.sequence),
        "type": _type(said.message),
        "content": compact(_content(said.message)),
        "create_time": seconds(said.message.sent_at),
        "is_visible": True,
        "sender": _sender(said, shop_id),
    }


def _type(said: Message) -> str:
    entrance = said.role is Role.SYSTEM and said.kind is Kind.ORDER_CARD
    return "BUYER_ENTER_FROM_ORDER" if entrance else _TYPES[said.kind]


def _content(said: Message) -> dict[str, Any]:
    if said.media is not None:
        # Sizes of what was received come as text.
        return {"url": said.media.url, "width": str(said.media.width or ""), "height": str(said.media.height or "")}
    if said.kind is Kind.COUPON_CARD:
        return {"coupon_id": said.text}
    if said.kind is Kind.RETURN_CARD:
        return {"order_id": said.order_id, "sku_id": said.text}
    if said.order_id is not None:
        return {"order_id": said.order_id}
    if said.product_id is not None:
        return {"product_id": said.product_id}
    return {"content": said.text}


def _sender(said: Said, shop_id: str) -> dict[str, str]:
    if said.message.role is Role.BUYER:
        return {"im_user_id": im_user_id(said.shopper.id), "role": "BUYER", "nickname": said.shopper.nickname}
    role = {Role.BOT: "ROBOT", Role.SYSTEM: "SYSTEM"}.get(said.message.role, "CUSTOMER_SERVICE")
    if said.message.sent_by is SentBy.AUTO:
        role = "SHOP"
    return {"im_user_id": im_user_id(shop_id), "role": role, "nickname": ""}
