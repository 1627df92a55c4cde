"""Asking a supervisor and being answered, as pages and programs do it."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from copilot.access import people
from copilot.access.principal import Role
from copilot.flow.shops import Shops
from copilot.sdk import FoundBuyer
from copilot.store.engine import Store
from copilot.store.tables import ApprovalRow, AuditRow, DraftRow, GrantRow, OutboxRow
from tests.web.conftest import ORDER, PASSWORD, Web, cups, open_web

_TERMS = """
photo_required: false
authority:
  agent:
    per_order: {amount: "30.00", currency: CNY}
    per_day: {amount: "40.00", currency: CNY}
  supervisor: {per_order: {amount: "100.00", currency: CNY}}
"""


@pytest.fixture
async def strict(store: Store, rules: Shops, tmp_path: Path) -> AsyncIterator[Web]:
    """The application with an agent who may give ¥30 an order, and two supervisors."""
    folder = tmp_path / "policies"
    (folder / "terms").mkdir(parents=True)
    (folder / "terms" / "douyin.cn.yaml").write_text(_TERMS, encoding="utf-8")
    shops = Shops((*rules.folders, folder), rules.prompts, rules.cache_dir)
    async with open_web(store, shops, tmp_path) as made:
        for login in ("boss", "chief"):
            await people.add_person(
                store, made.merchant, login, login.title(), Role.SUPERVISOR, "en", PASSWORD, made.clock
            )
        yield made


def about(row: DraftRow, **more: Any) -> dict[str, Any]:
    return {"revision": row.revision, "text_hash": row.text_hash, **more}


async def asked(client: httpx.AsyncClient, row: DraftRow, **more: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/drafts/{row.id}/approval", json=about(row, **(more or {"option": "reship"})))
    assert answer.status_code == 201, answer.text
    return answer.json()


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.feature("F076")
async def test_a_supervisor_allows_what_the_agent_may_not_and_the_same_draft_comes_again(strict: Web) -> None:
    _, row = await strict.broken_cups()
    agent, boss = await strict.enter(), await strict.enter("boss")
    card = (await agent.get(f"/api/drafts/{row.id}")).json()
    (beyond,) = card["beyond"]
    assert (beyond["key"], beyond["cost"]["amount"], beyond["ceiling"]) == ("reship", "59.90", "per_order")
    assert "59.9元" in beyond["text"]
    assert "30元" in beyond["text"]
    assert card["approval"] is None

    request = await asked(agent, row, option="reship", note="老客户")
    assert (request["state"], request["order_id"], request["note"], request["mine"]) == (
        "requested",
        ORDER,
        "老客户",
        True,
    )
    assert request["due"] is not None
    listed = (await boss.get("/api/approvals")).json()
    assert listed["counts"] == {"open": 1, "late": 0}
    (seen,) = listed["approvals"]
    assert (seen["id"], seen["mine"], seen["asked_by"]["name"]) == (request["id"], False, "Agent")
    assert (seen["title"], seen["ceiling_text"]) == ("Replacement", "the limit for this order")

    answer = await boss.post(f"/api/approvals/{request['id']}/ruling", json={"kind": "approve", "note": "fine"})
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    await strict.driver.resume(strict.merchant, row.id)

    card = (await agent.get(f"/api/drafts/{row.id}")).json()
    assert (card["id"], card["revision"], card["state"]) == (str(row.id), 2, "proposed")
    assert "reship" in [one["key"] for one in card["draft"]["options"]]
    assert (card["approval"]["state"], card["approval"]["ruling_note"]) == ("approved", "fine")
    assert "主管同意" in card["approval"]["text"]
    accepted = {"revision": 2, "text_hash": card["text_hash"], "kind": "accept"}
    assert (await agent.post(f"/api/drafts/{row.id}/decision", json=accepted)).status_code == 200
    assert (await boss.get("/api/approvals")).json()["approvals"] == []
    assert len((await boss.get("/api/approvals?list=all")).json()["approvals"]) == 1


async def test_every_request_and_ruling_is_audited_without_anybodys_words(strict: Web) -> None:
    _, row = await strict.broken_cups()
    agent, boss = await strict.enter(), await strict.enter("boss")
    request = await asked(agent, row, option="reship", note="secret words")
    await boss.post(f"/api/approvals/{request['id']}/ruling", json={"kind": "refuse", "note": "more secret words"})
    lines = {line.action: line for line in await strict.rows(AuditRow) if line.action.startswith("approval.")}
    assert set(lines) == {"approval.requested", "approval.refused"}
    assert all(line.object == request["id"] for line in lines.values())
    assert lines["approval.requested"].detail["cost"] == "5990 CNY"
    assert "secret" not in str([line.detail for line in lines.values()])
    card = (await agent.get(f"/api/drafts/{row.id}")).json()
    assert (card["revision"], card["approval"]["state"]) == (1, "refused")
    assert card["approval"]["ruling_note"] == "more secret words"


async def test_only_seniors_see_and_rule_and_never_on_their_own(strict: Web) -> None:
    _, row = await strict.broken_cups()
    agent, boss, chief = await strict.enter(), await strict.enter("boss"), await strict.enter("chief")
    request = await asked(boss, row)
    path = f"/api/approvals/{request['id']}/ruling"
    assert code(await agent.get("/api/approvals")) == (403, "not_allowed")
    assert code(await agent.post(path, json={"kind": "approve"})) == (403, "not_allowed")
    assert code(await boss.post(path, json={"kind": "approve"})) == (403, "own_request")
    assert (await chief.post(path, json={"kind": "approve"})).status_code == 200
    again = await chief.post(path, json={"kind": "refuse"})
    assert code(again) == (409, "wrong_state")
    assert again.json()["error"]["state"] == "approved"
    assert (await agent.get(f"/api/approvals/{request['id']}")).json()["state"] == "approved"


async def test_a_program_asks_nobody(strict: Web) -> None:
    # A token keeps nobody's name: who made it could rule on what it asked.
    _, row = await strict.broken_cups()
    program = await strict.machine()
    wanted = {"revision": row.revision, "text_hash": row.text_hash, "option": "reship"}
    assert code(await program.post(f"/api/drafts/{row.id}/approval", json=wanted)) == (403, "not_allowed")


async def test_a_request_is_about_the_card_that_was_shown_and_there_is_one(strict: Web) -> None:
    _, row = await strict.broken_cups()
    agent = await strict.enter()
    path = f"/api/drafts/{row.id}/approval"
    old = await agent.post(path, json={"revision": 1, "text_hash": "another", "option": "reship"})
    assert code(old) == (409, "stale_draft")
    assert old.json()["error"]["card"]["id"] == str(row.id)
    assert code(await agent.post(path, json=about(row, option="refund_keep"))) == (422, "bad_input")
    assert code(await agent.post(path, json=about(row, option="reship", text="x"))) == (422, "bad_input")
    await asked(agent, row)
    assert code(await agent.post(path, json=about(row, option="reship"))) == (409, "already_asked")


@pytest.mark.feature("F076")
async def test_an_agents_own_words_above_the_ceiling_leave_only_when_allowed_and_only_those(strict: Web) -> None:
    _, row = await strict.broken_cups()
    agent, boss = await strict.enter(), await strict.enter("boss")
    text = "抱歉让您添堵了。我们会帮您退66元，今天20点前办好。"
    decision = f"/api/drafts/{row.id}/decision"
    blocked = await agent.post(decision, json=about(row, kind="edit", text=text))
    assert code(blocked) == (422, "text_blocked")
    (finding,) = [one for one in blocked.json()["error"]["verdict"]["findings"] if one["severity"] == "block"]
    assert finding["family"] == "over_authority"

    path = f"/api/drafts/{row.id}/approval"
    unsure = await agent.post(path, json=about(row, text=text))
    assert code(unsure) == (422, "needs_vouching")
    vouch = unsure.json()["error"]["needs_vouching"]
    # Vouching for an amount does not make it the agent's to give.
    assert code(await agent.post(decision, json=about(row, kind="edit", text=text, vouch=vouch)))[1] == "text_blocked"
    worse = await agent.post(path, json=about(row, text=f"{text}加我微信 abc12345", vouch=vouch))
    assert code(worse) == (422, "text_blocked")

    request = await asked(agent, row, text=text, vouch=vouch)
    assert (request["own_text"], request["cost"]["amount"], request["lowerable"]) == (text, "66.00", False)
    ruled = await boss.post(f"/api/approvals/{request['id']}/ruling", json={"kind": "approve"})
    assert ruled.status_code == 200, ruled.text
    # The draft itself stays, and no other text is let out.
    assert (await agent.get(f"/api/drafts/{row.id}")).json()["revision"] == 1
    other = await agent.post(decision, json=about(row, kind="edit", text=text.replace("66", "67"), vouch=vouch))
    assert code(other) == (422, "text_blocked")
    taken = await agent.post(decision, json=about(row, kind="edit", text=text))
    assert taken.status_code == 200, taken.text
    assert [one.text for one in await strict.rows(OutboxRow)] == [text]
    (given,) = await strict.rows(GrantRow)
    (boss_row,) = [one for one in await strict.rows(ApprovalRow) if one.ruled_by]
    assert (given.minor, given.by) == (6600, boss_row.ruled_by)


async def test_goods_that_were_left_out_are_not_promised_in_own_words_either(strict: Web) -> None:
    _, row = await strict.broken_cups()
    agent = await strict.enter()
    text = "抱歉让您添堵了。我们给您补发一套，明天18点前发出。"
    refused = await agent.post(f"/api/drafts/{row.id}/decision", json=about(row, kind="edit", text=text))
    assert code(refused) == (422, "text_blocked")
    (finding,) = [one for one in refused.json()["error"]["verdict"]["findings"] if one["severity"] == "block"]
    assert (finding["rule"], finding["reason"]) == (
        "over_authority.ceiling",
        "补发超出您能给的额度：这个订单的额度还剩30元",
    )
    wanted = await agent.post(f"/api/drafts/{row.id}/approval", json=about(row, text=text))
    vouch: list[str] = wanted.json()["error"]["needs_vouching"] if wanted.status_code == 422 else []
    request = wanted.json() if wanted.status_code == 201 else await asked(agent, row, text=text, vouch=vouch)
    assert request["cost"]["amount"] == "59.90"
    # A supervisor gives it on their own authority, and it counts.
    boss = await strict.enter("boss")
    sent = await boss.post(f"/api/drafts/{row.id}/decision", json=about(row, kind="edit", text=text, vouch=vouch))
    assert sent.status_code == 200, sent.text
    assert [one.minor for one in await strict.rows(GrantRow)] == [5990]


async def test_a_draft_within_an_order_but_above_the_day_can_be_asked_for_as_it_stands(strict: Web) -> None:
    agent, boss = await strict.enter(), await strict.enter("boss")
    _, first = await strict.broken_cups()
    taken = await agent.post(f"/api/drafts/{first.id}/decision", json=about(first, kind="accept"))
    assert taken.status_code == 200, taken.text
    # Another buyer with another order: the plan cannot know whose day it will be.
    strict.adapter.buyers["c2"] = FoundBuyer(order_key="key-c2", orders=(cups("6920348170035599", "key-c2"),))
    talk = await strict.buyer("收到碎了两个!!包装也太随便了吧", "c2", entered_from_order="6920348170035599")
    row = await strict.draft(talk)
    decision = f"/api/drafts/{row.id}/decision"
    refused = await agent.post(decision, json=about(row, kind="accept"))
    assert code(refused) == (422, "over_ceiling")
    assert refused.json()["error"]["ceiling"] == "per_day"

    request = await asked(agent, row, note="last one")
    assert (request["ceiling"], request["left"]["amount"], request["own_text"]) == ("per_day", "10.05", row.text)
    ruled = await boss.post(f"/api/approvals/{request['id']}/ruling", json={"kind": "approve"})
    assert ruled.status_code == 200, ruled.text
    sent = await agent.post(decision, json=about(row, kind="edit", text=row.text))
    assert sent.status_code == 200, sent.text


async def test_above_the_supervisors_own_ceiling_the_error_says_what_is_left(strict: Web) -> None:
    agent, boss = await strict.enter(), await strict.enter("boss")
    _, row = await strict.broken_cups()
    request = await asked(agent, row)
    other = await strict.buyer("收到碎了两个!!包装也太随便了吧", "c1", entered_from_order=ORDER)
    assert other
    answer = await boss.post(f"/api/approvals/{request['id']}/ruling", json={"kind": "approve"})
    assert code(answer) == (409, "wrong_state"), "the buyer wrote on"


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", ("没有金额可以改低", "拒绝并写明")), ("en", ("no amount to lower", "refuse it with a note"))],
)
async def test_lowering_goods_names_the_place_and_the_remedy(strict: Web, language: str, said: tuple[str, str]) -> None:
    _, row = await strict.broken_cups()
    place = (strict.store, strict.merchant, "ruler", "Ruler", Role.SUPERVISOR, language, PASSWORD, strict.clock)
    await people.add_person(*place)
    agent, boss = await strict.enter(), await strict.enter("ruler")
    request = await asked(agent, row)
    assert request["lowerable"] is False
    lowered = {"kind": "lower", "amount": {"amount": "20.00", "currency": "CNY"}}
    answer = await boss.post(f"/api/approvals/{request['id']}/ruling", json=lowered)
    assert code(answer) == (422, "not_lowerable")
    error = answer.json()["error"]
    assert error["field"] == "kind"
    assert all(words in answer.text for words in said), answer.text
    assert (await agent.get(f"/api/approvals/{request['id']}")).json()["state"] == "requested"


async def test_who_must_look_is_said_on_the_card_in_both_languages(strict: Web) -> None:
    talk = await strict.buyer("杯子有毒,我孩子喝完就吐了,进医院了", "c5")
    row = await strict.draft(talk)
    assert row.state == "blocked"
    agent, boss = await strict.enter(), await strict.enter("boss")
    texts = [(await who.get(f"/api/drafts/{row.id}")).json()["escalation"] for who in (agent, boss)]
    assert [one["to"] for one in texts] == ["supervisor", "supervisor"]
    assert texts[0]["text"].startswith("请主管看：")
    assert texts[1]["text"].startswith("For a supervisor: ")
    note = (await boss.get(f"/api/conversations/{talk}/handover")).json()
    assert note["lines"][0] == texts[1]["text"]
    assert note["text"].startswith(texts[1]["text"])


async def test_counts_are_of_all_requests_and_pages_show_each_of_them_once(
    strict: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.desk.approvals.MOST", 3)
    _, row = await strict.broken_cups()
    boss = await strict.enter("boss")
    made = [await _request(strict, row, minute) for minute in (5, 90, None, 5, 120, 60, None)]
    ended = [await _request(strict, row, 10, state="refused") for _ in range(2)]
    strict.clock.advance(30 * 60)
    seen: list[str] = []
    place, pages = "", 0
    while True:
        answer = (await boss.get(f"/api/approvals?list=all{place}")).json()
        assert answer["counts"] == {"open": 7, "late": 2}
        seen += [one["id"] for one in answer["approvals"]]
        pages += 1
        if pages == 1:
            # One that was on the page before is ruled on meanwhile: nobody is lost by it.
            await _end(strict, made[0])
            assert len(answer["approvals"]) == 3
        if answer["next"] is None:
            break
        place = f"&after={answer['next']}"
        await _reopen(strict, made[0])
    assert pages == 3
    assert sorted(seen) == sorted([*made, *ended])
    assert set(seen[:2]) == {made[0], made[3]}
    assert seen[2:5] == [made[5], made[1], made[4]]
    assert set(seen[7:]) == set(ended)
    (only,) = {len((await boss.get("/api/approvals")).json()["approvals"])}
    assert only == 3
    for wrong in ("x", "1-2", "0-99999999999999999999999999-1-00", "%00"):
        refused = await boss.get(f"/api/approvals?after={wrong}")
        assert code(refused) == (422, "bad_input"), wrong


async def _request(web: Web, draft: DraftRow, minute: int | None, state: str = "requested") -> str:
    """A request about a revision of its own, due so many minutes from now."""
    now = web.clock.now()
    web.told += 1
    row = ApprovalRow(
        merchant=web.merchant, id=uuid.uuid4(), shop=web.shop, conversation=draft.conversation, draft=draft.id,
        revision=1000 + web.told, option="reship", minor=100, currency="CNY", ceiling="per_order", left_minor=0,
        state=state, asked_by="agent", due_at=now + timedelta(minutes=minute) if minute is not None else None,
        created_at=now, updated_at=now,
    )  # fmt: skip
    async with web.store.merchant(web.merchant) as session:
        session.add(row)
    return str(row.id)


async def _set(web: Web, id: str, state: str) -> None:
    async with web.store.merchant(web.merchant) as session:
        (await session.scalars(select(ApprovalRow).where(ApprovalRow.id == uuid.UUID(id)))).one().state = state


async def _end(web: Web, id: str) -> None:
    await _set(web, id, "refused")


async def _reopen(web: Web, id: str) -> None:
    await _set(web, id, "requested")
