"""Runs initdb and pg_ctl, and tells whether a server really answers.

Knows nothing of leases: who may start and stop is decided by ``server``.
"""

import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from copilot.domain.errors import DatabaseUnavailable
from copilot.store.embedded.account import Account

SUPERUSER = "postgres"
_START_SECONDS = 60
_CONNECT_SECONDS = 3

# Errors reach the application as exceptions and are logged there without values. In the server's own log they would
# carry values ("invalid input syntax for type uuid: …"), so it keeps only what the server says about itself.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "log_error_verbosity": "terse",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "timezone": "UTC",
    # A new desk's tables are counted within seconds of the first rush. Until they are, the planner takes them for empty
    # and reads all of the merchant's rows where it should look up one.
    "autovacuum_naptime": "5s",
}


@dataclass(frozen=True)
class Cluster:
    """One data folder with the programs and the user that serve it."""

    bin: Path
    data: Path
    sockets: Path
    log: Path
    account: Account

    def conninfo(self, database: str = "postgres") -> str:
        """How to connect as the superuser through the private socket folder."""
        return make_conninfo(host=str(self.sockets), user=SUPERUSER, dbname=database)

    def answers(self) -> bool:
        """Whether a connection succeeds; a pid file proves nothing."""
        try:
            with psycopg.connect(self.conninfo(), connect_timeout=_CONNECT_SECONDS):
                return True
        except psycopg.OperationalError:
            return False

    def initialise(self) -> None:
        """Create the data folder: complete or not at all."""
        unfinished = self.data.with_name(self.data.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.account.make_folder(unfinished)
        self._run(
            f"initdb -U {SUPERUSER} -E UTF8 --no-locale --auth-local=trust --auth-host=reject".split(),
            ["-D", str(unfinished)],
            "the embedded PostgreSQL could not be created",
        )
        unfinished.rename(self.data)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._clear_stale_pid()
        settings = {**SERVER_SETTINGS, "unix_socket_directories": str(self.sockets)}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        self._run(
            f"pg_ctl start -s -w -t {_START_SECONDS}".split(),
            ["-D", str(self.data), "-l", str(self.log), "-o", options],
            "the embedded PostgreSQL did not start",
        )
        if not self.answers():
            raise DatabaseUnavailable("the embedded PostgreSQL started but does not answer", remedy=f"read {self.log}")

    def stop(self) -> None:
        """Stop the server; running queries are cancelled, committed work is safe."""
        self._run(
            f"pg_ctl stop -s -w -t {_START_SECONDS} -m fast".split(),
            ["-D", str(self.data)],
            "the embedded PostgreSQL did not stop",
        )

    def _clear_stale_pid(self) -> None:
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + _START_SECONDS
        while (pid := _first_number(pid_file)) is not None and _is_postgres(pid):
            # It is starting, recovering or stopping: its file must not be touched.
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"a PostgreSQL (process {pid}) holds {self.data} but does not answer", remedy="end that process"
                )
            time.sleep(0.1)
            if self.answers():
                return
        # The process is gone or the number now belongs to some other program, which would keep PostgreSQL from
        # starting for ever.
        pid_file.unlink(missing_ok=True)

    def _run(self, command: Sequence[str], places: Sequence[str], failure: str) -> None:
        # A pipe would stay open in the server, which inherits it, and never end: the output goes to a file.
        account = self.account
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self.bin / command[0]), *command[1:], *places],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                # Nothing of our environment: it holds secrets, and PG… variables would steer the server.
                env={"PATH": f"{self.bin}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,
                check=False,
                user=account.uid if account.switched else None,
                group=account.gid if account.switched else None,
                extra_groups=[] if account.switched else None,
            )
            if done.returncode != 0:
                output.seek(0)
                lines = output.read().decode(errors="replace").strip().splitlines()
                why = lines[-1] if lines else f"exit code {done.returncode}"
                raise DatabaseUnavailable(f"{failure} ({why})", remedy=f"read {self.log}")


def _first_number(pid_file: Path) -> int | None:
    try:
        line = pid_file.read_text(errors="replace").partition("\n")[0].strip()
    except FileNotFoundError:
        return None
    return int(line) if line.isdigit() else None


def _is_postgres(pid: int) -> bool:
    done = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return Path(done.stdout.strip()).name.startswith("postgres")
