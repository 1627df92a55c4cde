"""Static checks of profiles and calendars, for ``policy lint``.

Owns what a loader must tolerate and an author should still hear: everything is a finding, nothing raises.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.clock.profiles import CALENDARS, FOLDER, load_calendar, read_profiles
from copilot.clock.schema import HolidayFile
from copilot.domain.errors import BadConfiguration
from copilot.files import read_model


@dataclass(frozen=True)
class Finding:
    """One thing to repair: ``line`` counts from 1."""

    file: Path
    line: int
    text: str


def lint(folders: Sequence[Path]) -> list[Finding]:
    """Everything wrong with the profiles and calendars in ``folders``, by file."""
    found: list[Finding] = []
    for folder in folders:
        for file in sorted((folder / FOLDER).glob("*.yaml")):
            found += _profile(file, folders)
        for file in sorted((folder / FOLDER / CALENDARS).glob("*.yaml")):
            found += _calendar(file)
    return found


def _profile(file: Path, folders: Sequence[Path]) -> list[Finding]:
    try:
        documents = read_profiles(file)
    except BadConfiguration as error:
        return [as_finding(file, error)]
    found: list[Finding] = []
    for document, profile in documents:
        if profile.draft.review_margin_seconds.value >= profile.draft.clock_seconds.value:
            line = document.line(("draft", "review_margin_seconds"))
            found.append(Finding(file, line, "the review margin leaves no time for a draft"))
        try:
            load_calendar(profile, folders)
        except BadConfiguration as error:
            found.append(Finding(file, document.line(("holidays",)), str(error)))
    return found


def _calendar(file: Path) -> list[Finding]:
    try:
        data = read_model(file, HolidayFile)
    except BadConfiguration as error:
        return [as_finding(file, error)]
    outside = sorted(day for day in (*data.holidays, *data.workdays) if day.year not in data.years)
    both = sorted(set(data.holidays) & set(data.workdays))
    found = [Finding(file, 1, f"{day.isoformat()} lies outside the years of the calendar") for day in outside]
    return found + [Finding(file, 1, f"{day.isoformat()} is both a holiday and a workday") for day in both]


def as_finding(file: Path, error: BadConfiguration) -> Finding:
    """``error``, whose message begins with file:line, as a finding."""
    text = str(error)
    place, _, rest = text.removeprefix(f"{file}:").partition(": ")
    return Finding(file, int(place), rest) if place.isdigit() else Finding(file, 1, text)
