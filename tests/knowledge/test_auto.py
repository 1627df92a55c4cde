"""When a configured auto reply fires, and that each candidate says why it did or did not."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from copilot.domain.auto import WHY_WORDS, AutoReply, Why
from copilot.knowledge.auto import Moment, chosen, holds_at
from copilot.knowledge.sound import problem_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
# A Friday.
EVENING = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)

NIGHT: dict[str, Any] = {"trigger": "after_hours", "starts": "22:00", "ends": "08:00", "text": "明早回复您。"}


def reply(name: str = "one", **more: Any) -> AutoReply:
    return AutoReply.model_validate({"id": name, "language": "zh", "text": "稍等。", **more})


def said(text: str = "在吗", **more: Any) -> Moment:
    given: dict[str, Any] = {"text": text, "language": "zh", "at": EVENING, "zone": SHANGHAI, **more}
    return Moment(**given)


def whys(*replies: AutoReply, moment: Moment, allowed: bool = True) -> dict[str, Why]:
    _, tried = chosen(replies, moment, lambda _: allowed)
    return {one.id: one.why for one in tried}


@pytest.mark.feature("F052")
@pytest.mark.parametrize(
    ("local", "holds"),
    [
        ("2026-11-20T21:59", False),
        ("2026-11-20T22:00", True),
        ("2026-11-20T23:59", True),
        ("2026-11-21T00:00", True),
        ("2026-11-21T07:59", True),
        ("2026-11-21T08:00", False),
    ],
)
def test_a_window_over_midnight(local: str, holds: bool) -> None:
    assert holds_at(reply(**NIGHT), datetime.fromisoformat(local).replace(tzinfo=SHANGHAI), SHANGHAI) is holds


@pytest.mark.parametrize(
    ("local", "holds"),
    [
        ("2026-11-20T23:00", True),
        ("2026-11-21T02:00", True),  # Saturday's small hours are still Friday's night
        ("2026-11-21T23:00", False),
        ("2026-11-20T02:00", False),
    ],
)
def test_a_window_belongs_to_the_day_on_which_it_starts(local: str, holds: bool) -> None:
    friday = reply(**NIGHT, days=["friday"])
    assert holds_at(friday, datetime.fromisoformat(local).replace(tzinfo=SHANGHAI), SHANGHAI) is holds


def test_the_wall_clock_decides_on_the_day_that_has_an_hour_twice() -> None:
    early = reply(trigger="after_hours", starts="01:00", ends="02:00")
    once, again = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert holds_at(early, once, NEW_YORK)
    assert holds_at(early, again, NEW_YORK)
    assert not holds_at(early, datetime(2026, 11, 1, 7, 30, tzinfo=UTC), NEW_YORK)


@pytest.mark.parametrize(
    ("text", "language", "word", "why"),
    [
        ("请问怎么开发票呀", "zh", "发票", Why.FIRED),
        ("发 票", "zh", "发票", Why.NO_KEYWORD),
        ("Need an INVOICE pls", "en", "invoice", Why.FIRED),
        ("Ｉｎｖｏｉｃｅ?", "en", "invoice", Why.FIRED),
        ("where is my part", "en", "art", Why.NO_KEYWORD),
        ("modern art please", "en", "art", Why.FIRED),
        ("vip会员", "zh", "会员", Why.FIRED),
    ],
)
def test_keywords(text: str, language: str, word: str, why: Why) -> None:
    one = reply(language=language, trigger="keywords", keywords=[word])
    assert whys(one, moment=said(text, language=language)) == {"one": why}


@pytest.mark.parametrize(
    ("busy_from", "busy", "waiting", "why"),
    [
        (10, True, 9, Why.NOT_BUSY),
        (10, True, 10, Why.FIRED),
        (10, False, 10, Why.NOT_BUSY),
        (None, True, 0, Why.FIRED),
        (None, False, 50, Why.NOT_BUSY),
    ],
)
def test_busy_needs_an_agent_who_is_and_counts_who_waits(
    busy_from: int | None, busy: bool, waiting: int, why: Why
) -> None:
    one = reply(trigger="busy", busy_from=busy_from)
    assert whys(one, moment=said(busy=busy, waiting=waiting)) == {"one": why}


def test_one_busy_reply_a_session_whichever_it_is() -> None:
    two = (reply("a", trigger="busy"), reply("b", trigger="busy"))
    assert whys(*two, moment=said(busy=True)) == {"a": Why.FIRED, "b": Why.ANOTHER}
    assert whys(*two, moment=said(busy=True, sent=frozenset({"a"}))) == {"a": Why.ONCE, "b": Why.ONCE}


def test_one_fires_and_the_others_say_why_they_did_not() -> None:
    replies = (
        reply("busy", trigger="busy", busy_from=1),
        reply("night", **NIGHT),
        reply("invoice", trigger="keywords", keywords=["发票"]),
        reply("off", trigger="keywords", keywords=["在吗"], active=False),
        reply("english", language="en", trigger="busy", busy_from=1),
        reply("noon", trigger="after_hours", starts="12:00", ends="13:00"),
        reply("twice", trigger="keywords", keywords=["在吗"]),
    )
    fired, _ = chosen(replies, said(busy=True, waiting=5, sent=frozenset({"twice"})), lambda _: True)
    assert fired is not None
    assert fired.id == "night"
    assert whys(*replies, moment=said(busy=True, waiting=5, sent=frozenset({"twice"}))) == {
        "busy": Why.ANOTHER, "night": Why.FIRED, "invoice": Why.NO_KEYWORD, "off": Why.INACTIVE,
        "english": Why.LANGUAGE, "noon": Why.OUTSIDE, "twice": Why.ONCE,
    }  # fmt: skip


def test_nothing_fires_behind_a_person_or_against_the_rules() -> None:
    assert whys(reply(**NIGHT), moment=said(answered=True)) == {"one": Why.ANSWERED}
    assert whys(reply(**NIGHT), moment=said(), allowed=False) == {"one": Why.RULES}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"trigger": "keywords"}, "keywords"),
        ({"trigger": "keywords", "keywords": [" "]}, "keywords"),
        ({"trigger": "after_hours"}, "starts"),
        ({"trigger": "after_hours", "starts": "22:00"}, "ends"),
        ({"trigger": "busy", "busy_from": 3, "days": ["monday"]}, "days"),
    ],
)
def test_one_that_could_never_fire_as_meant_is_named_with_its_field(more: dict[str, Any], field: str) -> None:
    problem = problem_of(reply(**more))
    assert problem is not None
    assert problem.startswith(f"{field}: ")


@pytest.mark.parametrize("more", [{"starts": "24:00", "ends": "08:00"}, {"busy_from": 0}, {"trigger": "always"}])
def test_what_is_no_time_no_number_or_no_trigger_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AutoReply.model_validate(
            {"id": "one", "language": "zh", "text": "x", "trigger": "busy", "busy_from": 1, **more}
        )


def test_each_reason_has_its_own_words_in_both_languages() -> None:
    for language in ("en", "zh"):
        assert len({WHY_WORDS[one][language] for one in Why}) == len(Why)
