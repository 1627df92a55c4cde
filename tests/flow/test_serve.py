"""``serve`` and ``worker`` as processes: they answer, and told to stop they leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def _running(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    log = (folder / f"{arguments[0]}.log").open("wb")
    env = {**os.environ, "COPILOT_DATA_DIR": str(folder / "data")}
    with (
        log,
        subprocess.Popen([sys.executable, "-m", "tests.guard", *arguments], cwd=ROOT, env=env, stderr=log) as process,
    ):
        try:
            yield process
        finally:
            # Also when the test failed: the process stops the database that it started.
            if process.poll() is None:
                process.terminate()
                process.wait(30)


def _line(folder: Path, command: str, event: str) -> dict[str, object]:
    """The first log line of that event, once it is there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for line in (folder / f"{command}.log").read_text(encoding="utf-8").splitlines():
            if line.startswith("{") and json.loads(line)["event"] == event:
                return json.loads(line)
        time.sleep(0.1)
    raise AssertionError(f"{command} never said {event}")


def _get(port: object, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def folder(data_folder: Path) -> Path:
    """A folder that the embedded server's user may enter."""
    made = data_folder / "serve"
    made.mkdir(mode=0o755)
    return made


def test_they_get_ready_and_the_last_one_stops_the_database(folder: Path) -> None:
    with _running(folder, "serve", "--port", "0") as serve:
        port = _line(folder, "serve", "serving")["port"]
        assert _get(port, "/health")[0] == 200
        status, body = _get(port, "/ready")
        assert (status, json.loads(body)["worker"]) == (503, "no heartbeat")
        with _running(folder, "worker") as worker:
            _line(folder, "worker", "worker.started")
            deadline = time.monotonic() + 20
            while _get(port, "/ready")[0] != 200:
                assert time.monotonic() < deadline, _get(port, "/ready")
                time.sleep(0.2)
            assert "python_info" in _get(port, "/metrics")[1]
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        serve.send_signal(signal.SIGTERM)
        assert serve.wait(30) == 0

    sockets = folder / "data" / "postgres" / "run"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"host={sockets} user=postgres dbname=postgres", connect_timeout=3)
