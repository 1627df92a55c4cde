"""What a person's own day comes to: sessions of today that were theirs, waits, rate, satisfaction; nobody else's."""

import uuid
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from copilot.access import people
from copilot.access.principal import Role
from copilot.channel.changes import told_of
from copilot.sdk import Ended, Rated
from copilot.store.tables import AssignmentRow, MessageRow, OutboxRow, ShopRow
from tests.web.conftest import PASSWORD, Web


async def another(web: Web, login: str) -> tuple[httpx.AsyncClient, str]:
    """One more agent, and their id."""
    await people.add_person(web.store, web.merchant, login, login.title(), Role.AGENT, "zh", PASSWORD, web.clock)
    return await _entered(web, login)


async def _entered(web: Web, login: str) -> tuple[httpx.AsyncClient, str]:
    client = await web.enter(login)
    return client, (await client.get("/api/me")).json()["person"]["id"]


async def mine(client: httpx.AsyncClient) -> dict[str, Any]:
    """The person's day in the one shop; nothing received where nothing is told."""
    answer = await client.get("/api/me/today")
    assert answer.status_code == 200, answer.text
    (shop,) = answer.json()["shops"] or [{"received": 0}]
    return shop


async def said_by(web: Web, talk: uuid.UUID, by: str | None, text: str = "照片收到了,明天补发", **more: Any) -> None:
    """A reply that was sent from the desk by a person, and came back as a message."""
    now = web.clock.now()
    number = str(uuid.uuid4())
    async with web.store.merchant(web.merchant) as session:
        session.add(
            MessageRow(
                merchant=web.merchant, conversation=talk, platform_message_id=number, role="agent", kind="text",
                text=text, sent_at=now, received_at=now, **{"sent_by": "person", **more},
            )
        )  # fmt: skip
        if by is not None:
            session.add(
                OutboxRow(
                    merchant=web.merchant, id=uuid.uuid4(), shop=web.shop, conversation=talk, source_kind="typed",
                    source_id=uuid.uuid4(), text=text, state="sent", platform_message_id=number, by=by,
                    created_at=now, updated_at=now,
                )
            )  # fmt: skip


async def take(client: httpx.AsyncClient, talk: uuid.UUID) -> None:
    """The person takes the conversation."""
    answer = await client.post(f"/api/conversations/{talk}/take")
    assert answer.status_code == 200, answer.text


@pytest.mark.feature("F113")
async def test_received_are_the_sessions_of_today_that_were_given_to_the_person(web: Web) -> None:
    agent, me = await _entered(web, "agent")
    colleague, other = await another(web, "second")
    kept, gone, come = [await web.buyer("在吗", name) for name in ("c1", "c2", "c3")]
    await take(agent, kept)
    await take(agent, gone)
    await take(colleague, come)
    # Given away and received from somebody: both have received it.
    for client, talk, holder, to in ((agent, gone, me, other), (colleague, come, other, me)):
        answer = await client.post(f"/api/conversations/{talk}/give", json={"to": to, "holder": holder})
        assert answer.status_code == 200, answer.text
    # And one that waits for anybody is nobody's.
    await web.buyer("在吗", "c4")
    assert (await mine(agent))["received"] == 3
    assert (await mine(colleague))["received"] == 2
    # An ended session that begins anew today is another one; whoever has it then has received it.
    assert (await agent.post(f"/api/conversations/{kept}/end")).status_code == 200
    await web.buyer("还有一件事", "c1")
    await take(colleague, kept)
    assert ((await mine(agent))["received"], (await mine(colleague))["received"]) == (3, 3)
    assert (await mine(agent))["day"] == "2026-11-20"
    # Tomorrow, by the shop's clock, nothing has been received; what goes on since yesterday has not begun today.
    web.clock.advance(13 * 3600)
    await web.buyer("好了吗", "c3")
    agent = await web.enter()
    assert (await agent.get("/api/me/today")).json()["shops"] == []


@pytest.mark.feature("F100")
async def test_any_message_of_a_buyer_begins_a_session(web: Web) -> None:
    agent, _ = await _entered(web, "agent")
    for number, kind in enumerate(("text", "image", "video", "sticker", "product_card", "order_card"), 1):
        about = {"product_id": "p1"} if kind == "product_card" else {"order_id": "1"} if kind == "order_card" else {}
        talk = await web.buyer("在吗" if kind == "text" else "", f"c{number}", kind=kind, **about)
        await take(agent, talk)
        assert (await mine(agent))["received"] == number, kind


async def test_waits_and_rate_are_of_the_persons_own_answers_by_the_platforms_numbers(web: Web) -> None:
    agent, me = await _entered(web, "agent")
    colleague, other = await another(web, "second")
    talks: dict[str, uuid.UUID] = {}
    for name in ("quick", "slow", "theirs", "auto", "hello"):
        talks[name] = await web.buyer("在吗", name)
        await take(agent, talks[name])
    web.clock.advance(10)
    await said_by(web, talks["quick"], me)
    await said_by(web, talks["theirs"], other)
    await said_by(web, talks["auto"], None, "您好,稍后回复您", sent_by="auto")
    await said_by(web, talks["hello"], me, "亲,在的哦~")
    waiting = await mine(agent)
    assert waiting["response"] == {
        "in_time": 2, "missed": 0, "pending": 3, "percent": 100.0, "target_percent": 85.0, "within_seconds": 180.0,
    }  # fmt: skip
    web.clock.advance(200)
    await said_by(web, talks["slow"], me)
    found = await mine(agent)
    # A colleague's first word is no wait of this person's; a machine's and a bare greeting are nobody's.
    assert found["first_response"]["count"] == 2
    assert found["first_response"]["median_seconds"] == pytest.approx(113, abs=3)
    assert found["first_response"]["p90_seconds"] == pytest.approx(213, abs=3)
    assert (found["first_response"]["in_time"], found["first_response"]["target_seconds"]) == (1, 30.0)
    assert (found["response"]["in_time"], found["response"]["missed"], found["response"]["percent"]) == (2, 3, 40.0)
    assert found["satisfaction"] is None
    # The colleague was given nothing: they see nothing of this.
    assert (await colleague.get("/api/me/today")).json()["shops"] == []


async def test_only_what_buyers_rated_today_is_satisfaction_and_of_whoever_had_them(web: Web) -> None:
    agent, me = await _entered(web, "agent")
    colleague, other = await another(web, "second")
    talks = [await web.buyer("在吗", f"c{number}") for number in range(1, 5)]
    for talk in talks:
        await take(agent, talk)
    given = await agent.post(f"/api/conversations/{talks[3]}/give", json={"to": other, "holder": me})
    assert given.status_code == 200
    web.clock.advance(60)
    for number, stars in ((1, 5), (2, 3), (4, 4)):
        event = {"type": "rated", "shop": "s1", "conversation": f"c{number}", "stars": stars}
        await _told(web, event)
    assert (await mine(agent))["satisfaction"] == {"rated": 2, "satisfied": 1, "percent": 50.0}
    assert (await mine(colleague))["satisfaction"] == {"rated": 1, "satisfied": 1, "percent": 100.0}


async def _told(web: Web, event: dict[str, Any], kind: type[Rated] | type[Ended] = Rated) -> None:
    """What the platform tells of a conversation, through the code that keeps it."""
    async with web.store.merchant(web.merchant) as session:
        shop = await session.get_one(ShopRow, (web.merchant, web.shop))
        await told_of(session, shop, kind.model_validate(event), web.clock.now())


async def test_an_end_that_the_platform_told_parts_two_sessions_also_when_the_buyer_is_back(web: Web) -> None:
    agent, _ = await _entered(web, "agent")
    colleague, _ = await another(web, "second")
    talk = await web.buyer("在吗", "c1")
    await take(agent, talk)
    web.clock.advance(60)
    ended = {"type": "ended", "shop": "s1", "conversation": "c1", "at": web.clock.now()}
    for _ in range(2):
        await _told(web, ended, Ended)
    await web.buyer("还有一件事", "c1")
    await take(colleague, talk)
    # Two sessions: the first was the one's, the second is the other's, and the end stands there once.
    assert ((await mine(agent))["received"], (await mine(colleague))["received"]) == (1, 1)
    ends = [row for row in await web.rows(AssignmentRow) if row.how == "end"]
    assert [(row.by, row.at, row.person) for row in ends] == [("platform", ended["at"], None)]
    # Told without a time, it ended when it was told.
    web.clock.advance(60)
    await _told(web, {**ended, "at": None}, Ended)
    await web.buyer("再问一下", "c1")
    await take(agent, talk)
    assert ((await mine(agent))["received"], (await mine(colleague))["received"]) == (2, 1)


async def test_a_platform_without_a_rate_has_none_and_a_program_has_no_day(web: Web) -> None:
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(ShopRow).values(profile="tiktok_shop.uk", zone="Europe/London"))
    agent, _ = await _entered(web, "agent")
    await take(agent, await web.buyer("hi", "c1"))
    found = await mine(agent)
    assert (found["received"], found["first_response"], found["response"]) == (1, None, None)
    assert (await (await web.machine()).get("/api/me/today")).status_code == 403
