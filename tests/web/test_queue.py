"""The queue over the interface: who gets what, who may act, what moves with a conversation, and two who want one."""

import asyncio
import uuid
from datetime import timedelta

import httpx
import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.channel.sent import record_sent
from copilot.desk.queue.reception import page_closed, page_opened
from copilot.jobs.queueing import QueueJobs
from copilot.store import timers
from copilot.store.tables import (
    AssignmentRow,
    AuditRow,
    CommitmentRow,
    ConversationRow,
    MessageRow,
    OutboxRow,
    TimerRow,
)
from tests.web.conftest import PASSWORD, Web


class Team:
    """A merchant with several who receive; ``page`` opens one, ``work`` runs the queue's job."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.ids: dict[str, uuid.UUID] = {}
        self.pages: dict[str, uuid.UUID] = {}

    async def add(self, login: str, role: Role = Role.AGENT) -> None:
        web = self.web
        self.ids[login] = await people.add_person(
            web.store, web.merchant, login, login.title(), role, "zh", PASSWORD, web.clock
        )

    async def page(self, login: str) -> None:
        self.pages[login] = page = uuid.uuid4()
        async with self.web.store.merchant(self.web.merchant) as session:
            await page_opened(session, self.web.merchant, page, self.ids[login], self.web.clock.now())

    async def close(self, login: str) -> None:
        async with self.web.store.merchant(self.web.merchant) as session:
            await page_closed(session, self.pages[login], self.web.clock.now())

    async def work(self) -> int:
        """What the worker does: the look that a message asked for, in the place of the timer for it."""
        async with self.web.store.system() as session:
            await timers.sweep(session, self.web.clock.now())
        jobs = QueueJobs(self.web.store, self.web.parts.shops.folders, self.web.clock)
        return await jobs.give_out(self.web.merchant)

    async def holder(self, conversation: uuid.UUID) -> uuid.UUID | None:
        rows = await self.web.rows(ConversationRow)
        return next(row.assignee for row in rows if row.id == conversation)


@pytest.fixture
async def team(web: Web) -> Team:
    """The agent of every test, a second one and a supervisor."""
    made = Team(web)
    made.ids["agent"] = next(row.id for row in await people.people(web.store, web.merchant) if row.login == "agent")
    await made.add("second")
    await made.add("boss", Role.SUPERVISOR)
    return made


async def listing(client: httpx.AsyncClient, query: str = "list=all") -> dict[str, object]:
    answer = await client.get(f"/api/conversations?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ids(client: httpx.AsyncClient, query: str) -> list[str]:
    found: list[dict[str, str]] = (await listing(client, query))["conversations"]  # type: ignore[assignment]
    return [row["id"] for row in found]


@pytest.mark.feature("F009")
@pytest.mark.feature("F025")
async def test_an_open_page_is_given_what_arrives_and_the_list_says_how_it_came(web: Web, team: Team) -> None:
    agent, boss = await web.enter(), await web.enter("boss")
    lost = await web.buyer("在吗", "c1")
    await team.work()
    assert await ids(agent, "list=unassigned") == [str(lost)]
    await team.page("agent")
    auto = await web.buyer("在吗", "c2")
    await team.work()
    assert {await team.holder(lost), await team.holder(auto)} == {team.ids["agent"]}
    hand = await web.buyer("在吗", "c3")
    answer = await boss.post(f"/api/conversations/{hand}/give", json={"to": str(team.ids["second"]), "holder": None})
    assert answer.json()["how"] == "manual"
    moved = {"to": str(team.ids["second"]), "holder": str(team.ids["agent"])}
    assert (await agent.post(f"/api/conversations/{auto}/give", json=moved)).json()["how"] == "transfer"
    found = (await listing(agent, "list=in_progress"))["conversations"]
    assert {row["id"]: row["how"] for row in found} == {str(lost): "auto", str(hand): "manual", str(auto): "transfer"}  # type: ignore[attr-defined]
    assert await ids(agent, "list=unassigned") == []
    assert await ids(agent, "list=in_progress&mine=true") == [str(lost)]


@pytest.mark.feature("F010")
@pytest.mark.feature("F035")
async def test_who_does_not_receive_is_given_nothing_by_itself_but_may_be_given_something(web: Web, team: Team) -> None:
    agent = await web.enter()
    await team.page("second")
    second = await web.enter("second")
    assert (await second.post("/api/me/reception", json={"receives": False})).json()["online"] is False
    talk = await web.buyer("在吗")
    assert await team.work() == 0
    given = await agent.post(f"/api/conversations/{talk}/give", json={"to": str(team.ids["second"]), "holder": None})
    assert given.json()["holder"]["id"] == str(team.ids["second"])


@pytest.mark.feature("F012")
async def test_where_one_receives_there_is_no_toggle_and_no_list_to_wait_in(web: Web) -> None:
    agent, alone = await web.enter(), Team(web)
    talk = await web.buyer("在吗")
    await alone.work()
    me = (await agent.get("/api/me")).json()["person"]["id"]
    assert str(await alone.holder(talk)) == me
    for answer in (
        await agent.get("/api/conversations?list=unassigned"),
        await agent.post("/api/me/reception", json={"receives": False}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_applicable")
    assert (await agent.get("/api/team")).json()["applicable"] is False


@pytest.mark.feature("F034")
async def test_of_two_who_take_one_conversation_one_gets_it_and_the_other_is_told_who(web: Web, team: Team) -> None:
    agent, second = await web.enter(), await web.enter("second")
    for number in range(3):
        talk = await web.buyer("在吗", f"c{number}")
        answers = await asyncio.gather(*(one.post(f"/api/conversations/{talk}/take") for one in (agent, second)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        won = next(answer.json()["holder"] for answer in answers if answer.status_code == 200)
        told = next(answer.json()["error"] for answer in answers if answer.status_code == 409)
        assert (told["code"], told["holder"]) == ("held_by_other", won)
        mine = agent if won["id"] == str(team.ids["agent"]) else second
        before = len(await web.rows(AssignmentRow))
        assert (await mine.post(f"/api/conversations/{talk}/take")).status_code == 200
        assert len(await web.rows(AssignmentRow)) == before


@pytest.mark.feature("F041")
async def test_a_transfer_moves_drafts_and_promises_and_the_old_agent_can_act_no_more(web: Web, team: Team) -> None:
    agent, second, boss = await web.enter(), await web.enter("second"), await web.enter("boss")
    talk, draft = await web.broken_cups()
    assert (await agent.post(f"/api/conversations/{talk}/take")).status_code == 200
    async with web.store.merchant(web.merchant) as session:
        session.add(
            CommitmentRow(merchant=web.merchant, id=uuid.uuid4(), conversation=talk, what="reship", state="owed",
                          created_at=web.clock.now(), updated_at=web.clock.now())
        )  # fmt: skip
    given = {"to": str(team.ids["second"]), "holder": str(team.ids["agent"]), "note": "买家很急"}
    assert (await agent.post(f"/api/conversations/{talk}/give", json=given)).status_code == 200

    accept = {"revision": 1, "text_hash": draft.text_hash, "kind": "accept"}
    reply = {"id": str(uuid.uuid4()), "text": "好的"}
    for path, body in (
        (f"/api/drafts/{draft.id}/decision", accept),
        (f"/api/conversations/{talk}/replies", reply),
        (f"/api/drafts/{draft.id}/approval", {"revision": 1, "text_hash": draft.text_hash, "option": "reship"}),
    ):
        refused = await agent.post(path, json=body)
        error = refused.json()["error"]
        assert (refused.status_code, error["code"], error["holder"]["name"]) == (409, "held_by_other", "Second"), path
    assert await web.rows(OutboxRow) == []
    # And it cannot be moved by whoever does not hold it, but by a supervisor.
    back = {"to": str(team.ids["agent"]), "holder": str(team.ids["second"])}
    assert (await agent.post(f"/api/conversations/{talk}/give", json=back)).status_code == 403
    assert (await agent.post(f"/api/conversations/{talk}/end")).status_code == 403
    assert (await boss.post(f"/api/conversations/{talk}/give", json={**back, "holder": None})).status_code == 409

    thread = (await second.get(f"/api/conversations/{talk}")).json()
    assert [one["what"] for one in thread["commitments"]] == ["reship"]
    assert (await second.post(f"/api/drafts/{draft.id}/decision", json=accept)).json() == {"state": "approved"}
    actions = [row.action for row in await web.rows(AuditRow)]
    assert {"conversation.taken", "conversation.given"} <= set(actions)
    assert "买家很急" not in str([(row.action, row.detail) for row in await web.rows(AuditRow)])


async def test_who_answers_what_is_with_nobody_holds_it_from_then_on(web: Web, team: Team) -> None:
    agent, second = await web.enter(), await web.enter("second")
    talk, draft = await web.broken_cups()
    accept = {"revision": 1, "text_hash": draft.text_hash, "kind": "accept"}
    answers = await asyncio.gather(
        *(one.post(f"/api/drafts/{draft.id}/decision", json=accept) for one in (agent, second))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await web.rows(OutboxRow)) == 1
    assert await team.holder(talk) in (team.ids["agent"], team.ids["second"])


@pytest.mark.feature("F042")
@pytest.mark.feature("F036")
@pytest.mark.feature("F043")
async def test_ending_frees_one_place_for_the_one_who_waits_longest(web: Web, team: Team) -> None:
    agent, boss = await web.enter(), await web.enter("boss")
    limit = await boss.post(f"/api/people/{team.ids['agent']}/reception", json={"capacity": 2})
    assert limit.json()["capacity"] == 2
    await team.page("agent")
    talks = [await web.buyer("在吗", f"c{number}") for number in range(4)]
    await team.work()
    assert [await team.holder(talk) is not None for talk in talks] == [True, True, False, False]
    assert (await agent.post(f"/api/conversations/{talks[0]}/end")).json() == {"state": "closed"}
    assert [await team.holder(talk) is not None for talk in talks] == [False, True, True, False]
    assert await ids(agent, "list=all&filter=ended") == [str(talks[0])]
    # A second end frees nothing, and the buyer's next words open it again, behind whoever waits.
    assert (await agent.post(f"/api/conversations/{talks[0]}/end")).status_code == 200
    await web.buyer("还在吗", "c0")
    await team.work()
    assert await ids(agent, "list=unassigned&sort=waiting") == [str(talks[0]), str(talks[3])]
    assert [row["queued_since"] for row in (await listing(agent, "list=unassigned"))["conversations"]] != []  # type: ignore[attr-defined]
    # More room: both are taken up.
    await boss.post(f"/api/people/{team.ids['agent']}/reception", json={"capacity": None})
    assert await ids(agent, "list=unassigned") == []


async def test_a_group_is_asked_alone_for_as_long_as_the_shop_says(web: Web, team: Team) -> None:
    boss = await web.enter("boss")
    await boss.post(f"/api/shops/{web.shop}/queue", json={"by": "desk", "group_first_seconds": 60})
    await boss.post(f"/api/people/{team.ids['agent']}/reception", json={"groups": ["after_sale"], "capacity": 0})
    for login in ("agent", "second"):
        await team.page(login)
    talk, _ = await web.broken_cups()
    assert await team.work() == 0
    async with web.store.system() as session:
        from sqlalchemy import select

        timer = (await session.scalars(select(TimerRow).where(TimerRow.kind == "queue.drain"))).one()
    queued = next(row.queued_at for row in await web.rows(ConversationRow) if row.id == talk)
    assert timer.due_at == queued + timedelta(seconds=60)
    web.clock.advance(60)
    for login in ("agent", "second"):
        await team.page(login)
    await team.work()
    assert await team.holder(talk) == team.ids["second"]


@pytest.mark.feature("F026")
@pytest.mark.feature("F027")
@pytest.mark.feature("F022")
async def test_seen_is_no_longer_unread_and_stays_unreplied_until_it_is_answered(web: Web, team: Team) -> None:
    agent, boss = await web.enter(), await web.enter("boss")
    talk = await web.buyer("在吗")
    await agent.post(f"/api/conversations/{talk}/take")
    newest = (await web.rows(MessageRow))[-1].id

    async def flags() -> tuple[list[str], list[str], int]:
        counters = (await agent.get(f"/api/shops/{web.shop}/counters")).json()
        return (
            await ids(agent, "list=all&filter=unread"),
            await ids(agent, "list=all&filter=unreplied"),
            counters["unread"],
        )

    assert await flags() == ([str(talk)], [str(talk)], 1)
    # Somebody who only looks over the shoulder has not read it for the holder.
    assert (await boss.post(f"/api/conversations/{talk}/view", json={"message": str(newest)})).status_code == 204
    assert await flags() == ([str(talk)], [str(talk)], 1)
    assert (await agent.post(f"/api/conversations/{talk}/view", json={"message": str(newest)})).status_code == 204
    assert await flags() == ([], [str(talk)], 0)
    reply = {"id": str(uuid.uuid4()), "text": "在的，您请说"}
    await agent.post(f"/api/conversations/{talk}/replies", json=reply)
    async with web.store.merchant(web.merchant) as session:
        row = await session.get_one(OutboxRow, (web.merchant, uuid.UUID(reply["id"])))
        await record_sent(session, row, "sent-1", web.clock)
    assert await flags() == ([], [], 0)
    # The next holder has seen nothing of it.
    await web.buyer("好的谢谢")
    newest = max(await web.rows(MessageRow), key=lambda one: one.position).id
    await agent.post(f"/api/conversations/{talk}/view", json={"message": str(newest)})
    assert (await flags())[0] == []
    await agent.post(
        f"/api/conversations/{talk}/give", json={"to": str(team.ids["second"]), "holder": str(team.ids["agent"])}
    )
    assert (await flags())[0] == [str(talk)]


@pytest.mark.feature("F029")
@pytest.mark.feature("F040")
async def test_a_mark_carries_who_and_when_and_survives_a_transfer(web: Web, team: Team) -> None:
    agent = await web.enter()
    talk = await web.buyer("在吗")
    assert (await agent.post(f"/api/conversations/{talk}/mark", json={"marked": True})).status_code == 204
    assert (await agent.post(f"/api/conversations/{talk}/tags", json={"tags": ["大客户", " 大客户", "催"]})).json() == {
        "tags": ["大客户", "催"]
    }
    await agent.post(f"/api/conversations/{talk}/give", json={"to": str(team.ids["second"]), "holder": None})
    (row,) = (await listing(agent, "list=all&filter=marked"))["conversations"]  # type: ignore[misc]
    assert (row["marked"]["by"]["name"], row["tags"]) == ("Agent", ["大客户", "催"])  # type: ignore[index]
    assert await ids(agent, "list=all&tag=催") == [str(talk)]
    await agent.post(f"/api/conversations/{talk}/mark", json={"marked": False})
    assert await ids(agent, "list=all&filter=marked") == []


@pytest.mark.feature("F032")
async def test_a_word_a_nickname_or_an_order_finds_the_conversation_and_several_find_all(web: Web) -> None:
    agent = await web.enter()
    cups, _ = await web.broken_cups("c1")
    other = await web.buyer("100%纯棉的吗", "c2")

    async def found(words: str) -> dict[str, list[str]]:
        answer = await agent.post("/api/conversations/search", json={"words": words})
        return {row["id"]: row["found_by"] for row in answer.json()["conversations"]}

    assert await found("包装") == {str(cups): ["text"]}
    assert await found("6920348170035512") == {str(cups): ["order"]}
    assert set(await found("buyer of c2")) == {str(cups), str(other)}
    assert await found("C2") == {str(other): ["nickname"]}
    assert await found("纯棉 6920348170035512 包装") == {str(other): ["text"], str(cups): ["order", "text"]}
    # Signs of the pattern language are letters here.
    assert await found("0%纯") == {str(other): ["text"]}
    assert await found("%") == {str(other): ["text"]}
    assert await found("_") == {}


async def test_everything_of_one_is_handed_over_with_the_note_of_each(web: Web, team: Team) -> None:
    agent, boss = await web.enter(), await web.enter("boss")
    talk, _ = await web.broken_cups("c1")
    more = await web.buyer("在吗", "c2")
    for one in (talk, more):
        await agent.post(f"/api/conversations/{one}/take")
    refused = await agent.post("/api/handover", json={"holder": str(team.ids["second"]), "to": str(team.ids["agent"])})
    assert refused.status_code == 403
    answer = await boss.post("/api/handover", json={"holder": str(team.ids["agent"]), "to": str(team.ids["second"])})
    moved = {one["conversation"]: one["lines"] for one in answer.json()["moved"]}
    assert set(moved) == {str(talk), str(more)}
    assert any("破损" in line or "损" in line for line in moved[str(talk)]), moved
    assert {await team.holder(one) for one in (talk, more)} == {team.ids["second"]}
    # To nobody: they wait again, and whoever is there gets them.
    await team.page("agent")
    answer = await boss.post("/api/handover", json={"holder": str(team.ids["second"]), "to": None})
    assert len(answer.json()["moved"]) == 2
    assert {await team.holder(one) for one in (talk, more)} == {team.ids["agent"]}


async def test_where_the_platform_gives_out_nothing_is_decided_and_nobody_is_kept_away(web: Web, team: Team) -> None:
    agent, second, boss = await web.enter(), await web.enter("second"), await web.enter("boss")
    chosen = await boss.post(f"/api/shops/{web.shop}/queue", json={"by": "platform"})
    assert chosen.json()["by"] == "platform"
    assert (await agent.post(f"/api/shops/{web.shop}/queue", json={"by": "desk"})).status_code == 403
    await team.page("agent")
    talk = await web.buyer("在吗")
    assert await team.work() == 0
    assert (await agent.post(f"/api/conversations/{talk}/take")).json()["error"]["code"] == "not_applicable"
    await boss.post(f"/api/people/{team.ids['second']}/reception", json={"platform_name": "kefu-02"})
    async with web.store.merchant(web.merchant) as session:
        row = await session.get_one(ConversationRow, (web.merchant, talk))
        row.platform_agent = "kefu-02"
    (shown,) = (await listing(agent, "list=in_progress"))["conversations"]  # type: ignore[misc]
    assert (shown["holder"], shown["how"]) == ({"id": str(team.ids["second"]), "name": "kefu-02"}, "platform")  # type: ignore[index]
    for one in (agent, second):
        reply = {"id": str(uuid.uuid4()), "text": "在的"}
        assert (await one.post(f"/api/conversations/{talk}/replies", json=reply)).status_code == 202


async def test_what_somebody_held_who_left_waits_again(web: Web, team: Team) -> None:
    agent = await web.enter()
    talk = await web.buyer("在吗")
    await agent.post(f"/api/conversations/{talk}/take")
    await people.set_active(web.store, web.merchant, "agent", False, web.clock)
    await team.add("third")
    await team.page("second")
    await team.work()
    assert await team.holder(talk) == team.ids["second"]


@pytest.mark.feature("F011")
async def test_a_page_that_was_closed_or_is_not_heard_of_receives_nothing(web: Web, team: Team) -> None:
    await team.page("agent")
    await team.close("agent")
    web.clock.advance(6)
    first = await web.buyer("在吗", "c1")
    assert (await team.work(), await team.holder(first)) == (0, None)
    await team.page("second")
    assert await team.work() == 1
    web.clock.advance(60)
    silent = await web.buyer("在吗", "c2")
    assert (await team.work(), await team.holder(silent)) == (0, None)


async def test_who_says_that_they_are_busy_is_given_conversations_all_the_same(web: Web, team: Team) -> None:
    client = await web.enter()
    answer = await client.post("/api/me/reception", json={"busy": True})
    assert (answer.status_code, answer.json()["busy"], answer.json()["receives"]) == (200, True, True)
    await team.page("agent")
    talk = await web.buyer("在吗")
    await team.work()
    assert await team.holder(talk) == team.ids["agent"]
    explained = await client.post("/api/auto/explain", json={"shop": str(web.shop), "text": "在吗"})
    assert explained.json()["busy"] is True
