"""An operator who reads docs/running.md: commands only, then a delivery and what the event stream says of it."""

from typing import Any

import httpx

from tests.live.conftest import Server
from tests.live.test_deliveries import signed, vector_w3

KEY, SECRET, SHOP = "abcdef", "123", "7494049642642441621"
"""The credentials and the shop of vector W3."""


def test_an_operator_sets_a_shop_up_with_commands_alone(server: Server, module_cli: Any) -> None:
    """As the README says it, with the very ids and credentials of the vector."""
    folder = server.env

    def run(*arguments: str, stdin: str = "") -> str:
        done = module_cli(*arguments, stdin=stdin, env=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("merchant", "add", "acme", "--name", "Acme")
    run(
        "shop", "add", "tiktok_shop", SHOP, "--slug", "us", "--market", "us",
        "--zone", "America/New_York", "--set", f"app_key={KEY}", "--set", "app_secret=-",
        "--set", "access_token=unused", "--set", "shop_cipher=unused", "--set", "api_url=http://127.0.0.1:1",
        stdin=SECRET,
    )  # fmt: skip
    token = next(word for word in run("token", "add", "listener").split() if word.startswith("rc_"))
    server.start()
    body = vector_w3(SHOP, "444")
    with httpx.stream("GET", f"{server.url}/api/events", headers={"Authorization": f"Bearer {token}"}) as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("event:")) == "event: ready"
        answer = httpx.post(f"{server.url}/in/tiktok_shop", content=body, headers=signed(body, KEY, SECRET))
        assert answer.status_code == 200
        assert next(line for line in lines if line == "event: draft.proposed")
    refused = httpx.post(f"{server.url}/in/tiktok_shop", content=body, headers=signed(body, KEY, "wrong"))
    assert refused.status_code == 401
