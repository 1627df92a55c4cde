"""Signed calls to the platform's interface, and what its answers mean.

One call is one request; nothing is retried here. Errors name the method, the platform's codes and its log id, never a
text and never a secret.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import JsonValue, ValidationError
from pydantic_core import from_json

from copilot.sdk import (
    Account,
    AdapterError,
    Malformed,
    NotAuthorized,
    PlatformDown,
    Throttled,
    TokenExpired,
)
from copilot.sdk.calls import Read, exchange, retry_after
from copilot_adapter_douyin.settings import DouyinSettings
from copilot_adapter_douyin.signing import VERSION, param_json, sign_call
from copilot_adapter_douyin.wire import Envelope

_SUCCESS: Final = 10000
_PARTIAL: Final = 10001
_DOWN: Final = frozenset({20000, 20001, _PARTIAL})
_STOP: Final = frozenset({30001, 30002, 70000, 80000, 90000})
_INVALID: Final = 40003
_PLATFORM: Final = 50001
_BUSINESS: Final = frozenset({40004, 50002})
_THROTTLED: Final = 60000
_TOKEN: Final = ("isv.access-token-expired", "isv.access-token-no-existed", "isv.access-token-invalid")
_GRANT: Final = "dop.token-generate-failed"
_ABSENT: Final = ("不存在", "not exist", "not found")
_WRONG_APP: Final = ("isv.signature-invalid", "isv.app-id-invalid")


class Refused(AdapterError):
    """The platform refused what was asked.

    ``absent`` when it says that there is no such thing, ``business`` when it dislikes what was asked for and not how.
    """

    code = "platform_refused"

    def __init__(self, message: str, *, absent: bool = False, business: bool = False) -> None:
        """``absent`` is read from the platform's sentence, which itself goes nowhere."""
        super().__init__(message)
        self.absent = absent
        self.business = business


async def call(account: Account, method: str, params: Mapping[str, JsonValue], *, with_token: bool = True) -> JsonValue:
    """The ``data`` of one call, for instance ``order.orderDetail``.

    Raises:
        AdapterError: it was not answered, or not with success; the subclass says why.
    """
    settings: DouyinSettings = account.settings
    body = param_json(params)
    stamp = str(int(account.clock.now().timestamp()))
    query = {
        "app_key": settings.app_key,
        "method": method,
        "timestamp": stamp,
        "v": VERSION,
        "sign_method": settings.sign_method,
        "sign": sign_call(
            app_key=settings.app_key,
            app_secret=settings.app_secret.get_secret_value(),
            method=method,
            params=body,
            timestamp=stamp,
            sign_method=settings.sign_method,
        ),
    }
    if with_token:
        if settings.access_token is None:
            # The core asks for the first ones then, under the shop's lock.
            raise TokenExpired(f"{method}: the shop has no access token yet")
        query["access_token"] = settings.access_token.get_secret_value()
    request = account.http.build_request(
        "POST",
        f"{settings.api_url}/{method.replace('.', '/')}",
        params=query,
        content=body.encode(),
        # The second asks for the present form of errors instead of the one before it.
        headers={"content-type": "application/json", "x-open-no-old-err-code": "1"},
    )
    return _data(method, await exchange(account.http, request, method, sending=False))


def as_wire(shape: Any, method: str, data: JsonValue) -> Any:
    """``data`` as the payload ``shape``.

    Raises:
        Malformed: it has not that form.
    """
    try:
        return shape.model_validate(data if data is not None else {})
    except ValidationError as error:
        first = ".".join(str(part) for part in error.errors(include_input=False, include_url=False)[0]["loc"])
        raise Malformed(f"{method}: the answer's {first} cannot be read") from None


def _data(method: str, answer: Read) -> JsonValue:
    if answer.status == 429:
        raise Throttled(f"{method}: HTTP 429", retry_after(answer.headers))
    try:
        envelope = Envelope.model_validate(from_json(answer.body))
    except ValueError:
        raise _unreadable(method, answer) from None
    if envelope.code is None and envelope.err_no is None:
        raise _unreadable(method, answer)
    code = envelope.code if envelope.code is not None else envelope.err_no or _SUCCESS
    if code != _SUCCESS:
        raise _error(method, code, envelope, answer)
    return envelope.data


def _unreadable(method: str, answer: Read) -> AdapterError:
    if answer.status >= 500:
        return PlatformDown(f"{method}: HTTP {answer.status}")
    return Malformed(f"{method}: HTTP {answer.status} without a readable answer")


def _error(method: str, code: int, envelope: Envelope, answer: Read) -> AdapterError:
    sub = envelope.sub_code[:80]
    message = f"{method}: {code} {sub} (log id {envelope.log_id[:80] or 'none'})"
    if code == _THROTTLED:
        return Throttled(message, retry_after(answer.headers))
    if code == _INVALID and sub in _TOKEN:
        return TokenExpired(message)
    if code in _STOP or (code == _PLATFORM and sub.startswith(_GRANT)) or (code == _INVALID and sub in _WRONG_APP):
        return NotAuthorized(message)
    if code in _DOWN or code == _PLATFORM:
        return PlatformDown(message)
    absent = any(word in envelope.sub_msg.lower() for word in _ABSENT)
    return Refused(message, absent=absent, business=code in _BUSINESS)
