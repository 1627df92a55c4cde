"""The list of what is owed, ticking it off, and the note for whoever takes over."""

import uuid
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from copilot.channel.owing import break_due, owe
from copilot.channel.sent import record_sent
from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind
from copilot.domain.plan import Promise
from copilot.sdk import Account, FoundBuyer, FoundOrder, Pages, TemplatePages
from copilot.store.tables import AuditRow, CommitmentRow, ConversationRow, OutboxRow
from tests.web.conftest import ORDER, Web, cups

BACK_OFFICE = TemplatePages(
    conversation="https://back.example/im?c={conversation}",
    order="https://back.example/orders/{order}",
    after_sale="https://back.example/orders/{order}/requests/{after_sale}",
    product="https://back.example/goods/{product}",
)


async def _owes(
    web: Web, hours: float, what: str = "reship", amount: str | None = None
) -> tuple[uuid.UUID, CommitmentRow]:
    talk, _ = await web.broken_cups()
    await _promises(web, talk, what, hours=hours, amount=amount)
    return talk, (await web.rows(CommitmentRow))[-1]


async def _promises(web: Web, talk: uuid.UUID, what: str, *, hours: float, amount: str | None = None) -> None:
    """A promise about the order of the talk, due so many hours from now."""
    now = web.parts.clock.now()
    async with web.parts.store.merchant(web.merchant) as session:
        row = await session.get(ConversationRow, (web.merchant, talk))
        assert row is not None
        await owe(
            session,
            [
                Promise(
                    what=what,
                    due=now + timedelta(hours=hours),
                    fact="agent",
                    amount=Money(amount=amount, currency="CNY") if amount else None,
                )
            ],
            merchant=web.merchant,
            shop=row.shop,
            conversation=talk,
            message="m-9",
            source="typed",
            order_id=ORDER,
            at=now,
            now=now,
        )


async def test_the_first_due_stands_on_top_and_what_is_late_is_counted(web: Web) -> None:
    talk, later = await _owes(web, 4)
    async with web.parts.store.merchant(web.merchant) as session:
        await owe(
            session,
            [Promise(what="refund", due=web.parts.clock.now() + timedelta(hours=1), fact="agent")],
            merchant=web.merchant,
            shop=(await web.rows(ConversationRow))[0].shop,
            conversation=talk,
            message="m-10",
            source="typed",
            at=web.parts.clock.now(),
            now=web.parts.clock.now(),
        )
    web.clock.advance(2 * 3600)
    agent = await web.enter()
    answer = (await agent.get("/api/commitments")).json()

    assert [row["what"] for row in answer["commitments"]] == ["refund", "reship"]
    assert [row["late"] for row in answer["commitments"]] == [True, False]
    assert answer["counts"] == {"open": 2, "late": 1}
    assert answer["commitments"][1]["id"] == str(later.id)
    assert answer["commitments"][1]["conversation"] == str(talk)


async def test_a_tick_is_audited_and_leaves_the_open_list(web: Web) -> None:
    _, row = await _owes(web, 4)
    agent = await web.enter()
    path = f"/api/commitments/{row.id}/settle"

    first = await agent.post(path, json={"state": "done", "evidence": "顺丰 SF2"})
    again = await agent.post(path, json={"state": "done"})
    other = await agent.post(path, json={"state": "withdrawn"})
    unknown = await agent.post(f"/api/commitments/{uuid.uuid4()}/settle", json={"state": "done"})

    assert (first.status_code, first.json()) == (200, {"state": "done"})
    assert again.status_code == 200
    assert (other.status_code, other.json()["error"]["code"]) == (409, "wrong_state")
    assert unknown.status_code == 404
    assert (await agent.get("/api/commitments")).json()["commitments"] == []
    (kept,) = (await agent.get("/api/commitments?list=all")).json()["commitments"]
    assert (kept["state"], kept["evidence"]) == ("done", "顺丰 SF2")
    assert "commitment.done" in [line.action for line in await web.rows(AuditRow)]


async def test_who_may_only_look_ticks_nothing_off(web: Web) -> None:
    _, row = await _owes(web, 4)
    looker = await web.enter("qa")
    answer = await looker.post(f"/api/commitments/{row.id}/settle", json={"state": "done"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")


async def test_another_merchants_promise_does_not_exist(web: Web) -> None:
    _, row = await _owes(web, 4)
    stranger = await web.enter("stranger")
    assert (await stranger.get("/api/commitments")).json()["commitments"] == []
    answer = await stranger.post(f"/api/commitments/{row.id}/settle", json={"state": "done"})
    assert answer.status_code == 404


async def _note(agent: httpx.AsyncClient, talk: uuid.UUID, language: str) -> list[str]:
    assert (await agent.post("/api/me/language", json={"language": language})).status_code == 204
    answer = (await agent.get(f"/api/conversations/{talk}/handover")).json()
    assert answer["text"] == "\n".join(answer["lines"])
    return answer["lines"]


async def test_the_note_tells_what_is_wanted_offered_and_promised_by_when_and_what_is_late(web: Web) -> None:
    talk, draft = await web.broken_cups()
    agent = await web.enter()
    decision = {"revision": draft.revision, "text_hash": draft.text_hash, "kind": "accept"}
    assert (await agent.post(f"/api/drafts/{draft.id}/decision", json=decision)).status_code == 200
    async with web.store.merchant(web.merchant) as session:
        (reply,) = await session.scalars(select(OutboxRow))
        await record_sent(session, reply, "m-8", web.clock)
    await _promises(web, talk, "reship", hours=1)

    before = {
        "zh": [
            "买家来意：收货破损，订单 6920348170035512",
            "已给方案：补发和部分退款",
            "已承诺：补发，今天13点前",
            "等买家回复",
        ],
        "en": [
            "Wants: Arrived damaged, order 6920348170035512",
            "Offered: Replacement and Partial refund",
            "Promised: a replacement by 1 PM today",
            "the buyer's move",
        ],
    }
    for language, lines in before.items():
        assert await _note(agent, talk, language) == lines

    (row,) = await web.rows(CommitmentRow)
    web.clock.advance(2 * 3600)
    async with web.parts.store.merchant(web.merchant) as session:
        assert await break_due(session, row.id, web.parts.clock.now())
    late = {"zh": "承诺已过时间：补发，今天13点前", "en": "Promised and late: a replacement by 1 PM today"}
    for language, lines in before.items():
        assert await _note(agent, talk, language) == [*lines[:2], late[language], lines[3]]


def _knows_pages(web: Web, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    def of_account(account: Account) -> Pages:
        return pages

    monkeypatch.setattr(web.adapter, "pages", of_account, raising=False)


def _with_request(order: FoundOrder) -> FoundBuyer:
    old = AfterSale(id="R1", kind=AfterSaleKind.REFUND, status="done", refunded_at=order.order.created_at)
    new = AfterSale(id="R2", kind=AfterSaleKind.REFUND, status="open")
    asked = order.order.model_copy(update={"after_sales": (new, old)})
    return FoundBuyer(order_key="key-c1", orders=(order.model_copy(update={"order": asked}),))


async def _row(web: Web, **query: str) -> dict[str, object]:
    agent = await web.enter()
    (row,) = (await agent.get("/api/commitments", params=query)).json()["commitments"]
    return row


@pytest.mark.feature("F014")
@pytest.mark.parametrize(
    ("what", "amount", "todo", "page"),
    [
        (
            "refund_keep",
            "29.95",
            ("在订单售后页退款29.95元", "refund ¥29.95 on the order's after-sale page"),
            "after_sale",
        ),
        ("refund", None, ("在订单售后页退款", "refund the buyer on the order's after-sale page"), "after_sale"),
        ("option.reship", None, ("安排补寄，在订单页填写运单号", "send the replacement"), "order"),
        ("hold", None, ("回到会话里给买家答复", "answer the buyer in the conversation"), "conversation"),
        ("option.something_of_their_own", None, ("在平台后台办理", "carry it out in the back office"), "order"),
    ],
)
@pytest.mark.feature("F068")
async def test_an_open_promise_says_what_to_do_and_leads_to_the_page_for_it(
    web: Web, monkeypatch: pytest.MonkeyPatch, what: str, amount: str | None, todo: tuple[str, str], page: str
) -> None:
    _, row = await _owes(web, 4, what, amount)
    web.clock.advance(120)
    web.adapter.buyers["c1"] = _with_request(cups())
    await web.parts.lookup.orders(web.merchant, row.conversation, timeout=5, fresh=True)
    _knows_pages(web, BACK_OFFICE, monkeypatch)
    agent = await web.enter()
    addresses = {
        "after_sale": f"https://back.example/orders/{ORDER}/requests/R2",
        "order": f"https://back.example/orders/{ORDER}",
        "conversation": "https://back.example/im?c=c1",
    }

    for at, language in enumerate(("zh", "en")):
        assert (await agent.post("/api/me/language", json={"language": language})).status_code == 204
        (told,) = (await agent.get("/api/commitments")).json()["commitments"]
        assert told["todo"].startswith(todo[at])
        assert (told["link_to"], told["link"]) == (page, addresses[page])


async def test_without_the_fitting_page_the_next_best_one_is_linked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    await _owes(web, 4, "refund")
    # No request is known, so that its page cannot be named.
    _knows_pages(web, BACK_OFFICE, monkeypatch)
    assert (await _row(web))["link_to"] == "order"
    _knows_pages(web, TemplatePages(conversation="https://back.example/im"), monkeypatch)
    assert (await _row(web))["link"] == "https://back.example/im"
    _knows_pages(web, TemplatePages(), monkeypatch)
    assert ((await _row(web))["link"], (await _row(web))["link_to"]) == (None, None)


async def test_an_address_that_is_not_https_is_no_link(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(TemplatePages):
        def order(self, order: str) -> str | None:
            return "javascript:alert(1)"

    talk, _ = await _owes(web, 4)
    _knows_pages(web, Careless(), monkeypatch)
    assert (await _row(web))["link"] is None
    agent = await web.enter()
    assert (await agent.get(f"/api/conversations/{talk}/links")).json()["orders"] == {}


async def test_an_ended_promise_has_nothing_to_do(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    _, row = await _owes(web, 4)
    _knows_pages(web, BACK_OFFICE, monkeypatch)
    agent = await web.enter()
    await agent.post(f"/api/commitments/{row.id}/settle", json={"state": "done"})
    told = await _row(web, list="all")
    assert (told["todo"], told["link"], told["link_to"]) == (None, None, None)


@pytest.mark.feature("F014")
async def test_a_conversation_has_links_to_its_own_page_its_orders_and_their_products(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    path = f"/api/conversations/{talk}/links"
    none: dict[str, object] = {"conversation": None, "orders": {}, "after_sales": {}, "products": {}}

    assert (await agent.get(path)).json() == none
    _knows_pages(web, BACK_OFFICE, monkeypatch)
    assert (await agent.get(path)).json() == {
        "conversation": "https://back.example/im?c=c1",
        "orders": {ORDER: f"https://back.example/orders/{ORDER}"},
        "after_sales": {},
        "products": {"p-31": "https://back.example/goods/p-31"},
    }
    stranger = await web.enter("stranger")
    assert (await stranger.get(path)).status_code == 404


async def test_counts_are_of_all_that_is_owed_and_pages_show_each_promise_once(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.desk.owed.MOST", 3)
    talk, _ = await web.broken_cups()
    made = [await _owed(web, talk, minute) for minute in (5, 90, None, 5, 120, 60, None)]
    ended = [await _owed(web, talk, 10, ended=minute) for minute in (3, 1, 2)]
    web.clock.advance(30 * 60)
    agent = await web.enter()
    seen: list[str] = []
    place, pages = "", 0
    while True:
        answer = (await agent.get(f"/api/commitments?list=all{place}")).json()
        assert answer["counts"] == {"open": 7, "late": 2}
        seen += [one["id"] for one in answer["commitments"]]
        pages += 1
        if pages == 1:
            # One that was on the page before is ticked off meanwhile: nobody is lost by it.
            await _settle(web, made[0], "done")
            assert (await agent.get("/api/commitments")).json()["counts"] == {"open": 6, "late": 1}
            await _settle(web, made[0], None)
        if answer["next"] is None:
            break
        place = f"&after={answer['next']}"
    assert pages == 4
    assert sorted(seen) == sorted([*made, *ended])
    assert set(seen[:2]) == {made[0], made[3]}
    assert seen[2:5] == [made[5], made[1], made[4]]
    # The last one ended first.
    assert seen[7:] == [ended[0], ended[2], ended[1]]
    here = (await agent.get(f"/api/commitments?shop={web.shop}")).json()
    assert (len(here["commitments"]), here["counts"]) == (3, {"open": 7, "late": 2})
    for wrong in ("x", "1-2", "0-99999999999999999999999999-1-00", "%00"):
        refused = await agent.get(f"/api/commitments?after={wrong}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_input"), wrong


async def _owed(web: Web, talk: uuid.UUID, minute: int | None, ended: int | None = None) -> str:
    """A promise due so many minutes from now, or one that ended a few minutes ago."""
    now = web.clock.now()
    row = CommitmentRow(
        merchant=web.merchant, id=uuid.uuid4(), conversation=talk, what="refund", source="typed",
        due=now + timedelta(minutes=minute) if minute is not None else None,
        state="owed" if ended is None else "done",
        settled_at=now + timedelta(minutes=ended) if ended is not None else None, created_at=now, updated_at=now,
    )  # fmt: skip
    async with web.store.merchant(web.merchant) as session:
        session.add(row)
    return str(row.id)


async def _settle(web: Web, id: str, state: str | None) -> None:
    async with web.store.merchant(web.merchant) as session:
        row = await session.get(CommitmentRow, (web.merchant, uuid.UUID(id)))
        assert row is not None
        row.state = state or "owed"
        row.settled_at = web.clock.now() if state else None
