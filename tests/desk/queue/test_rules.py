"""Who is given which conversation: the whole truth table, and orders that no other rule may break."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.desk.queue.rules import Agent, Waiting, Why, hand_out, why_nobody

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
XIA, LIN, MEI = (uuid.UUID(int=number) for number in (1, 2, 3))


def waiting(number: int, seconds: float = 0, **more: object) -> Waiting:
    return Waiting(uuid.UUID(int=100 + number), NOW - timedelta(seconds=seconds), **more)  # type: ignore[arg-type]


def agent(id: uuid.UUID, page: bool, receives: bool, room: bool) -> Agent:
    return Agent(id, page, receives, capacity=3, held=0 if room else 3)


@pytest.mark.feature("F033")
@pytest.mark.feature("F011")
def test_a_conversation_is_unassigned_exactly_when_nobody_is_online_or_all_who_are_have_no_room() -> None:
    rows = list(product([False, True], repeat=6))
    assert len(rows) == 64
    for first, second in ((row[:3], row[3:]) for row in rows):
        team = [agent(XIA, *first), agent(LIN, *second)]
        online = [member for member in (first, second) if member[0] and member[1]]
        nobody_online = not online
        all_full = bool(online) and not any(room for _, _, room in online)
        given_to = hand_out([waiting(1)], team, NOW).given
        assert (not given_to) == (nobody_online or all_full), (first, second)
        expected = Why.NOBODY_ONLINE if nobody_online else Why.ALL_FULL if all_full else None
        assert why_nobody(team) is expected, (first, second)


@pytest.mark.feature("F036")
def test_the_two_oldest_of_three_leave_for_two_places_in_their_order() -> None:
    three = [waiting(3, 10), waiting(1, 30), waiting(2, 20)]
    gifts = hand_out(three, [Agent(XIA, capacity=2), Agent(LIN, receives=False)], NOW)
    assert list(gifts.given.items()) == [(three[1].conversation, XIA), (three[2].conversation, XIA)]


@pytest.mark.feature("F012")
def test_the_only_one_who_receives_gets_everything_whatever_the_page_the_toggle_and_the_limit_say() -> None:
    alone = Agent(XIA, page_open=False, receives=False, capacity=0)
    assert hand_out([waiting(1), waiting(2)], [alone], NOW).given == {
        waiting(1).conversation: XIA,
        waiting(2).conversation: XIA,
    }


@pytest.mark.feature("F006")
def test_a_matter_is_offered_to_its_group_first_and_after_a_while_to_anybody() -> None:
    group = Agent(XIA, capacity=1, held=1, groups=frozenset({"after_sale"}))
    other = Agent(LIN)
    first = timedelta(seconds=60)
    fresh = waiting(1, 59, category="after_sale", first_for=first)
    kept = hand_out([fresh], [group, other], NOW)
    assert (kept.given, kept.again) == ({}, NOW + timedelta(seconds=1))
    assert hand_out([waiting(1, 60, category="after_sale", first_for=first)], [group, other], NOW).given == {
        fresh.conversation: LIN
    }
    # With room in the group it is theirs, though the other has fewer.
    free = Agent(XIA, capacity=5, held=4, groups=frozenset({"after_sale"}))
    assert hand_out([fresh], [free, other], NOW).given == {fresh.conversation: XIA}
    # Nobody waits for a group that is not there, and another matter is not held up.
    away = Agent(XIA, page_open=False, groups=frozenset({"after_sale"}))
    assert hand_out([fresh], [away, other], NOW).given == {fresh.conversation: LIN}
    both = hand_out([fresh, waiting(2, 5, category="pre_sale", first_for=first)], [group, other], NOW)
    assert both.given == {waiting(2).conversation: LIN}


def test_the_last_holder_goes_before_whoever_has_fewer() -> None:
    team = [Agent(XIA, held=5), Agent(LIN, held=0)]
    assert hand_out([waiting(1, before=XIA)], team, NOW).given == {waiting(1).conversation: XIA}
    full = [Agent(XIA, held=5, capacity=5), Agent(LIN, held=0)]
    assert hand_out([waiting(1, before=XIA)], full, NOW).given == {waiting(1).conversation: LIN}


@given(
    st.lists(st.integers(0, 50), max_size=12),
    st.lists(
        st.tuples(st.booleans(), st.booleans(), st.none() | st.integers(0, 4), st.integers(0, 3)),
        min_size=2,
        max_size=4,
    ),
)
@pytest.mark.feature("F043")
def test_nobody_gets_more_than_they_can_take_and_nobody_younger_goes_first(
    ages: list[int], team: list[tuple[bool, bool, int | None, int]]
) -> None:
    agents = [Agent(uuid.UUID(int=n), page, on, most, held) for n, (page, on, most, held) in enumerate(team)]
    queue = [waiting(n, age) for n, age in enumerate(ages)]
    given_out = hand_out(queue, agents, NOW).given
    for one in agents:
        mine = sum(person == one.id for person in given_out.values())
        assert mine == 0 or one.online
        assert one.capacity is None or mine == 0 or one.held + mine <= one.capacity
    left = [one for one in queue if one.conversation not in given_out]
    gone = [one for one in queue if one.conversation in given_out]
    assert not left or all(one.since <= min(other.since for other in left) for one in gone)
    if left:
        assert why_nobody(
            [
                Agent(a.id, a.page_open, a.receives, a.capacity, a.held + sum(p == a.id for p in given_out.values()))
                for a in agents
            ]
        )
