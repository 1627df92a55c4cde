"""What encrypted deliveries are opened with: a pure function over raw bytes, for platforms that do not only sign.

Which key is whose, how it is derived and what frames a message is an adapter's to know; what a stranger sent never
raises anything but ``Malformed``.
"""

import base64
import binascii
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from copilot.sdk.errors import Malformed

_BLOCK: Final = 16


def unpacked(text: str) -> bytes:
    """The bytes that ``text`` is Base64 of.

    Raises:
        Malformed: it is none.
    """
    try:
        return base64.b64decode(text, validate=True)
    # A character beyond ASCII is a ValueError, and no error of Base64's own.
    except (binascii.Error, ValueError):
        raise Malformed("an encrypted delivery is not Base64") from None


def opened(key: bytes, sealed: bytes, *, vector: bytes | None = None, padded_to: int = _BLOCK) -> bytes:
    """What AES in CBC mode sealed under ``key`` (16, 24 or 32 bytes), without its padding.

    ``vector`` has 16 bytes; None: it stands in front of what it sealed. ``padded_to`` is the size that PKCS#7 filled
    it up to, which some platforms take to be larger than the cipher's block. CBC proves nothing about who sealed it:
    verify the signature first, and believe nothing before.

    Raises:
        Malformed: it was not sealed so.
        ValueError: key, vector or ``padded_to`` have a size that they cannot have; that is the caller's mistake.
    """
    if not 1 <= padded_to <= 255 or padded_to % _BLOCK:
        raise ValueError("padded_to is a multiple of 16, at most 240")
    if len(sealed) % _BLOCK or len(sealed) <= (_BLOCK if vector is None else 0):
        raise Malformed("an encrypted delivery is no whole number of blocks")
    if vector is None:
        vector, sealed = sealed[:_BLOCK], sealed[_BLOCK:]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    plain = decryptor.update(sealed) + decryptor.finalize()
    filled = plain[-1]
    if not 1 <= filled <= padded_to or plain[-filled:] != bytes([filled]) * filled:
        raise Malformed("an encrypted delivery was sealed with another key")
    return plain[:-filled]
