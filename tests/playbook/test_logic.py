"""What lint proves of conditions: random ones against every small world there is, and faults that were put in."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.playbook import lint
from copilot.playbook.conditions import Expression
from copilot.playbook.logic import covered, excludes, impossible
from copilot.playbook.values import names
from tests.playbook.test_files import change, folder

__all__ = ["folder"]

STATES = (None, "unpaid", "to_ship", "shipped", "completed")
SHIPPED = ("shipped", "delivered", "completed")


def worlds() -> Iterator[dict[str, dict[str, object]]]:
    """Every order that could be, in small numbers; what is unknown has no key."""
    for state, arrived, days, most, photo, wish in itertools.product(
        STATES, (True, False), (None, 0, 1, 2), (None, 0, 1), (True, False), ("", "a")
    ):
        delivered = state == "completed" or (arrived and state != "unpaid")
        if (days is not None and not delivered) or (state == "completed" and not arrived):
            continue
        order: dict[str, object] = {"known": True, "days_since_delivered": days}
        order |= {"delivered": delivered if state or arrived else None, "status": state}
        if state is not None:
            order |= {"shipped": state in SHIPPED, "unpaid": state == "unpaid", "to_ship": state == "to_ship"}
        yield {
            "order": {name: value for name, value in order.items() if value is not None},
            "terms": {} if most is None else {"return_days": most},
            "turn": {"photo": photo, "wish": wish},
        }


WORLDS = tuple(worlds())
ATOMS = (
    "turn.photo",
    "order.delivered",
    "order.shipped == false",
    "order.unpaid",
    "has(order.status)",
    "has(order.delivered)",
    "has(terms.return_days)",
    "has(order.days_since_delivered)",
    "order.status == 'unpaid'",
    "order.status != 'shipped'",
    "'completed' == order.status",
    "order.status in ['shipped', 'completed']",
    "turn.wish == 'a'",
    "turn.wish in ['', 'b']",
    "order.days_since_delivered > terms.return_days",
    "order.days_since_delivered > terms.return_days + 1",
    "terms.return_days >= order.days_since_delivered",
    "order.days_since_delivered - terms.return_days == 1",
    "order.days_since_delivered < 2",
    "order.days_since_delivered in [0, 2]",
    "terms.return_days != 0",
    "1 <= terms.return_days",
    "(turn.photo ? order.delivered : order.to_ship)",
    "terms.return_days * 2 > 1",
    "terms.return_days * 2 <= 1",
    "true",
)
conditions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda made: f"({made[0]} {made[1]} {made[2]})")
        | inner.map(lambda one: f"!({one})")
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def holds(playbooks: Any) -> Any:
    """In which worlds a condition is true."""
    known = names(playbooks.words)

    def found(source: str) -> frozenset[int]:
        compiled = Expression(source, known)
        return frozenset(at for at, world in enumerate(WORLDS) if compiled.holds(world) is True)

    return found


def test_nothing_that_is_reachable_is_said_not_to_be(holds: Any) -> None:
    said = {"impossible": 0, "excludes": 0, "covered": 0}

    @settings(max_examples=150)
    @given(one=conditions, others=st.lists(conditions, min_size=1, max_size=3))
    def look(one: str, others: list[str]) -> None:
        reached = holds(one)
        taken = [holds(other) for other in others]
        if impossible(one):
            said["impossible"] += 1
            assert not reached, one
        if excludes(one, others[0]):
            said["excludes"] += 1
            assert not reached & taken[0], (one, others[0])
        if covered(one, others):
            said["covered"] += 1
            assert reached <= frozenset().union(*taken), (one, others)
        # The other way round: a condition covers itself, whatever it is made of.
        assert covered(one, [*others, one])

    look()
    assert min(said.values()) > 3, said


def test_of_two_plain_conditions_everything_is_seen(holds: Any) -> None:
    """Not only nothing false: what no world allows is found, where it is no matter of numbers and nothing is opaque."""
    numbers = ("days_since_delivered", "return_days")
    plain = [one for one in ATOMS if "?" not in one and not any(number in one for number in numbers)]
    for one, other in itertools.product(plain, plain):
        assert excludes(one, other) is not bool(holds(one) & holds(other)), (one, other)
        assert covered(one, [other]) is (holds(one) <= holds(other)), (one, other)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("order.status == 'unpaid' && order.delivered", "always false"),
        ("order.days_since_delivered > 3 && order.status == 'unpaid'", "always false"),
        ("order.status in ['shipped'] && order.status == 'delivered'", "always false"),
        ("order.status in ['to_ship', 'unpaid'] && order.shipped", "always false"),
        ("shipment.tracked && !order.known", "always false"),
        ("after_sale.kind == 'refund' && after_sale.state == 'none'", "always false"),
        ("after_sale.state == 'in_progress' && turn.photo", "'in_progress' above is true"),
        ("order.unpaid || order.to_ship", "'checking' above is true whenever this is"),
        (
            "order.delivered && order.days_since_delivered > terms.return_days + 1",
            "'too_late' above is true whenever this is",
        ),
        ("order.days_since_delivered > terms.return_days", "'too_late' above has the same"),
        ("order.delivered && order.days_since_delivered > terms.return_days - 1", None),
        ("order.status in ['shipped'] && order.delivered", None),
        ("order.status == 'cancelled' && order.delivered", "'checking' above is true"),
    ],
)
def test_a_scene_that_the_facts_themselves_rule_out_is_found(when: str, told: str | None, folder: Any) -> None:
    line = change(folder / "playbooks" / "damaged.yaml", 'when: "!item.known"', f'when: "{when}"')
    found = [one for one in lint([folder]) if one.file.name == "damaged.yaml" and "never reached" in one.text]
    assert [(one.line, (told or "") in one.text) for one in found] == ([(line - 1, True)] if told else [])


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("order.status == 'unpaid'", "wherever its condition holds, 'checking' above is taken"),
        ("order.to_ship && order.ship_late", "wherever its condition holds, 'checking' above is taken"),
        ("after_sale.open || order.unpaid", "wherever its condition holds, one of the scenes above is taken"),
        ("order.status != 'unpaid' && order.status in ['unpaid', 'to_ship']", "'checking' above is taken"),
    ],
)
def test_an_option_for_orders_that_never_come_so_far_is_found(when: str, told: str, folder: Any) -> None:
    file = folder / "playbooks" / "damaged.yaml"
    line = change(
        file,
        "options: [reship_pieces, reship, refund_pieces, refund_keep]",
        "options: [reship_pieces, reship, refund_pieces, refund_keep, more]",
    )
    with file.open("a", encoding="utf-8") as own:
        own.write(
            "options:\n  more:\n    title: {zh: 取消, en: cancel}\n    action: cancel_refund\n"
            f'    when: "{when}"\n    amount: order.total\n    cost: order.total\n'
        )
    [finding] = lint([folder])
    assert finding.line == line
    assert "'more' is never offered here" in finding.text
    assert told in finding.text
