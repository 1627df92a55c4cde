"""The life of the embedded server: the first client starts it, the last one stops it.

A client is a process that holds a shared lock on one file; the kernel takes the lock away when the process dies, so
a killed client never keeps the server alive. Starting and stopping happen under a second, exclusive lock.
"""

import atexit
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from copilot.domain.errors import DatabaseUnavailable
from copilot.store.embedded.account import Account, refuse_foreign, server_account, system_folder
from copilot.store.embedded.control import SUPERUSER, Cluster
from copilot.store.embedded.locks import Lock
from copilot.store.embedded.programs import NEWEST, programs

DATABASE = "reply_copilot"
# A Unix socket's address has about 104 bytes, of which ".s.PGSQL.5432" takes 14.
_LONGEST_SOCKET_FOLDER = 85


class EmbeddedPostgres:
    """A lease on the embedded server; the server runs as long as any process holds one."""

    def __init__(self, cluster: Cluster, base: Path) -> None:
        """Use ``start``; this only remembers the places."""
        self._cluster = cluster
        self._starting = base / "start.lock"
        self._lease = Lock(base / "lease.lock")
        self._open = False

    @classmethod
    def start(cls, data_dir: Path, *, major: int = NEWEST) -> Self:
        """Take a lease, starting the server (and creating its data below ``data_dir``) when nobody has.

        Raises:
            DatabaseUnavailable: it cannot run here; the message says why and what to do.
        """
        account = server_account()
        base = data_place(data_dir, account)
        _make_base(base, account)
        cluster = Cluster(
            bin=programs(account, major),
            data=base / "data",
            sockets=_socket_folder(base, account),
            log=base / "log" / "server.log",
            account=account,
        )
        server = cls(cluster, base)
        server._take_lease(major)
        return server

    def _take_lease(self, major: int) -> None:
        with Lock(self._starting).held():
            self._lease.share()
            try:
                self._bring_up(major)
            except BaseException:
                self._lease.release()
                raise
        self._open = True
        atexit.register(self.close)

    def _bring_up(self, major: int) -> None:
        cluster = self._cluster
        if cluster.data.exists():
            _refuse_other_major(cluster.data, major, cluster.account)
        else:
            cluster.initialise()
        if not cluster.answers():
            cluster.start()
        with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    @property
    def log(self) -> Path:
        """The server's own log file."""
        return self._cluster.log

    @property
    def bin(self) -> Path:
        """The folder of the programs that belong to this server."""
        return self._cluster.bin

    def conninfo(self, database: str = DATABASE) -> str:
        """Where to connect, as libpq reads it."""
        return self._cluster.conninfo(database)

    def url(self, database: str = DATABASE) -> str:
        """Where to connect; it holds no secret, the socket folder's permissions are the lock."""
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(str(self._cluster.sockets), safe='/')}"

    def close(self) -> None:
        """Give the lease back; the last one stops the server."""
        if not self._open:
            return
        self._open = False
        atexit.unregister(self.close)
        with Lock(self._starting).held():
            last = self._lease.try_alone()
            try:
                if last and self._cluster.answers():
                    self._cluster.stop()
            finally:
                self._lease.release()

    def __enter__(self) -> Self:
        """The lease itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the lease back."""
        self.close()


def data_place(data_dir: Path, account: Account) -> Path:
    """Where the server's files stand: below ``data_dir``, or below root's folder when its user cannot get there."""
    data_dir = Path(os.path.abspath(data_dir))
    if account.can_enter(data_dir):
        return data_dir / "postgres"
    return system_folder() / "data" / hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16] / "postgres"


def _make_base(base: Path, account: Account) -> None:
    # As root the folder itself stays root's, so that the server's user cannot plant links where root opens locks.
    try:
        for parent in reversed(base.parents):
            _make(parent, 0o755 if account.switched else 0o700)
        _make(base, 0o711 if account.switched else 0o700)
    except OSError as error:
        raise DatabaseUnavailable(
            f"the data folder {base.parent} cannot be created ({error.strerror})", remedy="set COPILOT_DATA_DIR"
        ) from None
    refuse_foreign(base, os.getuid())
    account.make_folder(base / "log")


def _make(folder: Path, mode: int) -> None:
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        return
    folder.chmod(mode)  # the umask may have taken bits away


def _socket_folder(base: Path, account: Account) -> Path:
    inside = base / "run"
    if len(os.fsencode(inside)) > _LONGEST_SOCKET_FOLDER:
        parent = system_folder() if account.switched else Path(tempfile.gettempdir())
        if len(os.fsencode(parent)) > _LONGEST_SOCKET_FOLDER - 40:
            parent = Path("/tmp")
        name = hashlib.sha256(os.fsencode(base)).hexdigest()[:16]
        inside = parent / f"reply-copilot-{account.uid}-{name}"
    account.make_folder(inside)
    refuse_foreign(inside, account.uid)
    if inside.stat().st_mode & 0o077:
        raise DatabaseUnavailable(f"others may enter {inside}", remedy="remove that folder and start again")
    return inside


def _refuse_other_major(data: Path, major: int, account: Account) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(major):
        raise DatabaseUnavailable(
            f"the data in {data} is of PostgreSQL {found}, this program brings {major}",
            remedy="with the earlier release run: reply-copilot db backup FILE; then with this one and a new data "
            "folder (COPILOT_DATA_DIR) run: reply-copilot db restore FILE",
        )
    if data.stat().st_uid != account.uid:
        raise DatabaseUnavailable(
            f"the data in {data} belongs to user id {data.stat().st_uid}, not to {account.uid}",
            remedy="start as that user, or set COPILOT_DATA_DIR to another folder",
        )
