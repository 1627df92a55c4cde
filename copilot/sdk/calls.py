"""How a call to a platform ends before the platform's own codes are read: the same for every HTTP interface.

What the codes mean is the adapter's to know. Messages name the call and the kind of fault; the client's own words may
hold an address, and with it a token.
"""

import math
from collections.abc import Mapping
from typing import Final

import httpx

from copilot.sdk.errors import AdapterError, OutcomeUnknown, PlatformDown

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


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer's ``Retry-After`` asks to wait; None when it does not say so in seconds.

    ``headers`` have lower-case names or do not mind (httpx's).
    """
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if seconds >= 0 and math.isfinite(seconds) else None
