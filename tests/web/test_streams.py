"""The event stream over real sockets: nothing lost, nothing twice, ended at once when the process stops."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from copilot.access import people
from copilot.sdk.testing import serve
from copilot.store import events
from copilot.store.tables import ConversationRow
from copilot.web import streams
from tests.web.conftest import PASSWORD, Web


@dataclass
class Reader:
    """One connection to the stream; ``heard`` are its events in order."""

    url: str
    headers: dict[str, str]
    heard: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 0
    raw: list[str] = field(default_factory=list[str])
    more: asyncio.Event = field(default_factory=asyncio.Event)
    answer: httpx.Headers = field(default_factory=httpx.Headers)
    task: "asyncio.Task[None] | None" = None

    async def listen(self) -> None:
        async with (
            httpx.AsyncClient(timeout=30) as client,
            client.stream("GET", self.url, headers=self.headers) as stream,
        ):
            self.status, self.answer = stream.status_code, stream.headers
            event: dict[str, Any] = {}
            async for line in stream.aiter_lines():
                self.raw.append(line)
                if not line and event:
                    # That somebody opened a page is told as well; here it would only be counted.
                    if event.get("event") != "reception.changed":
                        self.heard.append(event)
                        self.more.set()
                    event = {}
                elif line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    event[name] = json.loads(value) if name == "data" else value
        self.ended.set()

    async def until(self, number: int, seconds: float = 20) -> list[dict[str, Any]]:
        """The events, once there are ``number``."""
        async with asyncio.timeout(seconds):
            while len(self.heard) < number:
                self.more.clear()
                await self.more.wait()
        return self.heard

    @property
    def topics(self) -> list[str]:
        return [one.get("event", "") for one in self.heard]


@dataclass
class Live:
    """The application on a socket."""

    web: Web
    address: str
    cookie: str
    readers: list[Reader] = field(default_factory=list[Reader])

    def read(self, after: str | None = None, last: str | None = None, **headers: str) -> Reader:
        url = f"{self.address}/api/events" + (f"?after={after}" if after else "")
        found = {"Cookie": f"copilot_session={self.cookie}", **headers} | ({"Last-Event-ID": last} if last else {})
        reader = Reader(url, found)
        reader.task = asyncio.create_task(reader.listen())
        self.readers.append(reader)
        return reader

    async def tell(self, topic: str, ref: str) -> None:
        async with self.web.store.merchant(self.web.merchant) as session:
            await self._append(session, topic, ref)

    async def _append(self, session: Any, topic: str, ref: str) -> None:
        await events.append(
            session, merchant=self.web.merchant, shop=self.web.shop, topic=topic, ref=ref, at=self.web.clock.now()
        )


@pytest.fixture
async def live(web: Web) -> AsyncIterator[Live]:
    agent = await web.enter()
    async with serve(web.app) as address:
        found = Live(web, address, agent.cookies["copilot_session"])
        yield found
        web.parts.stopping.set()
        for reader in found.readers:
            if reader.task is not None:
                reader.task.cancel()
                with contextlib.suppress(asyncio.CancelledError, httpx.HTTPError):
                    await reader.task


async def test_it_begins_with_its_place_and_tells_ids_only(live: Live) -> None:
    reader = live.read()
    await reader.until(1)
    talk, draft = await live.web.broken_cups()

    heard = reader.heard
    # How many are told before it hangs on what else is going on, such as whose the conversation becomes.
    while "draft.proposed" not in reader.topics:
        heard = await reader.until(len(reader.heard) + 1)

    assert reader.answer["content-type"].startswith("text/event-stream")
    assert reader.answer["x-accel-buffering"] == "no"
    assert heard[0]["event"] == "ready"
    assert heard[0]["data"] == {"event": heard[0]["id"]}
    # Whose it becomes may be told first: the page that opened gives out what waits in a transaction begun earlier.
    told = [one for one in heard[1:] if one["event"] != "conversation.assigned"]
    assert [one["event"] for one in told[:2]] == ["message.received", "message.received"]
    assert told[0]["data"]["conversation"] == told[0]["data"]["ref"] == str(talk)
    proposed = next(one for one in heard if one["event"] == "draft.proposed")
    assert proposed["data"]["ref"] == str(draft.id)
    assert proposed["data"]["conversation"] == str(talk)
    assert proposed["data"]["shop"] == str(live.web.shop)
    assert "碎" not in "".join(reader.raw)


async def test_nobody_listens_without_signing_in(live: Live) -> None:
    reader = Reader(f"{live.address}/api/events", {})
    await reader.listen()
    assert reader.status == 401


async def test_events_of_another_merchant_are_not_told(live: Live) -> None:
    reader = live.read()
    await reader.until(1)
    await live.web.buyer("在吗", "theirs", shop="s2")
    mine = await live.web.buyer("在吗", "mine")
    heard = await reader.until(2)
    assert [one["data"].get("conversation") for one in heard[1:]] == [str(mine)]


async def test_nothing_is_lost_across_breaks_though_a_slow_transaction_commits_late(live: Live) -> None:
    """The slow one takes its number first and commits last; a reader that goes by numbers would never hear of it."""
    reader = live.read()
    (ready,) = await reader.until(1)
    slow, fast = str(uuid.uuid4()), [str(uuid.uuid4()) for _ in range(4)]
    async with live.web.store.merchant(live.web.merchant) as session:
        await live._append(session, "conversation.changed", slow)
        await live.tell("conversation.changed", fast[0])
        await live.tell("conversation.changed", fast[1])
        await asyncio.sleep(0.3)
        assert reader.topics == ["ready"]
    heard = await reader.until(4)
    assert [one["data"]["ref"] for one in heard[1:]] == [slow, fast[0], fast[1]]

    # The line breaks after the second; whatever came meanwhile is told once, in order.
    assert reader.task is not None
    reader.task.cancel()
    await live.tell("conversation.changed", fast[2])
    again = live.read(after=ready["id"], last=heard[2]["id"])
    await live.tell("conversation.changed", fast[3])
    told = await again.until(4)
    assert [one["data"].get("ref") for one in told[1:]] == [fast[1], fast[2], fast[3]]


@pytest.mark.feature("F023")
async def test_a_message_calls_whoever_wants_to_be_called_and_nobody_else(live: Live) -> None:
    agent = await live.web.enter()
    reader = live.read()
    await reader.until(1)
    talk = await live.web.buyer("在吗", "mine")
    # What is wanted counts when the message is told: each is told before the next wish.
    await reader.until(2)
    wish = {"sound": "off", "vibration": False}
    assert (await agent.post("/api/me/alert", json=wish)).status_code == 204
    await live.web.buyer("在吗？", "mine")
    await reader.until(3)
    assert (await agent.post("/api/me/alert", json={**wish, "vibration": True})).status_code == 204
    assert (await agent.get("/api/me")).json()["person"]["alert"] == {"sound": "off", "vibration": True}
    await live.web.buyer("有人吗", "mine")
    await reader.until(4)
    colleague = await people.add_person(
        live.web.store, live.web.merchant, "second", "Second", "agent", "zh", PASSWORD, live.web.clock
    )
    async with live.web.store.merchant(live.web.merchant) as session:
        (await session.get_one(ConversationRow, (live.web.merchant, talk))).assignee = colleague
    await live.web.buyer("还在吗", "mine")

    # Whom the queue gives the conversation to is told in between, sooner or later.
    heard, events = [], 5
    while len(heard) < 4:
        told = await reader.until(events)
        heard, events = [one for one in told if one["event"] == "message.received"], len(told) + 1

    # Wanted, not wanted, wanted again; the last one is a colleague's.
    assert [one["data"].get("alert") for one in heard] == [True, None, True, None]


async def test_a_list_and_the_stream_after_it_leave_no_gap(live: Live) -> None:
    headers = {"Cookie": f"copilot_session={live.cookie}"}
    async with httpx.AsyncClient(headers=headers) as client:
        place = (await client.get(f"{live.address}/api/conversations")).json()["event"]
    talk = await live.web.buyer("在吗")
    heard = await live.read(after=place).until(2)
    assert heard[0]["id"] == place
    assert heard[1]["data"]["conversation"] == str(talk)


@pytest.mark.parametrize("place", ["rubbish", "1-2", "-1-2-3", "9" * 30 + "-1-1", "1-1-1", "18446744073709551615-1-1"])
async def test_a_place_of_no_use_says_read_again(live: Live, place: str) -> None:
    reader = live.read(after=place)
    heard = await reader.until(2)
    assert [one["event"] for one in heard] == ["ready", "reset"]
    talk = await live.web.buyer("在吗")
    assert (await reader.until(3))[2]["data"]["conversation"] == str(talk)


async def test_an_old_place_and_one_of_another_database_say_read_again(live: Live) -> None:
    (ready,) = await live.read().until(1)
    xid, number, seconds = ready["id"].split("-")
    foreign = live.read(last=f"{int(xid) + 100_000}-{number}-{seconds}")
    assert [one["event"] for one in await foreign.until(2)] == ["ready", "reset"]
    live.web.clock.advance(timedelta(hours=11).total_seconds())
    fine = live.read(last=ready["id"])
    await fine.until(1)
    await asyncio.sleep(0.2)
    assert fine.topics == ["ready"]


async def test_it_ends_within_a_moment_when_the_process_stops(live: Live) -> None:
    reader = live.read()
    await reader.until(1)
    loop = asyncio.get_running_loop()
    started = loop.time()
    live.web.parts.stopping.set()
    await asyncio.wait_for(reader.ended.wait(), 5)
    assert loop.time() - started < 3
    assert reader.heard[-1] == {"retry": "500"}


async def test_it_ends_when_the_login_is_over_and_does_not_keep_it_alive(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHECK_SECONDS", 0.0)
    reader = live.read()
    await reader.until(1)
    await people.set_password(live.web.store, live.web.merchant, "agent", PASSWORD + "!", live.web.clock)
    await live.tell("conversation.changed", str(uuid.uuid4()))
    await asyncio.wait_for(reader.ended.wait(), 10)


async def test_a_reader_comes_back_to_its_place_when_the_database_was_away(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = live.read()
    (ready,) = await first.until(1)
    read = streams._read  # pyright: ignore[reportPrivateUsage]

    async def away(*_: object) -> Any:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(streams, "_read", away)
    talk = await live.web.buyer("在吗")
    await asyncio.wait_for(first.ended.wait(), 10)
    assert first.heard[-1] == {"retry": "500"}
    monkeypatch.setattr(streams, "_read", read)
    heard = await live.read(last=ready["id"]).until(2)
    assert heard[1]["data"]["conversation"] == str(talk)


async def test_nothing_of_the_database_is_held_while_waiting(live: Live) -> None:
    readers = [live.read() for _ in range(12)]
    for reader in readers:
        await reader.until(1)
    busy = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
    seen = 0
    for _ in range(5):
        await asyncio.sleep(0.05)
        async with live.web.store.system() as session:
            seen += (await session.execute(busy)).scalar_one()
    assert seen == 0
    # More readers than connections, and requests still get through.
    async with httpx.AsyncClient(headers={"Cookie": f"copilot_session={live.cookie}"}) as client:
        assert (await client.get(f"{live.address}/api/me")).status_code == 200
