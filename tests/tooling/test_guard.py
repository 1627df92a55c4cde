import os
import socket
import subprocess
import sys

import pytest

from tests import guard


def test_a_connection_beyond_this_machine_is_refused_and_remembered() -> None:
    with socket.socket() as sock, pytest.raises(guard.NetworkReached):
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(guard.NetworkReached):
        socket.getaddrinfo("example.org", 443)
    assert guard.attempts == ["('192.0.2.1', 80)", "example.org"]
    guard.attempts.clear()


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    assert guard.attempts == []


@pytest.mark.parametrize("name", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"])
def test_tracing_is_off_whatever_the_environment_says(name: str) -> None:
    assert os.environ[name] == "false"
    code = f"import os, copilot; print(os.environ[{name!r}])"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, name: "true"}, capture_output=True)
    assert done.stdout.strip() == b"false"
