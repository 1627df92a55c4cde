"""File locks that die with the process that holds them, however it dies.

The kernel drops an flock with its last descriptor, so nothing here can go stale and nothing needs cleaning up.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Generator
from pathlib import Path

from copilot.domain.errors import DatabaseUnavailable

_PATIENCE = 90.0


class Lock:
    """An flock on a file that is created when it is missing."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet."""
        self._path = path
        self._descriptor: int | None = None

    def _open(self) -> int:
        if self._descriptor is None:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._descriptor = os.open(self._path, flags, 0o600)
        return self._descriptor

    def share(self) -> None:
        """Hold it together with others."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Hold it alone, unless somebody else holds it; a shared hold of ours is given up either way."""
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let go; doing so twice is harmless."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Hold it alone for a block, waiting for others up to a minute and a half.

        Raises:
            DatabaseUnavailable: somebody held it all that time.
        """
        deadline = time.monotonic() + _PATIENCE
        while not self.try_alone():
            if time.monotonic() > deadline:
                self.release()
                raise DatabaseUnavailable(
                    f"another process has been starting the embedded PostgreSQL for {_PATIENCE:.0f} s",
                    remedy=f"end the process that holds {self._path}",
                )
            time.sleep(0.05)
        try:
            yield
        finally:
            self.release()
