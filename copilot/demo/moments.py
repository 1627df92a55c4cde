"""Times in the script are told from now ("-2d 14:20", "-40m"), so that a story is as fresh on any day."""

import re
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from copilot.domain.errors import BadInput

_DAY = re.compile(r"(?P<days>[+-]?\d+)d (?P<hour>\d\d):(?P<minute>\d\d)")
_SPAN = re.compile(r"(?P<sign>[+-])(?P<number>\d+)(?P<unit>[mh])")
TIMES = frozenset(
    {
        "created_at",
        "paid_at",
        "ship_by",
        "delivered_at",
        "at",
        "eta",
        "deadline",
        "received_at",
        "refunded_at",
        "settled_at",
    }
)
"""The keys of an order that hold a time."""


def moment(told: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The time that ``told`` means: days with a time of day in ``zone``, or minutes and hours from ``now``.

    Raises:
        BadInput: it says neither.
    """
    if found := _DAY.fullmatch(told):
        day: date = now.astimezone(zone).date() + timedelta(days=int(found["days"]))
        return datetime(day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), tzinfo=zone)
    if found := _SPAN.fullmatch(told):
        minutes = int(found["number"]) * (60 if found["unit"] == "h" else 1)
        return (now + timedelta(minutes=minutes if found["sign"] == "+" else -minutes)).astimezone(zone)
    raise BadInput(f"the script says {told!r} where a time belongs", remedy='write "-2d 14:20", "-40m" or "+3h"')


def dated(value: Any, now: datetime, zone: ZoneInfo) -> Any:
    """``value`` with every told time replaced by a real one."""
    if isinstance(value, list):
        return [dated(one, now, zone) for one in cast(list[Any], value)]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, inner in cast(dict[str, Any], value).items():
        timed = key in TIMES and isinstance(inner, str)
        found[key] = moment(inner, now, zone).isoformat() if timed else dated(inner, now, zone)
    return found
