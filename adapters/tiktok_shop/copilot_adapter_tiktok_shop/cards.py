"""Cards on their way out: what the platform asks of each kind; an order is asked for what a card is about in it."""

from typing import Final

from copilot.sdk import Account, CardKind, CardRefused, CardReply
from copilot_adapter_tiktok_shop import lookup
from copilot_adapter_tiktok_shop.client import segment

_BY_ID: Final = {
    CardKind.PRODUCT: ("PRODUCT_CARD", "product_id"),
    CardKind.ORDER: ("ORDER_CARD", "order_id"),
    CardKind.COUPON: ("COUPON_CARD", "coupon_id"),
}


async def written(account: Account, reply: CardReply) -> tuple[str, dict[str, object]]:
    """The message's type and its content; nothing is sent.

    Raises:
        CardRefused: the order has not exactly one thing that the card could be about.
        AdapterError: the order could not be asked for.
    """
    number = segment(reply.ref)
    match reply.kind:
        case CardKind.RETURN:
            lines = await lookup.lines(account, number)
            skus = {one.sku_id for one in lines if reply.item in (None, one.product_id, one.sku_id)}
            return "RETURN_REFUND_CARD", {"order_id": number, "sku_id": _only(skus, "product")}
        case CardKind.LOGISTICS if reply.item is not None:
            lines = await lookup.lines(account, number)
            parcels = {one.package_id for one in lines if reply.item in (one.tracking_number, one.package_id)}
            return "LOGISTICS_CARD", {"order_id": number, "package_id": _only(parcels, "parcel")}
        case CardKind.LOGISTICS:
            return "LOGISTICS_CARD", {"order_id": number}
        case _:
            kind, name = _BY_ID[reply.kind]
            return kind, {name: number}


def _only(found: set[str], what: str) -> str:
    known = found - {""}
    if len(known) != 1:
        raise CardRefused(f"the card needs one {what} of the order, and {len(known)} fit", remedy=f"name the {what}")
    return known.pop()
