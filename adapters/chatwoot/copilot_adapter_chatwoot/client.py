"""Calls to Chatwoot with the user's token, and what their answers mean; makes each call once and keeps nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx
from pydantic import ValidationError

from copilot.sdk import (
    Account,
    AdapterError,
    Malformed,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    SendRefused,
    Throttled,
)
from copilot.sdk.calls import Read, exchange, retry_after
from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.wire import Wire

W = TypeVar("W", bound=Wire)
File = tuple[str, bytes, str]
"""A file's name, its bytes and its media type."""

_NUMBER: Final = re.compile(r"[0-9]{1,30}")
_ACCESS: Final = frozenset({401, 402, 403})


@dataclass(frozen=True)
class Client:
    """The interface of one account for the time of one call from the core."""

    account: Account

    async def read(self, path: str, shape: type[W], query: Mapping[str, str] | None = None) -> W:
        """What ``path`` below the account holds.

        Raises:
            AdapterError: it could not be asked; the subclass says why.
        """
        call = f"GET {path}"
        answer = await self._exchange(call, self._request("GET", path, params=dict(query or {})), sending=False)
        try:
            return shape.model_validate_json(answer)
        except ValidationError:
            raise Malformed(f"{call}: the answer cannot be read as {shape.__name__}") from None

    async def mark(self, path: str) -> None:
        """Ask for something that changes nothing when it is asked for twice; raises what ``read`` raises."""
        await self._exchange(f"POST {path}", self._request("POST", path), sending=False)

    async def send(self, path: str, shape: type[W], fields: Mapping[str, Any], file: File | None = None) -> W:
        """Send ``fields``, as a form where a ``file`` goes along.

        Raises:
            OutcomeUnknown: it is open whether Chatwoot took it.
            AdapterError: it did not; the subclass says why.
        """
        call = f"POST {path}"
        if file is None:
            request = self._request("POST", path, json=dict(fields))
        else:
            form = {name: str(value).lower() if isinstance(value, bool) else value for name, value in fields.items()}
            request = self._request("POST", path, data=form, files=[("attachments[]", file)])
        answer = await self._exchange(call, request, sending=True)
        try:
            return shape.model_validate_json(answer)
        except ValidationError:
            # Taken, as far as the status says, and nobody knows as what.
            raise OutcomeUnknown(f"{call}: the answer names no message") from None

    async def _exchange(self, call: str, request: httpx.Request, *, sending: bool) -> bytes:
        answer = await exchange(self.account.http, request, call, sending=sending)
        if not answer.ok:
            raise _error(call, answer, sending=sending)
        return answer.body

    def _request(self, method: str, path: str, **more: Any) -> httpx.Request:
        settings: ChatwootSettings = self.account.settings
        headers = {"api_access_token": settings.access_token.get_secret_value(), "accept": "application/json"}
        return self.account.http.build_request(method, settings.account_url + path, headers=headers, **more)


def segment(number: str) -> str:
    """An id as a part of a path; Chatwoot's are plain numbers, and nothing else may choose where a call goes.

    Raises:
        Malformed: it is no id of Chatwoot.
    """
    if not _NUMBER.fullmatch(number):
        raise Malformed("an id of Chatwoot has characters that no such id has")
    return number


def _error(call: str, answer: Read, *, sending: bool) -> AdapterError:
    status = answer.status
    place = f"{call}: HTTP {status}"
    if status == 429:
        return Throttled(place, retry_after(answer.headers))
    if status in _ACCESS:
        return NotAuthorized(place, remedy="check the access token, and that its user belongs to the inbox")
    if status == 404:
        return AdapterError(place, remedy="check address, account and inbox in the shop's settings")
    if status == 422 and sending:
        return SendRefused(place)
    if status >= 500 or status < 400:
        return OutcomeUnknown(place) if sending else PlatformDown(place)
    return AdapterError(place)
