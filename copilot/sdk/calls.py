"""How a call to a platform ends before the platform's own codes are read: the same for every HTTP interface.

What the codes mean is the adapter's to know. Messages name the call and the kind of fault; the client's own words may
hold an address, and with it a token.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx

from copilot.sdk.errors import AdapterError, OutcomeUnknown, PlatformDown

LARGEST_ANSWER: Final = 8 * 2**20
"""Bytes that are read of an answer; a page of a hundred orders has well under a tenth of it."""

NOBODY_LISTENED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""No connection was made, so nothing arrived."""


def broke_off(call: str, error: Exception, *, sending: bool) -> AdapterError:
    """What to raise (``from None``) for ``error``, which httpx or a time-out raised during ``call``.

    ``call`` is words for people, such as "GET /orders". ``sending``: the call would have sent something, so that only
    a connection that was never made leaves nothing open.
    """
    place = f"{call}: {type(error).__name__}"
    if sending and not isinstance(error, NOBODY_LISTENED):
        return OutcomeUnknown(place)
    return PlatformDown(place)


@dataclass(frozen=True)
class Read:
    """An answer that was read whole."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether its status is one of success."""
        return 200 <= self.status < 300


async def exchange(http: httpx.AsyncClient, request: httpx.Request, call: str, *, sending: bool) -> Read:
    """Send ``request`` once and read the answer, as far as one goes; ``call`` and ``sending`` as for ``broke_off``.

    Raises:
        OutcomeUnknown: ``sending``, and it broke off, or the answer is larger than ``LARGEST_ANSWER``.
        PlatformDown: it broke off, and nothing was to be sent or nobody listened.
    """
    try:
        answer = await http.send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise httpx.RemoteProtocolError("the answer is too large", request=request)
        finally:
            await answer.aclose()
    except httpx.HTTPError as error:
        raise broke_off(call, error, sending=sending) from None
    return Read(answer.status_code, answer.headers, bytes(body))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer's ``Retry-After`` asks to wait; None when it does not say so in seconds.

    ``headers`` have lower-case names or do not mind (httpx's).
    """
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if seconds >= 0 and math.isfinite(seconds) else None
