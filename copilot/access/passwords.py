"""Passwords: what one must be, its slow hash, and a comparison that takes as long for a login that does not exist.

It keeps no password and no hash.
"""

import asyncio
import functools
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from copilot.access import names
from copilot.domain.errors import BadInput

T = TypeVar("T")

SHORTEST: Final = 10
_LONGEST: Final = 200
_hasher = PasswordHasher()
# Each hash takes 64 MiB and a core: many at once would be a way to stop the server.
_AT_ONCE: Final = 2


def check(password: str, login: str) -> str:
    """``password``, when it may be used by ``login``.

    Raises:
        BadInput: it is too short, too long, or the login; it is not repeated.
    """
    if not SHORTEST <= len(_normal(password)) <= _LONGEST or not password.strip():
        raise BadInput(f"the password must have {SHORTEST} to {_LONGEST} characters", remedy="choose another")
    if names.fold_login(password) == names.fold_login(login):
        raise BadInput("the password must not be the login", remedy="choose another")
    return password


async def encode(password: str) -> str:
    """The encoded hash of ``password``, with its salt and parameters."""
    return await _in_thread(_encode, password)


async def matches(encoded: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``encoded``; None takes as long and is never right."""
    return await _in_thread(_matches, encoded, password)


def is_outdated(encoded: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(encoded)


def _matches(encoded: str | None, password: str) -> bool:
    nobody = _nobody()
    try:
        return _hasher.verify(encoded or nobody, _bytes(password)) and encoded is not None
    except (VerificationError, InvalidHashError):
        return False


def _encode(password: str) -> str:
    return _hasher.hash(_bytes(password))


@functools.cache
def _nobody() -> str:
    return _hasher.hash(b"")


def _normal(password: str) -> str:
    # An input method may give full-width letters for the same keys.
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password)[: _LONGEST + 1].encode("utf-8", "surrogatepass")


@functools.cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="argon2")


async def _in_thread(work: Callable[..., T], *values: object) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads(), work, *values)
