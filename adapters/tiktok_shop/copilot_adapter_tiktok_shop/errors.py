"""What the platform's error codes mean to the core; a code that nobody knows fails the call and names itself.

The tables hold codes only; sentences of the platform never reach an error, because they may repeat what was sent.
"""

from typing import Final

from copilot.sdk import (
    AdapterError,
    CardRefused,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    QuotaUsed,
    SendRefused,
    Throttled,
    TokenExpired,
    WindowClosed,
)

SUCCESS: Final = 0


class NoSuchProduct(AdapterError):
    """The shop has no product with this number; no error to the core."""


_THROTTLED: Final = frozenset({36009002})
_TOKEN: Final = frozenset({105002, 101000, 36004004})
# 36009004 is a catch-all for a wrong signature, key or time; 106001 the signature alone. Asking again changes nothing.
_NOT_AUTHORIZED: Final = frozenset({36004001, 105005, 36009033, 45102007, 36009004, 106001})
_INTERNAL: Final = frozenset({36009003, 36009007, 45101001})
_WINDOW: Final = frozenset({45109001, 45109003})
_QUOTA: Final = frozenset({45101004})
_REFUSED: Final = frozenset({45101006})
_CARD: Final = frozenset({45111017})
# 12019150 stands in the guide to this call; the others are what calls that change a product say of the same thing.
_NO_PRODUCT: Final = frozenset({12019150, 12052032, 12052034})

_MEANING: Final[tuple[tuple[frozenset[int], type[AdapterError]], ...]] = (
    (_TOKEN, TokenExpired),
    (_NOT_AUTHORIZED, NotAuthorized),
    (_WINDOW, WindowClosed),
    (_QUOTA, QuotaUsed),
    (_REFUSED, SendRefused),
    (_CARD, CardRefused),
    (_NO_PRODUCT, NoSuchProduct),
)

_REMEDY: Final = {
    36004001: "connect the shop again",
    105005: "grant the app the missing scope and connect the shop again",
    36009033: "put this server's address on the app's allow-list",
    106001: "check app key and app secret",
    36009004: "check app key, app secret, shop cipher and this machine's clock",
}


def of_code(call: str, code: int, request: str, *, sending: bool, retry_after: float | None) -> AdapterError:
    """The error for ``code``; ``call`` is "METHOD path" and ``request`` the platform's id of the request."""
    place = f"{call}: the platform answered {code} (request {request or 'unknown'})"
    if code in _THROTTLED:
        return Throttled(place, retry_after)
    if code in _INTERNAL:
        return OutcomeUnknown(place) if sending else PlatformDown(place)
    for codes, meaning in _MEANING:
        if code in codes:
            return meaning(place, remedy=_REMEDY.get(code))
    return AdapterError(place)


def of_status(call: str, status: int, *, sending: bool, retry_after: float | None) -> AdapterError:
    """The error for an answer that is not the platform's envelope."""
    place = f"{call}: HTTP {status} without the platform's envelope"
    if status == 429:
        return Throttled(place, retry_after)
    if sending:
        return OutcomeUnknown(place)
    return PlatformDown(place)
