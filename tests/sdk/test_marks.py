"""Lists that are read by their last change: whatever moves meanwhile, nothing is lost and nothing is asked for ever."""

import random

import pytest
from pydantic import ValidationError

from copilot.sdk.marks import OVERLAP_SECONDS, Change, Mark

NOW = 1_795_348_800
SIZE = 5


class Listing:
    """A platform's list: which entry changed when."""

    def __init__(self) -> None:
        self.changed: dict[str, int] = {}

    def page(self, mark: Mark, now: int) -> tuple[list[Change], str | None]:
        within = [Change(id, at) for id, at in self.changed.items() if mark.since <= at <= now]
        within.sort(key=lambda one: (one.at, one.id))
        start = int(mark.page or "0") * SIZE
        return within[start : start + SIZE], str(int(mark.page or "0") + 1) if len(within) > start + SIZE else None


@pytest.mark.parametrize("seed", range(20))
def test_every_change_is_given_while_others_move(seed: int) -> None:
    """Each look something moves, also within the second that is being read; every last state is told in the end."""
    chance, listing, now = random.Random(seed), Listing(), NOW
    mark, given = Mark.first(now), dict[str, int]()
    for look in range(300):
        if look < 250:
            listing.changed[str(chance.randrange(40))] = now
            now += chance.choice((0, 0, 1, 7))
        rows, following = listing.page(mark, now)
        given |= {one.id: one.at for one in rows if mark.is_news(one)}
        mark = mark.behind(rows, following, now)
        assert len(mark.known) <= 40
    assert given == listing.changed


def test_a_round_gives_nothing_twice_that_fits_into_its_mark() -> None:
    rows = [Change(str(number), NOW - number) for number in (30, 20, 10)]
    mark = Mark.first(NOW).behind(rows, None, NOW)
    assert mark.since == NOW - OVERLAP_SECONDS
    assert not any(mark.is_news(one) for one in rows)
    assert mark.is_news(Change("10", NOW)), "it moved again"
    assert len(mark.behind(rows, None, NOW, keep=2).known) == 2


@pytest.mark.parametrize("at", [0, -5, 10**12])
def test_a_time_that_is_none_moves_no_mark(at: int) -> None:
    first = Mark.first(NOW)
    mark = first.behind([Change("7", at)], "2", NOW)
    assert (mark.since, mark.page) == (first.since, "2"), "the next page of the same beginning"
    assert mark.is_news(Change("7", at)), "nobody knows whether it is old"


@pytest.mark.parametrize("told", [{"since": -1}, {"since": 1, "page": "x" * 501}, {"since": 1, "known": {"x" * 31: 1}}])
def test_a_mark_of_garbage_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Mark.model_validate(told)
