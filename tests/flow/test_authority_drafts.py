"""Through the whole flow: whatever was given before, no draft names what the agent may not give."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.domain.clock import FrozenClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.flow.deps import Deps
from copilot.flow.graph import compile_graph
from copilot.flow.memory import NOBODY, OneConversation
from copilot.flow.shops import Shops
from copilot.flow.state import State
from copilot.flow.threads import Threads
from copilot.flow.views import end_of, view_of
from copilot.playbook import Given
from copilot.policy.claims.amounts import amounts
from tests.flow.conftest import NOON

SAYS = (
    "收到碎了两个,怎么办",
    "少了一个杯子",
    "显示签收了我没收到",
    "质量太差了要退款",
    "发错货了",
    "退点钱吧,碎了一个",
)
minor = st.integers(min_value=1, max_value=30_000)


@dataclass(frozen=True)
class Before:
    """The port ``Grants`` that knows one sum."""

    known: Given

    async def given(self, order: str | None, again: Issue | None = None) -> Given:
        return self.known


def conversation(words: str, price: int, terms: dict[str, Any]) -> Conversation:
    money = Money.from_minor(price, "CNY").model_dump(mode="json")
    order: dict[str, Any] = {
        "id": "6920348170035512",
        "status": "delivered",
        "created_at": (NOON - timedelta(days=2)).isoformat(),
        "delivered_at": (NOON - timedelta(hours=2)).isoformat(),
        "total": money,
        "items": [{"product_id": "p1", "name": "青釉茶杯", "quantity": 1, "price": money}],
        "shipments": [{"tracking_no": "SF1", "status": "delivered", "events": []}],
    }
    said = {"id": "m1", "role": "buyer", "text": words, "sent_at": NOON.isoformat()}
    return Conversation.model_validate(
        {
            "id": "c1",
            "platform": "douyin",
            "market": "cn",
            "messages": [said],
            "orders": [order],
            "entered_from_order": order["id"],
            "terms": {"photo_required": False, **terms},
        }
    )


async def _draft(shops: Shops, talk: Conversation, before: Given) -> DraftView | None:
    clock = FrozenClock(NOON)
    port = OneConversation(talk)
    rules = shops.of_platform("douyin", "cn", NOON)
    deps = Deps(clock, port, port, rules, shops.prompts, grants=Before(before))
    start: State = {"merchant": NOBODY, "conversation": "c1", "draft": "c1", "revision": 1}
    reached = await Threads(compile_graph()).run("c1", start, deps)
    return None if end_of(reached.state) else view_of(reached.state)


def limit(value: int | None) -> dict[str, str] | None:
    return None if value is None else Money.from_minor(value, "CNY").model_dump(mode="json")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.sampled_from(SAYS),
    price=minor,
    ceilings=st.fixed_dictionaries({name: st.none() | minor for name in ("per_order", "per_buyer", "per_day")}),
    before=minor,
    percent=st.integers(1, 99),
)
def test_no_draft_offers_or_names_what_is_above_what_is_left(
    shops: Shops, words: str, price: int, ceilings: dict[str, int | None], before: int, percent: int
) -> None:
    agent = {name: limit(value) for name, value in ceilings.items()}
    terms = {"keep_refund_percent": percent, "authority": {"agent": agent}}
    sums = {"CNY": before}
    view = asyncio.run(
        _draft(shops, conversation(words, price, terms), Given(per_order=sums, per_buyer=sums, per_day=sums))
    )
    if view is None:
        return
    if view.grant is not None:
        for value in ceilings.values():
            assert value is None or before + view.grant.cost.minor <= value
        assert ceilings["per_order"] is not None
    offered = {one.cost.minor for one in view.options if one.cost is not None}
    named = {Money.model_validate(found.value).minor for found in amounts(view.text, "CNY")}
    refused = {one.cost.minor for one in view.over_ceiling if one.cost is not None}
    assert not named & (refused - offered - {price})


def test_the_property_is_not_empty(shops: Shops) -> None:
    """With nothing given the partial refund is named; with everything given it is neither offered nor named."""
    terms = {"keep_refund_percent": 50, "authority": {"agent": {"per_order": limit(8000)}}}
    talk = conversation(SAYS[0], 6000, terms)
    free = asyncio.run(_draft(shops, talk, Given()))
    bound = asyncio.run(_draft(shops, talk, Given(per_order={"CNY": 6000})))
    assert free is not None
    assert bound is not None
    assert "30元" in free.text
    assert "30元" not in bound.text
    assert {one.key for one in bound.over_ceiling} == {"reship", "refund_keep"}
