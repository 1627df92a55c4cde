from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from copilot import clock
from copilot.clock.profiles import load_calendar
from copilot.clock.schema import Profile
from copilot.domain.errors import BadConfiguration, PolicyFileError

POLICIES = [Path(__file__).parents[2] / "policies"]
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def profile(name: str, at: date | datetime = NOW) -> Profile:
    return clock.load_profile(name, POLICIES, at)


def test_every_shipped_profile_loads_and_is_clean() -> None:
    assert clock.lint(POLICIES) == []
    assert {"douyin.cn", "tiktok_shop.us", "generic"} <= set(clock.profile_names(POLICIES))
    for name in clock.profile_names(POLICIES):
        assert profile(name).profile == name


def test_the_document_in_force_on_the_day_counts() -> None:
    before, after = profile("tiktok_shop.us", date(2022, 12, 31)), profile("tiktok_shop.us", date(2023, 1, 1))
    assert before.session.unreplied_close_days is not None
    assert before.session.unreplied_close_days.value == 7
    assert before.session.seller_silent_hours is None
    assert after.session.seller_silent_hours is not None
    assert after.session.seller_silent_hours.value == 72
    with pytest.raises(BadConfiguration, match="not in force on 2020-01-01"):
        profile("tiktok_shop.us", date(2020, 1, 1))


def test_the_numbers_of_the_platforms() -> None:
    us = profile("tiktok_shop.us")
    session, shop = us.session, us.responses["shop"]
    numbers = (
        session.buyer_silent_hours,
        session.auto_reply_silent_minutes,
        session.about_to_expire_hours,
        session.reply_window_days,
        shop.target_percent,
        shop.warning_below_percent,
        shop.least_buyer_messages,
        us.limits.agents,
        us.limits.max_chars,
    )
    assert [number.value if number else None for number in numbers] == [6, 10, 20, 30, 85, 90, 5, 20, 2000]
    assert shop.checked_on == "monday"
    assert not shop.greeting_counts


@pytest.mark.parametrize(("name", "seconds"), [("douyin.cn", 18), ("tiktok_shop.us", 240)])
def test_a_draft_is_there_before_the_platform_s_clock_runs_out(name: str, seconds: int) -> None:
    assert clock.draft_deadline(NOW, profile(name)) == NOW + timedelta(seconds=seconds)


def test_a_burst_closes_when_it_is_quiet_or_at_the_cap() -> None:
    douyin = profile("douyin.cn")
    assert clock.burst_closes(NOW, NOW + timedelta(seconds=1), douyin) == NOW + timedelta(seconds=2.2)
    assert clock.burst_closes(NOW, NOW + timedelta(seconds=5.9), douyin) == NOW + timedelta(seconds=6)


def test_replies_end_with_the_window() -> None:
    us = profile("tiktok_shop.us")
    ends = NOW + timedelta(days=30)
    assert clock.can_reply(us, ends - timedelta(seconds=1), NOW).possible
    closed = clock.can_reply(us, ends, NOW)
    assert (closed.possible, closed.until, closed.rule) == (False, ends, "session.reply_window_days")
    assert clock.can_reply(us, ends, NOW, last_order=NOW).possible
    assert not clock.can_reply(us, NOW + timedelta(days=60), NOW, last_order=NOW).possible


def test_no_window_or_no_times_means_open() -> None:
    years = NOW + timedelta(days=1000)
    assert clock.can_reply(profile("generic"), years, NOW).possible
    assert clock.can_reply(profile("tiktok_shop.us"), years, None).possible


def test_a_shop_of_many_zones_must_name_its_own() -> None:
    us = profile("tiktok_shop.us")
    with pytest.raises(BadConfiguration, match="needs its own time zone"):
        clock.zone_of(us)
    assert clock.zone_of(us, default="America/New_York").key == "America/New_York"
    assert clock.zone_of(us, "America/Denver", "America/New_York").key == "America/Denver"
    assert clock.zone_of(profile("douyin.cn"), default="UTC").key == "Asia/Shanghai"


def test_ten_business_days_around_a_bank_holiday() -> None:
    us = profile("tiktok_shop.us")
    days = clock.shop_calendar(us, POLICIES, clock.zone_of(us, "America/New_York"))
    assert days.business_days_after(datetime(2026, 11, 3, 20, 20, tzinfo=UTC), 10) == date(2026, 11, 18)
    china = load_calendar(profile("douyin.cn"), POLICIES)
    assert china is not None
    # National Day: nobody works from the 1st to the 7th, Saturday the 10th is worked.
    assert china.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert china.add(date(2026, 10, 9), 1) == date(2026, 10, 10)


def own(folder: Path, text: str) -> Path:
    (folder / "profiles").mkdir()
    file = folder / "profiles" / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


NUMBER = "{value: 1, source: ours}"
DRAFT = (
    f"draft: {{clock_seconds: {{value: 9, source: ours}}, review_margin_seconds: {NUMBER},"
    f" quiet_seconds: {NUMBER}, burst_cap_seconds: {NUMBER}}}\n"
)
HEAD = 'profile: own\nplatform: x\nmarket: Y\neffective: "2026-01-01"\nsource: ours\nzone: Asia/Tokyo\n'


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (HEAD + DRAFT + "sesion: {}\n", 8, "did you mean 'session'"),
        (HEAD + DRAFT.replace("quiet_seconds", "quite_seconds"), 7, "did you mean 'quiet_seconds'"),
        (HEAD.replace("Asia/Tokyo", "Asia/Tokio") + DRAFT, 6, "not a time zone"),
        (HEAD.replace("profile: own", "profile: other") + DRAFT, 1, "must be 'own'"),
        (HEAD + DRAFT + "---\n" + HEAD + DRAFT, 12, "must be later"),
        (HEAD + DRAFT.replace("{value: 9, source: ours}", "{value: 9, source: ''}"), 7, "say where"),
        (
            HEAD + DRAFT.replace("{value: 9, source: ours}", "{value: -9, source: ours}"),
            7,
            "greater than or equal to 0",
        ),
    ],
)
def test_a_mistake_names_its_place(text: str, line: int, told: str, tmp_path: Path) -> None:
    file = own(tmp_path, text)
    with pytest.raises(PolicyFileError) as caught:
        clock.load_profile("own", [tmp_path], NOW)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert told in str(caught.value)
    assert [(one.file, one.line) for one in clock.lint([tmp_path])] == [(file, line)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + DRAFT.replace("clock_seconds: {value: 9", "clock_seconds: {value: 1"), "leaves no time"),
        (HEAD + "holidays: nowhere\n" + DRAFT, "no such file"),
    ],
)
def test_lint_finds_what_loads_and_cannot_be_right(text: str, told: str, tmp_path: Path) -> None:
    own(tmp_path, text)
    assert any(told in finding.text for finding in clock.lint([tmp_path]))


def test_a_later_folder_replaces_the_whole_file(tmp_path: Path) -> None:
    own(tmp_path, HEAD.replace("own", "generic") + DRAFT)
    (tmp_path / "profiles" / "own.yaml").rename(tmp_path / "profiles" / "generic.yaml")
    assert clock.load_profile("generic", [*POLICIES, tmp_path], NOW).zone == "Asia/Tokyo"


def test_an_unknown_profile_names_the_nearest() -> None:
    with pytest.raises(BadConfiguration, match=r"no profile 'tiktokshop\.us'; did you mean 'tiktok_shop\.us'"):
        profile("tiktokshop.us")
