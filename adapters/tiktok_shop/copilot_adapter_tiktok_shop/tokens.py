"""Renewing access: a refresh gives a new pair of tokens and uses the old refresh token up; the core stores them."""

from typing import Any

from pydantic import SecretStr, ValidationError

from copilot.sdk import Account, Malformed, NotAuthorized, TokenExpired
from copilot.sdk.calls import exchange
from copilot_adapter_tiktok_shop.client import data_of
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.messages import at
from copilot_adapter_tiktok_shop.wire import Seconds, Text, Wire

_CALL = "GET /api/v2/token/refresh"
_REMEDY = "connect the shop again"


class _Tokens(Wire):
    """``access_token_expire_in`` is a point in time in unix seconds, whatever its name says."""

    access_token: Text
    refresh_token: Text = ""
    access_token_expire_in: Seconds = None


async def refresh(account: Account) -> TikTokShopSettings:
    """The shop's settings with fresh tokens.

    Raises:
        NotAuthorized: the shop's owner must connect the shop again.
        AdapterError: the platform could not be asked; the old tokens may still be good.
    """
    settings: TikTokShopSettings = account.settings
    if settings.refresh_token is None or not settings.refresh_token.get_secret_value():
        raise NotAuthorized(f"{_CALL}: the shop has no refresh token", remedy=_REMEDY)
    address = settings.auth_url + "/api/v2/token/refresh"
    request = account.http.build_request("GET", address, params=_query(settings))
    answer = await exchange(account.http, request, _CALL, sending=False)
    try:
        return _renewed(settings, data_of(_CALL, answer))
    except TokenExpired:
        raise NotAuthorized(f"{_CALL}: the refresh token is no longer good", remedy=_REMEDY) from None


def _query(settings: TikTokShopSettings) -> dict[str, str]:
    return {
        "app_key": settings.app_key,
        "app_secret": settings.app_secret.get_secret_value(),
        "refresh_token": settings.refresh_token.get_secret_value() if settings.refresh_token else "",
        "grant_type": "refresh_token",
    }


def _renewed(settings: TikTokShopSettings, data: dict[str, Any]) -> TikTokShopSettings:
    try:
        found = _Tokens.model_validate(data)
    except ValidationError:
        raise Malformed(f"{_CALL}: the answer has no tokens") from None
    if not found.access_token:
        raise Malformed(f"{_CALL}: the answer has no tokens")
    changed: dict[str, object] = {
        "access_token": SecretStr(found.access_token),
        "access_token_expires_at": at(found.access_token_expire_in),
    }
    if found.refresh_token:
        changed["refresh_token"] = SecretStr(found.refresh_token)
    return settings.model_copy(update=changed)
