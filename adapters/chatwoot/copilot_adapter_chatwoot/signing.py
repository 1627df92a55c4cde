"""Chatwoot's signature over a delivery's time and raw body; pure, over bytes and an explicit time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from copilot.sdk.signing import hmac_hex, is_fresh, same

TIMESTAMP: Final = "x-chatwoot-timestamp"
SIGNATURE: Final = "x-chatwoot-signature"
WINDOW_SECONDS: Final = 300
"""How old a delivery may be, or how far ahead its clock: ours, Chatwoot names none."""


def sign(secret: str, stamp: str, body: bytes) -> str:
    """What stands in the header ``SIGNATURE`` beside the time ``stamp``, unix seconds in digits."""
    return f"sha256={hmac_hex(secret, stamp.encode('utf-8', 'surrogatepass'), b'.', body)}"


def is_signed(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether ``body`` was signed with ``secret`` lately; a delivery without a signature never was."""
    stamp = headers.get(TIMESTAMP, "")
    return is_fresh(stamp, now, WINDOW_SECONDS) and same(headers.get(SIGNATURE, ""), sign(secret, stamp, body))
