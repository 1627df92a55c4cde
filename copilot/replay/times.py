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
    the place of the pack in force; ``ok`` is false for a time that cannot be read.
    """

    day: str
    week: str
    pack: int
    ok: bool = True


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
        self._known: dict[str, When] = {}
        self.none = When("", "", pack_on(""))
        self._bad = When("", "", pack_on(""), ok=False)

    def when(self, value: object) -> When:
        """The moment of ``value``: a string, seconds (or milliseconds) since 1970, or nothing."""
        if not isinstance(value, str):
            if value is None:
                return self.none
            number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
            return self._of(_since_1970(number)) if number is not None else self._bad
        # Seconds never change a day: one entry per minute and offset serves a whole archive.
        key = value[:16] + value[19:] if value[16:17] == ":" and value[19:20] != "." else value
        return self._known.get(key) or self._learn(value, key)

    def _learn(self, value: str, key: str) -> When:
        if len(value) > _LONGEST:
            return self._bad
        if len(self._known) >= _MANY:
            self._known.clear()
        when = self._known[key] = self._read(value, key)
        return when

    def _read(self, value: str, key: str) -> When:
        if not value.strip():
            return self.none
        if self._form is not None:
            return self._of(_by_form(value, self._form))
        for text in (key, value.strip()):
            try:
                return self._of(datetime.fromisoformat(text))
            except ValueError:
                continue
        if value.strip().replace(".", "", 1).isdecimal():
            return self._of(_since_1970(float(value)))
        return self._of(_loose(value))

    def _of(self, time: datetime | None) -> When:
        if time is None:
            return self._bad
        if time.tzinfo is None and self._naive is not None:
            time = time.replace(tzinfo=self._naive)
        try:
            local = time.astimezone(self._zone) if self._zone is not None and time.tzinfo is not None else time
        except (OverflowError, ValueError):
            return self._bad
        day = f"{local.year:04d}-{local.month:02d}-{local.day:02d}"
        year, week, _ = local.isocalendar()
        return When(day, f"{year:04d}-W{week:02d}", self._pack_on(day))


def _since_1970(value: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _by_form(value: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(value.strip(), form)
    except ValueError:
        return None


def _loose(value: str) -> datetime | None:
    match = _LOOSE.fullmatch(value.strip())
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
    if form is not None:
        return _by_form(text, form)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _since_1970(float(text)) if text.replace(".", "", 1).isdecimal() else _loose(text)
