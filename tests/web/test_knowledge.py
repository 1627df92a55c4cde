"""What a shop knows over HTTP: who may read and who may change it, and what a change answers."""

from typing import Any

import httpx
import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.access.shops import set_posture
from copilot.store.tables import AuditRow, EntryRow
from tests.web.conftest import PASSWORD, Web

ENTRY = {"question": "退货运费谁出", "answer": "质量问题我们出。", "category": "after_sale"}
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "faq": ("postage/zh", ENTRY),
    "product-facts": ("cup/material", {"value": "steel"}),
    "pinned": ("cup", {"since": "2026-11-02T00:00:00Z", "until": "2026-11-03T00:00:00Z"}),
    "notices": ("storm", {"kind": "delay", "starts_at": "2026-11-02T00:00:00Z", "text": {"zh": "台风，快递慢。"}}),
    "greetings": ("zh", {"text": "您好，想了解什么？", "cards": []}),
    "auto-replies": (
        "night/zh",
        {"trigger": "after_hours", "starts": "22:00", "ends": "08:00", "text": "明早回复您。"},
    ),
    "phrases": ("hi/zh", {"title": "问候", "text": "您好{name}"}),
}


async def enter(web: Web, role: Role) -> httpx.AsyncClient:
    await people.add_person(web.store, web.merchant, role.value, role.value, role, "zh", PASSWORD, web.clock)
    return await web.enter(role.value)


@pytest.mark.feature("F007")
@pytest.mark.feature("F008")
@pytest.mark.parametrize("kind", WAYS)
async def test_owners_and_general_admins_change_it_and_agents_only_read(web: Web, kind: str) -> None:
    key, body = WAYS[kind]
    path = f"/api/{kind}/{key}?shop={web.shop}"
    for role in (Role.OWNER, Role.GENERAL_ADMIN):
        answer = await (await enter(web, role)).put(path, json=body)
        assert answer.status_code == 200, answer.text
    supervisor, agent = await enter(web, Role.SUPERVISOR), await web.enter()
    for person in (supervisor, agent, await web.enter("qa"), await web.machine(Role.AGENT)):
        for refused in (
            await person.put(path, json=body),
            await person.delete(path),
            await person.post(f"/api/{kind}/import?shop={web.shop}", content=b"{}"),
        ):
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
        assert (await person.get(path)).status_code == 200
    listed = (await agent.get(f"/api/{kind}?shop={web.shop}")).json()
    assert (len(listed["items"]), listed["total"]) == (1, 1)
    assert body.items() <= listed["items"][0].items()
    lines = [line for line in await web.rows(AuditRow) if line.action.startswith(kind)]
    assert [line.action for line in lines] == [f"{kind}.added"]
    owner = await web.enter("owner")
    assert (await owner.delete(path)).status_code == 204
    assert (await owner.delete(path)).status_code == 404


async def test_another_merchants_shop_does_not_exist(web: Web) -> None:
    owner = await enter(web, Role.OWNER)
    for kind, (key, body) in WAYS.items():
        for answer in (
            await owner.get(f"/api/{kind}?shop={web.other_shop}"),
            await owner.get(f"/api/{kind}/export?shop={web.other_shop}"),
            await owner.put(f"/api/{kind}/{key}?shop={web.other_shop}", json=body),
            await owner.delete(f"/api/{kind}/{key}?shop={web.other_shop}"),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), kind


async def test_what_is_exported_is_imported_and_bad_lines_are_told(web: Web) -> None:
    owner = await enter(web, Role.OWNER)
    table = "question,answer,category\n退货运费谁出,质量问题我们出,售后\n有货吗,有,Stock\n坏行,,售前\n"
    answer = await owner.post(f"/api/faq/import?shop={web.shop}", content=table.encode())
    told = answer.json()
    assert (told["added"], [one["line"] for one in told["rejected"]]) == (2, [4])
    assert [one["line"] for one in told["warnings"]] == [3]
    for form in ("csv", "jsonl"):
        out = await owner.get(f"/api/faq/export?shop={web.shop}&format={form}")
        assert out.headers["content-disposition"] == f'attachment; filename="faq.{form}"'
        back = (await owner.post(f"/api/faq/import?shop={web.shop}", content=out.content)).json()
        assert (back["added"], back["changed"], back["same"], back["rejected"]) == (0, 0, 2, [])
    sizes = "product,size,measure,value,unit\njean,M,waist,70,cm\n"
    answer = await owner.post(f"/api/product-facts/import?shop={web.shop}&table=sizes", content=sizes.encode())
    assert answer.json()["added"] == 1
    big = ("question,answer\n" + "\n".join(f"问题{n},{'答' * 40}" for n in range(2000))).encode()
    assert len(big) > 64 * 1024
    assert (await owner.post(f"/api/faq/import?shop={web.shop}", content=big)).json()["added"] == 2000


async def test_a_bad_body_names_the_field_and_never_repeats_it(web: Web) -> None:
    owner = await enter(web, Role.OWNER)
    secret = "13812345678"
    for body, field in (
        ({"question": "Q", "answer": secret}, "category"),
        (ENTRY | {"category": secret}, "category"),
        (ENTRY | {"reply": secret}, "reply"),
        (ENTRY | {"answer": f"{secret}\x00"}, "answer"),
        (ENTRY | {"valid_from": "2026-01-02T00:00Z", "valid_to": "2026-01-01T00:00Z"}, "valid_to"),
    ):
        answer = await owner.put(f"/api/faq/a/zh?shop={web.shop}", json=body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), body
        assert secret not in answer.text
    assert await web.rows(EntryRow) == []
    assert (await owner.get(f"/api/faq/%00/zh?shop={web.shop}")).status_code == 404
    assert (await owner.get(f"/api/product-facts/a/b?shop={web.shop}&valid_from=monday")).status_code == 422


@pytest.mark.feature("F059")
async def test_a_generic_answer_is_stored_with_a_hint(web: Web) -> None:
    owner = await enter(web, Role.OWNER)
    generic = ENTRY | {"answer": "亲，请问有什么可以帮您？"}
    (hint,) = (await owner.put(f"/api/faq/a/zh?shop={web.shop}", json=generic)).json()["hints"]
    assert (hint["code"], "how_can_i_help" in hint["text"]) == ("generic_preset", True)
    assert (await owner.put(f"/api/faq/a/zh?shop={web.shop}", json=ENTRY)).json()["hints"] == []


@pytest.mark.feature("F058")
async def test_no_request_says_where_an_entry_comes_from(web: Web) -> None:
    owner = await enter(web, Role.OWNER)
    answer = await owner.put(f"/api/faq/a/zh?shop={web.shop}", json=ENTRY | {"origin": "preset"})
    assert answer.json()["item"]["origin"] == "own"
    assert (await owner.post(f"/api/faq/a/zh/reset?shop={web.shop}")).status_code == 422
    assert (await owner.post(f"/api/faq/b/zh/reset?shop={web.shop}")).status_code == 404


async def test_an_agent_finds_answers_with_how_well_they_fit(web: Web) -> None:
    owner = await enter(web, Role.OWNER)
    await owner.put(f"/api/faq/postage/zh?shop={web.shop}", json=ENTRY)
    await owner.put(f"/api/faq/report/zh?shop={web.shop}", json=ENTRY | {"audience": "staff"})
    agent = await web.enter()
    asked = {"shop": str(web.shop), "question": "退货的运费是谁出", "language": "zh"}
    (match,) = (await agent.get("/api/faq/find", params=asked)).json()["matches"]
    assert (match["entry"]["id"], match["matched"]) == ("postage", ENTRY["question"])
    assert match["score"] > 0.9
    (match,) = (await agent.get("/api/faq/find", params=asked | {"audience": "staff"})).json()["matches"]
    assert match["entry"]["id"] == "report"


async def test_a_greeting_that_may_not_be_sent_is_refused_at_once(web: Web) -> None:
    owner = await enter(web, Role.OWNER)
    path = f"/api/greetings/zh?shop={web.shop}"
    for body, field in (
        ({"text": "您好，加微信 kf88123 优惠更多"}, "text"),
        ({"text": "您好", "cards": ["nothing"]}, "cards"),
    ):
        answer = await owner.put(path, json=body)
        assert answer.status_code == 422, answer.text
        assert field in answer.text
    assert (await owner.get(f"/api/greetings?shop={web.shop}")).json()["items"] == []


@pytest.mark.feature("F122")
async def test_an_auto_reply_says_beforehand_whether_it_would_fire(web: Web) -> None:
    owner = await enter(web, Role.OWNER)
    path = f"/api/auto-replies/night/zh?shop={web.shop}"
    for body, field in (
        ({"trigger": "after_hours", "text": "明早回复您。"}, "starts"),
        ({"trigger": "busy", "busy_from": 1, "text": "加微信 abc12345 聊"}, "text"),
    ):
        answer = await owner.put(path, json=body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    night = WAYS["auto-replies"][1]
    assert (await owner.put(path, json=night)).status_code == 200

    async def tried(at: str) -> tuple[str, str | None]:
        asked = {"shop": str(web.shop), "text": "在吗", "at": at}
        found = (await owner.post("/api/auto/explain", json=asked)).json()
        (one,) = found["tried"]
        return one["why"], found["sends"] and found["sends"]["id"]

    assert await tried("2026-11-02T23:00:00+08:00") == ("posture", None)
    await set_posture(web.store, web.merchant, web.shop, "auto", web.clock)
    assert await tried("2026-11-02T23:00:00+08:00") == ("fired", "night")
    assert await tried("2026-11-02T12:00:00+08:00") == ("outside", None)
