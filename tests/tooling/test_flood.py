"""The flood of ``make bench``: what it pours, without a server."""

from collections import Counter

from benchmarks.flood import FLOOD, mixed
from copilot.sdk.testing import Push


def test_a_fifth_of_two_thousand_deliveries_came_before_and_none_is_in_its_place() -> None:
    pushes = [Push(str(number).encode()) for number in range(FLOOD.distinct)]
    poured = mixed(pushes, FLOOD)
    assert (len(poured), FLOOD.distinct, FLOOD.deliveries) == (2000, 1600, 2000)
    times = Counter(one.body for one in poured)
    assert (set(times), sum(number == 2 for number in times.values())) == ({one.body for one in pushes}, 400)
    assert sum(poured[at] == pushes[at] for at in range(1600)) < 16, "they are shuffled"
    assert poured == mixed(pushes, FLOOD), "the same in every run"
