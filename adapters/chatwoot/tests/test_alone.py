"""The emulator as a program of its own."""

import signal
import subprocess
import sys

import httpx

COMMAND = [sys.executable, "-m", "copilot_adapter_chatwoot.emulator"]


def test_it_runs_alone_tells_its_settings_and_ends_at_once() -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(8)]
        address = told[0].partition(": ")[2]
        assert told[1:5] == ["shop id: chat.example-3-7", "settings of the shop:", "account_id=3", "inbox_id=7"]
        assert told[7] == f"api_url={address.rstrip('/')}"
        state = httpx.get(f"{address}shopper/state", params={"shopper": "robin"}, trust_env=False).json()
        assert state["shoppers"][0]["nickname"] == "Robin"
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
