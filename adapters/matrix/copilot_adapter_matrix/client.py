"""Calls to the homeserver as the bot, and what their answers mean; makes each call once and keeps nothing."""

from typing import Any, Final, cast
from urllib.parse import quote

from pydantic_core import from_json

from copilot.sdk import (
    Account,
    AdapterError,
    Malformed,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    SendRefused,
    Throttled,
    WindowClosed,
)
from copilot.sdk.calls import Read, exchange, retry_after
from copilot_adapter_matrix.settings import MatrixSettings

_TOKEN: Final = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_EXCLUSIVE", "M_USER_DEACTIVATED"})
_CLOSED: Final = frozenset({"M_FORBIDDEN", "M_NOT_FOUND", "M_GUEST_ACCESS_FORBIDDEN"})
_REFUSED: Final = frozenset({"M_TOO_LARGE", "M_BAD_JSON", "M_INVALID_PARAM"})


def path(*parts: str) -> str:
    """An address on the homeserver; each part is escaped."""
    return "/".join(("", *(quote(part, safe="") for part in parts)))


async def call(
    account: Account,
    method: str,
    address: str,
    what: str,
    *,
    sending: bool = False,
    json: Any = None,
    content: bytes | None = None,
    params: dict[str, str] | None = None,
    content_type: str | None = None,
) -> dict[str, Any]:
    """One call as the bot; returns the answer's object. ``what`` names it in errors: its address holds ids.

    Raises:
        OutcomeUnknown: ``sending``, and it is open whether the homeserver took it.
        Malformed: the answer is no object.
        AdapterError: the homeserver did not do it; the subclass says why.
    """
    settings: MatrixSettings = account.settings
    headers = {"authorization": f"Bearer {settings.as_token.get_secret_value()}"}
    if content_type is not None:
        headers["content-type"] = content_type
    request = account.http.build_request(
        method,
        settings.homeserver + address,
        params={"user_id": settings.bot, **(params or {})},
        json=json,
        content=content,
        headers=headers,
    )
    return _read(what, await exchange(account.http, request, what, sending=sending), sending=sending)


def _read(what: str, answer: Read, *, sending: bool) -> dict[str, Any]:
    told = _object(answer.body)
    if answer.ok:
        if told is None:
            raise OutcomeUnknown(f"{what}: no answer that can be read") if sending else Malformed(f"{what}: no object")
        return told
    raise _error(what, answer, told or {}, sending=sending)


def _error(what: str, answer: Read, told: dict[str, Any], *, sending: bool) -> AdapterError:
    code = told.get("errcode")
    # A stranger's server may write anything there.
    named = code if isinstance(code, str) and code.isascii() and code.replace("_", "").isalnum() else ""
    place = f"{what}: {answer.status} {named[:60]}".strip()
    if answer.status == 429 or named == "M_LIMIT_EXCEEDED":
        return Throttled(place, _seconds(answer, told))
    if answer.status >= 500:
        return OutcomeUnknown(place) if sending else PlatformDown(place)
    if answer.status == 401 or named in _TOKEN:
        return NotAuthorized(place)
    if named in _CLOSED:
        return WindowClosed(place)
    if answer.status == 413 or named in _REFUSED:
        return SendRefused(place)
    if answer.status < 400:
        # Something between us answered in the homeserver's place.
        return OutcomeUnknown(place) if sending else Malformed(place)
    return AdapterError(place)


def _seconds(answer: Read, told: dict[str, Any]) -> float | None:
    said = retry_after(answer.headers)
    if said is not None:
        return said
    milliseconds = told.get("retry_after_ms")
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool) or not 0 <= milliseconds < 10**9:
        return None
    return milliseconds / 1000


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        told = from_json(body)
    except ValueError:
        return None
    return cast("dict[str, Any]", told) if isinstance(told, dict) else None
