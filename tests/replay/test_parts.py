"""The small parts: times, samples, differences of findings."""

import zoneinfo
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.assets import policy_folders
from copilot.domain.verdict import Finding, Severity
from copilot.replay.comparing import changes
from copilot.replay.options import Side
from copilot.replay.packs import zone_for
from copilot.replay.samples import Floors, Samples, sample_key
from copilot.replay.times import Times, When

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")


def _times(**options: object) -> Times:
    return Times(lambda day: 7, SHANGHAI, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-03T10:00:00+08:00", "2026-11-03"),
        ("2026-11-03T17:00:00Z", "2026-11-04"),
        ("2026-11-03T17:00:00.123Z", "2026-11-04"),
        ("2026-11-03T17:00Z", "2026-11-04"),
        ("2026-11-03T10:30-08:00", "2026-11-04"),
        ("2026-11-03T10:30+08:00", "2026-11-03"),
        ("2026-11-03 23:59:59", "2026-11-03"),
        ("2026-11-03", "2026-11-03"),
        ("20261103T101112Z", "2026-11-03"),
        ("2026/11/3 9:05", "2026-11-03"),
        ("2026年11月3日 9:05:01", "2026-11-03"),
        (1_793_699_999, "2026-11-03"),
        (1_793_724_000_000, "2026-11-04"),
        ("1793699999", "2026-11-03"),
        ("1793699999.5", "2026-11-03"),
    ],
)
def test_times_as_they_are_written(value: object, day: str) -> None:
    assert _times().when(value) == When(day, "2026-W45", 7)


@pytest.mark.parametrize("value", ["soon", "2026-13-40", "2026-11-03T25:00:00Z", True, [], {}, "9" * 5000, "x" * 70])
def test_what_is_no_time_is_told_apart_from_none(value: object) -> None:
    assert _times().when(value) == When("", "", 7, ok=False)
    for nothing in (None, "", "  "):
        assert _times().when(nothing) == When("", "", 7, ok=True)


@pytest.mark.parametrize(
    "value", [1e300, -1, float("nan"), float("inf"), pytest.param(10**5000, id="huge"), "1e300", "-1", "nan"]
)
def test_a_number_that_is_no_moment_is_not_possible(value: object) -> None:
    assert _times().when(value) == When("", "", 7, ok=False, possible=False)


def test_a_naive_time_is_in_the_zone_of_its_table() -> None:
    new_york = zoneinfo.ZoneInfo("America/New_York")
    assert _times(naive=new_york).when("2026-11-03 22:00").day == "2026-11-04"
    assert _times(form="%d.%m.%Y %H:%M").when("03.11.2026 22:00").day == "2026-11-03"
    assert not _times(form="%d.%m.%Y %H:%M").when("2026-11-03 22:00").ok


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.timezones()))
def test_a_day_is_that_of_the_moment_in_the_zone(moment: datetime) -> None:
    times = _times()
    for value in (moment.isoformat(), moment.isoformat(timespec="seconds"), moment.isoformat(timespec="milliseconds")):
        assert times.when(value).day == moment.astimezone(SHANGHAI).date().isoformat()
        assert times.when(value) == Times(lambda day: 7, SHANGHAI).when(value)


def test_the_zone_of_days_is_the_profiles_unless_one_is_named() -> None:
    day = datetime(2026, 11, 3).date()
    assert str(zone_for(None, Side("douyin.cn@2026-11", policy_folders()), day)) == "Asia/Shanghai"
    assert str(zone_for("UTC", Side("douyin.cn", policy_folders()), day)) == "UTC"
    assert zone_for(None, Side("tiktok_shop.us", policy_folders()), day) is None
    assert zone_for(None, Side("nothing", policy_folders()), day) is None


ITEMS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 50)), max_size=60)


@given(st.lists(ITEMS, max_size=8), st.integers(1, 3))
def test_what_passes_no_floor_is_in_no_sample(pieces: list[list[tuple[str, int]]], processes: int) -> None:
    floors = [Floors() for _ in range(processes)]
    whole, kept = Samples(3), Samples(3)
    for number, piece in enumerate(pieces):
        outcome = Samples(3)
        for text, place in piece:
            key = sample_key(text, number, place)
            whole.add({"key": key})
            if floors[number % processes].passes("rule", 3, key):
                outcome.add({"key": key})
        kept.merge(outcome)
        # Also of a run that is interrupted here.
        assert kept.listed() == whole.listed()


def test_what_was_offered_before_does_not_pass_again() -> None:
    floors = Floors()
    keys = [sample_key(text, 1) for text in "abc"]
    assert floors.passes("rule", 1, max(keys))
    assert floors.passes("rule", 1, min(keys))
    assert not floors.passes("rule", 1, max(keys))
    assert floors.passes("another", 1, max(keys))


@given(ITEMS, st.integers(0, 60), st.randoms(use_true_random=False))
def test_samples_do_not_depend_on_order_or_cut(
    items: list[tuple[str, int]],
    cut: int,
    random: "st.Random",  # type: ignore[name-defined]
) -> None:
    made = [{"key": sample_key(text, place), "text": text, "place": place} for text, place in items]
    whole = Samples(5, made).listed()
    mixed = list(made)
    random.shuffle(mixed)
    left, right = Samples(5, mixed[:cut]), Samples(5, mixed[cut:])
    left.merge(right)
    assert left.listed() == whole
    assert Samples(5, whole).listed() == whole
    assert len(whole) == min(5, len({text for text, _ in items}))
    for sample in whole:
        assert sample["place"] == min(place for text, place in items if text == sample["text"])


def _finding(rule: str, start: int, end: int, severity: Severity = Severity.BLOCK) -> Finding:
    return Finding(rule=rule, family="f", severity=severity, start=start, end=end, text="", reason="")


def test_differences_pair_findings_of_one_rule_that_overlap() -> None:
    now = [_finding("a", 0, 4), _finding("a", 10, 12), _finding("b", 5, 6), _finding("c", 0, 1, Severity.WARN)]
    before = [_finding("a", 1, 3), _finding("b", 5, 6), _finding("a", 20, 22), _finding("c", 0, 1)]
    told = [(change.kind, change.finding.rule, change.finding.start) for change in changes(now, before)]
    assert told == [("changed", "c", 0), ("changed", "a", 0), ("caught", "a", 10), ("released", "a", 20)]
    assert changes(now, now) == []
    turned = [(change.kind, change.finding.start) for change in changes(before, now)]
    assert sorted(kind for kind, _ in turned) == ["caught", "changed", "changed", "released"]


def test_an_exact_match_is_not_taken_by_a_neighbour() -> None:
    now = [_finding("a", 0, 6), _finding("a", 2, 4)]
    assert [(change.kind, change.finding.start) for change in changes(now, now[1:])] == [("caught", 0)]
    assert [(change.kind, change.finding.start) for change in changes(now[1:], now)] == [("released", 0)]
