"""Matrix for real: a homeserver, a server with its worker, and people who only use their chat program.

A buyer writes in a room, the draft appears in the agents' room, a reaction or a reply decides, and the reply stands in
the buyer's room once, also when the service is killed while it sends.
"""

import asyncio
import contextlib
import http.client
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from copilot.access import people
from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.principal import Role
from copilot.access.vault import Vault
from copilot.channel.registry import installed
from copilot.domain.clock import SystemClock
from copilot.settings import Settings
from copilot.store.engine import Store
from tests.fixtures_store import TEMPLATE, Postgres
from tests.forking import Starter
from tests.live.conftest import PASSWORD, Server, free_port
from tests.live.synapse import SERVER, Person, Synapse, running

SHOP = "cups"


@dataclass
class Between:
    """Stands between the service and the homeserver; ``after_reply`` happens once the homeserver took a buyer's reply.

    Whoever asked gets no answer then, as when a machine dies in between.
    """

    upstream: int
    after_reply: Callable[[], None] | None = None
    agents: str = ""
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                connection = http.client.HTTPConnection("127.0.0.1", between.upstream, timeout=20)
                with contextlib.closing(connection) as passed:
                    passed.request(self.command, self.path, body, headers)
                    answer = passed.getresponse()
                    told = answer.read()
                if between.is_reply(self.command, self.path) and (happens := between.after_reply) is not None:
                    between.after_reply = None
                    happens()
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                self.send_header("content-type", answer.getheader("content-type") or "application/json")
                self.send_header("content-length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            do_GET = do_PUT = do_POST = _pass_on

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def is_reply(self, method: str, path: str) -> bool:
        """Whether the call writes into a buyer's room."""
        return method == "PUT" and "/send/m.room.message/" in path and self.agents not in path.replace("%21", "!")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@dataclass
class Place:
    """Everybody and everything."""

    server: Server
    synapse: Synapse
    between: Between
    bot: Person
    anna: Person
    robin: Person
    agents: str

    def room(self) -> str:
        """A new room of the buyer's, as chat programs make it: with its first message, before the bot is in it."""
        invited = {"invite": [self.bot.id], "preset": "trusted_private_chat"}
        made: str = self.robin.call("POST", "/createRoom", invited)["room_id"]
        return made

    def note(self, words: str, since: int = 0) -> dict[str, Any]:
        """The note of the draft that answers ``words``, once it stands in the agents' room."""

        def shows(event: dict[str, Any]) -> bool:
            content = event["content"]
            fresh = event["origin_server_ts"] > since
            return fresh and "reply-copilot.draft" in content and f"> {words}" in content["body"].split("\n")

        return self.anna.sees(self.agents, shows, why=self.why)

    def below(self, note: dict[str, Any], words: str, seconds: float = 30) -> dict[str, Any]:
        """What is said in the thread below a note, once it begins with ``words``."""

        def says(event: dict[str, Any]) -> bool:
            related = event["content"].get("m.relates_to", {})
            return related.get("event_id") == note["event_id"] and event["content"]["body"].startswith(words)

        return self.anna.sees(self.agents, says, seconds, self.why)

    def replies(self, room: str) -> list[str]:
        """What the bot wrote to the buyer."""
        events = self.robin.reads(room)
        return [one["content"]["body"] for one in events if one["sender"] == self.bot.id and "body" in one["content"]]

    def why(self) -> str:
        return f"{self.server.said()}\n{self.synapse.said()}"


@pytest.fixture(scope="module")
def place(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory, starter: Starter) -> Iterator[Place]:
    """A homeserver, and a shop on it before a running server with its worker."""
    name = f"matrix_{uuid.uuid4().hex}"
    server = Server(tmp_path_factory.mktemp("matrix"), postgres.create(name, TEMPLATE), starter, free_port())
    registration: dict[str, Any] = {
        "id": SHOP,
        "url": f"{server.url}/in/matrix/{SHOP}",
        "as_token": uuid.uuid4().hex,
        "hs_token": uuid.uuid4().hex,
        "sender_localpart": "support",
        "rate_limited": False,
        "namespaces": {"users": [{"exclusive": True, "regex": f"@support:{SERVER}"}], "aliases": [], "rooms": []},
    }
    try:
        with running(tmp_path_factory.mktemp("synapse"), free_port(), registration) as synapse:
            bot, anna, robin = synapse.bot(), synapse.person("anna"), synapse.person("robin")
            agents = anna.call("POST", "/createRoom", {"invite": [bot.id], "name": "Agents"})["room_id"]
            between = Between(synapse.port, agents=agents)
            settings = {
                "homeserver": between.url,
                "as_token": registration["as_token"],
                "hs_token": registration["hs_token"],
                "bot": bot.id,
                "agents_room": agents,
                "people": f"{anna.id}=anna",
            }
            asyncio.run(_connect(server, settings))
            server.start()
            yield Place(server, synapse, between, bot, anna, robin, agents)
            between.server.shutdown()
            between.server.server_close()
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()
        postgres.drop(name)


async def _connect(server: Server, settings: dict[str, str]) -> None:
    clock = SystemClock()
    adapter = installed().get("matrix")
    assert adapter is not None
    async with await Store.open(server.database_url) as store:
        merchant = await add_merchant(store, "acme", "Acme", clock)
        new = NewShop(
            slug=SHOP,
            name="Cups",
            platform="matrix",
            market="us",
            platform_shop_id=SHOP,
            adapter="matrix",
            pack="generic",
            profile="generic",
            zone="America/New_York",
            settings=adapter.settings.model_validate(settings),
        )
        await add_shop(store, Vault.load(Settings.model_validate({"data_dir": server.folder})), merchant, new, clock)
        await people.add_person(store, merchant, "anna", "Anna", Role.AGENT, "en", PASSWORD, clock)


def test_a_buyer_who_invites_is_answered_by_a_reaction(place: Place) -> None:
    room = place.room()
    place.robin.say(room, "hello")
    note = place.note("hello")
    text = note["content"]["body"].split("\n\n")[1]
    assert place.replies(room) == []
    place.anna.react(place.agents, note["event_id"], "✅")
    place.below(note, "sent (Anna)")
    assert place.replies(room) == [text]


def test_a_reply_sends_its_own_words_under_policy(place: Place) -> None:
    room = place.room()
    place.robin.say(room, "thanks a lot")
    note = place.note("thanks a lot")
    place.anna.reply(place.agents, note["event_id"], "You're welcome! Text me on WhatsApp at +1 415 555 0134.")
    place.below(note, "not sent, policy does not let it out")
    assert place.replies(room) == []
    place.anna.reply(place.agents, note["event_id"], "You're very welcome!")
    place.below(note, "sent as edited (Anna)")
    assert place.replies(room) == ["You're very welcome!"]


def test_a_rejection_with_its_reason_brings_another_draft(place: Place) -> None:
    room = place.room()
    place.robin.say(room, "thank you so much")
    note = place.note("thank you so much")
    place.anna.react(place.agents, note["event_id"], "❌")
    asked = place.below(note, "why not?")
    relation = {"rel_type": "m.thread", "event_id": note["event_id"], "m.in_reply_to": {"event_id": asked["event_id"]}}
    place.anna.say(place.agents, "too long", **{"m.relates_to": relation})
    place.below(note, "rejected (Anna)")
    again = place.note("thank you so much", since=note["origin_server_ts"])
    assert again["content"]["reply-copilot.draft"]["revision"] == 2
    assert place.replies(room) == []


def test_a_service_that_is_killed_while_it_sends_sends_once(place: Place) -> None:
    room = place.room()
    place.robin.say(room, "hello there")
    note = place.note("hello there")
    killed = threading.Event()

    def kill() -> None:
        place.server.kill()
        killed.set()

    place.between.after_reply = kill
    place.anna.react(place.agents, note["event_id"], "✅")
    assert killed.wait(60), place.why()
    assert len(place.replies(room)) == 1, "the homeserver took it"
    place.server.start()
    place.below(note, "sent (Anna)", 90)
    assert len(place.replies(room)) == 1
