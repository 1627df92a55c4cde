"""Deliveries over the whole edge: believed only when signed, acknowledged only when stored, stored once."""

import asyncio
import contextlib
import io
import json
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from copilot.access import credentials
from copilot.channel import dead_letters, inbox, taking
from copilot.channel.directory import Directory
from copilot.channel.inbound import AdapterMissing
from copilot.channel.told import Taken
from copilot.channel.verifying import BadSignature, TryAgain
from copilot.domain.errors import BadInput
from copilot.sdk import Delivery, Malformed
from copilot.store.direct import driver_of
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DeadLetterRow, MessageRow, ShopRow, SpanRow
from tests.channel.platform import Channel, delivery, open_channel, said, signature
from tests.counting import counted


@pytest.fixture
async def channel(store: Store) -> AsyncIterator[Channel]:
    async with open_channel(store) as opened:
        yield opened


async def test_a_signed_message_is_stored_with_its_job_and_acknowledged(channel: Channel) -> None:
    answer = await channel.take(said("s1", "m1", "where is my parcel", sequence=7))
    assert (answer.status, answer.body) == (200, b"taken")
    (row,) = await channel.rows(MessageRow)
    assert (row.text, row.role, row.sequence, row.visible) == ("where is my parcel", "buyer", 7, True)
    assert await channel.jobs() == ["draft.conversation"]
    assert "message.received" in await channel.topics()
    (span,) = await channel.rows(SpanRow)
    assert (span.name, span.trace) == ("delivery", row.trace)
    assert span.detail == {"adapter": "plain", "events": 1, "new": 1, "dead": 0}
    assert await channel.rows(MessageRow, "s2") == []


async def test_only_so_many_are_worked_on_at_a_time_and_who_waits_too_long_has_cost_nothing(
    channel: Channel, logged: io.StringIO
) -> None:
    begun, full, go = 0, asyncio.Event(), asyncio.Event()

    async def all_of_it(*_: object) -> Taken:
        nonlocal begun
        begun += 1
        if begun == 6:
            full.set()
        await go.wait()
        return Taken()

    patient = replace(channel.inbound, seconds=30, _place=asyncio.Semaphore(6))
    hasty = replace(patient, seconds=0.1)  # with the same places
    flood = [delivery("secret-1", said("s1", f"m{number}")) for number in range(12)]
    with patch.object(taking.Taking, "all", all_of_it):
        taken = [asyncio.create_task(patient.take("plain", one)) for one in flood[:6]]
        await full.wait()
        answers = await asyncio.gather(*(hasty.take("plain", one) for one in flood[6:]), return_exceptions=True)
        assert [type(one) for one in answers] == [TryAgain] * 6
        assert begun == 6
        told = [json.loads(line)["event"] for line in logged.getvalue().splitlines()]
        assert (told.count("delivery_found_no_place"), told.count("delivery_not_stored")) == (6, 0)
        go.set()
        assert {answer.status for answer in await asyncio.gather(*taken)} == {200}
        # Those who gave up have left their places.
        assert (await patient.take("plain", delivery("secret-1", said("s1", "m1")))).status == 200


async def test_what_goes_by_itself_leaves_connections_for_the_pages(channel: Channel) -> None:
    at_once, most, full, go = 0, 0, asyncio.Event(), asyncio.Event()

    async def alone(*_: object) -> Taken:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if at_once == 6:
            full.set()
        await go.wait()
        at_once -= 1
        return Taken()

    changed = {"type": "conversation_changed", "shop": "s1", "conversation": "c1"}
    inbound = replace(channel.inbound, seconds=30)
    with patch.object(taking.Taking, "_alone", alone):
        flood = [asyncio.create_task(inbound.take("plain", delivery("secret-1", changed))) for _ in range(12)]
        await full.wait()
        go.set()
        assert {answer.status for answer in await asyncio.gather(*flood)} == {200}
    assert most == 6  # the pool has eight


async def test_a_shop_is_looked_up_once_for_all_that_ask_at_that_moment(channel: Channel) -> None:
    directory = Directory(channel.store)
    with counted() as seen:
        found = await asyncio.gather(*(directory.find("shop", ["plain:s1"], 0.0) for _ in range(9)))
    assert {shop.platform_shop_id for (shop,) in found} == {"s1"}
    assert seen["transactions"] == 2, seen

    # One who runs out of time does not take the others' answer away.
    asked = [asyncio.create_task(directory.find("shop", ["plain:s1"], 10.0)) for _ in range(3)]
    await asyncio.sleep(0)
    asked[0].cancel()
    assert await asked[1] == await asked[2] != ()


@pytest.mark.parametrize("headers", [{}, {"sign": ""}, {"sign": "0" * 64}, {"sign": "é\ud800\x00"}, {"sign": "下"}])
async def test_a_wrong_signature_stores_nothing(channel: Channel, headers: dict[str, str]) -> None:
    good = delivery("secret-1", said("s1", "m1"))
    with pytest.raises(BadSignature):
        await channel.inbound.take("plain", replace(good, headers=headers))
    with pytest.raises(BadSignature):
        await channel.take(said("s1", "m1"), secret="secret-2")
    with pytest.raises(BadSignature):
        await channel.inbound.take("plain", replace(good, body=good.body + b" "))
    assert await channel.rows(MessageRow) == []
    assert await channel.rows(DeadLetterRow) == []
    assert await channel.jobs() == []


@pytest.mark.parametrize("shop", ["s3", "", "\x00", "\ud800", "s" * 9000, "s1\x00"])
async def test_an_unknown_shop_is_a_bad_signature(channel: Channel, shop: str) -> None:
    with pytest.raises(BadSignature):
        await channel.take(said(shop, "m1"))
    with pytest.raises(BadSignature):
        await channel.take(shops=(), app=shop)
    with pytest.raises(BadSignature):
        await channel.take(shops=())


async def test_an_adapter_that_is_not_there_is_named_as_such(channel: Channel) -> None:
    for name in ("other", "", "plain\x00", "Plain"):
        with pytest.raises(AdapterMissing):
            await channel.inbound.take(name, delivery("secret-1", said("s1", "m1")))


async def test_a_shops_own_signature_opens_no_other_shop(channel: Channel) -> None:
    batch = (said("s1", "m1"), said("s2", "m2"))
    for secret in ("secret-1", "secret-2"):
        with pytest.raises(BadSignature):
            await channel.take(*batch, secret=secret)
    # Named or not: what was not verified for a shop is not written into it.
    await channel.take(said("s2", "m3"), secret="secret-1", shops=("s1",))
    assert await channel.rows(MessageRow, "s1") == []
    assert await channel.rows(MessageRow, "s2") == []
    (letter,) = await channel.rows(DeadLetterRow)
    assert letter.error == "foreign_shop"
    assert await channel.rows(DeadLetterRow, "s2") == []


async def test_a_shop_that_is_not_connected_does_not_keep_the_batch_out(channel: Channel) -> None:
    await channel.take(said("gone", "m1"), said("s1", "m2"))
    assert [row.platform_message_id for row in await channel.rows(MessageRow)] == ["m2"]
    assert await channel.rows(DeadLetterRow) == []


async def test_one_delivery_for_shops_of_two_merchants_that_share_the_secret(channel: Channel) -> None:
    shop = await channel.shop("s2")
    async with channel.store.merchant(shop.merchant) as session:
        values = {"secret": "secret-1", "app": None}
        await credentials.save(session, channel.accounts.vault, shop.merchant, shop.id, values, channel.clock)
    await channel.take(said("s1", "m1"), said("s2", "m2"))
    assert [row.platform_message_id for row in await channel.rows(MessageRow, "s1")] == ["m1"]
    assert [row.platform_message_id for row in await channel.rows(MessageRow, "s2")] == ["m2"]


async def test_a_test_of_the_address_is_answered_for_a_known_app(channel: Channel) -> None:
    assert (await channel.take(shops=(), app="app1")).status == 200
    with pytest.raises(BadSignature):
        await channel.take(shops=(), app="app1", secret="secret-2")


async def test_the_same_delivery_twice_is_one_message_also_at_once(channel: Channel) -> None:
    again = delivery("secret-1", said("s1", "m1", sequence=1))
    answers = await asyncio.gather(*(channel.inbound.take("plain", again) for _ in range(5)))
    answers.append(await channel.inbound.take("plain", again))
    assert {answer.status for answer in answers} == {200}
    assert len(await channel.rows(MessageRow)) == 1
    assert await channel.jobs() == ["draft.conversation"]
    assert (await channel.topics()).count("message.received") == 1


async def test_batches_that_cross_do_not_stop_each_other(channel: Channel) -> None:
    one = [said("s1", f"a{n}", conversation=f"c{n}") for n in range(6)]
    other = [said("s1", f"b{n}", conversation=f"c{n}") for n in reversed(range(6))]
    await asyncio.gather(channel.take(*one), channel.take(*other), channel.take(*reversed(one)), channel.take(*other))
    assert len(await channel.rows(MessageRow)) == 12
    assert len(await channel.rows(ConversationRow)) == 6


async def test_nothing_is_acknowledged_that_is_not_committed(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("merchant", "hurried"):
        monkeypatch.setattr(Store, way, _failing_at_the_end(getattr(Store, way)))
    with pytest.raises(TryAgain):
        await channel.take(said("s1", "m1"))
    monkeypatch.undo()
    assert await channel.rows(MessageRow) == []
    assert await channel.jobs() == []
    # The platform sends it again, and now it is taken.
    assert (await channel.take(said("s1", "m1"))).status == 200
    assert len(await channel.rows(MessageRow)) == 1


def _failing_at_the_end(real: Any) -> Any:
    @asynccontextmanager
    async def failing(self: Store, *given: Any) -> AsyncGenerator[Any]:
        async with real(self, *given) as transaction:
            yield transaction
            driver = await driver_of(transaction)
            if await (await driver.execute("SELECT 1 FROM messages")).fetchone():
                raise ConnectionResetError("the database went away at the commit")

    return failing


async def test_a_database_that_hangs_gives_the_delivery_back_in_time(channel: Channel, store: Store) -> None:
    quick = replace(channel.inbound, seconds=0.3)
    async with store.merchant(channel.merchants["s1"]) as session:
        await session.execute(text("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(TryAgain):
            await quick.take("plain", delivery("secret-1", said("s1", "m1")))
    assert await channel.rows(MessageRow) == []
    assert (await channel.take(said("s1", "m1"))).status == 200


async def test_settings_that_nobody_can_open_give_the_delivery_back(channel: Channel) -> None:
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        await session.execute(text("UPDATE credentials SET sealed = 'rubbish'"))
    with pytest.raises(TryAgain):
        await channel.take(said("s1", "m1"))
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        await session.execute(text("DELETE FROM credentials"))
    with pytest.raises(BadSignature):
        await channel.take(said("s1", "m1"))


@pytest.mark.parametrize("step", ["identify", "verify", "parse", "acknowledge"])
async def test_a_defective_adapter_lets_nothing_in_and_loses_nothing(channel: Channel, step: str) -> None:
    channel.adapter.breaks = step
    if step in ("identify", "verify"):
        with pytest.raises(Malformed if step == "identify" else BadSignature):
            await channel.take(said("s1", "m1"))
        assert await channel.rows(DeadLetterRow) == []
        return
    assert (await channel.take(said("s1", "m1"))).status == 200
    assert len(await channel.rows(MessageRow)) == (1 if step == "acknowledge" else 0)
    assert len(await channel.rows(DeadLetterRow)) == (1 if step == "parse" else 0)


async def test_what_cannot_be_used_is_kept_sealed_and_the_rest_is_used(channel: Channel) -> None:
    broken = said("s1", "x" * 600, "my number is 13812345678")
    answer = await channel.take(said("s1", "m1"), broken, said("s1", "m2", conversation="c2"))
    assert answer.status == 200
    assert [row.platform_message_id for row in await channel.rows(MessageRow)] == ["m1", "m2"]
    (letter,) = await channel.rows(DeadLetterRow)
    assert b"13812345678" not in letter.sealed
    assert "13812345678" not in letter.error
    assert (letter.expires_at - letter.at).days == 30
    # The same one again is the same letter.
    await channel.take(said("s1", "m1"), broken, said("s1", "m2", conversation="c2"))
    assert len(await channel.rows(DeadLetterRow)) == 1


async def test_an_event_that_cannot_be_read_makes_a_dead_letter_that_can_be_used_later(channel: Channel) -> None:
    channel.adapter.breaks = "parse"
    await channel.take(said("s1", "m1", "还没到"))
    (letter,) = await channel.rows(DeadLetterRow)
    assert letter.error.startswith("defect KeyError at platform.py:")
    merchant = channel.merchants["s1"]
    assert "KeyError" in (await channel.inbound.again(merchant, letter.id) or "")
    channel.adapter.breaks = ""
    with pytest.raises(BadInput):
        await channel.inbound.again(channel.merchants["s2"], letter.id)
    assert await channel.inbound.again(merchant, letter.id) is None
    assert [row.text for row in await channel.rows(MessageRow)] == ["还没到"]
    assert await channel.jobs() == ["draft.conversation"]
    async with channel.store.merchant(merchant) as session:
        assert await dead_letters.letters(session) == []
    with pytest.raises(BadInput):
        await channel.inbound.again(merchant, letter.id)


async def test_an_access_that_was_taken_away_is_told(channel: Channel) -> None:
    await channel.take({"type": "deauthorized", "shop": "s1"})
    assert (await channel.topics())[-1] == "shop.changed"
    (shop,) = await channel.rows(ShopRow)
    assert shop.settings["deauthorized_at"] == channel.clock.now().isoformat()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
_EVENT = st.fixed_dictionaries(
    {"type": st.sampled_from(["message", "order_changed", "conversation_changed", "other"])},
    optional={
        "shop": st.sampled_from(["s1", "s2", "s9"]) | _JSON,
        "conversation": st.text(min_size=1) | _JSON,
        "order_id": st.text() | _JSON,
        "buyer": st.text() | _JSON,
        "nickname": st.text() | _JSON,
        "sequence": st.integers() | _JSON,
        "message": st.fixed_dictionaries(
            {"role": st.sampled_from(["buyer", "agent", "system"]) | _JSON, "text": st.text() | _JSON},
            optional={"id": st.text() | _JSON, "sent_at": st.text() | _JSON, "media": _JSON, "order_id": st.text()},
        )
        | _JSON,
    },
)


@given(
    body=st.binary(max_size=60)
    | _JSON.map(lambda value: json.dumps(value).encode())
    | st.lists(_EVENT, max_size=3).map(lambda events: json.dumps({"shops": ["s1"], "events": events}).encode()),
    signed=st.booleans(),
)
@example(body=b"[" * 100_000, signed=True)
@example(body=json.dumps({"shops": [f"x{n}" for n in range(5000)]}).encode(), signed=False)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_of_any_kind_ends_in_a_declared_error_or_is_kept(
    garbage_channel: Any, body: bytes, signed: bool
) -> None:
    garbage_channel.throw(body, signed)


class Garbage:
    """A channel in a loop of its own: a property runs many examples in one test."""

    def __init__(self, url: str) -> None:
        self.loop = asyncio.Runner()
        self.url = url
        self.stack: Any = None
        self.channel: Channel = self.loop.run(self._open())

    async def _open(self) -> Channel:
        self.stack = AsyncExitStack()
        store = await self.stack.enter_async_context(await Store.open(self.url))
        return await self.stack.enter_async_context(open_channel(store))

    def throw(self, body: bytes, signed: bool) -> None:
        """One delivery; signed garbage that is a delivery must be taken, whatever it holds."""
        self.loop.run(self._throw(body, signed))

    async def _throw(self, body: bytes, signed: bool) -> None:
        sign = signature("secret-1", body) if signed else "no"
        try:
            answer = await self.channel.inbound.take("plain", Delivery("POST", {"sign": sign}, {}, body))
        # Nothing else, and not "try again" either: a database that refuses it now would refuse it for ever.
        except (BadSignature, Malformed):
            return
        assert (signed, answer.status) == (True, 200)

    def close(self) -> None:
        """End the loop."""
        self.loop.run(self.stack.aclose())
        self.loop.close()


@pytest.fixture
def garbage_channel(database_url: str) -> Any:
    garbage = Garbage(database_url)
    yield garbage
    garbage.close()


async def test_neither_words_nor_secrets_leave_by_the_log(channel: Channel, logged: io.StringIO) -> None:
    phone = "13812345678"
    await channel.take(said("s1", "m1", f"call {phone}", nickname=phone))
    await channel.take(said("s1", "x" * 600, f"call {phone}"))
    with pytest.raises(BadSignature) as refused:
        await channel.take(said("s1", "m2", phone), secret="secret-2")
    for step in ("identify", "verify", "parse", "acknowledge"):
        channel.adapter.breaks = step
        with contextlib.suppress(BadSignature, Malformed):
            await channel.take(said("s1", f"m-{step}", phone))
    channel.adapter.breaks = ""
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        await session.execute(text("SET LOCAL ROLE NONE"))
        await session.execute(text(f"ALTER TABLE messages ADD CHECK (text NOT LIKE '%{phone[::-1]}%')"))
    await channel.take(said("s1", "m3", phone[::-1]))
    channel.adapter.buyers["c1"] = KeyError(phone)
    (conversation, *_) = await channel.rows(ConversationRow)
    await channel.lookup.orders(channel.merchants["s1"], conversation.id, timeout=5)
    said_of_it = logged.getvalue() + str(refused.value)
    assert "dead_letter_kept" in said_of_it, "so that this test looks at something"
    assert "lookup_failed" in said_of_it
    for secret in (phone, phone[::-1], "secret-1", "secret-2"):
        assert secret not in said_of_it
    errors = "".join(letter.error for letter in await channel.rows(DeadLetterRow))
    assert "IntegrityError" in errors
    assert phone not in errors
    assert phone[::-1] not in errors


async def test_an_echo_does_not_hold_up_the_sender_who_keeps_the_reply(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await channel.take(said("s1", "m1", "在吗"))).status == 200
    (first,) = await channel.rows(MessageRow)
    arriving = inbox.arrive

    async def kept_meanwhile(*given: Any) -> Any:
        # The sender's row needs the conversation to be there, while the echo's delivery holds it.
        async with channel.store.merchant(channel.merchants["s1"]) as session:
            await session.execute(text("SET LOCAL lock_timeout = '2s'"))
            session.add(
                MessageRow(
                    merchant=channel.merchants["s1"], id=uuid.uuid4(), conversation=first.conversation,
                    platform_message_id="kept", role="agent", kind="text", text="在的", received_at=channel.clock.now(),
                )
            )  # fmt: skip
        return await arriving(*given)

    monkeypatch.setattr(inbox, "arrive", kept_meanwhile)
    assert (await channel.take(said("s1", "m2", "在的", role="agent"))).status == 200
    assert {row.platform_message_id for row in await channel.rows(MessageRow)} == {"m1", "m2", "kept"}
