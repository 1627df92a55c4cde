"""The platform's payloads of products, as far as they are read."""

from typing import Annotated

from pydantic import BeforeValidator

from copilot_adapter_tiktok_shop.wire import Many, Text, Wire, WireId, object_or_none


class NamedValue(Wire):
    """A brand, or a value of an attribute."""

    name: Text = ""


class ProductAttribute(Wire):
    """What holds for all variants: an attribute and its values."""

    name: Text = ""
    values: Many[NamedValue]


class SkuPrice(Wire):
    """What the product page shows before discounts, as decimal text."""

    currency: Text = ""
    sale_price: Text = ""


class Inventory(Wire):
    """How many lie in one warehouse."""

    quantity: int = 0


class SalesAttribute(Wire):
    """One of the choices that make a variant: its colour, its size."""

    value_name: Text = ""


class Sku(Wire):
    """A variant of a product."""

    sales_attributes: Many[SalesAttribute]
    price: Annotated[SkuPrice | None, BeforeValidator(object_or_none)] = None
    inventory: Many[Inventory]


class WireProduct(Wire):
    """A product; ``status`` is the platform's word, ACTIVATE for what is on sale."""

    id: WireId
    title: WireId
    status: Text = ""
    is_not_for_sale: bool = False
    brand: Annotated[NamedValue | None, BeforeValidator(object_or_none)] = None
    product_attributes: Many[ProductAttribute]
    skus: Many[Sku]
