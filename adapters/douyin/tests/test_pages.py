"""Links into the back office: the chat's workspace is known, everything else is the shop's to name."""

from collections.abc import Callable

import httpx
import pytest
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.settings import WORKSPACE, DouyinSettings
from pydantic import ValidationError

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Links

ENOUGH = {"app_key": "k", "app_secret": "s", "access_token": "t"}


@pytest.fixture
async def account(clock: FrozenClock) -> Callable[..., Account]:
    http = httpx.AsyncClient(trust_env=False)
    await http.aclose()

    def made(**pages: str) -> Account:
        return Account("88", DouyinSettings.model_validate({**ENOUGH, **pages}), http, clock)

    return made


def test_only_the_workspace_is_preset(account: Callable[..., Account]) -> None:
    adapter = DouyinAdapter()
    assert isinstance(adapter, Links)
    pages = adapter.pages(account())
    assert pages.conversation("c1") == WORKSPACE
    assert (pages.order("1"), pages.after_sale("1", "2"), pages.product("3")) == (None, None, None)


def test_the_pages_of_the_settings_are_filled_with_ids(account: Callable[..., Account]) -> None:
    pages = DouyinAdapter().pages(
        account(
            order_page="https://shop.example/order?id={order}",
            after_sale_page="https://shop.example/aftersale?o={order}&a={after_sale}",
            product_page="https://shop.example/goods/{product}",
        )
    )
    assert pages.order("6920&x=1") == "https://shop.example/order?id=6920%26x%3D1"
    assert pages.after_sale("6920", "71") == "https://shop.example/aftersale?o=6920&a=71"
    assert pages.product("33") == "https://shop.example/goods/33"


def test_a_setting_that_could_lead_elsewhere_is_refused() -> None:
    for name in ("conversation_page", "order_page", "after_sale_page", "product_page"):
        for address in ("http://shop.example/", "https://{order}/", "https://shop.example/{shop}"):
            with pytest.raises(ValidationError):
                DouyinSettings.model_validate({**ENOUGH, name: address})
