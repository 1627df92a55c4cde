"""Who has a conversation, and the platform's own figures of the shop's service."""

from datetime import date

import httpx
import pytest

from copilot.domain.clock import FrozenClock
from copilot.sdk import Assigned, ConversationChanged, Delivery, Malformed, NotAuthorized, ServiceRecord
from copilot.sdk.testing import Push

from .conftest import Stage
from .test_errors import ADAPTER, account, envelope

FIRST, LAST = date(2026, 10, 26), date(2026, 11, 1)
AGENT = "707885565181165594"


async def test_figures_are_asked_for_by_days_of_which_the_platform_leaves_the_last_out(clock: FrozenClock) -> None:
    asked: list[httpx.URL] = []

    def answering(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        told = {"response_percentage": "93.4", "response_time_mins": "3.4", "satisfaction_percentage": "95.2"}
        return httpx.Response(200, json={"code": 0, "data": {"performance": {**told, "support_session_count": 15}}})

    found = await ADAPTER.service_record(account(clock, answering), FIRST, LAST)
    assert found == ServiceRecord(
        sessions=15, response_percent=93.4, response_minutes=3.4, satisfied_percent=95.2, machines_count=True
    )
    (url,) = asked
    assert url.path == "/customer_service/202407/performance"
    assert (url.params["support_date_ge"], url.params["support_date_lt"]) == ("2026-10-26", "2026-11-02")
    assert url.params["shop_cipher"] == "c"


@pytest.mark.parametrize(
    ("told", "sessions"),
    [
        ({}, None),
        ({"performance": None}, None),
        ({"performance": {}}, None),
        ({"performance": {"response_percentage": "", "support_session_count": 0}}, 0),
    ],
)
async def test_what_was_not_counted_is_no_zero(
    clock: FrozenClock, told: dict[str, object], sessions: int | None
) -> None:
    answer = httpx.Response(200, json={"code": 0, "data": told})
    found = await ADAPTER.service_record(account(clock, lambda _: answer), FIRST, LAST)
    assert found == ServiceRecord(sessions=sessions, machines_count=True)


@pytest.mark.parametrize(
    "figure",
    [
        {"response_percentage": "-1"},
        {"response_percentage": "100.1"},
        {"response_percentage": "much"},
        {"response_time_mins": "inf"},
        {"satisfaction_percentage": "nan"},
        {"support_session_count": -3},
    ],
)
async def test_a_figure_that_is_none_is_malformed(clock: FrozenClock, figure: dict[str, object]) -> None:
    answer = httpx.Response(200, json={"code": 0, "data": {"performance": figure}})
    with pytest.raises(Malformed):
        await ADAPTER.service_record(account(clock, lambda _: answer), FIRST, LAST)


async def test_a_scope_that_is_missing_is_said(clock: FrozenClock) -> None:
    with pytest.raises(NotAuthorized):
        await ADAPTER.service_record(account(clock, envelope(105005)), FIRST, LAST)


async def test_a_round_of_looks_says_whose_the_conversations_are(stage: Stage) -> None:
    """The platform's deliveries do not; a missed one is made good with the next words."""
    await stage.platform.say("robin", "hello")
    await stage.platform.give("robin", AGENT)
    batch = await stage.adapter.poll(stage.account, None)
    kinds = [one.type for one in batch.events]
    assert kinds == ["message", "assigned"]
    assert batch.events[1] == Assigned(
        shop=stage.platform.shop_id, conversation=stage.conversation("robin"), agent=AGENT
    )
    stage.clock.advance(400)
    while batch.more:
        batch = await stage.adapter.poll(stage.account, batch.cursor)
    await stage.platform.say("robin", "are you there")
    await stage.platform.give("robin", None)
    batch = await stage.adapter.poll(stage.account, batch.cursor)
    assert [one.agent for one in batch.events if isinstance(one, Assigned)] == [None]


async def test_a_list_without_participants_says_nothing_of_them(clock: FrozenClock) -> None:
    message = {"id": "9", "type": "TEXT", "content": "x", "create_time": int(clock.now().timestamp())}
    talk = {"id": "1", "latest_message": {"create_time": message["create_time"]}}

    def answering(request: httpx.Request) -> httpx.Response:
        page = {"messages": [message]} if request.url.path.endswith("/messages") else {"conversations": [talk]}
        return httpx.Response(200, json={"code": 0, "data": page})

    batch = await ADAPTER.poll(account(clock, answering), None)
    assert [one.type for one in batch.events] == ["message"]


async def test_that_somebody_joined_is_told_without_who(stage: Stage) -> None:
    heard: list[Push] = []
    stage.platform.pusher.push = heard.append  # type: ignore[method-assign]
    await stage.platform.give("robin", AGENT)
    (push,) = heard
    delivery = Delivery("POST", dict(push.headers), {}, push.body)
    told = stage.adapter.parse(delivery)
    assert told == (ConversationChanged(shop=stage.platform.shop_id, conversation=stage.conversation("robin")),)
    assert AGENT.encode() not in delivery.body
    assert await stage.adapter.attended_by(stage.account, stage.conversation("robin")) == AGENT
