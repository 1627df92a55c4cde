"""How drafts were taken, over days, by shop and issue: for those above the agents, of nobody by name."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import update

from copilot.access import people
from copilot.access.principal import Role
from copilot.desk.figures.reading import read_drafts
from copilot.desk.figures.tally import tally
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


async def counted(web: Web) -> dict[str, Any]:
    """The tally of everything, also where it is of too few drafts to be told."""
    day = timedelta(days=1)
    async with web.store.merchant(web.merchant) as session:
        drafts = await read_drafts(session, web.shop, web.clock.now() - 30 * day, web.clock.now() + day)
    return tally(drafts).model_dump()


async def sent(web: Web, draft: DraftRow) -> None:
    """The worker has sent the accepted draft."""
    await change(web, draft, state="sent", updated_at=web.clock.now())


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
    assert drafts["late"].deadline_at is not None
    await change(web, drafts["late"], shown_at=drafts["late"].deadline_at + timedelta(seconds=2))
    # Shown at its deadline, by the next sweep of timers, it is on time.
    assert drafts["read"].deadline_at is not None
    await change(web, drafts["read"], shown_at=drafts["read"].deadline_at + timedelta(seconds=0.25))
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
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(OutboxRow).where(OutboxRow.source_kind == "typed").values(state="sent"))
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
    assert sum(total["classes"].values()) == total["seen"]
    assert total["unread"] == {"known": 3, "unread": 1}
    # Accepted drafts wait in the outbox, and two replies were typed: no draft has left yet.
    assert total["after"]["sent"] == 0
    assert found["shops"] == [{"key": str(web.shop), "name": "Cups", "tally": total}]
    assert found["issues"] == [{"key": "damaged", "name": "收货破损", "tally": total}]
    assert me not in answer.text
    assert "Agent" not in answer.text
    assert (found["first"], found["last"]) == ("2026-11-14", "2026-11-20")


async def test_to_erase_every_buyer_changes_no_class(web: Web) -> None:
    agent, owner = await web.enter(), await enter_as(web, Role.OWNER)
    drafts = await a_day(web, agent)
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(OutboxRow).values(state="sent"))
    for name in ("read", "quick", "surface", "substance"):
        await sent(web, drafts[name])
    before = await counted(web)
    assert (before["after"]["sent"], before["unread"], before["open"]) == (4, {"known": 3, "unread": 1}, 2)
    # A minute later: what is recalled because its buyer is erased was not taken back.
    web.clock.advance(60)
    for draft in drafts.values():
        for _ in range(2):
            answer = await owner.post(f"/api/conversations/{draft.conversation}/erase-buyer")
            assert answer.status_code == 200, answer.text
    # What nobody had decided is decided by nobody any more.
    assert await counted(web) == {**before, "open": 0, "erased": 2}
    assert (await figures(owner))["total"]["classes"] == before["classes"]


async def test_a_rejection_counts_whatever_becomes_of_the_next_text(web: Web) -> None:
    agent = await web.enter()
    for number, state in enumerate(("writing", "blocked", "superseded")):
        draft = await broken(web, f"c{number}", f"692034817003550{number}")
        await see(agent, draft)
        await decide(agent, draft, "reject", rejection={"reason": "tone"})
        # Written again: the row holds nothing any more of the text that was turned away.
        await change(web, draft, state=state, revision=2, view=None)
    # One that came without a text was on no screen: to turn that away judges nothing.
    held = await broken(web, "held", "6920348170035509")
    await see(agent, held)
    without = [(held.view or {})["options"][0]["key"]]
    await decide(agent, held, "reject", rejection={"reason": "options", "without": without})
    await change(web, held, state="blocked", revision=2, view=None)
    async with web.store.merchant(web.merchant) as session:
        again = await session.get_one(DraftRow, (web.merchant, held.id))
    await decide(agent, again, "reject", rejection={"reason": "tone"})
    found = await counted(web)
    assert (found["seen"], found["classes"]["rejected"], found["open"], found["never_seen"]) == (3, 3, 1, 0)
    async with web.store.merchant(web.merchant) as session:
        end = web.clock.now() + timedelta(days=1)
        drafts = await read_drafts(session, web.shop, end - timedelta(days=2), end)
    assert {one.outcome.issue for one in drafts} == {"damaged"}


async def test_a_text_is_late_by_its_own_deadline_and_not_by_the_next_ones(web: Web) -> None:
    agent = await web.enter()
    far = timedelta(seconds=30)
    tone, choose = {"reason": "tone"}, {"reason": "options"}
    expected: dict[uuid.UUID, str] = {}
    for number, (first_late, rejection, fate) in enumerate(
        (
            (False, tone, "rejected"),
            (True, tone, "late"),
            # Chosen from, and the next text accepted: that one is judged.
            (True, choose, "verbatim"),
            (False, choose, "late"),
        )
    ):
        draft = await broken(web, f"c{number}", f"692034817003550{number}")
        assert draft.shown_at is not None
        on_time, late = draft.shown_at + far, draft.shown_at - far
        await change(web, draft, deadline_at=late if first_late else on_time)
        await see(agent, draft)
        more = {"without": [(draft.view or {})["options"][0]["key"]]} if rejection is choose else {}
        await decide(agent, draft, "reject", rejection={**rejection, **more})
        # The next revision is late where the first was on time.
        deadline = on_time if first_late else late
        await change(web, draft, state="proposed", revision=2, deadline_at=deadline)
        async with web.store.merchant(web.merchant) as session:
            again = await session.get_one(DraftRow, (web.merchant, draft.id))
        await see(agent, again)
        await decide(agent, again, "accept")
        expected[draft.id] = fate
    async with web.store.merchant(web.merchant) as session:
        found = await read_drafts(session, web.shop, web.clock.now() - timedelta(days=1), web.clock.now() + far)
    assert {one.draft: one.outcome.fate for one in found} == expected


async def test_a_reply_that_did_not_leave_answers_nobody(web: Web) -> None:
    agent = await web.enter()
    for number, (state, fate) in enumerate((("failed", "overtaken"), ("held", "overtaken"), ("sent", "own_words"))):
        draft = await broken(web, f"c{number}", f"692034817003550{number}")
        await see(agent, draft)
        typed = {"id": str(uuid.uuid4()), "text": "照片收到了,马上看。"}
        answer = await agent.post(f"/api/conversations/{draft.conversation}/replies", json=typed)
        assert answer.status_code == 202, answer.text
        async with web.store.merchant(web.merchant) as session:
            ours = OutboxRow.conversation == draft.conversation
            await session.execute(update(OutboxRow).where(ours).values(state=state))
        before = (await counted(web))["classes"][fate]
        web.clock.advance(1)
        await change(web, draft, state="superseded", updated_at=web.clock.now())
        assert (await counted(web))["classes"][fate] == before + 1, state


async def test_how_a_sent_text_did_is_told_beside_it(web: Web) -> None:
    agent, owner = await web.enter(), await enter_as(web, Role.OWNER)
    talk, draft = await web.broken_cups()
    await see(agent, draft)
    web.clock.advance(30)
    await decide(agent, draft, "accept")
    nothing = {"sent": 0, "corrected": 0, "repeated": 0, "reopened": 0, "broken": 0}
    assert (await counted(web))["after"] == nothing, "it waits in the outbox"
    await change(web, draft, state="failed")
    found = await counted(web)
    assert (found["classes"]["verbatim"], found["after"]) == (1, nothing), "it never left"
    sent = web.clock.now()
    await change(web, draft, state="sent", updated_at=sent)
    assert (await counted(web))["after"] == {**nothing, "sent": 1}
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
    everything = {"sent": 1, "corrected": 1, "repeated": 1, "reopened": 1, "broken": 1}
    assert (await counted(web))["after"] == everything
    # A correction that failed put nothing right.
    for state, corrected in (("failed", 0), ("sent", 1)):
        async with web.store.merchant(web.merchant) as session:
            await session.execute(update(OutboxRow).where(OutboxRow.corrects == ours).values(state=state))
        assert (await counted(web))["after"] == {**everything, "corrected": corrected}
    # Put right after ten minutes, raised again after a week: that is another matter.
    async with web.store.merchant(web.merchant) as session:
        await session.execute(
            update(OutboxRow).where(OutboxRow.corrects == ours).values(created_at=sent + timedelta(minutes=11))
        )
        await session.execute(update(CaseRow).values(reopened_at=sent + timedelta(days=8)))
    left = {"sent": 1, "corrected": 0, "repeated": 1, "reopened": 0, "broken": 1}
    assert (await counted(web))["after"] == left
    # Erased, it did no better: the promise is withdrawn, the words are gone.
    answer = await owner.post(f"/api/conversations/{talk}/erase-buyer")
    assert answer.status_code == 200, answer.text
    assert (await counted(web))["after"] == left


async def test_days_are_the_shops_own_and_no_more_than_a_month(web: Web) -> None:
    agent, senior = await web.enter(), await enter_as(web, Role.GENERAL_ADMIN)
    # 12:00 in Shanghai; the draft is of the 20th there, and nobody's of the 19th.
    _, draft = await web.broken_cups()
    await see(agent, draft)
    await decide(agent, draft, "accept")
    # One draft is one person's: that there was one is told by its line, and no number.
    for first, last, lines in (("2026-11-20", "2026-11-20", 1), ("2026-11-19", "2026-11-19", 0)):
        found = await figures(senior, **{"from": first, "to": last})
        assert (found["total"], [one["tally"] for one in found["shops"]]) == (None, [None] * lines)
    assert len((await figures(senior, shop=str(web.shop)))["shops"]) == 1
    for first, last in (("2026-11-21", "2026-11-20"), ("2026-10-01", "2026-11-20"), ("0001-01-01", "0001-01-02")):
        answer = await senior.get("/api/figures", params={"from": first, "to": last})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input"), first
    for shop in (web.other_shop, uuid.uuid4()):
        assert (await senior.get("/api/figures", params={"shop": str(shop)})).status_code == 404
        assert (await senior.get("/api/figures/sample", params={"shop": str(shop)})).status_code == 404


async def test_agents_see_neither_and_qa_the_sample_alone(web: Web) -> None:
    agents = (await web.enter(), await web.machine())
    readers = (await web.enter("qa"), await web.machine(Role.QA, "q"), await enter_as(web, Role.OWNER))
    for client in (*agents, *readers[:2]):
        answer = await client.get("/api/figures")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
        assert "watch" not in (await client.get("/api/me")).json()["can"]
    for client in agents:
        answer = await client.get("/api/figures/sample")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
    for client in readers:
        assert (await client.get("/api/figures/sample")).status_code == 200
        assert "sample" in (await client.get("/api/me")).json()["can"]
