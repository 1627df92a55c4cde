"""The breaker: who fails often is left alone, then tried with one call at a time."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.clock import FrozenClock
from copilot.model.breaker import LONGEST_PAUSE, Breaker, Limits, Permit, State

LIMITS = Limits(faults=3, window=60.0, pause=30.0)


def _clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
def breaker(clock: FrozenClock) -> Breaker:
    return Breaker(clock, LIMITS)


def _ask(breaker: Breaker) -> Permit:
    permit = breaker.ask()
    assert permit is not None
    return permit


def _fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        _ask(breaker).failed()


def test_it_opens_at_the_last_allowed_fault_and_not_before(breaker: Breaker) -> None:
    _fail(breaker, 2)
    assert breaker.state is State.CLOSED

    _fail(breaker)

    assert breaker.state is State.OPEN
    assert breaker.ask() is None


def test_faults_that_left_the_window_do_not_count(breaker: Breaker, clock: FrozenClock) -> None:
    _fail(breaker, 2)
    clock.advance(60)
    _fail(breaker, 2)

    assert breaker.state is State.CLOSED


def test_a_busy_model_is_not_stopped_by_a_few_faults(breaker: Breaker) -> None:
    for _ in range(4):
        _ask(breaker).succeeded()
    _fail(breaker, 3)
    assert breaker.state is State.CLOSED, "three of seven"

    _fail(breaker)

    assert breaker.state is State.OPEN, "four of eight"


def test_after_the_pause_one_probe_decides(breaker: Breaker, clock: FrozenClock) -> None:
    _fail(breaker, 3)
    clock.advance(29.9)
    assert breaker.ask() is None
    clock.advance(0.1)
    assert breaker.state is State.HALF_OPEN

    probe = _ask(breaker)
    assert breaker.ask() is None, "one probe at a time"
    probe.failed()
    assert breaker.state is State.OPEN

    clock.advance(30)
    _ask(breaker).succeeded()
    assert breaker.state is State.CLOSED
    _fail(breaker, 2)
    assert breaker.state is State.CLOSED, "what was before the pause is forgotten"


def test_a_probe_that_was_given_up_makes_room_for_the_next(breaker: Breaker, clock: FrozenClock) -> None:
    _fail(breaker, 3)
    clock.advance(30)
    _ask(breaker).dropped()

    assert breaker.state is State.HALF_OPEN
    assert breaker.admits


def test_the_providers_own_word_opens_it_at_once_for_that_long(breaker: Breaker, clock: FrozenClock) -> None:
    _ask(breaker).failed(retry_after=7)

    clock.advance(6.9)
    assert breaker.state is State.OPEN
    clock.advance(0.1)
    assert breaker.state is State.HALF_OPEN


def test_a_shorter_word_does_not_shorten_a_pause(breaker: Breaker, clock: FrozenClock) -> None:
    late = _ask(breaker)
    _fail(breaker, 3)
    late.failed(retry_after=1)
    clock.advance(29)

    assert breaker.state is State.OPEN


def test_nobody_is_left_alone_for_days(breaker: Breaker, clock: FrozenClock) -> None:
    _ask(breaker).failed(retry_after=1e9)
    clock.advance(LONGEST_PAUSE)

    assert breaker.state is State.HALF_OPEN


@pytest.mark.parametrize("settle", [Permit.succeeded, Permit.failed, Permit.dropped])
def test_a_call_from_before_the_pause_neither_closes_nor_frees_it(
    breaker: Breaker, clock: FrozenClock, settle: object
) -> None:
    late = _ask(breaker)
    _fail(breaker, 3)
    clock.advance(30)
    _ask(breaker)

    assert callable(settle)
    settle(late)

    assert breaker.state is State.HALF_OPEN
    assert breaker.ask() is None


def test_only_the_first_settlement_counts(breaker: Breaker) -> None:
    permit = _ask(breaker)
    for _ in range(3):
        permit.failed()

    assert breaker.state is State.CLOSED


STEP = st.one_of(
    st.tuples(st.just("ask"), st.just(0.0)),
    st.tuples(st.sampled_from(["succeeded", "failed", "dropped", "told"]), st.floats(0, 0.999)),
    st.tuples(st.just("wait"), st.floats(0.1, 45)),
)


@given(st.lists(STEP, max_size=120))
def test_never_more_than_one_probe_at_a_time(steps: list[tuple[str, float]]) -> None:
    clock = _clock()
    breaker = Breaker(clock, LIMITS)
    out: list[tuple[Permit, bool]] = []
    for what, value in steps:
        before = breaker.state
        if what == "wait":
            clock.advance(value)
        elif what == "ask":
            permit = breaker.ask()
            if permit is not None:
                assert before is not State.OPEN
                out.append((permit, before is State.HALF_OPEN))
        elif out:
            permit, probing = out.pop(int(value * len(out)))
            if what == "told":
                permit.failed(retry_after=10)
            else:
                getattr(permit, what)()
            if before is not State.CLOSED and not probing:
                assert breaker.state is not State.CLOSED, "only a probe closes it"
        assert sum(probing for _, probing in out) <= 1
    for permit, _ in out:
        permit.dropped()
    clock.advance(LONGEST_PAUSE)
    assert breaker.admits, "it never stays shut"
