"""When a buyer may be asked whether a matter is solved: within the window after it ended, in the shop's hours.

Pure arithmetic over moments; it knows no case and no database.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from copilot.clock.days import at_time
from copilot.playbook.terms import DeskHours


def window(resolved_at: datetime, hours: tuple[int, int]) -> tuple[datetime, datetime]:
    """From when and until when to ask; ``hours`` count from the resolution."""
    return resolved_at + timedelta(hours=hours[0]), resolved_at + timedelta(hours=hours[1])


def first_moment(
    start: datetime, end: datetime, now: datetime, desk: DeskHours | None, zone: ZoneInfo
) -> datetime | None:
    """The first moment from ``now`` on within ``start`` to ``end`` at which people answer; None when there is none.

    Without ``desk`` hours every moment will do.
    """
    earliest = max(start, now)
    if earliest > end:
        return None
    if desk is None or desk.opens == desk.closes:
        return earliest
    for opens, closes in _days(earliest, end, desk, zone):
        moment = max(earliest, opens)
        if moment < closes and moment <= end:
            return moment
    return None


def _days(start: datetime, end: datetime, desk: DeskHours, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The shop's hours of each day that may touch the stretch; hours that end before they begin end on the next day."""
    day, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
    over_midnight = timedelta(days=int(desk.closes < desk.opens))
    while day <= last:
        yield at_time(day, desk.opens, zone), at_time(day + over_midnight, desk.closes, zone)
        day += timedelta(days=1)
