"""The packs of one side of a replay: every one that a name has meant, and which of them is in force on a day."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from copilot.clock.days import shop_zone
from copilot.clock.profiles import load_profile, profile_names
from copilot.domain.errors import BadConfiguration
from copilot.policy import Pack, load_pack
from copilot.policy.document import Document
from copilot.policy.load import choose_pack, open_folders, platform_of
from copilot.policy.model import PackFile, Rule
from copilot.policy.privacy import Find, find
from copilot.replay.options import Side


class Packs:
    """The packs of ``side``, oldest first."""

    def __init__(
        self, side: Side, cache_dir: Path | None, as_of: date | None = None, find_personal: Find = find
    ) -> None:
        """Compile or load them all; ``find_personal`` finds personal data for them.

        Raises:
            BadConfiguration: no such pack.
            PolicyFileError: a broken file, with its line.
        """
        known = open_folders(side.folders).packs()
        choose_pack(known, side.pack, as_of)
        editions: dict[date, PackFile] = {}
        for day in [as_of] if as_of is not None else days_of_change(known, side.pack):
            chosen, _ = choose_pack(known, side.pack, day)
            if chosen not in list(editions.values())[-1:]:
                editions[day] = chosen
        self.days = tuple(day.isoformat() for day in editions)
        self.packs = tuple(
            _load(side.pack, side.folders, day, cache_dir, chosen.platform).remembering(find_personal)
            for day, chosen in editions.items()
        )

    def on(self, day: str) -> int:
        """The place of the pack in force on ``day`` ("2026-11-28"; empty: the newest)."""
        return max(0, bisect_right(self.days, day) - 1) if day else len(self.days) - 1

    @property
    def market(self) -> str | None:
        """The market in the packs' name, which picks the formats of personal data."""
        return self.packs[-1].market

    @property
    def hashes(self) -> list[str]:
        """What the packs contain, as hashes."""
        return [pack.hash for pack in self.packs]

    @cached_property
    def catalogue(self) -> dict[str, dict[str, Any]]:
        """By rule: family, severity (in the newest pack), source, reason and suggestion in both languages."""
        return {rule.id: _told(rule) for pack in self.packs for rule in pack.rules}


def days_of_change(known: Iterable[tuple[PackFile, Document]], name: str) -> list[date]:
    """The days on which the pack ``name`` may change: its own, and those of all that it extends; none of an unknown."""
    packs = [pack for pack, _ in known]
    names = [name]
    days: set[date] = set()
    for wanted in names:
        of, _, month = wanted.partition("@")
        for pack in packs:
            if pack.name == of and month in ("", f"{pack.effective:%Y-%m}"):
                days.add(pack.effective)
                if pack.extends is not None and pack.extends not in names:
                    names.append(pack.extends)
    return sorted(days)


def _told(rule: Rule) -> dict[str, Any]:
    return {
        "family": rule.family,
        "severity": rule.severity.value,
        "source": rule.source,
        "reason": rule.reason.model_dump(),
        "suggestion": rule.suggestion.model_dump(),
    }


def _load(name: str, folders: tuple[Path, ...], day: date, cache_dir: Path | None, platform: str) -> Pack:
    return load_pack(name, folders, at=day, cache_dir=cache_dir, profile_values=_profile_values(platform, folders, day))


def _profile_values(name: str, folders: tuple[Path, ...], day: date) -> dict[str, int]:
    """The limit of the platform's profile that packs name; none where the platform publishes none."""
    if name not in profile_names(folders):
        return {}
    try:
        number = load_profile(name, folders, day).limits.max_chars
    except BadConfiguration:
        # The pack is older than the platform's published numbers: a rule that needs one is listed as not judged.
        return {}
    return {} if number is None else {"message.max_chars": number.whole}


def zone_for(name: str | None, side: Side, at: date) -> ZoneInfo | None:
    """The zone of days: ``name``, else that of the pack's profile on ``at``, else null (times as they are written)."""
    if name is not None:
        return shop_zone(name)
    try:
        platform = platform_of(side.pack, side.folders, at)
        zone = load_profile(platform, side.folders, at).zone if platform in profile_names(side.folders) else None
    except BadConfiguration:
        return None
    return shop_zone(zone) if zone is not None else None
