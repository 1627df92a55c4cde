"""The adapter as the core finds it, and the settings that a shop enters."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

import httpx
import pytest
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.emulator import DouyinEmulator
from copilot_adapter_douyin.settings import DouyinSettings
from pydantic import ValidationError

from copilot.sdk import (
    ADAPTER_API,
    Account,
    Adapter,
    History,
    NotAuthorized,
    Orders,
    PlatformDown,
    Refreshing,
    Transport,
    Webhook,
)

Answering = Callable[[Callable[[httpx.Request], httpx.Response]], Account]
ENOUGH = {"app_key": "k", "app_secret": "s", "access_token": "t"}
SECRET = "0123456789abcdef0123456789abcdef"


def test_it_says_what_it_can_do() -> None:
    adapter = DouyinAdapter()
    for ability in (Adapter, Webhook, Orders, Refreshing):
        assert isinstance(adapter, ability)
    assert not isinstance(adapter, History)
    assert (adapter.api, adapter.transport, adapter.idempotent_send) == (ADAPTER_API, Transport.NOT_PUBLIC, True)


def test_it_is_found_by_name() -> None:
    found = {group: entry_points(group=group)["douyin"].load() for group in ("copilot.adapters", "copilot.emulators")}
    assert found == {"copilot.adapters": DouyinAdapter, "copilot.emulators": DouyinEmulator}
    assert DouyinAdapter.name == DouyinEmulator.name == "douyin"


def test_the_adapter_loads_neither_its_emulator_nor_a_server_nor_a_model() -> None:
    code = "import sys, copilot_adapter_douyin.adapter; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    unwanted = {"starlette", "fastapi", "uvicorn", "litellm", "langgraph", "copilot_adapter_douyin.emulator"}
    assert not loaded & unwanted


@pytest.mark.parametrize(
    "values",
    [
        ENOUGH,
        {**ENOUGH, "relay_url": "https://relay.example/a/", "relay_secret": SECRET},
        {**ENOUGH, "relay_secret": SECRET},
        {**ENOUGH, "api_url": "http://127.0.0.1:8090"},
        {**ENOUGH, "api_url": "http://[::1]:8090"},
        {**ENOUGH, "access_token_expires_at": "2026-11-29T04:00:00Z"},
        {"app_key": "k", "app_secret": "s", "tokens_from": "self_use"},
        {"app_key": "k", "app_secret": "s", "authorization_code": "c"},
    ],
)
def test_settings_that_will_do(values: dict[str, Any]) -> None:
    settings = DouyinSettings.model_validate(values)
    assert settings.relay_url in (None, "https://relay.example/a")


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"app_key": "k", "app_secret": "s"}, "access_token"),
        ({**ENOUGH, "app_secret": ""}, "app_secret"),
        ({**ENOUGH, "relay_url": "https://relay.example"}, "relay_secret"),
        ({**ENOUGH, "relay_url": "https://relay.example", "relay_secret": "short"}, "relay_secret"),
        ({**ENOUGH, "relay_url": "http://relay.example", "relay_secret": SECRET}, "relay_url"),
        ({**ENOUGH, "relay_url": "http://127.0.0.1.relay.example", "relay_secret": SECRET}, "relay_url"),
        ({**ENOUGH, "relay_url": "https://u:p@relay.example", "relay_secret": SECRET}, "relay_url"),
        ({**ENOUGH, "api_url": "ftp://platform.example"}, "api_url"),
        ({**ENOUGH, "api_url": "https://platform.example/?a=1"}, "api_url"),
        ({**ENOUGH, "sign_method": "none"}, "sign_method"),
        ({**ENOUGH, "shop": "1"}, "shop"),
    ],
)
def test_settings_that_will_not(values: dict[str, Any], place: str) -> None:
    with pytest.raises(ValidationError, match=place) as raised:
        DouyinSettings.model_validate(values)
    assert SECRET not in str(raised.value)


def test_no_secret_is_shown(settings: DouyinSettings) -> None:
    for secret in (settings.app_secret, settings.access_token, settings.refresh_token, settings.relay_secret):
        assert secret is not None
        assert secret.get_secret_value() not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"code": 50001, "sub_code": "dop.token-generate-failed:token-expired"}, NotAuthorized),
        ({"code": 40003, "sub_code": "isv.access-token-invalid"}, NotAuthorized),
        ({"code": 40004, "sub_code": "isv.parameter-invalid"}, NotAuthorized),
        ({"code": 10000, "data": {"access_token": "", "refresh_token": "r"}}, NotAuthorized),
        ({"code": 10000, "data": {"access_token": "a", "shop_id": 999}}, NotAuthorized),
        ({"code": 20000}, PlatformDown),
    ],
)
async def test_tokens_that_cannot_be_renewed(answering: Answering, answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await DouyinAdapter().refresh(answering(lambda _: httpx.Response(200, json=answer)))


async def test_renewed_tokens_replace_the_old_ones_and_nothing_else(answering: Answering) -> None:
    data = {"access_token": "new", "refresh_token": "newer", "expires_in": 60, "shop_id": 12345}
    account = answering(lambda _: httpx.Response(200, json={"code": 10000, "data": data}))
    renewed: Any = await DouyinAdapter().refresh(account)
    assert renewed.access_token.get_secret_value() == "new"
    assert renewed.refresh_token.get_secret_value() == "newer"
    unchanged = {"access_token", "refresh_token", "access_token_expires_at"}
    assert renewed.model_dump(exclude=unchanged) == account.settings.model_dump(exclude=unchanged)


async def test_without_a_refresh_token_a_person_must_connect_the_shop(answering: Answering) -> None:
    account = answering(lambda _: pytest.fail("nothing may be called"))
    bare = account.settings.model_copy(update={"refresh_token": None})
    with pytest.raises(NotAuthorized, match="authorize"):
        await DouyinAdapter().refresh(Account(account.shop, bare, account.http, account.clock))
