"""The list, the thread and the card, as the page reads them."""

import uuid
from datetime import datetime, timedelta

from copilot.channel.sent import record_sent
from copilot.store.tables import OutboxRow
from tests.web.conftest import ORDER, Web


async def test_a_waiting_buyer_is_listed_with_the_platforms_deadline_and_the_draft(web: Web) -> None:
    talk, draft = await web.broken_cups()
    agent = await web.enter()

    found = (await agent.get("/api/conversations")).json()

    (row,) = found["conversations"]
    assert row["id"] == str(talk)
    assert row["buyer"] == {"id": "b-c1", "nickname": "buyer of c1", "tags": []}
    assert row["last"]["text"].startswith("收到碎了两个")
    assert row["unanswered"] == 2
    assert row["draft"] == {"id": str(draft.id), "state": "proposed", "reason": None}
    since, until = datetime.fromisoformat(row["waiting_since"]), datetime.fromisoformat(row["deadline_at"])
    assert until - since == timedelta(seconds=30)
    assert found["counts"].items() >= {"open": 1, "all": 1, "failed": 0, "unassigned": 1}.items()
    assert found["by_shop"] == {str(web.shop): found["counts"]}


async def test_what_is_lost_first_stands_first_and_the_answered_last(web: Web) -> None:
    late = await web.buyer("在吗", "late")
    web.clock.advance(60)
    fresh = await web.buyer("在吗", "fresh")
    done = await web.buyer("在吗", "done")
    await web.buyer("在的亲", "done", role="agent")
    agent = await web.enter()

    every = (await agent.get("/api/conversations?list=all")).json()["conversations"]
    waiting = (await agent.get("/api/conversations?list=open")).json()["conversations"]

    assert [row["id"] for row in every] == [str(fresh), str(late), str(done)]
    assert [row["id"] for row in waiting] == [str(fresh), str(late)]
    assert every[2]["waiting_since"] is None


async def test_the_card_says_which_order_and_why_what_to_look_at_and_what_the_key_does(web: Web) -> None:
    talk, draft = await web.broken_cups()
    agent = await web.enter()

    thread = (await agent.get(f"/api/conversations/{talk}")).json()

    card = thread["card"]
    assert card["id"] == str(draft.id)
    assert (card["revision"], card["text_hash"], card["state"]) == (1, draft.text_hash, "proposed")
    assert card["order"] == {"id": ORDER, "why": "entered_from_order", "why_text": "会话从这个订单打开"}
    assert card["look_at"] == ["系统看不懂图片，请您核对"]
    assert card["stakes"] == "T1"
    assert card["button"] == "发送 · 提供补发或部分退款29.95元"
    assert [option["key"] for option in card["draft"]["options"]] == ["reship", "refund_keep"]
    assert thread["orders"]["state"] == "known"
    assert [order["id"] for order in thread["orders"]["orders"]] == [ORDER]
    assert [message["kind"] for message in thread["messages"]] == ["image", "text"]


async def test_a_person_reads_the_card_in_their_own_language(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    assert (await agent.post("/api/me/language", json={"language": "en"})).status_code == 204

    card = (await agent.get(f"/api/conversations/{talk}")).json()["card"]

    assert card["button"] == "Send · offers reship or ¥29.95 refund"
    # The draft's own words stay the buyer's.
    assert card["titles"] == {"A": "Replacement", "B": "Partial refund"}
    assert [option["title"] for option in card["draft"]["options"]] == ["补发", "部分退款"]
    assert card["order"]["why_text"] == "the chat was opened from it"


async def test_orders_that_nobody_has_looked_up_are_not_called_none(web: Web) -> None:
    talk = await web.buyer("在吗")
    agent = await web.enter()
    assert (await agent.get(f"/api/conversations/{talk}")).json()["orders"]["state"] == "unavailable"

    assert (await agent.post(f"/api/conversations/{talk}/lookup")).status_code == 202

    assert (await agent.get(f"/api/conversations/{talk}")).json()["orders"]["state"] == "none"


async def test_a_turn_without_a_draft_says_why_and_can_be_let_go_of(web: Web) -> None:
    talk = await web.buyer("我脸上都过敏了又红又肿，要去医院")
    draft = await web.draft(talk)
    agent = await web.enter()
    card = (await agent.get(f"/api/conversations/{talk}")).json()["card"]
    assert (card["state"], card["reason"], card["stakes"]) == ("blocked", "person_needed", "T2")
    (risk,) = card["risks"]
    assert risk["risk"] == "injury"
    assert risk["evidence"]["text"]
    assert (await agent.get(f"/api/drafts/{card['id']}")).json()["risks"] == card["risks"]
    assert card["reason_text"]
    assert card["draft"] is None

    decision = {"revision": card["revision"], "text_hash": card["text_hash"], "kind": "ignore"}
    answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=decision)

    assert answer.status_code == 200, answer.text
    assert (await agent.get("/api/conversations")).json()["conversations"] == []
    assert (await agent.get(f"/api/conversations/{talk}")).json()["card"] is None


async def test_what_left_through_the_desk_has_its_persons_name(web: Web) -> None:
    talk = await web.buyer("在吗")
    await web.buyer("我在平台上回您", role="agent", agent="Xiao Wang")
    agent = await web.enter()
    reply = {"id": str(uuid.uuid4()), "text": "在的，您请说"}
    assert (await agent.post(f"/api/conversations/{talk}/replies", json=reply)).status_code == 202
    async with web.store.merchant(web.merchant) as session:
        row = await session.get_one(OutboxRow, (web.merchant, uuid.UUID(reply["id"])))
        await record_sent(session, row, "sent-1", web.clock)

    messages = (await agent.get(f"/api/conversations/{talk}")).json()["messages"]

    me = (await agent.get("/api/me")).json()["person"]
    native, typed = messages[1:]
    assert native["by"] is None
    assert (typed["text"], typed["by"], typed["draft"]) == (reply["text"], {"id": me["id"], "name": me["name"]}, None)
