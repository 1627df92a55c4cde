"""Access to a shop: the first pair of tokens, and a new pair for the one that ran out. The core stores what comes back.

A self-use app may ask for a pair at any time; one of the marketplace has a code from the owner's authorization, good
for ten minutes and for one pair.
"""

from datetime import timedelta
from typing import Final

from pydantic import JsonValue, SecretStr

from copilot.sdk import Account, NotAuthorized, TokenExpired
from copilot_adapter_douyin.client import Refused, as_wire, call
from copilot_adapter_douyin.settings import SELF_USE, DouyinSettings
from copilot_adapter_douyin.wire import Tokens

_CREATE: Final = "token.create"
_REFRESH: Final = "token.refresh"
_REMEDY: Final = "authorize the app for the shop again"


async def renewed(account: Account) -> DouyinSettings:
    """The shop's settings with a good pair of tokens.

    A self-use app whose refresh token is no longer good begins anew.

    Raises:
        NotAuthorized: the shop's owner must authorize the app again.
        AdapterError: the platform could not be asked; the old tokens may still be good.
    """
    settings: DouyinSettings = account.settings
    if settings.refresh_token is None:
        return await created(account)
    params: dict[str, JsonValue] = {
        "grant_type": "refresh_token",
        "refresh_token": settings.refresh_token.get_secret_value(),
    }
    try:
        return await _asked(account, _REFRESH, params)
    except NotAuthorized:
        if settings.tokens_from != SELF_USE:
            raise
        return await created(account)


async def created(account: Account) -> DouyinSettings:
    """The shop's settings with its first pair of tokens; a code that was used is no longer among them.

    Raises:
        NotAuthorized: there is nothing to ask with, or the platform does not take it.
        AdapterError: the platform could not be asked.
    """
    settings: DouyinSettings = account.settings
    if settings.tokens_from == SELF_USE:
        return await _asked(account, _CREATE, {"grant_type": "authorization_self", "code": "", "shop_id": account.shop})
    if settings.authorization_code is None:
        raise NotAuthorized("there is no refresh token and no code of an authorization", remedy=_REMEDY)
    code = settings.authorization_code.get_secret_value()
    found = await _asked(account, _CREATE, {"grant_type": "authorization_code", "code": code})
    return found.model_copy(update={"authorization_code": None})


async def _asked(account: Account, method: str, params: dict[str, JsonValue]) -> DouyinSettings:
    settings: DouyinSettings = account.settings
    try:
        data = await call(account, method, params, with_token=False)
    except (TokenExpired, Refused) as error:
        raise NotAuthorized(str(error), remedy=_REMEDY) from None
    tokens: Tokens = as_wire(Tokens, method, data)
    if not tokens.access_token or tokens.shop_id not in ("", account.shop):
        raise NotAuthorized(f"{method}: the tokens are not for this shop")
    expires = account.clock.now() + timedelta(seconds=tokens.expires_in) if tokens.expires_in > 0 else None
    return settings.model_copy(
        update={
            "access_token": SecretStr(tokens.access_token),
            "refresh_token": SecretStr(tokens.refresh_token) if tokens.refresh_token else settings.refresh_token,
            "access_token_expires_at": expires,
        }
    )
