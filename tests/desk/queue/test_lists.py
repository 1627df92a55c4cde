"""States, filters and orders, each as its words say, and counts that are the lengths of the lists."""

import random
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from copilot.assets import policy_folders
from copilot.clock import load_profile
from copilot.desk.inbox import Chosen, Conversations
from copilot.desk.list_shapes import LastMessage, Marked, Row
from copilot.desk.queue.lists import (
    Filter,
    Place,
    Sort,
    TalkState,
    Unreplied,
    is_expiring,
    is_unread,
    place_of,
    state_of,
    unreplied_of,
)
from copilot.desk.shapes import BuyerShown, PersonShown

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LIN = PersonShown(id="lin", name="Lin")


@pytest.mark.feature("F021")
def test_a_conversation_is_pending_replied_or_closed() -> None:
    table = {(ended, waits): state_of(ended=ended, waits=waits) for ended, waits in product([False, True], repeat=2)}
    assert table == {
        (False, False): TalkState.REPLIED,
        (False, True): TalkState.PENDING,
        (True, False): TalkState.CLOSED,
        (True, True): TalkState.CLOSED,
    }


@pytest.mark.feature("F024")
def test_what_is_not_over_stands_in_exactly_one_of_two_lists() -> None:
    assert place_of(ended=False, held=True) is Place.IN_PROGRESS
    assert place_of(ended=False, held=False) is Place.UNASSIGNED
    assert {place_of(ended=True, held=held) for held in (False, True)} == {Place.HISTORY}


@pytest.mark.feature("F028")
@pytest.mark.parametrize(("seconds", "listed"), [(0, False), (1, True)])
def test_about_to_expire_begins_behind_the_profiles_number_to_the_second(seconds: int, listed: bool) -> None:
    profile = load_profile("tiktok_shop.us", policy_folders(), NOW)
    since = NOW - timedelta(hours=20, seconds=seconds)
    assert is_expiring(since, NOW, profile) is listed
    assert not is_expiring(since, NOW, load_profile("douyin.cn", policy_folders(), NOW))
    assert not is_expiring(None, NOW, profile)


@pytest.mark.feature("F062")
def test_an_automatic_answer_leaves_the_buyer_unreplied_and_says_why() -> None:
    assert unreplied_of(waits=True, ended=False, auto_answered=True) is Unreplied.AUTO_ANSWERED
    assert unreplied_of(waits=True, ended=False, auto_answered=False) is Unreplied.WAITING
    assert unreplied_of(waits=False, ended=False, auto_answered=True) is None
    assert unreplied_of(waits=True, ended=True, auto_answered=False) is None


def test_unread_is_what_the_buyer_wrote_behind_what_was_seen() -> None:
    assert [is_unread(*pair) for pair in ((None, None), (3, None), (3, 2), (3, 3))] == [False, True, True, False]


def row(number: int, random_: random.Random) -> Row:
    """A conversation in which anything may have happened."""
    maybe = random_.random
    ended, waits, held = maybe() < 0.3, maybe() < 0.5, maybe() < 0.5
    since = NOW - timedelta(minutes=random_.randrange(3000)) if waits else None
    at = NOW - timedelta(minutes=random_.randrange(5))
    return Row(
        id=f"{number:04}",
        shop=random_.choice(["a", "b"]),
        buyer=BuyerShown(id="b"),
        last=LastMessage(role="buyer", kind="text", text="", at=at),
        waiting_since=since,
        deadline_at=since + timedelta(minutes=random_.randrange(3)) if since else None,
        state=state_of(ended=ended, waits=waits),
        place=place_of(ended=ended, held=held),
        holder=LIN if held and not ended else None,
        unread=maybe() < 0.5,
        unreplied=unreplied_of(waits=waits, ended=ended, auto_answered=maybe() < 0.5),
        expiring=waits and maybe() < 0.2,
        marked=Marked(by=LIN, at=NOW) if maybe() < 0.2 else None,
        buyer_at=at,
    )


@pytest.mark.feature("F031")
def test_counts_are_the_lengths_of_the_lists_after_any_thousand_events() -> None:
    chance = random.Random(7)
    rows = {number: row(number, chance) for number in range(60)}
    for _ in range(1000):
        number = chance.randrange(80)
        rows[number] = row(number, chance)
        found = Conversations(list(rows.values()), {"a": 1, "b": 1})
        counts = found.counts(person="lin")
        for chosen in Filter:
            assert getattr(counts, chosen.value) == len(found.listed(Chosen(chosen=chosen)))
        assert counts.in_progress == len(found.listed(Chosen(place=Place.IN_PROGRESS)))
        assert counts.unassigned == len(found.listed(Chosen(place=Place.UNASSIGNED)))
        assert counts.mine == len(found.listed(Chosen(place=Place.IN_PROGRESS, mine="lin")))
        assert counts.open == len(found.listed(Chosen(only_open=True)))
        assert counts.in_progress + counts.unassigned + counts.ended == len(rows)


@pytest.mark.feature("F038")
@pytest.mark.feature("F039")
@pytest.mark.feature("F030")
def test_orders_never_fall_the_wrong_way_and_ties_go_by_id() -> None:
    chance = random.Random(9)
    found = Conversations([row(number, chance) for number in range(300)], {})
    waits = [(NOW - one.waiting_since, one.id) for one in found.listed(Chosen(sort=Sort.WAITING)) if one.waiting_since]
    assert waits == sorted(waits, key=lambda pair: (-pair[0], pair[1]))
    newest = [(one.buyer_at, one.id) for one in found.listed(Chosen(sort=Sort.NEWEST)) if one.buyer_at]
    assert newest == sorted(newest, key=lambda pair: (-pair[0].timestamp(), pair[1]))
    for sort in Sort:
        ended = [(one.last_at, one.id) for one in found.listed(Chosen(chosen=Filter.ENDED, sort=sort)) if one.last_at]
        assert ended == sorted(ended, key=lambda pair: (-pair[0].timestamp(), pair[1]))
