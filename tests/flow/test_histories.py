"""Whole talks at random, through the real reading and planning: whatever was said, offered, taken up and given before,
no draft holds an option outside its condition, the shop's terms or the ceilings.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.domain.clock import FrozenClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import Grant, NoPlan, Plan
from copilot.flow.deps import Deps
from copilot.flow.graph import compile_graph
from copilot.flow.memory import NOBODY, OneConversation
from copilot.flow.shops import Shops
from copilot.flow.state import State
from copilot.flow.steps import plan as planning
from copilot.flow.threads import Threads
from copilot.flow.views import end_of, view_of
from copilot.playbook import Given, Playbooks, Situation
from copilot.playbook.scenes import scope_of
from tests.flow.conftest import NOON

ORDER = "6920348170035512"
BUYER = (
    "收到碎了两个,怎么办",
    "少了一个杯子",
    "显示签收了我没收到",
    "质量太差了要退款",
    "发错货了",
    "不想要了,能退吗",
    "怎么还没到",
    "什么时候到账",
    "在吗",
    "补发的呢,说好的今天发",
)
SHOP = (
    "您好,在的",
    "亲,给您补发一个可以吗",
    "这边给您退30元,您看可以吗",
    "A. 补发 B. 部分退款20元,您选一个",
    "已经给您安排补发了,明天18点前寄出",
    "您先拍张照片我们看看",
    "可以退货退款的,您申请一下",
)
CHOICES = (
    "A吧",
    "那就补发吧",
    "还是退钱吧",
    "退款可以",
    "都不要",
    "换B",
    "好的",
)
STATES = ("delivered",) * 5 + ("completed", "shipped", "to_ship", "cancelled", "unpaid")
AFTER_SALES = (
    *(None,) * 6,
    ("refund", "pending"),
    ("return", "approved"),
    ("return", "returned_received"),
    ("exchange", "processing"),
    ("refund", "refunded"),
    ("refund", "rejected"),
)
LIMITS = ("per_order", "per_buyer", "per_day")
minor = st.integers(1, 30_000)
# Mostly enough for something, so that talks come to offers and choices.
limits = st.sampled_from([30_000, 30_000, None]) | st.integers(3_000, 30_000) | minor
given_before = st.just(0) | st.integers(0, 5_000) | minor


THREADS = Threads(compile_graph())


@dataclass(frozen=True)
class Counted:
    """A grant of a reply that was sent."""

    grant: Grant
    here: bool = True


@dataclass
class Ledger:
    """The port ``Grants`` over what this talk gave, beside what others gave before; by the rules of the store."""

    others: dict[str, int]
    kept: list[Counted] = field(default_factory=list[Counted])

    async def given(self, order: str | None, again: Issue | None = None) -> Given:
        stays = sum(one.grant.cost.minor for one in self.staying(again))
        reserved: dict[Issue | None, dict[str, int]] = {
            one.grant.issue: {"CNY": one.grant.cost.minor} for one in self.kept if not one.grant.settled
        }
        sums = [{"CNY": self.others[name] + stays} for name in LIMITS]
        return Given(per_order=sums[0], per_buyer=sums[1], per_day=sums[2], reserved=reserved)

    def staying(self, again: Issue | None) -> Iterator[Counted]:
        """What a new grant about this order is given beside."""
        return (one for one in self.kept if one.grant.settled and (again is None or one.grant.issue is not again))

    def takes_up(self, grant: Grant) -> bool:
        """Whether an offer that stands has counted all of it."""
        offers = [one.grant for one in self.kept if not one.grant.settled and one.grant.issue is grant.issue]
        return grant.settled and any(one.cost.minor >= grant.cost.minor for one in offers)

    def count(self, grant: Grant, *, again: Issue | None) -> None:
        self.kept = [*self.staying(again), Counted(grant)]


@dataclass
class Talk:
    """One conversation as it grows; ``seen`` are the decisions of its last draft."""

    shops: Shops = field(repr=False)
    values: dict[str, Any]
    ledger: Ledger
    ceilings: dict[str, int | None]
    now: datetime = NOON
    threads: Threads = field(default_factory=lambda: THREADS, repr=False)
    seen: list[tuple[Playbooks, Situation, Plan | NoPlan]] = field(
        default_factory=list[tuple[Playbooks, Situation, Plan | NoPlan]], repr=False
    )

    def says(self, role: str, text: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        messages = self.values["messages"]
        said = {"id": f"m{len(messages)}", "role": role, "text": text, "sent_at": self.now.isoformat()}
        self.values["messages"] = [*messages, said]

    async def draft(self) -> DraftView | None:
        talk, clock = Conversation.model_validate(self.values), FrozenClock(self.now)
        port, rules = OneConversation(talk), self.shops.of_platform("douyin", "cn", self.now)
        deps = Deps(clock, port, port, rules, self.shops.prompts, grants=self.ledger)
        start: State = {"merchant": NOBODY, "conversation": "c1", "draft": "c1", "revision": 1}
        self.seen.clear()
        reached = await self.threads.run("c1", start, deps)
        await self.threads.forget("c1")
        return None if end_of(reached.state) else view_of(reached.state)


def money(value: int | None) -> dict[str, str] | None:
    return None if value is None else Money.from_minor(value, "CNY").model_dump(mode="json")


@st.composite
def talks(draw: Any, shops: Shops) -> Talk:
    price = draw(st.integers(100, 20_000))
    status = draw(st.sampled_from(STATES))
    arrived = NOON - timedelta(days=draw(st.integers(0, 12))) if status in ("delivered", "completed") else None
    order: dict[str, Any] = {
        "id": ORDER,
        "status": status,
        "created_at": (NOON - timedelta(days=14)).isoformat(),
        "delivered_at": arrived and arrived.isoformat(),
        "total": money(price),
        "items": [{"product_id": "p1", "name": "青釉茶杯", "quantity": 1, "price": money(price)}],
        "shipments": [] if status in ("to_ship", "unpaid") else [{"tracking_no": "SF1", "events": []}],
    }
    if (asked := draw(st.sampled_from(AFTER_SALES))) is not None and status != "unpaid":
        amount = money(draw(st.sampled_from([price, price // 2])))
        order["after_sales"] = [{"id": "as1", "kind": asked[0], "status": asked[1], "amount": amount}]
    ceilings = {name: draw(limits) for name in LIMITS}
    terms = {
        "photo_required": draw(st.sampled_from([False, False, False, True])),
        "keep_refund_percent": draw(st.sampled_from([50, 30, None])),
        "return_days": draw(st.sampled_from([7, 7, 3, None])),
        "refund_lost": draw(st.booleans()),
        "exchange": draw(st.booleans()),
        "reship": draw(st.sampled_from([{"within_days": 1, "cutoff": "18:00"}, None])),
        "authority": {"agent": {name: money(value) for name, value in ceilings.items()}},
    }
    # Goods that are gone: what would send some is outside its condition.
    cups = {"id": "p1", "name": "青釉茶杯", "price": money(price), "stock": draw(st.sampled_from([0, 5, None]))}
    values = {"id": "c1", "platform": "douyin", "market": "cn", "messages": [], "orders": [order], "terms": terms}
    values["products"] = [cups]
    others = {name: draw(given_before) for name in LIMITS}
    return Talk(shops, {**values, "entered_from_order": ORDER}, Ledger(others), ceilings)


steps = st.tuples(
    st.sampled_from(CHOICES) | st.sampled_from((*BUYER, *CHOICES)),
    st.sampled_from(["accept", "accept", "accept", "types", "nothing"]),
    st.sampled_from(SHOP),
    st.sampled_from([1, 5, 60, 60 * 30]),
)


def costs_of(playbooks: Playbooks, situation: Situation, plan: Plan) -> list[int]:
    """What each option of the plan costs the shop beyond what is due; fails where one stands outside its condition."""
    found: list[int] = []
    for option in plan.options:
        assert plan.issue is not None
        playbook = playbooks.by_issue[plan.issue]
        conditions = scope_of(playbooks, playbook, situation).seen
        rules = [one for one in playbook.options.values() if one.key == option.key]
        standing = [one for one in rules if one.when.holds(conditions) is True]
        assert standing, option.key
        if option.cost is not None and option.cost.minor and not any(one.rule.entitled for one in standing):
            found.append(option.cost.minor)
    return found


def holds_what_it_must(talk: Talk, view: DraftView) -> str:
    """Fails where the draft holds what it must not; tells what it held."""
    playbooks, situation, plan = talk.seen[-1]
    assert isinstance(plan, Plan)
    ceilings = {name: limit for name, limit in talk.ceilings.items() if limit is not None}
    again = view.grant.issue if view.grant is not None and view.replaces is not None else None
    before = sum(one.grant.cost.minor for one in talk.ledger.staying(again))

    def is_allowed(cost: int) -> bool:
        return "per_order" in ceilings and all(
            talk.ledger.others[name] + before + cost <= limit for name, limit in ceilings.items()
        )

    assert {one.key for one in view.options} == {one.key for one in plan.options}
    for cost in costs_of(playbooks, situation, plan):
        assert is_allowed(cost), cost
    if view.grant is not None:
        assert is_allowed(view.grant.cost.minor) or talk.ledger.takes_up(view.grant), view.grant
    if view.options:
        return "offer"
    return "settled" if view.grant is not None and view.grant.settled else "other"


def test_no_draft_of_any_talk_holds_what_is_not_allowed(shops: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, int] = {}
    real, current = planning.decide, [Talk(shops, {}, Ledger({}), {})]

    def recorded(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
        plan = real(playbooks, situation)
        current[0].seen.append((playbooks, situation, plan))
        return plan

    monkeypatch.setattr(planning, "decide", recorded)

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(talk=talks(shops), story=st.lists(steps, min_size=2, max_size=3), first=st.sampled_from(BUYER))
    def goes_on(talk: Talk, story: list[tuple[str, str, str, int]], first: str) -> None:
        current[0] = talk
        for at, (words, does, typed, minutes) in enumerate(story):
            talk.says("buyer", words if at else first, minutes)
            view = asyncio.run(talk.draft())
            if view is not None:
                what = holds_what_it_must(talk, view)
                held[what] = held.get(what, 0) + 1
            if view is not None and does == "accept":
                if view.grant is not None:
                    again = view.grant.issue if view.replaces is not None else None
                    talk.ledger.count(view.grant, again=again)
                talk.says("agent", view.text, 1)
            elif does == "types":
                talk.says("agent", typed, 1)

    goes_on()
    # Talks came as far as offers that cost, and to choices of them.
    assert held.get("offer", 0) > 10, held
    assert held.get("settled", 0) > 2, held
