from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from copilot import clock
from copilot.domain.case import OrderChoice, OrderWhy
from copilot.domain.issue import Evidence, Issue, IssueReading, Risk, RiskReading, Turn, Understanding
from copilot.domain.order import Order, Product
from copilot.playbook import Authority, Playbooks, Situation, load_playbooks, load_terms

POLICIES = [Path(__file__).parents[2] / "policies"]
ZONES = {"douyin.cn": "Asia/Shanghai", "tiktok_shop.us": "America/New_York", "generic": "Asia/Shanghai"}
NOW = datetime.fromisoformat("2026-11-22T15:02:30+08:00")
Build = Callable[..., Situation]


@pytest.fixture(scope="session")
def playbooks() -> Playbooks:
    return load_playbooks(POLICIES)


def order(**changes: Any) -> Order:
    """A delivered order of one line, ¥59.90, signed for today at 14:20."""
    data: dict[str, Any] = {
        "id": "6938166200417709313",
        "status": "delivered",
        "created_at": NOW - timedelta(days=3),
        "paid_at": NOW - timedelta(days=3),
        "delivered_at": "2026-11-22T14:20:00+08:00",
        "total": {"amount": "59.90", "currency": "CNY"},
        "items": [
            {"product_id": "p1", "name": "手绘陶瓷杯", "price": {"amount": "59.90", "currency": "CNY"}, "sku": "M"}
        ],
    }
    return Order.model_validate(data | changes)


def parcel(*, days_still: float = 0, eta_in: float | None = 2, number: str | None = "SF1") -> dict[str, Any]:
    at = NOW - timedelta(days=days_still)
    return {
        "carrier": "顺丰速运",
        "tracking_no": number,
        "events": [{"at": at, "text": "已到达"}],
        "eta": None if eta_in is None else NOW + timedelta(days=eta_in),
    }


def shipped(**changes: Any) -> Order:
    """The same order on its way, the parcel arriving in two days."""
    data: dict[str, Any] = {"status": "shipped", "delivered_at": None, "shipments": [parcel()]}
    return order(**(data | changes))


def to_ship(*, ship_in: float | None = 1, **changes: Any) -> Order:
    """The same order, paid and not shipped."""
    due = None if ship_in is None else NOW + timedelta(days=ship_in)
    data: dict[str, Any] = {"status": "to_ship", "delivered_at": None, "ship_by": due}
    return order(**(data | changes))


def understanding(
    *issues: str, turn: str = "new_issue", language: str = "zh", risks: Sequence[str] = (), **more: Any
) -> Understanding:
    told = {"issues": tuple(IssueReading(issue=Issue(issue), confidence=0.9) for issue in issues)}
    return Understanding(
        turn=Turn(turn),
        language=language,
        risks=tuple(RiskReading(risk=Risk(one), evidence=Evidence(start=0, end=1, text="x")) for one in risks),
        **(told | more),
    )


def situation(
    *issues: str,
    about: Order | None = None,
    profile: str = "douyin.cn",
    terms: dict[str, Any] | None = None,
    now: datetime = NOW,
    turn: str = "new_issue",
    language: str = "zh",
    risks: Sequence[str] = (),
    read: dict[str, Any] | None = None,
    products: tuple[Product, ...] | None = None,
    **more: Any,
) -> Situation:
    """A situation of a shop under the shipped terms; ``about`` is the chosen order."""
    chosen = None if about is None else OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT)
    shop_terms = load_terms(profile, POLICIES).overlaid(terms or {})
    dated = clock.load_profile(profile, POLICIES, now)
    days = clock.shop_calendar(dated, POLICIES, clock.zone_of(dated, ZONES[profile]))
    values: dict[str, Any] = {
        "understanding": understanding(*issues, turn=turn, language=language, risks=risks, **(read or {})),
        "now": now,
        "days": days,
        "terms": shop_terms,
        "authority": Authority.of(shop_terms),
        "orders": () if about is None else (about,),
        "order": chosen,
        "products": products,
    }
    return Situation(**(values | more))


class Builders:
    """The builders of this file, for tests that cannot import it."""

    NOW = NOW
    POLICIES = POLICIES
    order = staticmethod(order)
    shipped = staticmethod(shipped)
    to_ship = staticmethod(to_ship)
    parcel = staticmethod(parcel)
    situation = staticmethod(situation)


@pytest.fixture(scope="session")
def a() -> type[Builders]:
    return Builders
