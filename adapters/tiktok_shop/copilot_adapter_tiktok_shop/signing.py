"""The platform's two signatures, as pure functions over what is sent byte for byte.

Knows no HTTP client and no clock; whoever calls decides what time a request carries and how old one may be.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

UNSIGNED: Final = frozenset({"sign", "access_token"})


def sign_call(secret: str, path: str, query: Mapping[str, str], body: bytes = b"") -> str:
    """The ``sign`` of a call: lowercase hex over path, sorted decoded parameters and body, wrapped in the secret.

    ``path`` begins with "/" and has no host, no query and no prefix the service is mounted under; ``body`` is empty
    for multipart requests.
    """
    parameters = "".join(key + query[key] for key in sorted(query) if key not in UNSIGNED)
    text = secret.encode() + path.encode() + parameters.encode() + body + secret.encode()
    return _hex(secret, text)


def sign_delivery(app_key: str, secret: str, body: bytes) -> str:
    """The ``Authorization`` header of a delivery: lowercase hex over the app's key and the raw body."""
    return _hex(secret, app_key.encode() + body)


def same(given: str, expected: str) -> bool:
    """Compare in constant time; garbage of any kind is simply not the same."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def _hex(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
