"""Moments of messages: the day, the week and the pack that go with a time as it is written in an archive."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

_LOOSE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?\s*")
_MANY = 200_000
_LONGEST = 64


class When(NamedTuple):
    """A moment as the outputs count it.

    ``day`` ("2026-11-28") and ``week`` ("2026-W48") are in the run's zone, empty when there is no time. ``pack`` is
    the place of the pack in force; ``ok`` is false for a time that cannot be read, ``possible`` for a number that is
    no moment at all.
    """

    day: str
    week: str
    pack: int
    ok: bool = True
    possible: bool = True


class Times:
    """Reads times and remembers them by the minute, which is as far as a day needs."""

    def __init__(
        self,
        pack_on: Callable[[str], int],
        zone: tzinfo | None,
        *,
        form: str | None = None,
        naive: tzinfo | None = None,
    ) -> None:
        """``pack_on`` gives the pack's place for a day.

        Days are those of ``zone`` (null: as written); a time without an offset is in ``naive`` (null: in ``zone``);
        ``form`` is the form of times as in ``strptime``.
        """
        self._pack_on = pack_on
        self._zone, self._naive = zone, naive
        self._form = form
        # By the minute only what reads the same with any seconds: otherwise whichever came first would decide.
        self._minutes: dict[str, When] = {}
        self._known: dict[str, When] = {}
        self._days: dict[tuple[int, int, int], When] = {}
        self.none = When("", "", pack_on(""))
        self._bad = When("", "", pack_on(""), ok=False)
        self._impossible = When("", "", pack_on(""), ok=False, possible=False)

    def when(self, value: object) -> When:
        """The moment of ``value``: a string, seconds (or milliseconds) since 1970, or nothing."""
        if not isinstance(value, str):
            if value is None:
                return self.none
            number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
            return self._of_number(number) if number is not None else self._bad
        # Seconds never change a day: one entry per minute and offset serves a whole archive.
        key = value[:16] + value[19:] if value[16:17] == ":" and value[19:20] != "." else value
        return self._minutes.get(key) or self._known.get(value) or self._learn(value, key)

    def _learn(self, value: str, key: str) -> When:
        if len(value) > _LONGEST:
            return self._bad
        if len(self._minutes) + len(self._known) >= _MANY:
            self._minutes.clear()
            self._known.clear()
            self._days.clear()
        time = _iso(key) if self._form is None else None
        if time is not None:
            when = self._minutes[key] = self._of(time)
        else:
            when = self._known[value] = self._read(value.strip())
        return when

    def _read(self, text: str) -> When:
        if not text:
            return self.none
        number = _number(text) if self._form is None and _iso(text) is None else None
        return self._of(_of_text(text, self._form)) if number is None else self._of_number(number)

    def _of_number(self, value: float) -> When:
        time = _since_1970(value)
        return self._of(time) if time is not None else self._impossible

    def _of(self, time: datetime | None) -> When:
        if time is None:
            return self._bad
        if time.tzinfo is None and self._naive is not None:
            time = time.replace(tzinfo=self._naive)
        try:
            local = time.astimezone(self._zone) if self._zone is not None and time.tzinfo is not None else time
        except (OverflowError, ValueError):
            return self._bad
        # All moments of a day are one.
        date = (local.year, local.month, local.day)
        known = self._days.get(date)
        if known is None:
            day = f"{local.year:04d}-{local.month:02d}-{local.day:02d}"
            year, week, _ = local.isocalendar()
            known = self._days[date] = When(day, f"{year:04d}-W{week:02d}", self._pack_on(day))
        return known


def _since_1970(value: float) -> datetime | None:
    # Not a number is not in any order. Nobody chatted before 1970: a smaller number is a mistake.
    if not value >= 0:
        return None
    try:
        return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _by_form(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _loose(text: str) -> datetime | None:
    match = _LOOSE.fullmatch(text)
    if match is None:
        return None
    year, month, day, clock = match.groups()
    hour, minute = (clock or "0:00").split(":")[:2]
    try:
        return datetime(int(year), int(month), int(day), int(hour), int(minute))
    except ValueError:
        return None


def moment(value: object, zone: tzinfo, form: str | None = None) -> datetime | None:
    """The moment of ``value`` as ``Times`` reads it, in ``zone`` where it has no offset; null when it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = _since_1970(value) if isinstance(value, int | float) else _of_text(value.strip()[:_LONGEST], form)
    return found.replace(tzinfo=zone) if found is not None and found.tzinfo is None else found


def _of_text(text: str, form: str | None) -> datetime | None:
    """The moment of ``text``, without space around it."""
    if form is not None:
        return _by_form(text, form)
    time, number = _iso(text), _number(text)
    if time is not None or number is None:
        return time or _loose(text)
    return _since_1970(number)
