"""What a person's own words give counts like a draft: judged with the case's order, held to the ceilings, once."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.channel.sent import ReplyState, mark
from copilot.store.tables import AuditRow, GrantRow, OutboxRow
from tests.web.conftest import ORDER, PASSWORD, Web


async def type_(agent: httpx.AsyncClient, talk: uuid.UUID, text: str, id: uuid.UUID | None = None) -> httpx.Response:
    """Send ``text`` with the person's word for all that needs it."""
    body: dict[str, Any] = {"id": str(id or uuid.uuid4()), "text": text}
    checked = (await agent.post("/api/check", json={"conversation": str(talk), "text": text})).json()
    body["vouch"] = checked["needs_vouching"]
    return await agent.post(f"/api/conversations/{talk}/replies", json=body)


def grants(rows: list[Any]) -> list[tuple[str | None, int, str]]:
    return [(row.order_id, row.minor, row.state) for row in rows]


async def test_typed_money_counts_against_the_order_of_the_case(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()

    answer = await type_(agent, talk, "杯子碎了两个，今天给您退20元。")

    assert answer.status_code == 202, answer.text
    (row,) = await web.rows(GrantRow)
    (reply,) = await web.rows(OutboxRow)
    me = (await agent.get("/api/me")).json()["person"]["id"]
    assert (row.order_id, row.minor, row.currency, row.state) == (ORDER, 2000, "CNY", "settled")
    assert (row.reply, row.draft, row.by, row.issue) == (reply.id, None, me, "damaged")
    (noted,) = [one for one in await web.rows(AuditRow) if one.action == "reply.typed"]
    assert noted.detail["gives"] == "2000 CNY"


async def test_more_than_is_left_is_refused_and_nothing_is_queued(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    assert (await type_(agent, talk, "今天给您退50元。")).status_code == 202

    refused = await type_(agent, talk, "今天再给您退40元。")

    assert refused.status_code == 422, refused.text
    assert refused.json()["error"]["code"] in ("text_blocked", "over_ceiling")
    assert grants(await web.rows(GrantRow)) == [(ORDER, 5000, "settled")]
    assert len(await web.rows(OutboxRow)) == 1


async def test_two_agents_cannot_both_type_the_last_of_it(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agents = [await web.enter("agent"), await web.enter("agent"), await web.enter("agent")]

    answers = await asyncio.gather(*(type_(one, talk, "今天给您退60元。") for one in agents))

    assert sorted(answer.status_code for answer in answers) == [202, 422, 422]
    assert grants(await web.rows(GrantRow)) == [(ORDER, 6000, "settled")]


async def test_the_same_reply_sent_twice_counts_once(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    id = uuid.uuid4()

    answers = [await type_(agent, talk, "今天给您退20元。", id) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert grants(await web.rows(GrantRow)) == [(ORDER, 2000, "settled")]


@pytest.mark.parametrize("state", [ReplyState.HELD, ReplyState.FAILED])
async def test_what_never_left_gives_nothing(web: Web, state: ReplyState) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    await type_(agent, talk, "今天给您退70元。")
    async with web.store.merchant(web.merchant) as session:
        reply = await session.get(OutboxRow, (web.merchant, (await web.rows(OutboxRow))[0].id))
        assert reply is not None
        await mark(session, reply, state, web.clock)

    assert [row.state for row in await web.rows(GrantRow)] == ["released"]
    assert (await type_(agent, talk, "今天给您退75元。")).status_code == 202


async def test_what_the_buyer_is_entitled_to_costs_nothing(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    await type_(agent, talk, "今天给您退70元。")

    # Within its days the order can be returned for its whole price, whatever was given before.
    answer = await type_(agent, talk, "您寄回来就行，收到后给您退59.90元。")

    assert answer.status_code == 202, answer.text
    assert grants(await web.rows(GrantRow)) == [(ORDER, 7000, "settled")]
    # The same money for goods that the buyer keeps is a gift.
    assert (await type_(agent, talk, "不用寄回，今天给您退59.90元。")).status_code == 422


async def test_promised_goods_have_the_price_of_the_order(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()

    sent = await type_(agent, talk, "明天给您补发一套。")

    assert sent.status_code == 202, sent.text
    assert grants(await web.rows(GrantRow)) == [(ORDER, 5990, "settled")]

    refused = await type_(agent, talk, "另外今天给您退50元。")
    assert refused.status_code == 422


async def test_goods_whose_price_nobody_knows_are_a_supervisors(web: Web) -> None:
    talk = await web.buyer("杯子碎了", "c-unknown")
    await people.add_person(web.store, web.merchant, "lead", "Lead", Role.SUPERVISOR, "zh", PASSWORD, web.clock)
    agent, senior = await web.enter(), await web.enter("lead")

    refused = await type_(agent, talk, "明天给您补发一套。")

    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "text_blocked")
    (found,) = [one for one in refused.json()["error"]["verdict"]["findings"] if one["rule"].startswith("over_auth")]
    assert found["rule"] == "over_authority.unpriced"
    assert found["text"]
    assert found["reason"]
    assert (await type_(senior, talk, "明天给您补发一套。")).status_code == 202


async def test_words_that_give_nothing_count_nothing(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    for text in ("您这单一共59.90元。", "好的，稍等。", "今天20点前给您答复。", "补发还是退款，您看哪种方便？"):
        assert (await type_(agent, talk, text)).status_code == 202, text
    assert await web.rows(GrantRow) == []


@pytest.mark.feature("F076")
@pytest.mark.parametrize(
    ("text", "minor", "state"),
    [
        ("给您退20元", 2000, "settled"),
        ("那退您20块，杯子您留着用", 2000, "settled"),
        ("退您20元可以吗", 2000, "offered"),
        ("给您全额退款", 5990, "settled"),
        ("我们退您一半", 2995, "settled"),
        ("再给您寄一套", 5990, "settled"),
        ("We'll send you a new one, keep the old one", 5990, "settled"),
    ],
)
async def test_what_is_given_without_a_time_counts_all_the_same(web: Web, text: str, minor: int, state: str) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    answer = await type_(agent, talk, text)
    assert answer.status_code == 202, answer.text
    assert grants(await web.rows(GrantRow)) == [(ORDER, minor, state)]


@pytest.mark.parametrize(
    "text", ["要退您20元吗？", "杯垫送不了，已经送完了。", "昨天已经退您20元了。", "平台会退您20元的。"]
)
async def test_near_misses_count_nothing(web: Web, text: str) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    answer = await type_(agent, talk, text)
    assert answer.status_code == 202, answer.text
    assert await web.rows(GrantRow) == []


async def test_a_gift_that_nobody_can_price_is_refused_and_says_why(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    refused = await type_(agent, talk, "再送您一个杯垫")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "text_blocked")
    (found,) = [one for one in refused.json()["error"]["verdict"]["findings"] if one["rule"].startswith("over_auth")]
    assert found["rule"] == "over_authority.unpriced"
    assert found["reason"] == "赠送要花多少没人知道：先认准订单，或请主管发"


async def test_what_is_left_is_shown_before_anything_is_refused(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()

    async def check(text: str) -> dict[str, Any]:
        return (await agent.post("/api/check", json={"conversation": str(talk), "text": text})).json()

    assert (await check("好的，稍等。"))["spends"] is None
    shown = (await check("给您退30元"))["spends"]
    assert shown["cost"]["currency"] == "CNY"
    assert [(one["ceiling"], one["left"]["amount"]) for one in shown["left"]] == [("per_order", "80.00")]
    assert shown["text"] == "给出30元，这个订单的额度还剩80元"
    await type_(agent, talk, "给您退30元")
    assert (await check("再给您退5元"))["spends"]["text"] == "给出5元，这个订单的额度还剩50元"
    assert (await check("再送您一个杯垫"))["spends"]["text"] == "给出的东西不知道值多少，这个订单的额度还剩50元"
    beyond = await check("再给您退51元")
    (found,) = [one for one in beyond["verdict"]["findings"] if one["rule"] == "over_authority.ceiling"]
    assert found["severity"] == "block"
    assert beyond["spends"]["cost"]["amount"] == "51.00"


async def test_the_card_says_what_accepting_gives_and_what_is_left(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    card = (await agent.get(f"/api/drafts/{draft.id}")).json()
    assert card["draft"]["grant"] is not None
    assert card["spends"]["cost"] == card["draft"]["grant"]["cost"]
    assert [(one["ceiling"], one["left"]["amount"]) for one in card["spends"]["left"]] == [("per_order", "80.00")]


async def test_an_edit_that_adds_a_gift_is_held_to_what_is_left(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    body = {"revision": draft.revision, "text_hash": draft.text_hash, "kind": "edit"}
    for more, status in (("另外再退您21元。", 422), ("另外再退您20元。", 200)):
        text = f"{draft.text}{more}"
        checked = (await agent.post("/api/check", json={"draft": str(draft.id), "text": text})).json()
        edit = {**body, "text": text, "vouch": checked["needs_vouching"]}
        answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=edit)
        assert answer.status_code == status, answer.text
    (row,) = await web.rows(GrantRow)
    assert row.minor == draft_cost(draft.view) + 2000


def draft_cost(view: dict[str, Any] | None) -> int:
    assert view is not None
    return round(float(view["grant"]["cost"]["amount"]) * 100)
