"""How drafts were taken, over days, by shop and issue: for those above the agents, of nobody by name."""

import uuid
from datetime import date, timedelta
from typing import Any

import httpx
from sqlalchemy import update

from copilot.access import people
from copilot.access.principal import Role
from copilot.sdk import FoundBuyer
from copilot.store.tables import CaseRow, CommitmentRow, DraftRow, MessageRow, OutboxRow
from tests.web.conftest import PASSWORD, Web, cups
from tests.web.test_acting import shown
from tests.web.test_sights import see


async def enter_as(web: Web, role: Role, login: str = "senior") -> httpx.AsyncClient:
    """Somebody of that role, signed in."""
    await people.add_person(web.store, web.merchant, login, login.title(), role, "zh", PASSWORD, web.clock)
    return await web.enter(login)


async def decide(client: httpx.AsyncClient, draft: DraftRow, kind: str, **more: Any) -> None:
    """The agent decides."""
    answer = await client.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, kind, **more))
    if answer.status_code == 422:
        assert answer.json()["error"]["code"] == "needs_vouching", answer.text
        vouch = answer.json()["error"]["needs_vouching"]
        answer = await client.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, kind, vouch=vouch, **more))
    assert answer.status_code == 200, answer.text


async def change(web: Web, draft: DraftRow, **values: Any) -> None:
    """As the flow would leave the draft's row."""
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(DraftRow).where(DraftRow.id == draft.id).values(**values))


async def figures(client: httpx.AsyncClient, **asked: str) -> dict[str, Any]:
    """What is told."""
    answer = await client.get("/api/figures", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def broken(web: Web, name: str, order: str) -> DraftRow:
    """A buyer with an order of their own, whose cups came broken."""
    web.adapter.buyers[name] = FoundBuyer(order_key=f"key-{name}", orders=(cups(order, f"key-{name}"),))
    await web.buyer("", name, kind="image")
    talk = await web.buyer("收到碎了两个!!包装也太随便了吧", name, entered_from_order=order)
    return await web.draft(talk)


async def a_day(web: Web, agent: httpx.AsyncClient) -> dict[str, DraftRow]:
    """Drafts of every fate."""
    names = "read quick surface substance rejected chosen own native inserted overtaken late typing never open".split()
    drafts = {name: await broken(web, name, f"69203481700355{number:02}") for number, name in enumerate(names)}
    for name, draft in drafts.items():
        if name != "never":
            await see(agent, draft, typed=name == "typing")
    web.clock.advance(1)
    await decide(agent, drafts["quick"], "accept")
    web.clock.advance(29)
    await decide(agent, drafts["read"], "accept", waited_ms=2000)
    await decide(agent, drafts["surface"], "edit", text=f"{drafts['surface'].text}谢谢您。")
    await decide(agent, drafts["substance"], "edit", text="照片收到了,退您29.95元,您看可以吗?")
    await decide(agent, drafts["rejected"], "reject", rejection={"reason": "tone"})
    assert drafts["chosen"].view is not None
    without = [drafts["chosen"].view["options"][0]["key"]]
    await decide(agent, drafts["chosen"], "reject", rejection={"reason": "options", "without": without})
    typed = {"id": str(uuid.uuid4()), "text": "照片收到了,马上看。"}
    answer = await agent.post(f"/api/conversations/{drafts['own'].conversation}/replies", json=typed)
    assert answer.status_code == 202, answer.text
    now = web.clock.now()
    # In the platform's own window: other words, and the card's own that a panel put there.
    for name, words in (("native", "在平台窗口里回的"), ("inserted", drafts["inserted"].text)):
        async with web.store.merchant(web.merchant) as session:
            session.add(
                MessageRow(
                    merchant=web.merchant, conversation=drafts[name].conversation, platform_message_id=f"n-{name}",
                    role="agent", kind="text", text=words, sent_at=now, received_at=now,
                )
            )  # fmt: skip
    web.clock.advance(1)
    for name in ("own", "native", "inserted"):
        await change(web, drafts[name], state="superseded", updated_at=web.clock.now())
    await web.buyer("还在吗", "overtaken")
    await web.draft(drafts["overtaken"].conversation)
    assert drafts["late"].deadline_at is not None
    await change(web, drafts["late"], shown_at=drafts["late"].deadline_at + timedelta(seconds=2))
    # Shown at its deadline, by the next sweep of timers, it is on time.
    assert drafts["read"].deadline_at is not None
    await change(web, drafts["read"], shown_at=drafts["read"].deadline_at + timedelta(seconds=0.25))
    await decide(agent, drafts["late"], "accept")
    return drafts


async def test_each_draft_on_screen_counts_once_and_nobody_is_named(web: Web) -> None:
    agent, senior = await web.enter(), await enter_as(web, Role.SUPERVISOR)
    me = (await agent.get("/api/me")).json()["person"]["id"]
    await a_day(web, agent)
    answer = await senior.get("/api/figures")
    found = answer.json()
    total = found["total"]
    assert total["classes"] == {
        "verbatim": 3, "surface": 1, "substance": 1, "own_words": 2, "rejected": 1, "late": 1, "overtaken": 1,
    }  # fmt: skip
    # A choice of options is no rejection: that draft is being written again. The newer turn's was on no screen.
    assert (total["seen"], total["open"], total["after_typing"], total["never_seen"]) == (10, 2, 1, 2)
    assert (sum(total["classes"].values()), total["enough"]) == (total["seen"], True)
    assert total["unread"] == {"known": 3, "unread": 1}
    (shop,), (issue,) = found["shops"], [one for one in found["issues"] if one["key"] == "damaged"]
    assert (shop["key"], shop["name"], shop["seen"]) == (str(web.shop), "Cups", 10)
    assert (issue["name"], issue["classes"]) == ("收货破损", total["classes"])
    assert me not in answer.text
    assert "Agent" not in answer.text
    assert (found["first"], found["last"]) == ("2026-11-14", "2026-11-20")


async def test_of_an_erased_buyer_what_was_decided_stays_counted_and_nothing_else(web: Web) -> None:
    agent, owner = await web.enter(), await enter_as(web, Role.OWNER)
    (_, accepted), (talk, waiting) = await web.broken_cups("c1"), await web.broken_cups("c2")
    for draft in (accepted, waiting):
        await see(agent, draft)
    await decide(agent, accepted, "accept")
    before = (await figures(owner))["total"]
    assert (before["seen"], before["open"]) == (1, 1)
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(OutboxRow).values(state="sent"))
    for one in (accepted.conversation, talk):
        answer = await owner.post(f"/api/conversations/{one}/erase-buyer")
        assert answer.status_code == 200, answer.text
    after = (await figures(owner))["total"]
    assert (after["seen"], after["classes"], after["open"]) == (1, before["classes"], 1)
    assert (await figures(owner))["issues"][0]["key"] == "damaged"


async def test_how_a_sent_text_did_is_told_beside_it(web: Web) -> None:
    agent, senior = await web.enter(), await enter_as(web, Role.OWNER)
    talk, draft = await web.broken_cups()
    await see(agent, draft)
    web.clock.advance(30)
    await decide(agent, draft, "accept")
    sent = web.clock.now()
    await change(web, draft, state="sent", updated_at=sent)
    nothing = {"sent": 1, "corrected": 0, "repeated": 0, "reopened": 0, "broken": 0}
    assert (await figures(senior))["total"]["after"] == nothing
    ours = uuid.uuid4()
    stamps = {"created_at": sent + timedelta(minutes=9), "updated_at": sent}
    async with web.store.merchant(web.merchant) as session:
        session.add(
            MessageRow(
                merchant=web.merchant, id=ours, conversation=talk, platform_message_id="a1", role="agent", kind="text",
                text=draft.text, sent_by="assisted", draft={"id": str(draft.id), "revision": 1}, sent_at=sent,
                received_at=sent,
            )
        )  # fmt: skip
        session.add(
            OutboxRow(
                merchant=web.merchant, id=uuid.uuid4(), shop=web.shop, conversation=talk, source_kind="typed",
                source_id=uuid.uuid4(), text="更正一下", state="sent", corrects=ours, **stamps,
            )
        )  # fmt: skip
        session.add(
            CommitmentRow(
                merchant=web.merchant, conversation=talk, draft=draft.id, what="reship", state="broken", **stamps
            )
        )
        await session.execute(
            update(CaseRow).where(CaseRow.conversation == talk).values(reopened_at=sent + timedelta(days=6))
        )
    web.clock.advance(3600)
    await web.buyer("又碎了两个,怎么还没处理!!", entered_from_order=None)
    again = await web.draft(talk)
    assert again.id != draft.id
    assert again.view is not None
    assert again.view["turn"] in ("chase", "new_issue")
    told = (await figures(senior))["total"]["after"]
    assert told == {"sent": 1, "corrected": 1, "repeated": 1, "reopened": 1, "broken": 1}
    # Put right after ten minutes, raised again after a week: that is another matter.
    async with web.store.merchant(web.merchant) as session:
        await session.execute(
            update(OutboxRow).where(OutboxRow.corrects == ours).values(created_at=sent + timedelta(minutes=11))
        )
        await session.execute(update(CaseRow).values(reopened_at=sent + timedelta(days=8)))
    told = (await figures(senior))["total"]["after"]
    assert told == {"sent": 1, "corrected": 0, "repeated": 1, "reopened": 0, "broken": 1}


async def test_days_are_the_shops_own_and_no_more_than_a_month(web: Web) -> None:
    agent, senior = await web.enter(), await enter_as(web, Role.GENERAL_ADMIN)
    # 12:00 in Shanghai; the draft is of the 20th there, and nobody's of the 19th.
    _, draft = await web.broken_cups()
    await see(agent, draft)
    await decide(agent, draft, "accept")
    for first, last, seen in (("2026-11-20", "2026-11-20", 1), ("2026-11-19", "2026-11-19", 0)):
        assert (await figures(senior, **{"from": first, "to": last}))["total"]["seen"] == seen
    assert (await figures(senior, shop=str(web.shop)))["total"]["seen"] == 1
    for first, last in (("2026-11-21", "2026-11-20"), ("2026-10-01", "2026-11-20"), ("0001-01-01", "0001-01-02")):
        answer = await senior.get("/api/figures", params={"from": first, "to": last})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input"), first
    for shop in (web.other_shop, uuid.uuid4()):
        assert (await senior.get("/api/figures", params={"shop": str(shop)})).status_code == 404
        assert (await senior.get("/api/figures/sample", params={"shop": str(shop)})).status_code == 404


async def test_agents_and_readers_see_no_figures(web: Web) -> None:
    for client in (await web.enter(), await web.enter("qa"), await web.machine(), await web.machine(Role.QA, "q")):
        for path in ("/api/figures", "/api/figures/sample"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
        assert "watch" not in (await client.get("/api/me")).json()["can"]


async def test_the_sample_of_a_week_is_blind_masked_and_always_the_same(web: Web) -> None:
    agent, senior = await web.enter(), await enter_as(web, Role.SUPERVISOR)
    await people.add_person(web.store, web.merchant, "lin", "林晓", Role.AGENT, "zh", PASSWORD, web.clock)
    kept: list[DraftRow] = []
    for number in range(4):
        name = f"c{number}"
        await web.buyer(f"我是林晓,电话1381234567{number}", name)
        _, draft = await web.broken_cups(name)
        # One was not on screen, one was changed: they are no verbatim accepts.
        if number != 0:
            await see(agent, draft)
        web.clock.advance(30)
        more = {"text": f"{draft.text}谢谢。"} if number == 1 else {}
        await decide(agent, draft, "edit" if number == 1 else "accept", **more)
        kept.append(draft)
    week = "2026-11-18"
    answer = await senior.get("/api/figures/sample", params={"week": week})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["monday"], found["of"], len(found["drafts"])) == ("2026-11-16", 2, 2)
    for one in found["drafts"]:
        assert one["issue"] == "收货破损"
        assert one["text"]
        assert any("碎了两个" in line for line in one["buyer"])
    me = (await agent.get("/api/me")).json()["person"]
    for secret in ("1381234567", "林晓", "buyer of", me["id"], me["name"], *(str(one.id) for one in kept)):
        assert secret not in answer.text, secret
    assert (await senior.get("/api/figures/sample", params={"week": "2026-11-16"})).json() == found
    # The last whole week is another one, and nothing was accepted in it.
    assert (await senior.get("/api/figures/sample")).json() == {"monday": "2026-11-09", "of": 0, "drafts": []}
    assert date.fromisoformat(found["monday"]).weekday() == 0
