"""What signatures of deliveries are checked with: pure functions over raw bytes, with the time as an argument.

They never raise for what a stranger sent: a header may hold anything. Which parts a platform signs is its adapter's to
know.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime
from typing import Final, Literal

Digest = Literal["sha256", "sha1", "md5"]
"""Platforms still sign with the older two; a keyed digest of them is weak and not yet broken."""

_WHOLE: Final = re.compile(r"[0-9]{1,16}\Z")


def hmac_hex(secret: str, *parts: bytes, digest: Digest = "sha256") -> str:
    """Lower-case hex of the keyed digest over ``parts``, one behind the other."""
    return hmac.new(secret.encode(), b"".join(parts), digest).hexdigest()


def hmac_base64(secret: str, *parts: bytes, digest: Digest = "sha256") -> str:
    """Base64 of the keyed digest over ``parts``, one behind the other."""
    return base64.b64encode(hmac.new(secret.encode(), b"".join(parts), digest).digest()).decode()


def hash_hex(*parts: bytes, digest: Digest = "sha256") -> str:
    """Lower-case hex of the plain digest over ``parts``; for platforms that put the secret among them."""
    return hashlib.new(digest, b"".join(parts), usedforsecurity=False).hexdigest()


def same(given: str, expected: str) -> bool:
    """Compare in constant time; garbage of any kind is simply not the same."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode("utf-8", "surrogatepass"))


def is_fresh(stamp: str, now: datetime, seconds: float, *, unit: Literal["s", "ms"] = "s") -> bool:
    """Whether ``stamp``, unix time in digits, is at most ``seconds`` away from ``now``, either way."""
    if not _WHOLE.match(stamp):
        return False
    then = int(stamp) / (1000 if unit == "ms" else 1)
    return abs(now.timestamp() - then) <= seconds
