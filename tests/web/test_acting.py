"""Deciding, editing, typing, checking, pasting and settling, from the request to the rows."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select

from copilot.access import people
from copilot.access.principal import Role
from copilot.domain.draft import RejectReason
from copilot.sdk import Answer, Delivery, FoundBuyer, PlatformDown
from copilot.store.tables import AuditRow, DecisionRow, DraftRow, OutboxRow
from tests.channel.platform import PlainAdapter, said
from tests.web.conftest import ORDER, PASSWORD, Web, cups


def shown(draft: DraftRow, kind: str, **more: Any) -> dict[str, Any]:
    return {"revision": draft.revision, "text_hash": draft.text_hash, "kind": kind, **more}


async def audited(web: Web) -> list[str]:
    return [row.action for row in await web.rows(AuditRow)]


async def test_accepting_queues_the_text_once_under_the_persons_name(web: Web) -> None:
    talk, draft = await web.broken_cups()
    agent = await web.enter()

    first = await agent.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, "accept"))
    second = await agent.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, "accept"))

    assert (first.status_code, first.json()) == (200, {"state": "approved"})
    assert (second.status_code, second.json()["error"]["code"]) == (409, "stale_draft")
    assert second.json()["error"]["card"]["state"] == "approved"
    (reply,) = await web.rows(OutboxRow)
    (decision,) = await web.rows(DecisionRow)
    me = (await agent.get("/api/me")).json()["person"]["id"]
    assert (reply.text, reply.source_id, reply.by, decision.by) == (draft.text, draft.id, me, me)
    assert (await audited(web)).count("draft.accept") == 1
    (waiting,) = (await agent.get(f"/api/conversations/{talk}")).json()["replies"]
    assert (waiting["state"], waiting["source"], waiting["by"]) == ("queued", "draft", "Agent")


async def test_a_decision_about_another_text_is_refused_with_the_card_as_it_stands(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    for body in (
        {**shown(draft, "accept"), "revision": 2},
        {**shown(draft, "accept"), "text_hash": "0" * 64},
        {**shown(draft, "accept"), "text_hash": None},
        {**shown(draft, "edit", text="好的"), "revision": 2},
    ):
        answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=body)
        assert answer.status_code == 409, body
        assert answer.json()["error"]["card"]["text_hash"] == draft.text_hash
    assert await web.rows(OutboxRow) == []


async def test_options_are_chosen_among_those_of_the_draft_and_one_stays(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    assert draft.view is not None
    keys = [one["key"] for one in draft.view["options"]]
    assert len(keys) == 2
    for reason, without in (
        ("options", keys),
        ("options", ["invented"]),
        ("options", ["x" * 2000]),
        ("tone", keys[:1]),
    ):
        body = shown(draft, "reject", rejection={"reason": reason, "without": without})
        answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=body)
        assert answer.status_code == 422, body
    assert await web.rows(DecisionRow) == []
    body = shown(draft, "reject", rejection={"reason": "options", "without": keys[:1]})
    answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=body)
    assert (answer.status_code, answer.json()) == (200, {"state": "rejected"})
    (decision,) = await web.rows(DecisionRow)
    assert decision.rejection is not None
    assert (decision.rejection["reason"], decision.rejection["without"]) == ("options", keys[:1])


async def test_an_edit_keeps_what_its_words_rest_on_and_what_they_promise(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    text = "抱歉让您收到碎的杯子。补发的话明天18点前发出，您也可以选退29.95元。订单金额59.90元。"

    answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, "edit", text=text))

    assert answer.status_code == 200, answer.text
    row = (await web.rows(DraftRow))[0]
    assert (row.text, row.view["text"], row.state) == (text, text, "approved")
    sources = {claim["text"]: claim["source"] for claim in row.view["claims"]}
    assert sources["29.95元"] == "option.refund_keep.amount"
    assert sources["59.90元"] is not None
    assert all(sources.values())


async def test_what_nothing_supports_needs_the_persons_word_and_a_promise_then_is_owed(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    text = "抱歉。我们会帮您退66元，今天20点前办好。"
    url = f"/api/drafts/{draft.id}/decision"

    refused = await agent.post(url, json=shown(draft, "edit", text=text))

    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (422, "needs_vouching")
    assert "66元" in error["needs_vouching"]
    half = await agent.post(url, json=shown(draft, "edit", text=text, vouch=["66元"]))
    assert half.status_code == 422
    assert await web.rows(OutboxRow) == []

    taken = await agent.post(url, json=shown(draft, "edit", text=text, vouch=error["needs_vouching"]))

    assert taken.status_code == 200, taken.text
    view = (await web.rows(DraftRow))[0].view
    vouched = {claim["text"] for claim in view["claims"] if claim["source"] == "agent"}
    assert vouched == set(error["needs_vouching"])
    assert all(claim["source"] for claim in view["claims"])
    promise = {one["what"]: one for one in view["owes"] if one["fact"] == "agent"}["refund"]
    assert promise["amount"] == {"amount": "66", "currency": "CNY"}
    assert promise["due"].startswith("2026-11-20T20:00")


async def test_vouching_does_not_open_what_policy_blocks(web: Web) -> None:
    talk, draft = await web.broken_cups()
    agent = await web.enter()
    text = "加我微信 abc12345 我给您转账"

    edited = await agent.post(
        f"/api/drafts/{draft.id}/decision", json=shown(draft, "edit", text=text, vouch=[text, "abc12345"])
    )
    typed = await agent.post(f"/api/conversations/{talk}/replies", json={"id": str(uuid.uuid4()), "text": text})

    for answer in (edited, typed):
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (422, "text_blocked")
        assert error["verdict"]["findings"][0]["family"] == "off_platform"
    assert await web.rows(OutboxRow) == []


async def test_a_persons_text_is_never_asked_for_empathy_or_options(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    answer = await agent.post(f"/api/conversations/{talk}/replies", json={"id": str(uuid.uuid4()), "text": "好的"})
    assert answer.status_code == 202, answer.text


async def test_a_typed_reply_sent_twice_is_queued_once(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    body = {"id": str(uuid.uuid4()), "text": "您好，看到照片了"}

    answers = [await agent.post(f"/api/conversations/{talk}/replies", json=body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == {"id": body["id"], "state": "queued"}
    (row,) = await web.rows(OutboxRow)
    assert (str(row.source_id), row.source_kind) == (body["id"], "typed")
    assert (await audited(web)).count("reply.typed") == 1
    # The same id in another conversation is another reply.
    other = await web.buyer("在吗", "c2")
    again = await agent.post(f"/api/conversations/{other}/replies", json=body)
    assert again.status_code == 422


async def test_what_a_person_promises_on_their_own_goes_out_with_the_reply(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    body: dict[str, Any] = {"id": str(uuid.uuid4()), "text": "您好，我们会帮您补发，今天20点前寄出。"}
    refused = await agent.post(f"/api/conversations/{talk}/replies", json=body)
    assert refused.json()["error"]["code"] == "needs_vouching"

    body["vouch"] = refused.json()["error"]["needs_vouching"]
    assert (await agent.post(f"/api/conversations/{talk}/replies", json=body)).status_code == 202

    (row,) = await web.rows(OutboxRow)
    assert "reship" in str(row.owes)


async def test_rejecting_with_the_right_order_has_it_written_again(web: Web) -> None:
    web.adapter.buyers["c1"] = _two_orders()
    talk = await web.buyer("我的快递到哪了")
    draft = await web.draft(talk)
    agent = await web.enter()
    card = (await agent.get(f"/api/drafts/{draft.id}")).json()
    assert (card["reason"], sorted(card["candidates"])) == ("order_ambiguous", ["6920348170035512", "6920348170035513"])

    rejection = {"reason": "wrong_order", "order": ORDER}
    answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, "reject", rejection=rejection))

    assert (answer.status_code, answer.json()) == (200, {"state": "rejected"})
    await web.driver.resume(web.merchant, draft.id)
    card = (await agent.get(f"/api/drafts/{draft.id}")).json()
    assert (card["revision"], card["state"], card["order"]["why"]) == (2, "proposed", "chosen_by_agent")
    assert card["order"]["id"] == ORDER


async def test_each_reason_has_the_draft_written_in_another_way_without_a_model(web: Web) -> None:
    agent = await web.enter()
    unchanged: list[str] = []
    for number, reason in enumerate(RejectReason):
        if reason is RejectReason.OPTIONS:
            continue  # no fault of the text, and has its own test
        talk, draft = await web.broken_cups(f"c{number}")
        assert draft.view is not None
        stated = [one["source"] for one in draft.view["claims"] if str(one["source"]).startswith("order.")]
        told = {"wrong_issue": {"issue": "not_received"}, "wrong_fact": {"fact": next(iter(stated), None)}}
        rejection = {"reason": reason, **told.get(reason, {})}
        body = shown(draft, "reject", rejection=rejection)
        answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=body)
        assert (answer.status_code, answer.json()) == (200, {"state": "rejected"}), reason
        await web.driver.resume(web.merchant, draft.id)
        (after,) = [row for row in await web.rows(DraftRow) if row.conversation == talk]
        if reason is RejectReason.ALREADY_ANSWERED:
            assert after.state == "rejected", "nothing is left to be said"
        elif (after.state, after.text) == ("proposed", draft.text):
            unchanged.append(reason)
    assert unchanged == []


def _two_orders() -> Any:
    return FoundBuyer(order_key="key-c1", orders=(cups(), cups("6920348170035513")))


async def test_bad_decisions_are_refused(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    for body in (
        shown(draft, "reject"),
        shown(draft, "edit"),
        shown(draft, "edit", text="  "),
        shown(draft, "send"),
        {"kind": "accept"},
        shown(draft, "reject", rejection={"reason": "because"}),
    ):
        answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input"), body


async def test_check_marks_while_typing_and_keeps_nothing(web: Web) -> None:
    talk, draft = await web.broken_cups()
    agent = await web.enter()
    before = len(await web.rows(AuditRow))
    body = {"text": "退您29.95元，另外赔您300元", "draft": str(draft.id)}

    found = (await agent.post("/api/check", json=body)).json()

    assert found["needs_vouching"] == ["300元"]
    assert {claim["text"]: claim["source"] for claim in found["claims"]}["29.95元"] == "option.refund_keep.amount"
    # Known from the orders alone, without a draft.
    known = {"text": "您的订单59.9元", "conversation": str(talk)}
    assert (await agent.post("/api/check", json=known)).json()["needs_vouching"] == []
    assert (await agent.post("/api/check", json={"text": "好"})).status_code == 422
    assert len(await web.rows(AuditRow)) == before


async def test_pasted_words_become_a_draft_with_the_order_and_leave_nothing_behind(web: Web) -> None:
    web.adapter.found[ORDER] = cups()
    agent = await web.enter()
    body = {"shop": str(web.shop), "text": "你好\n我的快递到哪了", "order_id": f"#{ORDER} "}

    found = (await agent.post("/api/paste", json=body)).json()

    assert (found["order_state"], found["order"]["id"], found["reason"]) == ("known", ORDER, None)
    assert found["draft"]["order"]["id"] == ORDER
    assert any((claim["source"] or "").startswith(("shipment.", "order.")) for claim in found["draft"]["claims"])
    assert (found["order_why"]["why"], found["order_why"]["why_text"]) == ("entered_from_order", "您填写了这个订单号")
    for table in (DraftRow, OutboxRow, DecisionRow):
        assert await web.rows(table) == []


async def test_a_number_in_pasted_words_is_looked_up(web: Web) -> None:
    web.adapter.found[ORDER] = cups()
    agent = await web.enter()

    async def pasted(text: str) -> dict[str, Any]:
        answer = await agent.post("/api/paste", json={"shop": str(web.shop), "text": text})
        assert answer.status_code == 200, answer.text
        return answer.json()

    found = await pasted(f"订单号 {ORDER}\n我的快递到哪了")
    assert (found["order_state"], found["order"]["id"]) == ("known", ORDER)
    assert found["order_why"] == {"id": ORDER, "why": "id_typed", "why_text": "订单号来自买家的话"}
    # What was called an order's number and is none is said; a parcel's or a phone's is not taken for one.
    assert (await pasted("订单号 6920348170035599 到哪了"))["order_state"] == "not_found"
    assert (await pasted("运单 773412349876 到哪了"))["order_state"] == "none_given"
    assert (await pasted("我的电话 13800138000，快递到哪了"))["order_state"] == "none_given"
    web.adapter.found["6920348170035577"] = PlatformDown("no")
    assert (await pasted("订单号 6920348170035577 到哪了"))["order_state"] == "unavailable"


async def test_a_pasted_draft_is_checked_with_its_orders_facts(web: Web) -> None:
    web.adapter.found[ORDER] = cups()
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    body = {"text": "您的订单59.9元", "shop": str(web.shop)}

    async def needs(**more: str) -> list[str]:
        return (await agent.post("/api/check", json={**body, **more})).json()["needs_vouching"]

    assert await needs() == ["59.9元"]
    assert await needs(order_id=f"#{ORDER}") == []
    assert await needs(order_id="99") == ["59.9元"]
    # Asked once for the words as they are typed, and again when it may have changed.
    web.adapter.found[ORDER] = PlatformDown("no")
    assert await needs(order_id=ORDER) == []
    web.clock.advance(121)
    assert await needs(order_id=ORDER) == ["59.9元"]
    # In a conversation another buyer's order supports nothing.
    web.adapter.found["6920348170035577"] = cups("6920348170035577", "somebody-else")
    other = {"text": "6920348170035577这单", "conversation": str(talk), "order_id": "6920348170035577"}
    alone = {key: value for key, value in other.items() if key != "order_id"}
    assert (await agent.post("/api/check", json=other)).json() == (await agent.post("/api/check", json=alone)).json()


async def test_pasted_words_are_answered_from_what_the_shop_knows(web: Web) -> None:
    await people.add_person(web.store, web.merchant, "owner", "Owner", Role.OWNER, "zh", PASSWORD, web.clock)
    owner, agent = await web.enter("owner"), await web.enter()
    question = "你们发什么快递"
    body = {"shop": str(web.shop), "text": question}
    assert (await agent.post("/api/paste", json=body)).json()["cites"] == []
    entry = {
        "question": question,
        "answer": "我们发中通，从杭州仓库发出。",
        "category": "logistics",
        "audience": "buyer",
    }
    kept = await owner.put(f"/api/faq/carrier/zh?shop={web.shop}", json=entry)
    assert kept.status_code in (200, 201), kept.text

    found = (await agent.post("/api/paste", json=body)).json()

    assert [one["id"] for one in found["cites"]] == ["carrier"]
    assert "中通" in found["draft"]["text"]
    # Another merchant's shop knows nothing of it.
    other = await web.enter("stranger")
    theirs = (await other.post("/api/paste", json=body | {"shop": str(web.other_shop)})).json()
    assert theirs["cites"] == []


async def test_pasting_says_how_well_the_order_is_known(web: Web) -> None:
    agent = await web.enter()
    web.adapter.found["down"] = PlatformDown("no")

    async def state(order: str | None) -> str:
        body = {"shop": str(web.shop), "text": "我的快递到哪了", "order_id": order}
        answer = await agent.post("/api/paste", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["order_state"]

    assert await state(None) == "none_given"
    assert await state("99") == "not_found"
    assert await state("down") == "unavailable"


@pytest.mark.parametrize("state", ["unconfirmed", "handed_over"])
async def test_a_person_settles_what_nobody_could_confirm_or_send(web: Web, state: str) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    await agent.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, "accept"))
    (reply,) = await web.rows(OutboxRow)
    early = await agent.post(f"/api/replies/{reply.id}/settle", json={"state": "sent"})
    assert (early.status_code, early.json()["error"]["code"]) == (409, "wrong_state")
    async with web.store.merchant(web.merchant) as session:
        row = await session.get_one(OutboxRow, (web.merchant, reply.id))
        row.state = state
        row.attempted_at = web.clock.now()
        drafted = await session.get_one(DraftRow, (web.merchant, draft.id))
        drafted.state = state
    assert (await agent.get("/api/conversations")).json()["counts"]["failed"] == 1

    refused = await agent.post(f"/api/replies/{reply.id}/settle", json={"state": "sent", "message": "m\u0000"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_input")
    answer = await agent.post(f"/api/replies/{reply.id}/settle", json={"state": "sent", "message": "m-9"})

    assert (answer.status_code, answer.json()) == (200, {"state": "sent"})
    assert (await web.rows(OutboxRow))[0].platform_message_id == "m-9"
    assert (await web.rows(DraftRow))[0].state == "sent"
    assert "reply.settled_sent" in await audited(web)
    assert (await agent.get("/api/conversations")).json()["counts"]["failed"] == 0


async def test_a_delivery_that_is_not_believed_is_refused_in_the_platforms_own_words_where_it_has_some(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    words: list[Answer | Exception | None] = [Answer(status=200, body=b'{"code":10001}'), None, ValueError("defect")]

    def refuse(self: PlainAdapter, delivery: Delivery) -> Answer | None:
        told = words.pop(0)
        if isinstance(told, Exception):
            raise told
        return told

    monkeypatch.setattr(PlainAdapter, "refuse", refuse, raising=False)
    event = said("s1", "m-1", "在吗")
    own = await web.deliver(event, secret="secret-2")
    assert (own.status_code, own.json()) == (200, {"code": 10001})
    for _ in range(2):
        usual = await web.deliver(event, secret="secret-2")
        assert (usual.status_code, usual.json()["error"]["code"]) == (401, "bad_signature")
    # What cannot be read, and what is believed, is answered as ever.
    garbage = await web.stranger().post("/in/plain", content=b"\xff garbage")
    assert (garbage.status_code, (await web.deliver(event)).content, words) == (400, b"taken", [])


async def test_deliveries_are_taken_once_and_refused_with_their_reason(web: Web) -> None:
    event = said("s1", "m-1", "在吗")
    first, again = await web.deliver(event), await web.deliver(event)
    assert (first.status_code, first.content, again.status_code) == (200, b"taken", 200)
    wrong = await web.deliver(event, secret="secret-2")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "bad_signature")
    garbage = await web.stranger().post("/in/plain", content=b"\xff garbage")
    assert (garbage.status_code, garbage.json()["error"]["code"]) == (400, "malformed")
    nobody = await web.stranger().post("/in/nobody", content=b"{}")
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (404, "adapter_missing")
    agent = await web.enter()
    (row,) = (await agent.get("/api/conversations")).json()["conversations"]
    assert row["unanswered"] == 1


async def test_a_reply_that_failed_says_why_in_words_until_somebody_answers(web: Web) -> None:
    talk, draft = await web.broken_cups()
    agent = await web.enter()
    await agent.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, "accept"))
    async with web.store.merchant(web.merchant) as session:
        row = (await session.scalars(select(OutboxRow))).one()
        row.state, row.error, row.updated_at = "failed", "send_refused", web.clock.now()
        drafted = await session.get_one(DraftRow, (web.merchant, draft.id))
        drafted.state, drafted.updated_at = "failed", web.clock.now()

    thread = (await agent.get(f"/api/conversations/{talk}")).json()
    (failed,) = thread["replies"]
    assert (failed["error"], failed["error_code"]) == ("平台审核没有通过，请换个说法", "send_refused")
    assert thread["card"]["state"] == "failed"
    assert (await agent.get("/api/conversations")).json()["counts"].items() >= {
        "open": 1,
        "all": 1,
        "failed": 1,
    }.items()

    await web.buyer("亲，这边给您处理", role="agent")

    assert (await agent.get(f"/api/conversations/{talk}")).json()["card"] is None
    assert (await agent.get("/api/conversations")).json()["counts"].items() >= {"open": 0, "failed": 0}.items()
