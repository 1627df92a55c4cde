"""The cases of a conversation on the page, and saying that one is solved."""

import uuid

from copilot.store.tables import AuditRow, CaseRow
from tests.web.conftest import Web


async def test_the_list_names_the_matter_and_a_person_ends_it_once(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    path = f"/api/conversations/{talk}/cases"
    (case,) = (await agent.get(path)).json()["cases"]
    assert (case["issue"], case["state"], case["resolved_by"]) == ("damaged", "open", None)
    assert case["text"] in ("收货破损", "Arrived damaged")

    first = await agent.post(f"{path}/{case['id']}/resolve", json={"evidence": "补发已寄出"})
    again = await agent.post(f"{path}/{case['id']}/resolve")
    assert (first.status_code, first.json()) == (200, {"state": "resolved"})
    assert (again.status_code, again.json()) == (200, {"state": "resolved"})
    (case,) = (await agent.get(path)).json()["cases"]
    assert (case["state"], case["evidence"]) == ("resolved", "补发已寄出")
    assert case["resolved_text"]
    lines = [line for line in await web.rows(AuditRow) if line.action == "case.resolved"]
    assert [line.object for line in lines] == [case["id"]]
    assert "补发" not in str([line.detail for line in lines])


async def test_who_may_only_look_ends_nothing_and_strangers_see_nothing(web: Web) -> None:
    talk, _ = await web.broken_cups()
    (case,) = await web.rows(CaseRow)
    path = f"/api/conversations/{talk}/cases"
    looker, stranger, agent = await web.enter("qa"), await web.enter("stranger"), await web.enter()

    refused = await looker.post(f"{path}/{case.id}/resolve")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    assert (await looker.get(path)).status_code == 200
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(f"{path}/{case.id}/resolve")).status_code == 404
    assert (await agent.post(f"{path}/{uuid.uuid4()}/resolve")).status_code == 404
    assert (await web.rows(CaseRow))[0].state == "open"
