"""Seals secrets before they are stored, with keys that never stand in the database.

It keeps no sealed value and no opened one, and it refuses a key file that other users of the machine may read.
"""

import hashlib
import hmac
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from copilot.domain.errors import BadConfiguration
from copilot.settings import Settings

KEY_FILE = "secret.key"
_VARIABLE = "COPILOT_SECRET_KEYS"
_NEW_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class Vault:
    """Seals with the first key and opens with any of them; its ``repr`` shows none."""

    def __init__(self, keys: Sequence[str], place: str) -> None:
        """``keys`` are Fernet keys, ``place`` is where they came from, for messages.

        Raises:
            BadConfiguration: there is no key, or one of them is none.
        """
        self._place = place
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            # The library's message may quote what it was given.
            remedy = f"make keys with: {_NEW_KEY}"
            raise BadConfiguration(f"{place}: holds no key, or something that is not a key", remedy=remedy) from None
        self._first = keys[0].encode()

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """The keys of ``COPILOT_SECRET_KEYS``, else of the key file below the data folder, made on first use.

        Raises:
            BadConfiguration: a key cannot be used, or others may read the key file.
        """
        if settings.secret_keys is not None:
            return cls(_split(settings.secret_keys.get_secret_value()), _VARIABLE)
        file = settings.data_dir / KEY_FILE
        if not file.exists():
            _make(file)
        return cls(_split(_read(file)), str(file))

    def seal(self, plain: bytes) -> bytes:
        """``plain``, encrypted and protected against changes."""
        return self._fernet.encrypt(plain)

    def mark(self, purpose: str, what: str) -> str:
        """A sign for ``what`` that nobody can make without the first key; the same one as long as that stays first."""
        return hmac.new(self._first, f"{purpose}\0{what}".encode(), hashlib.sha256).hexdigest()

    def open(self, sealed: bytes) -> bytes:
        """What was sealed.

        Raises:
            BadConfiguration: none of our keys sealed this, or it was changed.
        """
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise BadConfiguration(
                f"{self._place}: no key there opens what is stored",
                remedy=f"put the key that sealed it behind the first one in {_VARIABLE}, or enter the secrets again "
                "(reply-copilot shop add)",
            ) from None


def _split(text: str) -> list[str]:
    return [key for part in text.splitlines() for piece in part.split(",") if (key := piece.strip())]


def _read(file: Path) -> str:
    try:
        found = file.stat()
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise BadConfiguration(f"{file}: other users may read it", remedy=f"chmod 600 {file}")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is not text"
        raise BadConfiguration(f"{file}: cannot be read ({why})", remedy=f"set {_VARIABLE}") from None


def _make(file: Path) -> None:
    """A new key in ``file``: complete before it has its name, and the first of several processes wins."""
    try:
        # As root the server's own user must be able to pass through.
        file.parent.mkdir(mode=0o755 if os.getuid() == 0 else 0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{KEY_FILE}.", dir=file.parent)  # 0600
        try:
            with os.fdopen(descriptor, "wb") as new:
                new.write(Fernet.generate_key() + b"\n")
                new.flush()
                os.fsync(new.fileno())
            os.link(name, file)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    except OSError as error:
        raise BadConfiguration(f"{file}: cannot be made ({error.strerror})", remedy=f"set {_VARIABLE}") from None
