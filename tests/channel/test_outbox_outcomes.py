"""Whatever a call ends in, the reply ends as sent, failed or unconfirmed, and stands on the platform at most once."""

import random
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from copilot.channel.registry import Registry
from copilot.channel.tasks import DRAFT_CONVERSATION, SEND_REPLY
from copilot.domain.draft import DraftState
from copilot.domain.message import Role, SentBy
from copilot.sdk import (
    Account,
    AdapterError,
    Malformed,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    QuotaUsed,
    Receipt,
    SendRefused,
    Throttled,
    TokenExpired,
    WindowClosed,
)
from copilot.store.engine import Store
from copilot.store.tables import CommitmentRow, SpanRow
from tests.channel.outgoing import NOON, SETTLE, Bare, Desk, Keyed, Platform, Recorded, open_desk

TEXT = "好的,马上为您处理"


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    """The platform has no key and a record that can be read, as TikTok Shop's."""
    async with open_desk(store) as opened:
        yield opened


UNKNOWN: list[Exception] = [
    OutcomeUnknown("broke off"),
    TimeoutError(),
    ConnectionResetError(),
    Malformed("the answer cannot be read"),
    KeyError("a mistake in the adapter"),
]
REFUSED: list[AdapterError] = [
    SendRefused("review"),
    WindowClosed("closed"),
    QuotaUsed("quota"),
    NotAuthorized("connect again"),
    TokenExpired("no way to refresh"),
    AdapterError("whatever"),
]


def test_the_profile_has_the_numbers_that_these_tests_count_on(desk: Desk) -> None:
    numbers = desk.outbox._outcomes.profiles.sending(desk.shop.profile, desk.outbox.folders, desk.clock.now())
    assert numbers.settle is not None
    assert numbers.settle.total_seconds() == SETTLE
    assert numbers.margin is not None
    assert numbers.margin.total_seconds() > 60, "below it a platform's slow clock would hide a reply that arrived"


async def test_a_reply_that_is_taken_is_sent_once_and_becomes_a_message(desk: Desk) -> None:
    reply = await desk.approved(TEXT)

    row = await desk.send(reply)
    await desk.send(reply)

    assert (row.state, row.attempts, row.platform_message_id) == ("sent", 1, "p1")
    assert (await desk.draft_of(reply)).state == DraftState.SENT
    (message,) = await desk.messages()
    assert (message.platform_message_id, message.text, message.sent_by) == ("p1", TEXT, SentBy.ASSISTED)
    assert message.draft == {"id": str(row.source_id), "revision": 1}
    assert desk.platform.texts() == [TEXT]
    assert await desk.timer(reply) is None
    assert [topic for topic in await desk.topics() if topic.startswith("reply")] == ["reply.sending", "reply.sent"]


@pytest.mark.parametrize("error", UNKNOWN, ids=lambda error: type(error).__name__)
async def test_a_reply_that_arrived_is_found_and_not_sent_again(desk: Desk, error: Exception) -> None:
    desk.platform.script = [(0, error)]
    reply = await desk.approved(TEXT)

    row = await desk.send(reply)
    assert row.state == "sending", "it may have arrived"
    row = await desk.until_settled(reply)

    assert (row.state, row.platform_message_id) == ("sent", "p1")
    assert desk.platform.texts() == [TEXT]
    assert (await desk.draft_of(reply)).state == DraftState.SENT


@pytest.mark.parametrize("error", UNKNOWN, ids=lambda error: type(error).__name__)
async def test_a_reply_that_never_arrived_is_sent_once_more_after_the_platform_settled(
    desk: Desk, error: Exception
) -> None:
    desk.platform.script = [error]
    reply = await desk.approved(TEXT)
    began = desk.clock.now()

    await desk.send(reply)
    row = await desk.until_settled(reply)

    assert (row.state, row.attempts) == ("sent", 2)
    assert desk.platform.texts() == [TEXT]
    assert (desk.platform.said[0].sent_at - began).total_seconds() >= SETTLE


async def test_there_is_exactly_one_more_call_and_then_a_person_looks(desk: Desk) -> None:
    desk.platform.script = [OutcomeUnknown("broke off"), OutcomeUnknown("broke off"), OutcomeUnknown("broke off")]
    reply = await desk.approved(TEXT)

    await desk.send(reply)
    row = await desk.until_settled(reply)

    assert (row.state, row.error, row.attempts) == ("unconfirmed", "outcome_unknown", 2)
    assert len(desk.platform.sends) == 2
    assert (await desk.draft_of(reply)).state == DraftState.UNCONFIRMED


@pytest.mark.parametrize("later", [0.5, 3.0, SETTLE - 1])
async def test_a_message_that_appears_late_is_waited_for(desk: Desk, later: float) -> None:
    desk.platform.script = [(later, OutcomeUnknown("broke off"))]
    reply = await desk.approved(TEXT)

    await desk.send(reply)
    row = await desk.until_settled(reply)

    assert row.state == "sent"
    assert len(desk.platform.sends) == 1


async def test_what_of_the_first_call_appears_after_the_second_makes_it_ambiguous(desk: Desk) -> None:
    """The first arrived later than any platform should take: two stand there, and a person must see that."""
    first = SETTLE + 1
    desk.platform.script = [(first, OutcomeUnknown("broke off")), (0, OutcomeUnknown("broke off"))]
    reply = await desk.approved(TEXT)
    await desk.send(reply)
    while len(desk.platform.sends) < 2:
        timer = await desk.timer(reply)
        assert timer is not None
        desk.clock.advance((timer.due_at - desk.clock.now()).total_seconds())
        await desk.send(reply, timer.attempt)
    desk.clock.advance(2)
    began = (await desk.row(reply)).attempted_at

    row = await desk.until_settled(reply)

    assert began == NOON, "the record is read from the first call on"
    assert row.state == "unconfirmed"


async def test_the_platforms_time_stays_when_the_receipt_tells_none(desk: Desk) -> None:
    told = desk.clock.now() - timedelta(seconds=3)

    async def echoed_first(reply: Any, key: str) -> Any:
        await desk.hears(Role.AGENT, reply.text, id="p1", sent_at=told, sent_by=SentBy.PERSON)
        return Receipt(message_id="p1")

    class Echoing(Recorded):
        async def send(self, account: Any, reply: Any, idempotency_key: str) -> Any:
            return await echoed_first(reply, idempotency_key)

    registry = Registry([Echoing(desk.platform)])
    outbox = replace(desk.outbox, accounts=replace(desk.outbox.accounts, adapters=registry))
    await outbox.send(desk.merchant, await desk.approved(TEXT))

    (message,) = await desk.messages()
    assert (message.sent_at, message.sent_by) == (told, SentBy.ASSISTED)


async def test_the_platform_has_its_time_from_when_the_call_broke_off(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that hung for longer than the platform takes to settle says nothing about what it did at the end."""
    taken: list[str] = []

    def hangs(reply: Any, key: str) -> Any:
        taken.append(key)
        desk.clock.advance(SETTLE + 5)
        desk.platform.put(reply.text, later=3)
        raise OutcomeUnknown("no answer")

    monkeypatch.setattr(desk.platform, "take", hangs)
    reply = await desk.approved(TEXT)
    await desk.send(reply)

    assert (await desk.until_settled(reply)).state == "sent"
    assert len(taken) == 1


@pytest.mark.parametrize("seconds", [-90, 90])
async def test_a_platform_whose_clock_is_off_still_shows_what_arrived(desk: Desk, seconds: int) -> None:
    desk.platform.skew = timedelta(seconds=seconds)
    desk.platform.script = [(0, OutcomeUnknown("broke off"))]
    reply = await desk.approved(TEXT)

    await desk.send(reply)
    row = await desk.until_settled(reply)

    assert row.state == "sent"
    assert len(desk.platform.sends) == 1


async def test_without_a_key_and_without_a_record_a_person_looks_at_once(store: Store) -> None:
    async with open_desk(store, Bare) as desk:
        desk.platform.script = [OutcomeUnknown("broke off")]
        reply = await desk.approved(TEXT)

        row = await desk.send(reply)

        assert (row.state, row.error) == ("unconfirmed", "outcome_unknown")
        assert await desk.timer(reply) is None
        assert len(desk.platform.sends) == 1


async def test_with_a_key_the_same_call_is_made_again(store: Store) -> None:
    async with open_desk(store, Keyed) as desk:
        desk.platform.script = [(0, OutcomeUnknown("broke off")), None]
        reply = await desk.approved(TEXT)

        await desk.send(reply)
        row = await desk.until_settled(reply)

        assert row.state == "sent"
        assert [key for _, key in desk.platform.sends] == [str(reply)] * 2
        assert desk.platform.texts() == [TEXT]


async def test_with_a_key_a_later_refusal_does_not_say_that_the_first_call_failed(store: Store) -> None:
    async with open_desk(store, Keyed) as desk:
        desk.platform.script = [OutcomeUnknown("broke off")] + [SendRefused("review")] * 20
        reply = await desk.approved(TEXT)

        await desk.send(reply)
        row = await desk.until_settled(reply)

        assert row.state == "unconfirmed"


@pytest.mark.parametrize("error", REFUSED, ids=lambda error: type(error).__name__)
async def test_a_refusal_fails_with_its_code_and_is_not_tried_again(desk: Desk, error: AdapterError) -> None:
    desk.platform.script = [error]
    reply = await desk.approved(TEXT)

    row = await desk.send(reply)

    assert (row.state, row.error, row.attempts) == ("failed", error.code, 0)
    assert (await desk.draft_of(reply)).state == DraftState.FAILED
    assert await desk.timer(reply) is None
    assert desk.platform.said == []


async def test_a_platform_that_is_down_is_asked_again_with_growing_pauses_and_not_for_ever(desk: Desk) -> None:
    desk.platform.script = [PlatformDown("503")] * 50
    reply = await desk.approved(TEXT)
    waits: list[float] = []

    await desk.send(reply)
    while (timer := await desk.timer(reply)) is not None:
        waits.append((timer.due_at - desk.clock.now()).total_seconds())
        desk.clock.advance(waits[-1])
        await desk.send(reply, timer.attempt)
        if (await desk.row(reply)).state == "failed":
            break
    row = await desk.row(reply)

    assert (row.state, row.error) == ("failed", "platform_down")
    assert len(desk.platform.sends) == 8
    assert all(after > before for before, after in pairwise(waits[:5]))
    assert sum(waits) < 300, "an agent hears of it within minutes"


async def test_a_platform_that_recovers_gets_the_reply(desk: Desk) -> None:
    desk.platform.script = [PlatformDown("503"), PlatformDown("503"), None]
    reply = await desk.approved(TEXT)

    await desk.send(reply)
    row = await desk.until_settled(reply)

    assert (row.state, row.attempts) == ("sent", 1)


async def test_a_throttled_reply_waits_as_long_as_asked_and_loses_no_try(desk: Desk) -> None:
    desk.platform.script = [Throttled(retry_after=20)] * 12 + [None]
    reply = await desk.approved(TEXT)
    began = desk.clock.now()

    row = await desk.send(reply)
    assert (row.state, row.attempts, row.error) == ("queued", 0, "throttled")
    row = await desk.until_settled(reply)

    assert row.state == "sent"
    assert (desk.clock.now() - began).total_seconds() >= 12 * 20


async def test_a_reply_that_could_not_leave_for_an_hour_is_shown_as_failed(desk: Desk) -> None:
    desk.platform.script = [Throttled(retry_after=600)] * 50
    reply = await desk.approved(TEXT)

    await desk.send(reply)
    row = await desk.until_settled(reply, 9000)

    assert (row.state, row.error) == ("failed", "throttled")
    assert desk.platform.said == []


async def test_a_record_that_cannot_be_read_is_asked_again_and_then_left_to_a_person(desk: Desk) -> None:
    desk.platform.script = [(0, OutcomeUnknown("broke off"))]
    desk.platform.unreadable = [PlatformDown("503"), TimeoutError(), ValueError("in the adapter")]
    reply = await desk.approved(TEXT)
    await desk.send(reply)
    assert (await desk.until_settled(reply)).state == "sent"

    desk.platform.script = [(0, OutcomeUnknown("broke off"))]
    desk.platform.unreadable = [PlatformDown("503") for _ in range(100)]
    other = await desk.typed("another one")
    await desk.send(other)
    row = await desk.until_settled(other)

    assert row.state == "unconfirmed"
    assert len(desk.platform.sends) == 2


async def test_the_second_call_is_not_made_when_the_buyer_wrote_meanwhile(desk: Desk) -> None:
    desk.platform.script = [OutcomeUnknown("broke off")]
    reply = await desk.approved(TEXT)
    await desk.send(reply)
    desk.clock.advance(2)
    await desk.hears(Role.BUYER, "不用了")

    row = await desk.until_settled(reply)

    assert row.state == "held"
    assert len(desk.platform.sends) == 1
    assert (await desk.draft_of(reply)).state == DraftState.PROPOSED


FATES: list[Any] = [
    None,
    OutcomeUnknown("broke off"),
    TimeoutError(),
    PlatformDown("503"),
    Throttled(retry_after=2),
    SendRefused("review"),
    (0, OutcomeUnknown("broke off")),
    (1, TimeoutError()),
    (3, ConnectionResetError()),
]


async def test_every_end_is_reached_whatever_happens_and_nothing_is_sent_twice(store: Store) -> None:
    """Random fates, several replies with the same words: the platform never shows more than were accepted."""
    for seed in range(12):
        chance = random.Random(seed)
        async with open_desk(store, chance.choice([Recorded, Keyed, Bare])) as desk:
            fates: list[Any] = [
                None,
                OutcomeUnknown("broke off"),
                TimeoutError(),
                PlatformDown("x"),
                Throttled(retry_after=2),
            ]
            fates += [
                (0, OutcomeUnknown("broke off")),
                (3, ConnectionResetError()),
                SendRefused("x"),
                (1, TimeoutError()),
            ]
            desk.platform.script = [chance.choice(fates) for _ in range(12)]
            replies = [await desk.typed(TEXT) for _ in range(3)]
            for reply in replies:
                await desk.send(reply)
            for _ in range(4):
                for reply in replies:
                    await desk.until_settled(reply)
            states = [(await desk.row(reply)).state for reply in replies]
            assert set(states) <= {"sent", "failed", "unconfirmed"}, (seed, states)
            assert len(desk.platform.said) <= len(replies), (seed, states)
            assert states.count("sent") <= len(desk.platform.said), (seed, states)
            bound = [(await desk.row(reply)).platform_message_id for reply in replies]
            known = [one for one in bound if one]
            assert len(known) == len(set(known)) == states.count("sent"), seed


async def test_attempts_and_read_backs_are_in_the_trace_without_words(desk: Desk) -> None:
    desk.platform.script = [(0, OutcomeUnknown("broke off"))]
    reply = await desk.approved(TEXT)
    await desk.send(reply)
    await desk.until_settled(reply)

    spans = sorted(await desk.rows(SpanRow), key=lambda span: span.at)
    assert [(span.name, span.detail["outcome"]) for span in spans] == [
        ("outbox.call", "outcome_unknown"),
        ("outbox.read_back", "arrived"),
    ]
    assert {span.draft for span in spans} == {(await desk.row(reply)).source_id}
    assert TEXT not in str([span.detail for span in spans])


async def test_a_job_that_fails_leaves_a_timer_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away between the call and our commit: nobody else would ever look at the row again."""
    reply = await desk.approved(TEXT)

    async def gone(*_: object, **__: object) -> None:
        raise OSError("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr("copilot.channel.outcomes.record_sent", gone)
        with pytest.raises(OSError, match="gone"):
            await desk.send(reply)
    assert (await desk.row(reply)).state == "sending"
    row = await desk.until_settled(reply)

    assert row.state == "sent"
    assert len(desk.platform.sends) == 1


async def test_a_worker_taken_for_dead_that_comes_back_still_tells_what_it_knows(desk: Desk) -> None:
    """Another worker gave the reply up as unconfirmed while the first one's call was still open."""
    reply = await desk.approved(TEXT)
    outbox = desk.outbox

    class Slow(Recorded):
        async def send(self, account: Any, reply: Any, idempotency_key: str) -> Any:
            receipt = await super().send(account, reply, idempotency_key)
            desk.platform.put(TEXT)  # a colleague's, with the same words: the other worker cannot tell
            await outbox.send(desk.merchant, uuid.UUID(idempotency_key))
            return receipt

    slow = replace(outbox, accounts=replace(outbox.accounts, adapters=Registry([Slow(desk.platform)])))
    await slow.send(desk.merchant, reply)

    row = await desk.row(reply)
    assert (row.state, row.platform_message_id) == ("sent", "p1")
    assert "reply.unconfirmed" in await desk.topics()


async def test_an_id_that_the_platform_gave_twice_is_no_receipt(desk: Desk) -> None:
    one, two = await desk.typed("first"), await desk.typed("second")
    await desk.send(one)
    desk.platform.said.clear()

    row = await desk.send(two)

    assert (row.state, row.error) == ("unconfirmed", "message_id_not_unique")


async def test_what_a_sent_draft_promised_is_owed_by_whoever_approved_it(desk: Desk) -> None:
    view = sample_view("我们今天18:00前回复您", "2026-11-20T10:00:00Z")
    kept = await desk.approved(view["text"], view=view)
    edited = await desk.approved("我再看看", view=view)
    for reply in (kept, edited):
        await desk.send(reply)

    (owed,) = await desk.rows(CommitmentRow)
    assert (owed.what, owed.platform_message_id, owed.by, owed.state) == ("reply", "p1", "agent-1", "owed")


def sample_view(text: str, due: str) -> dict[str, Any]:
    verdict = {"decision": "pass", "pack": "p", "findings": []}
    return {
        "text": text,
        "language": "zh",
        "turn": "chase",
        "issues": [],
        "risks": [],
        "order": None,
        "options": [],
        "claims": [],
        "verdict": verdict,
        "written_by": "composer",
        "owes": [{"what": "reply", "due": due, "fact": "hold.return_at"}],
    }


async def test_what_the_buyer_wrote_while_a_reply_was_on_its_way_is_drafted(desk: Desk) -> None:
    asked = await desk.hears(Role.BUYER, "到哪了")
    desk.clock.advance(1)
    plain = await desk.approved(TEXT, burst=(asked,))
    await desk.send(plain)
    assert await desk.jobs(DRAFT_CONVERSATION) == [], "nothing new to answer"

    more = await desk.hears(Role.BUYER, "还有")
    desk.clock.advance(1)
    busy = await desk.approved(TEXT, burst=(more,))
    await desk.hears(Role.BUYER, "顺便问下发票")
    await desk.send(busy)

    assert [job["ref"] for job in await desk.jobs(DRAFT_CONVERSATION)] == [str(desk.conversation)]


async def test_a_typed_reply_that_was_sent_lets_the_open_draft_be_looked_at(desk: Desk) -> None:
    reply = await desk.typed(TEXT)
    await desk.send(reply)

    assert [job["ref"] for job in await desk.jobs(DRAFT_CONVERSATION)] == [str(desk.conversation)]
    assert [job["ref"] for job in await desk.jobs(SEND_REPLY)] == [str(reply)]


@dataclass
class Marking(Recorded):
    """An adapter that marks as read, which ends in ``ends``."""

    ends: BaseException | None = None
    marked: int = 0

    async def mark_read(self, account: Account, conversation: str) -> None:
        self.marked += 1
        if self.ends is not None:
            raise self.ends


@pytest.mark.parametrize(
    "error",
    [PlatformDown("x"), NotAuthorized("x"), KeyError("x"), TimeoutError(), httpx.ReadError("x"), None],
    ids=repr,
)
async def test_a_mark_that_cannot_be_set_takes_nothing_from_the_reply(store: Store, error: Exception | None) -> None:
    made: list[Marking] = []

    def adapter(platform: Platform) -> Marking:
        made.append(Marking(platform, ends=error))
        return made[0]

    async with open_desk(store, adapter) as desk:
        row = await desk.send(await desk.approved(TEXT))
        assert (row.state, made[0].marked) == ("sent", 1)


async def test_a_defect_of_ours_while_marking_is_seen_and_the_reply_stays_sent(store: Store) -> None:
    async with open_desk(store, lambda platform: Marking(platform, ends=RuntimeError("ours"))) as desk:
        reply = await desk.approved(TEXT)
        with pytest.raises(RuntimeError):
            await desk.send(reply)
        assert (await desk.send(reply)).state == "sent"
        assert desk.platform.texts() == [TEXT]
