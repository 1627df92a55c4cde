"""A word on a draft: kept with who said it, masked, read by those who look after drafts and counted nowhere."""

import json
from datetime import timedelta

import httpx
import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.desk.feedback import say
from copilot.store.tables import FeedbackRow
from tests.web.conftest import PASSWORD, Web


async def _say(client: httpx.AsyncClient, draft: object, text: str) -> httpx.Response:
    return await client.post(f"/api/drafts/{draft}/feedback", json={"text": text})


@pytest.mark.feature("F019")
async def test_a_word_on_a_draft_is_kept_with_the_draft_and_who_said_it(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent, qa = await web.enter(), await web.enter("qa")
    person = (await agent.get("/api/me")).json()["person"]
    said = await _say(agent, draft.id, "太长了，买家电话13812345678，应该先道歉")
    assert said.status_code == 201, said.text

    (kept,) = await web.rows(FeedbackRow)
    assert (kept.draft, kept.revision, kept.by) == (draft.id, draft.revision, person["id"])
    assert kept.text.startswith("太长了")
    assert "13812345678" not in kept.text

    (shown,) = (await qa.get("/api/feedback")).json()["feedback"]
    assert shown["id"] == said.json()["id"]
    assert (shown["by"], shown["text"]) == ({"id": person["id"], "name": "Agent"}, kept.text)
    assert shown["draft_text"]
    assert shown["issues"] == ["damaged"]
    exported = await qa.get(f"/api/feedback/export?shop={web.shop}")
    assert [json.loads(line) for line in exported.text.splitlines()] == [shown]
    assert "attachment" in exported.headers["content-disposition"]


async def test_it_is_read_by_those_above_and_by_quality_alone_and_counts_nowhere(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    await people.add_person(web.store, web.merchant, "boss", "Boss", Role.SUPERVISOR, "zh", PASSWORD, web.clock)
    boss = await web.enter("boss")
    before = (await boss.get("/api/figures")).json(), (await agent.get("/api/me/today")).json()
    await _say(agent, draft.id, "不对")
    assert (await agent.get("/api/feedback")).status_code == 403
    assert len((await boss.get("/api/feedback")).json()["feedback"]) == 1
    assert ((await boss.get("/api/figures")).json(), (await agent.get("/api/me/today")).json()) == before
    other = await web.enter("stranger")
    assert (await _say(other, draft.id, "别家的")).status_code == 404
    assert (await _say(await web.machine(), draft.id, "程序")).status_code == 403
    assert (await _say(agent, draft.id, "  ")).status_code == 422


async def test_a_page_ends_where_the_next_begins(web: Web) -> None:
    _, draft = await web.broken_cups()
    qa = await web.enter("qa")
    by = (await qa.get("/api/me")).json()["person"]["id"]
    async with web.store.merchant(web.merchant) as session:
        for number in range(101):
            # Many at one moment: the id tells them apart.
            now = web.clock.now() + timedelta(seconds=number // 50)
            await say(session, draft, by=by, text=f"第{number}条", now=now)
    first = (await qa.get("/api/feedback")).json()
    rest = (await qa.get(f"/api/feedback?before={first['next']}".replace("+", "%2B"))).json()
    assert (len(first["feedback"]), len(rest["feedback"]), rest["next"]) == (100, 1, None)
    assert len({one["id"] for one in (*first["feedback"], *rest["feedback"])}) == 101
    assert (await qa.get("/api/feedback?before=nowhere")).status_code == 422
