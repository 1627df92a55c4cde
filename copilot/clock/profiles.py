"""Finds the profile of a platform and market that is in force on a day.

Owns the layers of ``profiles/``: a later folder's file replaces the earlier one of the same name as a whole, so that
a number can never be half from here and half from there.
"""

import difflib
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from copilot.clock.days import Calendar, ShopCalendar, shop_zone, weekend_of
from copilot.clock.schema import HolidayFile, Profile
from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.files import YamlDocument, load_documents, read_model, validate

__all__ = ["Profile", "load_calendar", "load_profile", "profile_names", "read_profiles", "zone_of"]

FOLDER = "profiles"
CALENDARS = "calendars"


def profile_names(folders: Sequence[Path]) -> tuple[str, ...]:
    """The names that ``load_profile`` knows, sorted."""
    return tuple(sorted({file.stem for folder in folders for file in (folder / FOLDER).glob("*.yaml")}))


def load_profile(name: str, folders: Sequence[Path], at: datetime | date) -> Profile:
    """The profile ``name`` ("douyin.cn") in force at ``at``, from the last of ``folders`` that has it.

    A moment is judged by its date in UTC. Raises ``BadConfiguration`` when no folder has it or none is in force yet.
    """
    file = _last(folders, Path(FOLDER) / f"{name}.yaml")
    if file is None:
        known = profile_names(folders)
        close = difflib.get_close_matches(name, known, n=1)
        remedy = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
        raise BadConfiguration(f"there is no profile {name!r}", remedy=remedy)
    day = at.date() if isinstance(at, datetime) else at
    dated = [profile for _, profile in read_profiles(file) if profile.effective <= day]
    if not dated:
        raise BadConfiguration(f"the profile {name!r} is not in force on {day.isoformat()}", remedy=f"see {file}")
    return dated[-1]


def read_profiles(file: Path) -> tuple[tuple[YamlDocument, Profile], ...]:
    """Every dated document of ``file``, oldest first; ``PolicyFileError`` when their dates do not rise."""
    found = tuple((document, validate(document, Profile)) for document in load_documents(file))
    if not found:
        raise PolicyFileError(f"{file}:1: holds no profile")
    for (_, before), (document, profile) in pairwise(found):
        if profile.effective <= before.effective:
            raise document.error(("effective",), "must be later than the document above")
    for document, profile in found:
        if profile.profile != file.stem:
            raise document.error(("profile",), f"must be {file.stem!r}, as the file is called")
        for key in ("zone", "zones"):
            _check_zones(document, key, profile)
    return found


def _check_zones(document: YamlDocument, key: str, profile: Profile) -> None:
    for name in [profile.zone or "UTC"] if key == "zone" else profile.zones:
        try:
            shop_zone(name)
        except BadConfiguration as error:
            raise document.error((key,), str(error)) from None


def load_calendar(profile: Profile, folders: Sequence[Path]) -> Calendar | None:
    """The business days that ``profile`` names; None when it names none."""
    if profile.holidays is None:
        return None
    file = _last(folders, Path(FOLDER) / CALENDARS / f"{profile.holidays}.yaml")
    if file is None:
        raise BadConfiguration(f"the profile {profile.profile!r} names the calendar {profile.holidays!r}: no such file")
    data = read_model(file, HolidayFile)
    return Calendar(
        name=data.calendar,
        years=frozenset(data.years),
        weekend=weekend_of(data.weekend),
        holidays=frozenset(data.holidays),
        workdays=frozenset(data.workdays),
    )


def zone_of(profile: Profile, shop: str | None = None, default: str | None = None) -> ZoneInfo:
    """The shop's zone: its own (``shop``), the profile's, or ``default`` for commands that have no shop.

    Raises ``BadConfiguration`` when the profile demands an explicit zone and there is neither.
    """
    name = shop or profile.zone or default
    if name is None:
        allowed = f" (one of {', '.join(profile.zones)})" if profile.zones else ""
        raise BadConfiguration(f"a shop of {profile.profile} needs its own time zone", remedy=f"name it{allowed}")
    return shop_zone(name)


def shop_calendar(profile: Profile, folders: Sequence[Path], zone: ZoneInfo) -> ShopCalendar:
    """The days of a shop of ``profile`` in ``zone``."""
    return ShopCalendar(zone=zone, business=load_calendar(profile, folders))


def _last(folders: Sequence[Path], name: Path) -> Path | None:
    return next((folder / name for folder in reversed(folders) if (folder / name).is_file()), None)
