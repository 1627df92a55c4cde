"""A real homeserver for tests: Synapse on a loopback port with SQLite, and people who use it by its interface."""

import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

SERVER = "shop.test"
_SECRET = "only-for-tests"


@dataclass
class Person:
    """Somebody with an account, or the bot of an application service."""

    homeserver: str
    id: str
    token: str
    written: int = 0

    def call(self, method: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        """One call of the client interface, which must succeed."""
        answer = httpx.request(
            method,
            f"{self.homeserver}/_matrix/client/v3{path}",
            params=query,
            json=body,
            headers={"authorization": f"Bearer {self.token}"},
            timeout=20,
            trust_env=False,
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        """Write an event; returns its id."""
        self.written += 1
        found: str = self.call("PUT", f"/rooms/{room}/send/{kind}/t{self.written}", content)["event_id"]
        return found

    def say(self, room: str, text: str, **more: Any) -> str:
        """Write words."""
        return self.send(room, {"msgtype": "m.text", "body": text, **more})

    def reply(self, room: str, event: str, text: str) -> str:
        """Reply to an event."""
        return self.say(room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": event}}})

    def react(self, room: str, event: str, key: str) -> str:
        """React to an event."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return self.send(room, {"m.relates_to": relation}, "m.reaction")

    def reads(self, room: str) -> list[dict[str, Any]]:
        """What stands in a room, oldest first, as far as the last hundred events go."""
        chunk: list[dict[str, Any]] = self.call("GET", f"/rooms/{room}/messages", dir="b", limit="100")["chunk"]
        return list(reversed(chunk))

    def sees(
        self, room: str, wanted: Callable[[dict[str, Any]], bool], seconds: float = 30, why: Callable[[], str] = str
    ) -> dict[str, Any]:
        """The first event that is ``wanted``, once it is there."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for event in self.reads(room):
                if event["type"] == "m.room.message" and wanted(event):
                    return event
            time.sleep(0.1)
        said = [event["content"].get("body") for event in self.reads(room)]
        raise AssertionError(f"it never came; there is {said}\n{why()}")


@dataclass
class Synapse:
    """The homeserver; ``registration`` is the application service's."""

    folder: Path
    port: int
    registration: dict[str, Any]
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        config = self._configured()
        with (self.folder / "synapse.log").open("ab") as log:
            command = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/health", timeout=2, trust_env=False).status_code == 200:
                    return
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def said(self) -> str:
        """The end of its log."""
        return (self.folder / "synapse.log").read_text(encoding="utf-8", errors="replace")[-3000:]

    def person(self, name: str) -> Person:
        """A new account."""
        nonce = httpx.get(f"{self.url}/_synapse/admin/v1/register", trust_env=False).json()["nonce"]
        parts = "\x00".join((nonce, name, "a-password", "notadmin"))
        mac = hmac.new(_SECRET.encode(), parts.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": "a-password", "admin": False, "mac": mac}
        answer = httpx.post(f"{self.url}/_synapse/admin/v1/register", json=body, timeout=20, trust_env=False)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return Person(self.url, told["user_id"], told["access_token"])

    def bot(self) -> Person:
        """The bot of the application service, with its account."""
        name = self.registration["sender_localpart"]
        found = Person(self.url, f"@{name}:{SERVER}", self.registration["as_token"])
        account = {"type": "m.login.application_service", "username": name, "inhibit_login": True}
        found.call("POST", "/register", account)
        return found

    def _configured(self) -> Path:
        registration = self.folder / "registration.yaml"
        registration.write_text(json.dumps(self.registration), encoding="utf-8")
        seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        (self.folder / "signing.key").write_text(f"ed25519 a_test {seed}\n", encoding="utf-8")
        many = {"per_second": 1000, "burst_count": 1000}
        config = {
            "server_name": SERVER,
            "listeners": [
                {
                    "port": self.port,
                    "type": "http",
                    "bind_addresses": ["127.0.0.1"],
                    "resources": [{"names": ["client"], "compress": False}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "log_config": str(self._logging()),
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "registration_shared_secret": _SECRET,
            "macaroon_secret_key": _SECRET,
            "form_secret": _SECRET,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "report_stats": False,
            "app_service_config_files": [str(registration)],
            "rc_message": many,
            "rc_login": {"address": many, "account": many},
            "rc_joins": {"local": many, "remote": many},
            "rc_invites": {"per_room": many, "per_user": many},
        }
        path = self.folder / "homeserver.yaml"
        path.write_text(json.dumps(config), encoding="utf-8")
        return path

    def _logging(self) -> Path:
        path = self.folder / "log.yaml"
        console = {"class": "logging.StreamHandler"}
        root = {"level": "WARNING", "handlers": ["console"]}
        told = {"version": 1, "disable_existing_loggers": False, "handlers": {"console": console}, "root": root}
        path.write_text(json.dumps(told), encoding="utf-8")
        return path


@contextlib.contextmanager
def running(folder: Path, port: int, registration: dict[str, Any]) -> Generator[Synapse]:
    """A homeserver while the block runs."""
    made = Synapse(folder, port, registration)
    try:
        made.start()
        yield made
    finally:
        made.stop()
