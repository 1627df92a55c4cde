"""Calls to the platform, each made once, and what its answers mean. Errors name the call, never a text or a secret."""

from typing import Any, Final

import httpx
from pydantic_core import from_json

from copilot.sdk import (
    Account,
    AdapterError,
    Malformed,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    QuotaUsed,
    SendRefused,
    Throttled,
    TokenExpired,
    WindowClosed,
)
from copilot.sdk.calls import broke_off, retry_after
from copilot_adapter_shoplet.settings import ShopletSettings

# The platform's own codes; what is not among them is refused without a reason that we know.
_MEANING: Final[dict[str, type[AdapterError]]] = {
    "token_expired": TokenExpired,
    "forbidden": NotAuthorized,
    "text_refused": SendRefused,
    "conversation_closed": WindowClosed,
    "quota_used": QuotaUsed,
}


def headers(account: Account) -> dict[str, str]:
    """What every call carries."""
    settings: ShopletSettings = account.settings
    return {"authorization": f"Bearer {settings.access_token.get_secret_value()}"}


async def call(account: Account, method: str, path: str, *, sending: bool = False, **more: Any) -> bytes:
    """The body of a good answer.

    Raises:
        OutcomeUnknown: ``sending``, and it is open whether the platform took it.
        AdapterError: it was not done; the subclass says why.
    """
    place = f"{method} {path}"
    settings: ShopletSettings = account.settings
    try:
        answer = await account.http.request(method, settings.api_url + path, headers=headers(account), **more)
    except httpx.HTTPError as error:
        raise broke_off(place, error, sending=sending) from None
    check(place, answer, sending=sending)
    return answer.content


def check(place: str, answer: httpx.Response, *, sending: bool = False) -> None:
    """Return when ``answer`` is a good one.

    Raises:
        AdapterError: it is not.
    """
    status = answer.status_code
    if status == 429:
        raise Throttled(f"{place}: HTTP 429", retry_after(answer.headers))
    if status >= 500:
        # What was sent may have arrived.
        raise (OutcomeUnknown if sending else PlatformDown)(f"{place}: HTTP {status}")
    if status >= 400:
        raise _MEANING.get(_code(answer.content), AdapterError)(f"{place}: HTTP {status}")


def object_in(place: str, body: bytes) -> dict[str, Any]:
    """The JSON object that ``body`` holds.

    Raises:
        Malformed: it holds none.
    """
    try:
        found: Any = from_json(body)
    except ValueError:
        raise Malformed(f"{place}: the answer is no JSON") from None
    if not isinstance(found, dict):
        raise Malformed(f"{place}: the answer is no object")
    return found  # pyright: ignore[reportUnknownVariableType]


def _code(body: bytes) -> str:
    try:
        return str(object_in("", body).get("error", ""))
    except Malformed:
        return ""
