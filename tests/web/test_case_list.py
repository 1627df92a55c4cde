"""The cases of all conversations: which list has which, in what order, and what each row tells."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from copilot.channel.owing import owe
from copilot.channel.resolving import resolve_by_person
from copilot.desk import case_list
from copilot.domain.money import Money
from copilot.domain.plan import Promise
from copilot.store.tables import CaseRow
from tests.web.conftest import ORDER, Web


async def _promise(web: Web, talk: uuid.UUID, what: str, hours: float, order: str | None = ORDER) -> None:
    now = web.parts.clock.now()
    async with web.parts.store.merchant(web.merchant) as session:
        await owe(
            session,
            [
                Promise(
                    what=what,
                    due=now + timedelta(hours=hours),
                    fact="agent",
                    amount=Money(amount="29.95", currency="CNY"),
                )
            ],
            merchant=web.merchant,
            shop=web.shop,
            conversation=talk,
            message=f"{what}-{hours}",
            source="typed",
            order_id=order,
            at=now,
            now=now,
        )


async def _list(web: Web, query: str = "", login: str = "agent") -> dict[str, Any]:
    client = await web.enter(login)
    answer = await client.get(f"/api/cases{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_lists_hold_what_they_say_and_the_first_due_stands_on_top(web: Web) -> None:
    broken, _ = await web.broken_cups("c1")
    other, _ = await web.broken_cups("c2")
    asked = await web.buyer("发票什么时候开", "c3")
    await web.draft(asked)
    await _promise(web, broken, "reship", 4)
    await _promise(web, other, "refund", 1)
    web.clock.advance(2 * 3600)

    shown = await _list(web)
    assert [row["conversation"] for row in shown["cases"]] == [str(other), str(broken), str(asked)]
    assert [row["late"] for row in shown["cases"]] == [True, False, False]
    assert [row["serious"] for row in shown["cases"]] == [True, True, False]
    assert shown["counts"] == {"open": 3, "resolved": 0, "serious": 2, "owed": 2, "all": 3, "late": 1}
    assert shown["by_issue"] == {"damaged": 2, "invoice": 1}
    first = shown["cases"][0]
    assert first["buyer"]["nickname"] == "buyer of c2"
    (promise,) = first["promised"]
    assert (promise["what"], promise["state"], promise["late"]) == ("refund", "owed", True)
    assert first["due"] == promise["due"]
    assert promise["amount"] == {"amount": "29.95", "currency": "CNY"}

    (invoice,) = (await _list(web, "?issue=invoice"))["cases"]
    assert invoice["conversation"] == str(asked)
    assert (await _list(web, f"?shop={web.shop}&list=owed"))["counts"]["owed"] == 2
    assert [row["conversation"] for row in (await _list(web, "?list=owed"))["cases"]] == [str(other), str(broken)]


async def test_what_was_solved_moves_to_its_list_and_stays_serious_until_it_was_asked_about(web: Web) -> None:
    talk, _ = await web.broken_cups()
    await _promise(web, talk, "reship", 4)
    (row,) = await web.rows(CaseRow)
    async with web.parts.store.merchant(web.merchant) as session:
        await resolve_by_person(session, talk, row.id, by=str(uuid.uuid4()), evidence=None, now=web.clock.now())
        await session.execute(update(CaseRow).values(follow_up="armed"))

    assert (await _list(web))["cases"] == []
    (solved,) = (await _list(web, "?list=resolved"))["cases"]
    assert (solved["state"], solved["id"], solved["resolved_text"]) == ("resolved", str(row.id), "客服")
    for still in ("serious", "owed", "all"):
        assert [one["id"] for one in (await _list(web, f"?list={still}"))["cases"]] == [str(row.id)], still
    async with web.parts.store.merchant(web.merchant) as session:
        await session.execute(update(CaseRow).values(follow_up="answered"))
    assert (await _list(web, "?list=serious"))["cases"] == []


async def test_what_was_offered_chosen_and_asked_is_told_in_the_readers_words(web: Web) -> None:
    await web.broken_cups()
    body = {
        "issue": "damaged",
        "offered": [
            {"id": "A", "key": "reship", "title": "x", "action": "reship"},
            {"id": "B", "key": "", "title": "退一半", "action": "refund"},
        ],
        "chosen": "B",
        "asked_for": ["photo"],
    }
    async with web.parts.store.merchant(web.merchant) as session:
        await session.execute(update(CaseRow).values(body=body))
    (row,) = (await _list(web))["cases"]
    assert [one["key"] for one in row["offered"]] == ["reship", ""]
    assert row["offered"][0]["title"] != "x"
    assert (row["chosen"]["title"], row["asked"]) == ("退一半", ["照片"])


async def test_pages_follow_each_other_and_end(web: Web, monkeypatch: Any) -> None:
    talks = [str((await web.broken_cups(f"c{number}"))[0]) for number in range(3)]
    monkeypatch.setattr(case_list, "MOST", 2)
    first = await _list(web)
    second = await _list(web, f"?after={first['next']}")
    assert [row["conversation"] for row in (*first["cases"], *second["cases"])] == talks
    assert (first["counts"]["open"], second["next"]) == (3, None)
    client = await web.enter()
    wrong = await client.get("/api/cases?after=nonsense")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "after")


async def test_another_merchants_cases_do_not_exist(web: Web) -> None:
    await web.broken_cups()
    shown = await _list(web, "?list=all", login="stranger")
    assert (shown["cases"], shown["counts"]["all"]) == ([], 0)
    stranger = await web.enter("stranger")
    assert (await stranger.get(f"/api/cases?shop={web.shop}")).status_code == 404
