"""``make demo`` as a newcomer meets it: one command, an address, shoppers of two shops, a reply that arrives."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0


@pytest.fixture
def data(data_folder: Path) -> Path:
    """A folder that the embedded server's user may enter."""
    made = data_folder / "demo-data"
    made.mkdir(mode=0o755)
    return made


@contextlib.contextmanager
def demo(data: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.guard", "demo", "--port", "0", "--no-open", "--pace", "20"]
    env = {**os.environ, "COPILOT_DATA_DIR": str(data), "LANG": "C.UTF-8", "COLUMNS": "200"}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(30)


def told(process: "subprocess.Popen[str]") -> dict[str, str]:
    """What the terminal says: desk, login, password, and where to play a shopper of each platform."""
    assert process.stdout is not None
    found: dict[str, str] = {}
    for line in process.stdout:
        for name in ("desk", "login", "password"):
            if said := re.search(rf"\b{name}  (\S+)", line):
                found[name] = said[1]
        if said := re.search(r"(http\S+/platforms/(\w+)/)", line):
            found[said[2]] = said[1]
        if "Ctrl-C" in line:
            return found
    raise AssertionError(f"the demonstration said only {found}")


def until(ask: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = ask()
        if found:
            return found
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_demonstration_from_its_first_line_to_a_reply_that_arrives(data: Path) -> None:
    with demo(data) as process:
        place = told(process)
        with httpx.Client(base_url=place["desk"], timeout=20) as client:
            me = client.post("/api/login", json={"login": place["login"], "password": place["password"]}).json()
            shops = {shop["id"]: shop["adapter"] for shop in me["shops"]}
            assert sorted(shops.values()) == ["douyin", "tiktok_shop"]

            def rows() -> list[dict[str, Any]]:
                return client.get("/api/conversations").json()["conversations"]

            def both_have_drafts() -> bool:
                ready = [row for row in rows() if row["draft"] and row["draft"]["state"] == "proposed"]
                return {shops[row["shop"]] for row in ready} == set(shops.values())

            until(both_have_drafts)
            for shop in shops:
                assert len(client.get("/api/phrases", params={"shop": shop, "limit": 100}).json()["items"]) >= 3
            for adapter in ("douyin", "tiktok_shop"):
                row = next(r for r in rows() if shops[r["shop"]] == adapter and r["draft"]["state"] == "proposed")
                card = client.get(f"/api/drafts/{row['draft']['id']}").json()
                answer = client.post(
                    f"/api/drafts/{card['id']}/decision",
                    json={"revision": card["revision"], "text_hash": card["text_hash"], "kind": "accept"},
                    headers={"X-CSRF-Token": me["csrf"]},
                )
                assert answer.status_code == 200, answer.text
                text = card["draft"]["text"]
                # The shopper's own window, as the page at that address reads it.
                until(lambda where=place[adapter], text=text: text in _windows(client, where))
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert time.monotonic() - started < 10, "a busy machine; three seconds are measured by serve's own test"


def _windows(client: httpx.Client, where: str) -> str:
    listed = client.get(f"{where}shopper/state").json()
    opened = [client.get(f"{where}shopper/state", params={"shopper": one["id"]}).json() for one in listed["shoppers"]]
    return "\n".join(line["text"] for one in opened for line in one["lines"])
