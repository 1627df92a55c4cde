"""What a product is made of: one price or none, every value, and nothing that the platform did not say."""

from typing import Any

import httpx
import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.config import TikTokShopSettings

from copilot.domain.clock import FrozenClock
from copilot.domain.money import Money
from copilot.domain.order import Product
from copilot.sdk import Account, AdapterError, Malformed, PlatformDown

USD = {"currency": "USD", "sale_price": "59.90"}


async def told(clock: FrozenClock, data: Any, code: int = 0) -> Product | None:
    """What becomes of an answer to the question for product 1729."""
    body = {"code": code, "message": "canary words", "request_id": "r1", "data": data}
    settings = TikTokShopSettings.model_validate(
        {"app_key": "k", "app_secret": "s", "access_token": "t", "refresh_token": "r", "shop_cipher": "c"}
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=body))) as http:
        return await TikTokShop().product(Account("1", settings, http, clock), "1729")


@pytest.mark.parametrize(
    ("skus", "price", "stock"),
    [
        ([{"price": USD, "inventory": [{"quantity": 3}, {"quantity": 4}]}], "59.90", 7),
        ([{"price": USD}, {"price": USD, "inventory": [{"quantity": 0}]}], "59.90", 0),
        ([{"price": USD}, {"price": {**USD, "sale_price": "69.90"}}], None, None),
        ([{"price": USD}, {}], None, None),
        ([], None, None),
        (None, None, None),
    ],
)
async def test_variants_of_different_prices_have_no_one_price(
    clock: FrozenClock, skus: Any, price: str | None, stock: int | None
) -> None:
    found = await told(clock, {"id": "1729", "title": "Cup", "status": "ACTIVATE", "skus": skus})
    assert found is not None
    assert found.price == (Money(amount=price, currency="USD") if price else None)
    assert (found.stock, found.status) == (stock, "live")


async def test_the_stock_of_each_variant_is_told_where_it_is_told_of_all(clock: FrozenClock) -> None:
    def sku(colour: str, size: str, *counts: int) -> dict[str, Any]:
        choices = [{"name": "Color", "value_name": colour}, {"name": "Size", "value_name": size}]
        return {"price": USD, "sales_attributes": choices, "inventory": [{"quantity": count} for count in counts]}

    skus = [sku("Green", "S", 0), sku("Green", "M", 4, 2)]
    found = await told(clock, {"id": "1729", "title": "Set", "status": "ACTIVATE", "skus": skus})
    assert found is not None
    assert found.attributes == {"stock_by_variant": {"Green / S": 0, "Green / M": 6}}
    assert found.stock == 6
    unknown = await told(clock, {"id": "1729", "title": "Set", "status": "ACTIVATE", "skus": [*skus, sku("Red", "S")]})
    assert unknown is not None
    assert unknown.attributes == {}


async def test_attributes_keep_every_value_and_the_brand(clock: FrozenClock) -> None:
    attributes = [
        {"name": "Occasion", "values": [{"name": "Birthday"}, {"name": "Wedding"}]},
        {"name": "Material", "values": [{"name": "Porcelain"}]},
        {"name": "Empty", "values": None},
    ]
    data = {"id": 1729, "title": "Cup", "brand": {"name": "Own"}, "product_attributes": attributes}
    found = await told(clock, data)
    assert found is not None
    assert found.attributes == {"brand": "Own", "Occasion": ["Birthday", "Wedding"], "Material": "Porcelain"}
    assert found.status == "unknown"


async def test_what_nobody_can_buy_is_not_on_sale(clock: FrozenClock) -> None:
    found = await told(clock, {"id": "1729", "title": "Gift", "status": "ACTIVATE", "is_not_for_sale": True})
    assert found is not None
    assert found.status == "not_for_sale"


@pytest.mark.parametrize("code", [12019150, 12052032, 12052034])
async def test_a_product_that_the_shop_has_not_is_none(clock: FrozenClock, code: int) -> None:
    assert await told(clock, {}, code) is None


@pytest.mark.parametrize(("code", "error"), [(36009003, PlatformDown), (12009014, AdapterError)])
async def test_a_failure_is_never_taken_for_no_product(
    clock: FrozenClock, code: int, error: type[AdapterError]
) -> None:
    with pytest.raises(error) as raised:
        await told(clock, {}, code)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": "1730", "title": "Another"},
        {"id": "1729", "title": " "},
        {"id": "1729", "title": "Cup", "skus": [{"price": {"currency": "USD", "sale_price": "much"}}]},
        {"id": "1729", "title": "Cup", "skus": 7},
    ],
)
async def test_an_answer_that_is_no_such_product_is_malformed(clock: FrozenClock, data: Any) -> None:
    with pytest.raises(Malformed):
        await told(clock, data)
