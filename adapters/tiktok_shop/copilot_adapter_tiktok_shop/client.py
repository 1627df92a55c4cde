"""Signed calls to the platform, and what their answers mean; makes each call once and keeps nothing.

Every request is serialised once: the bytes that are signed are the bytes that are sent.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import httpx
from pydantic import ValidationError

from copilot.sdk import Account, Malformed
from copilot.sdk.calls import Read, exchange, retry_after
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.errors import SUCCESS, of_code, of_status
from copilot_adapter_tiktok_shop.signing import sign_call
from copilot_adapter_tiktok_shop.wire import Envelope, Wire

W = TypeVar("W", bound=Wire)
Data = dict[str, Any]
File = tuple[str, bytes, str]
"""A file's name, its bytes and its media type."""

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Client:
    """The interface of one shop for the time of one call from the core."""

    account: Account

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Data:
        """Read ``path``; raises what ``call`` raises."""
        return await self.call("GET", path, query or {}, None)

    async def post(self, path: str, query: Mapping[str, str], body: Data) -> Data:
        """Search with ``body``; raises what ``call`` raises."""
        return await self.call("POST", path, query, body)

    async def call(
        self, method: str, path: str, query: Mapping[str, str], body: Data | None, *, sending: bool = False
    ) -> Data:
        """One signed call; returns the envelope's data.

        Raises:
            OutcomeUnknown: ``sending``, and it is open whether the platform took it.
            AdapterError: the platform did not do it; the subclass says why.
        """
        call = f"{method} {path}"
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        request = self._request(method, path, query, raw)
        return data_of(call, await exchange(self.account.http, request, call, sending=sending), sending=sending)

    async def upload(self, path: str, name: str, body: bytes, content_type: str) -> Data:
        """Put a file where the platform keeps them; nothing of it is sent to anybody. The body of a form is not signed.

        Raises:
            AdapterError: the platform did not take it.
        """
        request = self._request("POST", path, {}, b"", file=(name, body, content_type))
        call = f"POST {path}"
        return data_of(call, await exchange(self.account.http, request, call, sending=False))

    async def pages(self, method: str, path: str, query: Mapping[str, str], body: Data | None) -> AsyncIterator[Data]:
        """The pages of a list, one after the other; stop reading and no further one is asked for."""
        token = ""
        while True:
            data = await self.call(method, path, {**query, "page_token": token} if token else query, body)
            yield data
            following = data.get("next_page_token")
            # A platform that answers with the same place again would be asked for ever.
            if not isinstance(following, str) or following in ("", token):
                return
            token = following

    def _request(
        self, method: str, path: str, query: Mapping[str, str], raw: bytes, file: File | None = None
    ) -> httpx.Request:
        settings: TikTokShopSettings = self.account.settings
        signed = {
            **query,
            "app_key": settings.app_key,
            "shop_cipher": settings.shop_cipher.get_secret_value(),
            "timestamp": str(int(self.account.clock.now().timestamp())),
        }
        signed["sign"] = sign_call(settings.app_secret.get_secret_value(), path, signed, raw)
        headers = {"x-tts-access-token": settings.access_token.get_secret_value()}
        url, http = settings.api_url + path, self.account.http
        if file is not None:
            return http.build_request(method, url, params=signed, files={"data": file}, headers=headers)
        headers["content-type"] = "application/json"
        return http.build_request(method, url, params=signed, content=raw or None, headers=headers)


def many(shape: type[W], value: object, call: str) -> list[W]:
    """The entries of a list in an answer; None is an empty list.

    Raises:
        Malformed: it is no list, or an entry of it cannot be read: half a list would look like a whole one.
    """
    if not isinstance(value, list | None):
        raise Malformed(f"{call}: the answer has no list")
    try:
        return [shape.model_validate(entry) for entry in cast(list[object], value or [])]
    except ValidationError:
        raise Malformed(f"{call}: the answer cannot be read as {shape.__name__}") from None


def segment(number: str) -> str:
    """An id as a part of a path; ids of the platform are plain numbers, and nothing else may choose where a call goes.

    Raises:
        Malformed: it is no id of the platform.
    """
    if not _ID.fullmatch(number):
        raise Malformed("an id of the platform has characters that no such id has")
    return number


def data_of(call: str, answer: Read, *, sending: bool = False) -> Data:
    """The data of an answer, for ``call`` named as "METHOD path".

    Raises:
        AdapterError: the answer says that it was not done, or says nothing.
    """
    wait = retry_after(answer.headers)
    try:
        envelope = Envelope.model_validate_json(answer.body)
    except ValidationError:
        raise of_status(call, answer.status, sending=sending, retry_after=wait) from None
    if envelope.code != SUCCESS:
        raise of_code(call, envelope.code, envelope.request_id, sending=sending, retry_after=wait)
    return envelope.data or {}
