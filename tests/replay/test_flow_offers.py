"""What a plan offers and how two of them differ; the sums that come of it."""

import json

import pytest

from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.replay.drafts.offers import COST, LESS, MORE, MOVE, OTHER, Bill, Offer, Offered, change
from copilot.replay.drafts.totals import MOST_BUCKETS, DraftTotals, merged


def offer(*keys: str, cost: str = "5.00", act: str = "offer", order: str = "o1") -> Offer:
    money = Money(amount=cost, currency="CNY")
    options = tuple(Offered(key, key, gives=(("amount", f"{cost} CNY"),), cost=money) for key in keys)
    return Offer(act=act, issue=Issue.DAMAGED, order=order, options=options)


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (offer("refund"), offer("refund"), None),
        (offer("refund"), offer("refund", cost="6.00"), COST),
        (offer("refund"), offer("refund", "reship"), MORE),
        (offer("refund", "reship"), offer("reship"), LESS),
        (offer("refund"), offer("reship"), OTHER),
        (offer("refund"), offer("refund", act="confirm"), MOVE),
        (Offer(reason="no_playbook"), offer("refund"), MORE),
        (offer("refund"), Offer(act="hold"), LESS),
        (Offer(act="answer"), Offer(act="hold"), MOVE),
        (Offer(reason="no_playbook"), Offer(reason="unclear"), MOVE),
    ],
)
def test_the_kind_of_a_change(before: Offer, now: Offer, kind: str | None) -> None:
    assert change(before, now) == kind


def test_titles_and_scenes_are_words_and_change_nothing() -> None:
    one, two = offer("refund"), offer("refund")
    other = Offer(
        act="offer",
        options=(Offered("refund", "another title", gives=two.options[0].gives, cost=two.options[0].cost),),
        scene="x",
    )
    assert change(one, other) is None


def test_a_matter_counts_once_and_as_it_was_offered_last() -> None:
    bill = Bill({})
    bill.add(offer("refund", cost="5.00"))
    bill.add(offer("refund", cost="8.00"))
    bill.add(Offer(act="answer", issue=Issue.DAMAGED, order="o1"))
    bill.add(offer("refund", cost="1.00", order="o2"))
    assert bill.sums() == {"CNY": (2, 900, 900)}


def test_a_choice_costs_from_the_least_to_the_most() -> None:
    both = Offer(
        options=(*offer("refund", cost="5.00").options, *offer("reship", cost="20.00").options, Offered("x", "x"))
    )
    assert both.cost == (0, 2000)
    assert both.currency == "CNY"
    assert Offer().cost == (0, 0)


def some(shop: str, turns: int) -> DraftTotals:
    totals = DraftTotals(against="playbooks@old", conversations=1, turns=turns)
    totals.silent["unclear"] = turns
    totals.titles = {"refund": {"zh": "退款", "en": "refund"}}
    totals.bill(totals.costs, shop, {"CNY": (1, 10 * turns, 20 * turns)})
    for number in range(9):
        totals.samples.offer(f"changed|{shop}|x", f"{number}{shop}|p", lambda number=number: {"n": number})
    return totals


def test_sums_add_up_in_any_order_and_survive_json() -> None:
    parts = [some("A", 1), some("B", 2), some("A", 4)]
    there = merged(part.as_json() for part in parts)
    back = merged(json.loads(json.dumps(part.as_json())) for part in reversed(parts))
    assert json.dumps(there) == json.dumps(back)
    assert there["turns"] == 7
    assert there["silent"] == {"unclear": 7}
    assert there["costs"] == {"A": {"CNY": [2, 50, 100]}, "B": {"CNY": [1, 20, 40]}}
    assert there["against"] == "playbooks@old"
    assert there["partial"] is False


def test_one_interrupted_part_makes_the_whole_partial() -> None:
    part = some("A", 1)
    part.partial = True
    assert merged([some("B", 1).as_json(), part.as_json()])["partial"] is True


def test_samples_are_bounded_whatever_the_number_of_shops() -> None:
    totals = DraftTotals()
    for number in range(2 * MOST_BUCKETS):
        totals.samples.offer(f"changed|shop {number:04d}|x", "k|1", lambda: {})
    assert len(totals.samples.kept) == MOST_BUCKETS
    assert "changed|shop 0000|x" in totals.samples.kept
