"""Links into Seller Center: none unless the shop's settings name them."""

from typing import Any

import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from pydantic import ValidationError

from copilot.sdk import Links

KEYS = {"app_key": "k", "app_secret": "s", "access_token": "t", "shop_cipher": "c"}


def test_no_page_is_known_before_the_shop_names_it(stage: Any) -> None:
    adapter = TikTokShop()
    assert isinstance(adapter, Links)
    pages = adapter.pages(stage.account)
    found = (pages.conversation("c"), pages.order("1"), pages.after_sale("1", "2"), pages.product("3"))
    assert found == (None, None, None, None)


def test_the_pages_of_the_settings_are_filled_with_ids(stage: Any) -> None:
    account = stage.with_settings(
        conversation_page="https://seller.example/chat?id={conversation}",
        order_page="https://seller.example/order/{order}",
        after_sale_page="https://seller.example/return/{after_sale}",
        product_page="https://seller.example/product/{product}",
    )
    pages = TikTokShop().pages(account)
    assert pages.conversation("c/1") == "https://seller.example/chat?id=c%2F1"
    assert pages.order("577087614418520388") == "https://seller.example/order/577087614418520388"
    assert pages.after_sale("1", "4035310") == "https://seller.example/return/4035310"
    assert pages.after_sale("1", None) is None
    assert pages.product("1729") == "https://seller.example/product/1729"


def test_a_setting_that_could_lead_elsewhere_is_refused() -> None:
    for name in ("conversation_page", "order_page", "after_sale_page", "product_page"):
        for address in ("http://seller.example/", "https://{order}/", "https://seller.example/{shop}"):
            with pytest.raises(ValidationError):
                TikTokShopSettings.model_validate({**KEYS, name: address})
