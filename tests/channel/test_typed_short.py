"""What colleagues promise as people type on a phone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from copilot.channel.overheard import promised_in

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "what", "day"),
    [
        ("itll go out tmrw by 5pm!", "ship", 25),
        ("keep the wrong ones, ill get the 8.5 out to u today", "ship", 24),
        ("we'll get the other pair off to you by friday", "ship", 27),
        ("ill have the right size out tmr", "ship", 25),
    ],
)
def test_a_promise_in_short_forms_is_one(text: str, what: str, day: int) -> None:
    assert [(one.what, one.due.day) for one in promised_in(text, NOW, ZONE)] == [(what, day)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        # Two working days after a Thursday end on Monday, whatever a week's end lies between.
        ("It'll ship within 2 business days.", 30),
        ("您的货2个工作日内给您发出", 30),
        ("We'll ship it within 2 days.", 28),
    ],
)
def test_working_days_leave_out_the_weekend(text: str, day: int) -> None:
    thursday = datetime(2026, 11, 26, 15, 30, tzinfo=ZONE)
    assert [one.due.day for one in promised_in(text, thursday, ZONE)] == [day]


@pytest.mark.parametrize(
    "text", ["i cant get the stain out either", "did you get the 8.5 out of the box?", "ur order should be the 8.5"]
)
def test_no_promise_is_heard_in_other_words(text: str) -> None:
    assert promised_in(text, NOW, ZONE) == ()
