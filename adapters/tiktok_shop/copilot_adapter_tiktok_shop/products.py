"""What the shop sells, one product at a time; reads only.

Refuses to guess: variants of different prices have no one price, and a product that the platform does not know is None.
"""

from typing import Final

from pydantic import JsonValue, ValidationError

from copilot.domain.money import Money
from copilot.domain.order import Product
from copilot.sdk import Account, Malformed
from copilot_adapter_tiktok_shop.client import Client, segment
from copilot_adapter_tiktok_shop.errors import NoSuchProduct
from copilot_adapter_tiktok_shop.lookup import is_number
from copilot_adapter_tiktok_shop.orders import money
from copilot_adapter_tiktok_shop.product_wire import WireProduct

_PRODUCTS: Final = "/product/202309/products"
_ON_SALE: Final = "ACTIVATE"
_LIVE: Final = "live"
_BY_VARIANT: Final = "stock_by_variant"
"""The attribute by which the stock of one variant is known."""


async def one(account: Account, product_id: str) -> Product | None:
    """The product with this number, or None.

    Raises:
        Malformed: the answer cannot be read.
        AdapterError: the platform could not be asked.
    """
    if not is_number(product_id):
        return None
    path = f"{_PRODUCTS}/{segment(product_id)}"
    try:
        data = await Client(account).get(path)
        wire = WireProduct.model_validate(data)
    except NoSuchProduct:
        return None
    except ValidationError:
        raise Malformed(f"GET {path}: the answer cannot be read as a product") from None
    if wire.id != product_id:
        raise Malformed(f"GET {path}: the answer is another product")
    return Product(
        id=wire.id,
        name=wire.title,
        status=_status(wire),
        attributes=_attributes(wire),
        price=_price(wire),
        stock=_stock(wire),
    )


def _status(wire: WireProduct) -> str:
    if wire.is_not_for_sale:
        return "not_for_sale"
    return _LIVE if wire.status == _ON_SALE else wire.status.lower() or "unknown"


def _attributes(wire: WireProduct) -> dict[str, JsonValue]:
    """What the shop states about it; of several values all of them."""
    told: dict[str, JsonValue] = {"brand": wire.brand.name} if wire.brand is not None and wire.brand.name else {}
    for attribute in wire.product_attributes:
        values = [value.name for value in attribute.values if value.name]
        if attribute.name and values:
            told[attribute.name] = values[0] if len(values) == 1 else [*values]
    counted = _by_variant(wire)
    return {**told, _BY_VARIANT: counted} if counted else told


def _by_variant(wire: WireProduct) -> dict[str, JsonValue]:
    """How many there are of each variant ("Green / S"), over warehouses; empty where that is not told of every one."""
    named = [" / ".join(one.value_name for one in sku.sales_attributes if one.value_name) for sku in wire.skus]
    if len(named) < 2 or not all(named) or not all(sku.inventory for sku in wire.skus):
        return {}
    counts = (sum(place.quantity for place in sku.inventory) for sku in wire.skus)
    return dict(zip(named, counts, strict=True))


def _price(wire: WireProduct) -> Money | None:
    prices = {(one.price.sale_price, one.price.currency) for one in wire.skus if one.price is not None}
    known = len(prices) == 1 and all(one.price is not None for one in wire.skus)
    return money(*next(iter(prices))) if known else None


def _stock(wire: WireProduct) -> int | None:
    """All there is, over variants and warehouses; None where the platform does not say."""
    counted = [place.quantity for one in wire.skus for place in one.inventory]
    return sum(counted) if counted else None
