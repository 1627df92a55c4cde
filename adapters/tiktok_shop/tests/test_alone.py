"""The emulator as a program of its own."""

import signal
import socket
import subprocess
import sys
import time

import httpx

COMMAND = [sys.executable, "-m", "copilot_adapter_tiktok_shop.emulator"]


def test_it_runs_alone_tells_its_settings_and_ends_at_once() -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(11)]
        address = told[0].partition(": ")[2]
        assert address.startswith("http://127.0.0.1:")
        assert f"api_url={address.rstrip('/')}" in told
        state = httpx.get(f"{address}shopper/state", params={"shopper": "robin"}, trust_env=False).json()
        assert state["shoppers"][0]["nickname"] == "Robin"
        assert len(state["orders"]) == 1
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert time.monotonic() - started < 3


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert port in done.stderr
