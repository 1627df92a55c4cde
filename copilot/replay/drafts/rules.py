"""Which rules were in force at a turn, and what other playbooks stand against them.

An archive spans years; rules change on a few days of them. Owns the periods between those days, so that each set of
rules is read once a process.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from copilot.clock.profiles import FOLDER, profile_names, read_profiles
from copilot.domain.errors import BadConfiguration
from copilot.flow.shops import GENERIC, Rules, Shops
from copilot.playbook import Playbooks, load_playbooks, load_terms
from copilot.playbook.loader import FOLDER as PLAYBOOKS
from copilot.playbook.loader import OPTIONS_FILE
from copilot.playbook.terms import FOLDER as TERMS
from copilot.policy.load import open_folders
from copilot.replay.packs import days_of_change

PREFIX = "playbooks@"


@dataclass(frozen=True)
class Against:
    """A second set of playbooks: the ``folders`` in their order; its terms count where one of ``own`` has a file."""

    name: str
    folders: tuple[Path, ...]
    own: tuple[Path, ...]
    playbooks: Playbooks


def against_folder(name: str) -> Path:
    """The policies folder that ``name`` ("playbooks@FOLDER") means; raises ``BadConfiguration`` as ``open_against``."""
    folder = Path(name.removeprefix(PREFIX)).expanduser()
    if not folder.is_dir():
        raise BadConfiguration(f"--against {name}: there is no such folder", remedy="give playbooks@FOLDER")
    if folder.name == PLAYBOOKS and not (folder / PLAYBOOKS).is_dir():
        folder = folder.parent
    if not any((folder / PLAYBOOKS).glob("*.yaml")):
        remedy = f"FOLDER needs {PLAYBOOKS}/<issue>.yaml"
        raise BadConfiguration(f"--against {name}: holds no playbooks", remedy=remedy)
    return folder


def open_against(name: str, folders: Sequence[Path]) -> Against:
    """The playbooks that ``name`` ("playbooks@FOLDER") means.

    A folder with ``playbooks/options.yaml`` is complete and stands alone, as an earlier checkout's ``policies`` does;
    any other lies over ``folders`` as a merchant's own folder would. Its terms count too.

    Raises:
        BadConfiguration: there is no such folder, or it holds no playbooks; ``PolicyFileError`` for a broken one.
    """
    folder = against_folder(name)
    alone = (folder / PLAYBOOKS / OPTIONS_FILE).is_file()
    layers = (folder,) if alone else (*folders, folder)
    return Against(f"{PREFIX}{folder.name}", layers, (folder,), load_playbooks(layers))


def against_layers(folders: Sequence[Path]) -> Against:
    """All that ``folders`` together say, as a deployment would that has just these; raises for a broken file."""
    return Against(f"{PREFIX}{folders[-1].name}", tuple(folders), tuple(folders), load_playbooks(folders))


@dataclass
class RulesInForce:
    """The rules of platforms and markets at a time; ``pack`` overrides what they choose, ``pinned`` the time."""

    shops: Shops
    pack: str | None = None
    against: Against | None = None
    pinned: datetime | None = None
    _days: dict[tuple[str, str], list[date]] = field(default_factory=dict[tuple[str, str], list[date]])
    _rules: dict[tuple[str, str, date], Rules] = field(default_factory=dict[tuple[str, str, date], Rules])
    _others: dict[tuple[str, str, date], Rules] = field(default_factory=dict[tuple[str, str, date], Rules])

    def at(self, platform: str, market: str, moment: datetime) -> Rules:
        """The rules in force at ``moment``; before the first ones, those."""
        day = self._period(platform, market, moment)
        key = (platform, market, day)
        if key not in self._rules:
            then = datetime.combine(day, time(12), UTC)
            self._rules[key] = self.shops.of_platform(platform, market, then, self.pack)
        return self._rules[key]

    def other(self, platform: str, market: str, moment: datetime) -> Rules | None:
        """The same rules with the playbooks and terms compared with; None when nothing is compared."""
        against = self.against
        if against is None:
            return None
        rules = self.at(platform, market, moment)
        key = (platform, market, self._period(platform, market, moment))
        if key not in self._others:
            profile = rules.profile.profile
            terms = rules.terms
            if any((folder / TERMS / f"{profile}.yaml").is_file() for folder in against.own):
                terms = load_terms(profile, against.folders)
            self._others[key] = replace(rules, playbooks=against.playbooks, terms=terms)
        return self._others[key]

    def newest(self) -> datetime:
        """The noon at which the newest rules took effect: the time of conversations that carry none."""
        days = [day for name in profile_names(self.shops.folders) for day in self._effective(name)]
        days += [pack.effective for pack, _ in open_folders(self.shops.folders).packs()]
        return datetime.combine(max(days), time(12), UTC)

    def _period(self, platform: str, market: str, moment: datetime) -> date:
        days = self._days.get((platform, market))
        if days is None:
            days = self._days[platform, market] = self._changes(platform, market)
        return days[max(0, bisect_right(days, (self.pinned or moment).astimezone(UTC).date()) - 1)]

    def _changes(self, platform: str, market: str) -> list[date]:
        """The days on which pack or profile of a platform and market change; none before there is a profile."""
        named = f"{platform}.{market}".strip(".")
        pack = self.pack or named
        known = profile_names(self.shops.folders)
        profiles = self._effective(next((name for name in (pack.partition("@")[0], named) if name in known), GENERIC))
        packs = open_folders(self.shops.folders).packs()
        days = {*profiles, *days_of_change(packs, pack), *days_of_change(packs, GENERIC)}
        return sorted(day for day in days if day >= min(profiles))

    def _effective(self, profile: str) -> list[date]:
        files = [folder / FOLDER / f"{profile}.yaml" for folder in self.shops.folders]
        file = [file for file in files if file.is_file()][-1]
        return [found.effective for _, found in read_profiles(file)]
