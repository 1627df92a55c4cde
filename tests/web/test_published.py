"""What is published, listed and moved over HTTP: owners and general admins move, supervisors and QA read."""

import uuid
from typing import Any

import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.flow.publishing import rows
from copilot.flow.publishing.files import Kind
from copilot.flow.publishing.rows import Actor, New, State
from copilot.store.tables import PublicationRow
from tests.web.conftest import PASSWORD, Web

WEAK = [{"rule": "off_platform.link", "how": "off", "reason": "invoices"}]


async def publish(web: Web, to: State, files: dict[str, str] | None = None, **more: Any) -> PublicationRow:
    """A version in the store; nothing here loads it."""
    web.clock.advance(1)
    async with web.store.merchant(web.merchant) as session:
        new = New(Kind.PLAYBOOKS, files or {"terms/douyin.cn.yaml": "photo_required: false\n"}, **more)
        return await rows.add(session, web.merchant, new, to, Actor(str(uuid.UUID(int=1)), Role.OWNER), web.clock.now())


async def enter(web: Web, role: Role) -> Any:
    login = f"the-{role}".replace("_", "-")
    await people.add_person(web.store, web.merchant, login, login, role, "en", PASSWORD, web.clock)
    return await web.enter(login)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_an_owner_promotes_and_goes_back_and_qa_reads(web: Web) -> None:
    first = await publish(web, State.ENFORCE)
    second = await publish(web, State.SHADOW, {"terms/douyin.cn.yaml": "photo_required: true\n"})
    admin, qa = await enter(web, Role.GENERAL_ADMIN), await web.enter("qa")
    listed = (await qa.get("/api/published")).json()["versions"]
    assert [(one["number"], one["state"], one["shop"]) for one in listed] == [(2, "shadow", None), (1, "enforce", None)]
    answer = await admin.post(f"/api/published/{second.id}/promote", json={"to": "enforce"})
    assert (answer.status_code, answer.json()["state"]) == (200, "enforce")
    assert answer.json()["enforced_by"]["name"] == "the-general-admin"
    again = await admin.post(f"/api/published/{second.id}/promote", json={"to": "enforce"})
    assert code(again) == (409, "wrong_state")
    back = await admin.post("/api/published/rollback", json={"kind": "playbooks"})
    assert back.status_code == 200
    assert (back.json()["left"]["number"], back.json()["now"]["id"]) == (2, str(first.id))
    assert back.json()["left"]["rolled_back"]
    back = await admin.post("/api/published/rollback", json={"kind": "playbooks"})
    assert back.json()["now"] is None
    assert code(await admin.post("/api/published/rollback", json={"kind": "playbooks"})) == (409, "wrong_state")


async def test_only_an_owner_promotes_what_weakens(web: Web) -> None:
    weak = await publish(web, State.SHADOW, weakened=WEAK)
    admin, owner = await enter(web, Role.GENERAL_ADMIN), await enter(web, Role.OWNER)
    answer = await admin.post(f"/api/published/{weak.id}/promote", json={"to": "enforce"})
    assert code(answer) == (403, "owner_needed")
    assert answer.json()["error"]["weakened"] == ["off_platform.link"]
    assert (await owner.post(f"/api/published/{weak.id}/promote", json={"to": "enforce"})).status_code == 200


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.QA])
async def test_others_move_nothing(web: Web, role: Role) -> None:
    row = await publish(web, State.SHADOW)
    client = await (web.enter("qa") if role is Role.QA else enter(web, role))
    assert code(await client.post(f"/api/published/{row.id}/promote", json={})) == (403, "not_allowed")
    assert code(await client.post("/api/published/rollback", json={})) == (403, "not_allowed")
    assert (await client.get("/api/published")).status_code == (403 if role is Role.AGENT else 200)


async def test_another_merchant_s_versions_do_not_exist(web: Web) -> None:
    row = await publish(web, State.SHADOW)
    await people.add_person(web.store, web.other, "their-owner", "Theirs", Role.OWNER, "en", PASSWORD, web.clock)
    stranger = await web.enter("their-owner")
    assert (await stranger.get("/api/published")).json() == {"versions": []}
    assert code(await stranger.get(f"/api/published?shop={web.shop}")) == (404, "not_found")
    assert code(await stranger.post(f"/api/published/{row.id}/promote", json={})) == (404, "not_found")
    assert code(await stranger.post("/api/published/rollback", json={"shop": str(web.shop)})) == (404, "not_found")
    assert code(await stranger.post(f"/api/published/{uuid.uuid4()}/promote", json={"to": "draft"})) == (
        422,
        "bad_input",
    )
