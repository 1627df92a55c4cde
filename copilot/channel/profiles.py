"""The numbers that sending needs of a platform's profile, read once a day and process.

It decides nothing; a profile that cannot be read has no numbers, and what needs them then does the careful thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from copilot.clock import load_profile
from copilot.clock.schema import Number
from copilot.domain.errors import BadConfiguration
from copilot.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class Sending:
    """What a platform is like to send to; None where nobody knows.

    ``settle`` is how long a message may take to appear in the platform's own record after the call broke off,
    ``margin`` how far the platform's clock may stand from ours, ``calls_per_second`` what one shop may call.
    """

    settle: timedelta | None = None
    margin: timedelta | None = None
    calls_per_second: float | None = None


@dataclass
class Profiles:
    """The numbers of profiles, kept by name and day."""

    _known: dict[tuple[str, date, tuple[Path, ...]], Sending] = field(
        default_factory=dict[tuple[str, date, tuple[Path, ...]], Sending]
    )

    def sending(self, profile: str, folders: Sequence[Path], now: datetime) -> Sending:
        """The numbers of ``profile`` in force at ``now``; all None when ``folders`` have no usable one."""
        key = (profile, now.date(), tuple(folders))
        if key not in self._known:
            self._known[key] = _load(profile, folders, now)
        return self._known[key]


def _load(profile: str, folders: Sequence[Path], now: datetime) -> Sending:
    try:
        numbers = load_profile(profile, folders, now).sending
    except BadConfiguration as error:
        log.warning("profile_unusable", profile=profile, error=error)
        return Sending()
    rate = numbers.calls_per_second
    return Sending(
        settle=_seconds(numbers.settle_seconds),
        margin=_seconds(numbers.read_back_margin_seconds),
        calls_per_second=rate.value if rate else None,
    )


def _seconds(number: Number | None) -> timedelta | None:
    return timedelta(seconds=number.value) if number else None
