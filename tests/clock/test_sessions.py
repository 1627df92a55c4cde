"""Where sessions begin and end by each rule of a profile, and what counts as an answer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copilot.assets import policy_folders
from copilot.clock import Profile, load_profile
from copilot.clock.greetings import is_bare_greeting
from copilot.clock.reception import content, rate_of, shown_rate, waits
from copilot.clock.sessions import Answered, By, Said, Session, answered, sessions_of

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BANGKOK = ZoneInfo("Asia/Bangkok")


def profile(name: str, moment: datetime = NOON) -> Profile:
    """A shipped profile as it held at a moment."""
    return load_profile(name, policy_folders(), moment)


SEA, DOUYIN = profile("tiktok_shop.sea"), profile("douyin.cn")
OLDER = profile("tiktok_shop.us", datetime(2022, 2, 1, tzinfo=UTC))


def at(hours: float = 0, *, seconds: float = 0) -> datetime:
    """A moment after noon."""
    return NOON + timedelta(hours=hours, seconds=seconds)


def buyer(hours: float = 0, seconds: float = 0) -> Said:
    """The buyer says something."""
    return Said(at(hours, seconds=seconds), By.BUYER)


def person(hours: float, seconds: float = 0) -> Said:
    """A person answers."""
    return Said(at(hours, seconds=seconds), By.PERSON, "lin")


def machine(hours: float, seconds: float = 0) -> Said:
    """An auto reply."""
    return Said(at(hours, seconds=seconds), By.MACHINE)


def only(said: list[Said], now: datetime, by: Profile = SEA, **more: list[datetime]) -> Session:
    """The one session of ``said``."""
    (found,) = sessions_of(said, by, BANGKOK, now, **more)
    return found


@pytest.mark.feature("F101")
def test_a_session_ends_72_hours_after_words_that_nobody_answered() -> None:
    assert only([buyer()], at(72)).ended_at is None
    assert only([buyer()], at(72, seconds=-1)).ended_at is None
    assert only([buyer()], at(72, seconds=1)).ended_at == at(72)
    # The next word of the buyer is another session exactly then.
    assert len(sessions_of([buyer(), buyer(72, -1)], SEA, BANGKOK, at(73))) == 1
    assert len(sessions_of([buyer(), buyer(72, 1)], SEA, BANGKOK, at(73))) == 2


@pytest.mark.feature("F102")
def test_a_session_ends_6_hours_after_an_answer_that_the_buyer_leaves_alone() -> None:
    talk = [buyer(), person(0.1)]
    assert only(talk, at(6.1, seconds=-1)).ended_at is None
    assert only(talk, at(6.1, seconds=1)).ended_at == at(6.1)
    assert len(sessions_of([*talk, buyer(6.1, -1)], SEA, BANGKOK, at(7))) == 1
    assert len(sessions_of([*talk, buyer(6.1, 1)], SEA, BANGKOK, at(7))) == 2


@pytest.mark.feature("F103")
def test_a_session_ends_10_minutes_after_an_auto_reply_that_the_buyer_leaves_alone() -> None:
    talk = [buyer(), machine(0, 2)]
    assert only(talk, at(seconds=602 - 1)).ended_at is None
    assert only(talk, at(seconds=602 + 1)).ended_at == at(seconds=602)
    assert len(sessions_of([*talk, buyer(0, 602 + 1)], SEA, BANGKOK, at(1))) == 2


@pytest.mark.feature("F104")
def test_the_older_manual_closes_the_same_session_at_seven_days() -> None:
    assert only([buyer()], at(72, seconds=1), SEA).ended_at == at(72)
    assert only([buyer()], at(7 * 24, seconds=-1), OLDER).ended_at is None
    assert only([buyer()], at(7 * 24, seconds=1), OLDER).ended_at == at(7 * 24)


def test_a_hand_ends_a_session_before_any_silence_does() -> None:
    talk = [buyer(), person(0.1)]
    assert only(talk, at(1), ends=[at(0.5)]).ended_at == at(0.5)
    first, second = sessions_of([*talk, buyer(0.6)], SEA, BANGKOK, at(1), [at(0.5)])
    assert (first.ended_at, second.began_at) == (at(0.5), at(0.6))


def test_where_no_silence_is_published_an_answered_session_lasts_for_the_shops_day() -> None:
    # Noon UTC is 20:00 in Shanghai: midnight comes four hours after it.
    shanghai, evening = ZoneInfo("Asia/Shanghai"), NOON + timedelta(hours=8)
    first, answer = Said(evening, By.BUYER), Said(evening + timedelta(minutes=1), By.PERSON)
    before, after = evening + timedelta(hours=3.9), evening + timedelta(hours=4.1)
    assert len(sessions_of([first, answer, Said(before, By.BUYER)], DOUYIN, shanghai, after)) == 1
    assert len(sessions_of([first, answer, Said(after, By.BUYER)], DOUYIN, shanghai, after)) == 2
    # Whoever still waits for a word waits in the same session.
    assert len(sessions_of([first, Said(after, By.BUYER)], DOUYIN, shanghai, after)) == 1


def test_what_the_shop_says_by_itself_opens_nothing() -> None:
    assert sessions_of([person(0), machine(0.1)], SEA, BANGKOK, at(1)) == []


@pytest.mark.feature("F099")
def test_an_auto_reply_answers_only_what_the_buyer_asks_nothing_more_about() -> None:
    rate = SEA.responses["shop"]
    solved = only([buyer(), machine(0, 2)], at(1))
    assert answered(solved, rate, BANGKOK, at(13)) is Answered.IN_TIME
    further = only([buyer(), machine(0, 2), buyer(0.1)], at(13))
    assert answered(further, rate, BANGKOK, at(1)) is Answered.PENDING
    assert answered(further, rate, BANGKOK, at(13)) is Answered.MISSED
    by_hand = only([buyer(), machine(0, 2), buyer(0.1), person(0.2)], at(1))
    assert answered(by_hand, rate, BANGKOK, at(13)) is Answered.IN_TIME
    # Where the platform counts people only, it never does.
    assert answered(solved, DOUYIN.responses["human_reply"], BANGKOK, at(1)) is Answered.MISSED


def test_a_bare_greeting_is_no_answer_and_what_is_outside_the_hours_does_not_count() -> None:
    rate = DOUYIN.responses["human_reply"]
    talk = only([buyer(), Said(at(seconds=5), By.GREETING)], at(1), DOUYIN)
    assert (talk.greeted_at, talk.first_response) == (at(seconds=5), None)
    assert answered(talk, rate, ZoneInfo("Asia/Shanghai"), at(1)) is Answered.MISSED
    # 04:00 UTC is 23:00 the evening before in New York: just outside 8:00 to 23:00.
    assert answered(talk, rate, ZoneInfo("America/New_York"), at(1)) is Answered.APART


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("亲,在的哦~", True),
        ("您好!😊", True),
        ("Hi there!", True),
        ("您好,明天18点前发出", False),
        ("在的,照片收到了", False),
        ("Hello, it ships by Nov 5", False),
        ("👌", False),
    ],
)
def test_a_bare_greeting_is_told_from_an_answer(text: str, bare: bool) -> None:
    assert is_bare_greeting(text) is bare


def test_the_time_of_an_answer_counts_to_the_second() -> None:
    rate = DOUYIN.responses["human_reply"]
    shanghai = ZoneInfo("Asia/Shanghai")
    in_time = only([buyer(), person(0, 180)], at(1), DOUYIN)
    late = only([buyer(), person(0, 181)], at(1), DOUYIN)
    assert answered(in_time, rate, shanghai, at(1)) is Answered.IN_TIME
    assert answered(late, rate, shanghai, at(1)) is Answered.MISSED
    waiting = only([buyer()], at(seconds=180), DOUYIN)
    assert answered(waiting, rate, shanghai, at(seconds=180)) is Answered.PENDING
    assert answered(waiting, rate, shanghai, at(seconds=181)) is Answered.MISSED


@pytest.mark.feature("F096")
@pytest.mark.feature("F114")
def test_waits_give_median_ninetieth_percentile_and_share_of_the_target() -> None:
    found = waits(
        (timedelta(seconds=one) for one in (300, 10, 20, 30, 40, 50, 60, 70, 301, 4000)), timedelta(minutes=5)
    )
    assert found is not None
    assert (found.count, found.median_seconds, found.p90_seconds, found.in_time) == (10, 55, 301, 8)
    alone = waits([timedelta(seconds=7)], timedelta(minutes=5))
    assert alone is not None
    assert (alone.median_seconds, alone.p90_seconds) == (7, 7)
    assert waits([], timedelta(minutes=5)) is None


def test_a_rate_counts_what_is_decided() -> None:
    rate = shown_rate(DOUYIN)
    assert rate is DOUYIN.responses["human_reply"]
    assert shown_rate(profile("tiktok_shop.uk")) is None
    quick = [Session(NOON, replied_at=at(seconds=30))] * 3
    slow = Session(NOON, replied_at=at(seconds=300))
    waiting = Session(at(1), None)
    found = rate_of([*quick, slow, waiting], DOUYIN.responses["human_reply"], ZoneInfo("Asia/Shanghai"), at(1))
    assert (found.in_time, found.missed, found.pending, found.percent) == (3, 1, 1, 75.0)
    nothing = rate_of([waiting], DOUYIN.responses["human_reply"], ZoneInfo("Asia/Shanghai"), at(1))
    assert nothing.percent is None


@pytest.mark.feature("F112")
def test_satisfaction_is_of_those_who_rated() -> None:
    found = content([5, 4, 3, 1, None, None])
    assert found is not None
    assert (found.rated, found.satisfied, found.percent) == (4, 2, 50.0)
    assert content([None, None]) is None
    assert content([]) is None
