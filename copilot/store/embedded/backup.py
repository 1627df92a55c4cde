"""Copies of the embedded database in a file, and back: the wheel's own pg_dump and pg_restore.

A copy is complete or not there, and goes in beside the present data, whose place it takes at the very end. What the
programs say about rows is withheld: rows hold people's words.
"""

import os
import re
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from copilot.domain.errors import BadInput, DatabaseUnavailable
from copilot.store.connect import connected
from copilot.store.embedded.server import DATABASE, EmbeddedPostgres
from copilot.store.url import DatabaseUrl

Prepare = Callable[[str], Awaitable[object]]
"""Something to do with the database at an address."""

_COMING = f"{DATABASE}_coming"
_GOING = f"{DATABASE}_going"
_QUOTED = re.compile(r'"[^"]*"')


def write_backup(server: EmbeddedPostgres, file: Path) -> int:
    """Write everything in the database to ``file``, readable by its owner only; returns its size in bytes.

    Raises:
        BadInput: the file exists.
        DatabaseUnavailable: pg_dump failed.
    """
    if file.exists():
        raise BadInput(f"{file}: exists already", remedy="choose another name")
    unfinished = file.with_name(file.name + ".unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            _run(server, "pg_dump", ["--format=custom", "--dbname", server.conninfo()], stdout=target.fileno())
            os.fsync(target.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


async def read_backup(server: EmbeddedPostgres, file: Path, *, replace: bool, before: Prepare, after: Prepare) -> None:
    """Put the data of ``file`` in the place of the present data.

    ``before`` prepares the new, empty database (roles), ``after`` checks it and brings its schema forward. Present
    data of a merchant is only replaced when ``replace`` says so.

    Raises:
        BadInput: it is no backup of ours, or there is data already.
        DatabaseUnavailable: pg_restore failed, or somebody still uses the database.
    """
    _require_backup(server, file)
    if not replace and await _in_use(server.url()):
        raise BadInput(
            "the database holds a merchant already",
            remedy="set COPILOT_DATA_DIR to a new folder, or replace it for good with --replace",
        )
    await _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", _COMING)
    await _execute(server, "CREATE DATABASE {} TEMPLATE template0", _COMING)
    try:
        await before(server.url(_COMING))
        arguments = ["--exit-on-error", "--single-transaction", "--dbname", server.conninfo(_COMING), str(file)]
        _run(server, "pg_restore", arguments)
        await _require_ours(server.url(_COMING), file)
        await after(server.url(_COMING))
        await _swap(server)
    except BaseException:
        await _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", _COMING)
        raise


def _require_backup(server: EmbeddedPostgres, file: Path) -> None:
    if not file.is_file():
        raise BadInput(f"{file}: there is no such file", remedy="give a file that db backup wrote")
    _run(server, "pg_restore", ["--list", str(file)], wrong=BadInput(f"{file}: is not a file that db backup wrote"))


async def _in_use(url: str) -> bool:
    async with connected(DatabaseUrl.parse(url)) as connection:
        try:
            row = await (await connection.execute("SELECT EXISTS (SELECT FROM app.merchants)")).fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return False
    return row is not None and row[0] is True


async def _require_ours(url: str, file: Path) -> None:
    async with connected(DatabaseUrl.parse(url)) as connection:
        row = await (await connection.execute("SELECT to_regclass('app.versions') IS NOT NULL")).fetchone()
    if row is None or row[0] is not True:
        raise BadInput(f"{file}: is a backup of another program's database")


async def _swap(server: EmbeddedPostgres) -> None:
    rename = "ALTER DATABASE {} RENAME TO {}"
    await _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", _GOING)
    try:
        await _execute(server, rename, DATABASE, _GOING)
    except psycopg.errors.ObjectInUse:
        raise DatabaseUnavailable(
            "somebody still uses the database", remedy="stop serve and worker, then try again"
        ) from None
    await _execute(server, rename, _COMING, DATABASE)
    await _execute(server, "DROP DATABASE {} WITH (FORCE)", _GOING)


async def _execute(server: EmbeddedPostgres, statement: str, *names: str) -> None:
    async with connected(DatabaseUrl.parse(server.url("postgres"))) as connection:
        template = sql.SQL(statement)  # pyright: ignore[reportArgumentType] - one of the constants above
        await connection.execute(template.format(*(sql.Identifier(name) for name in names)))


def _run(
    server: EmbeddedPostgres,
    program: str,
    arguments: Sequence[str],
    *,
    stdout: int = subprocess.DEVNULL,
    wrong: Exception | None = None,
) -> None:
    done = subprocess.run(
        [str(server.bin / program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        # Nothing of our environment: PG… variables would steer the programs.
        env={"PATH": f"{server.bin}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        check=False,
    )
    if done.returncode == 0:
        return
    if wrong is not None:
        raise wrong
    lines = [line for line in done.stderr.decode(errors="replace").splitlines() if "error:" in line]
    why = _QUOTED.sub('"…"', lines[0].partition("error:")[2].strip()) if lines else f"exit code {done.returncode}"
    raise DatabaseUnavailable(f"{program} failed ({why})")
