"""Notices in a draft: a time to ship that was moved, one that was not, and no date while nobody knows any."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.clock import FrozenClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.fact import FactKind
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from tests.flow.conftest import NOON

NUMBER = "6920348170035512"
OWN = NOON + timedelta(days=1)
LATER = NOON + timedelta(days=6)


def hours(number: float) -> str:
    return (NOON + timedelta(hours=number)).isoformat()


def order(**changes: Any) -> dict[str, Any]:
    usual = {
        "id": NUMBER,
        "status": "to_ship",
        "region": "CN-65",
        "created_at": hours(-20),
        "paid_at": hours(-20),
        "ship_by": OWN.isoformat(),
        "total": {"amount": "129.00", "currency": "CNY"},
        "items": [{"product_id": "p1", "name": "羊毛开衫", "price": {"amount": "129.00", "currency": "CNY"}}],
    }
    return usual | changes


def on_its_way() -> dict[str, Any]:
    parcel = {
        "carrier": "中通快递",
        "tracking_no": "78810467735577",
        "status": "in_transit",
        "events": [{"at": hours(-5), "text": "离开兰州"}],
        "eta": hours(48),
    }
    return order(status="shipped", shipments=[parcel])


def notice(kind: str = "delay", **changes: Any) -> dict[str, Any]:
    return {
        "id": "n1",
        "kind": kind,
        "regions": ["CN-65"],
        "starts_at": hours(-48),
        "text": {"zh": "暴雪封路。"},
    } | changes


async def drafted(
    shops: Shops, words: str, about: dict[str, Any] | None, *notices: dict[str, Any], model: str = "", **more: Any
) -> DraftView:
    talk = Conversation.model_validate(
        {
            "id": "c1",
            "platform": "douyin",
            "market": "cn",
            "messages": [{"id": "m1", "role": "buyer", "text": words, "sent_at": NOON.isoformat()}],
            "orders": [about] if about else [],
            "knowledge": {"notices": notices, **more},
        }
    )
    clock = FrozenClock(NOON)
    writer = Writer(ScriptedModel([model]), shops.prompts, clock) if model else None
    found = (await MemoryFlow(shops, clock, writer=writer).draft(talk)).draft
    assert found is not None
    return found


def days_ahead(view: DraftView) -> list[str]:
    """The days that the text names and that have not come."""
    return [
        claim.text
        for claim in view.claims
        if claim.kind in (FactKind.DATE, FactKind.TIME)
        and (claim.source or "").rpartition(".")[2] not in ("at", "created_at", "paid_at", "return_at")
    ]


@pytest.mark.feature("F123")
@pytest.mark.parametrize(("region", "moved"), [("CN-65", True), ("CN-11", False), (None, False)])
async def test_an_order_of_a_listed_region_has_the_extended_time(shops: Shops, region: str | None, moved: bool) -> None:
    extended = notice("sla_extended", recovery_at=hours(100), ship_by=LATER.isoformat())
    found = await drafted(shops, "什么时候发货", order(region=region), extended)
    due = next(claim for claim in found.claims if claim.source == f"order.{NUMBER}.ship_by")
    assert str(due.value)[:10] == (LATER if moved else OWN).date().isoformat()
    assert ("ship_by_extended" in found.flags) == moved
    assert ("暴雪封路" in found.text) == moved


@pytest.mark.feature("F125")
@pytest.mark.parametrize(("ordered", "moved"), [(-60, False), (-20, True)])
async def test_an_order_from_before_the_holiday_keeps_its_time(shops: Shops, ordered: int, moved: bool) -> None:
    away = notice("holiday", regions=[], recovery_at=hours(100), ship_by=LATER.isoformat())
    found = await drafted(shops, "什么时候发货", order(created_at=hours(ordered)), away)
    due = next(claim for claim in found.claims if claim.source == f"order.{NUMBER}.ship_by")
    assert str(due.value)[:10] == (LATER if moved else OWN).date().isoformat()
    assert ("暴雪封路" in found.text) == moved, "what does not concern the order is not told"


@pytest.mark.feature("F124")
@pytest.mark.parametrize("words", ["什么时候发货", "我的快递到哪了", "怎么还没到", "都几天了还不发货，催一下"])
@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("kind", ["delay", "holiday"])
async def test_no_date_is_promised_while_recovery_is_unknown(shops: Shops, words: str, sent: bool, kind: str) -> None:
    about = on_its_way() if sent else order()
    found = await drafted(shops, words, about, notice(kind))
    assert days_ahead(found) == []
    assert f"dates_unsure.{kind}" in found.flags
    assert not [one for one in found.owes if one.what != "hold"]
    known = await drafted(shops, words, about)
    assert days_ahead(known) or not sent, "the same question has a day when nothing is held up"


async def test_what_would_have_to_be_shipped_is_not_offered_for_a_day(shops: Shops) -> None:
    about = order(status="delivered", delivered_at=hours(-3))
    usual = await drafted(shops, "收到破了个洞", about)
    assert [one for one in usual.options if one.key == "reship"] or usual.asks
    held_up = await drafted(shops, "收到破了个洞", about, notice())
    assert not [one for one in held_up.options if one.key == "reship"]


async def test_a_model_cannot_promise_a_day_either(shops: Shops) -> None:
    for said in ("预计后天就能送到您手上。", "11月22日能到。", "明天一定发出。", "三天内送到。"):
        found = await drafted(shops, "怎么还没到", on_its_way(), notice(), model=f'{{"explanation": "{said}"}}')
        assert found.written_by == "composer"
        assert said not in found.text
        assert days_ahead(found) == []


async def test_a_stored_answer_that_says_when_is_not_used_then(shops: Shops) -> None:
    stored = {
        "id": "e1",
        "language": "zh",
        "question": "多久发货",
        "answer": "付款后48小时内发货。",
        "category": "logistics",
    }
    everywhere = notice(regions=[])
    assert "48小时" in (await drafted(shops, "你们多久发货", None, entries=[stored])).text
    found = await drafted(shops, "你们多久发货", None, everywhere, entries=[stored])
    assert "48小时" not in found.text
    assert found.cites == () or found.cites[0].id == "n1"


async def test_a_notice_is_told_in_the_buyers_language_or_not_at_all(shops: Shops) -> None:
    found = await drafted(shops, "怎么还没到", on_its_way(), notice(text={"en": "Snow has closed the roads."}))
    assert "Snow" not in found.text
    assert "dates_unsure.delay" in found.flags


async def test_a_notice_that_is_over_or_of_another_kind_changes_nothing(shops: Shops) -> None:
    over = notice(ends_at=hours(-1))
    other = notice("other")
    usual = await drafted(shops, "怎么还没到", on_its_way())
    found = await drafted(shops, "怎么还没到", on_its_way(), over, other)
    assert found == usual
