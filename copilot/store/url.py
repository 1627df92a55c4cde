"""A database address in the forms that the drivers want, and one without its password for people.

It checks only what it can know without connecting; nothing here opens a connection.
"""

from dataclasses import dataclass
from typing import Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from copilot.domain.errors import DatabaseUnavailable

_DRIVER = "postgresql+psycopg"


@dataclass(frozen=True)
class DatabaseUrl:
    """A parsed address; ``str()`` and ``repr()`` never show the password."""

    sqlalchemy: URL

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``postgresql://user:password@host:port/name?option=value``.

        Raises:
            DatabaseUnavailable: not the address of a PostgreSQL database; the text is not repeated.
        """
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            raise _unreadable() from None
        if url.drivername not in {"postgresql", "postgres", _DRIVER}:
            raise _unreadable()
        return cls(url.set(drivername=_DRIVER))

    @property
    def conninfo(self) -> str:
        """The address as libpq reads it."""
        plain = self.sqlalchemy.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            return make_conninfo(**conninfo_to_dict(plain))  # pyright: ignore[reportArgumentType]
        except psycopg.ProgrammingError:
            raise _unreadable() from None

    @property
    def user(self) -> str | None:
        """The login role, when the address names one."""
        return self.sqlalchemy.username

    def __str__(self) -> str:
        """The address with the password blotted out."""
        return self.sqlalchemy.set(drivername="postgresql").render_as_string(hide_password=True)

    __repr__ = __str__


def _unreadable() -> DatabaseUnavailable:
    return DatabaseUnavailable(
        "DATABASE_URL is not the address of a PostgreSQL database",
        remedy="write it as postgresql://user:password@host:5432/name",
    )
