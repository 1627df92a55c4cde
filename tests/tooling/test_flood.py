"""The flood of ``make bench``: what it pours, without a server, and how its row judges itself."""

from collections import Counter

import pytest

from benchmarks.__main__ import line
from benchmarks.flood import FLOOD, mixed
from benchmarks.measure import summed
from copilot.sdk.testing import Push


def test_a_fifth_of_two_thousand_deliveries_came_before_and_none_is_in_its_place() -> None:
    pushes = [Push(str(number).encode()) for number in range(FLOOD.distinct)]
    poured = mixed(pushes, FLOOD)
    assert (len(poured), FLOOD.distinct, FLOOD.deliveries) == (2000, 1600, 2000)
    times = Counter(one.body for one in poured)
    assert (set(times), sum(number == 2 for number in times.values())) == ({one.body for one in pushes}, 400)
    assert sum(poured[at] == pushes[at] for at in range(1600)) < 16, "they are shuffled"
    assert poured == mixed(pushes, FLOOD), "the same in every run"


@pytest.mark.parametrize(("slow", "word"), [(0.2, "; reached: yes"), (0.4, "; reached: no")])
def test_a_row_with_a_limit_judges_its_p99_and_others_say_nothing(slow: float, word: str) -> None:
    times = [0.01] * 90 + [slow] * 10
    assert line(summed("flood", times, "p99 ≤ 300 ms", 0.3)).endswith(f"p99 ≤ 300 ms{word}")
    assert line(summed("flood", times, "p99 ≤ 300 ms")).endswith("p99 ≤ 300 ms")
