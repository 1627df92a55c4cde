"""What rules a shop works under: pack, playbooks, terms, profile, voice, from folders in layers.

Owns the choice of files for a platform, market and shop; pack and profile are loaded once per combination and day,
what people decided (``decided``) is read again when its files change. Commands without a shop use the platform's own
files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from copilot.clock import Profile, ShopCalendar, load_profile, profile_names
from copilot.clock.profiles import shop_calendar, zone_of
from copilot.flow.decided import Decided, Decisions
from copilot.model.composer import Voice
from copilot.model.prompts import Prompts
from copilot.playbook import Playbooks, Terms
from copilot.policy import Pack, load_pack, pack_names

if TYPE_CHECKING:
    # For commands without a database: the tables bring SQLAlchemy.
    from copilot.store.tables import ShopRow

GENERIC = "generic"
COMMAND_ZONE = "UTC"


@dataclass(frozen=True)
class Rules:
    """Everything decided for a shop before any buyer writes."""

    pack: Pack
    playbooks: Playbooks
    terms: Terms
    profile: Profile
    calendar: ShopCalendar
    voice: Voice

    @property
    def zone(self) -> ZoneInfo:
        """The shop's zone."""
        return self.calendar.zone

    @property
    def max_chars(self) -> int | None:
        """The platform's limit for one message; None when it publishes none."""
        limit = self.profile.limits.max_chars
        return limit.whole if limit else None


@dataclass(frozen=True)
class Shops:
    """The rules of all shops, over the folders of a deployment; ``cache_dir`` keeps compiled packs."""

    folders: Sequence[Path]
    prompts: Prompts
    cache_dir: Path | None = None
    _known: dict[tuple[object, ...], Rules] = field(default_factory=dict[tuple[object, ...], Rules], repr=False)
    # Shops with no files of their own share what is large and slow to read.
    _packs: dict[tuple[object, ...], Pack] = field(default_factory=dict[tuple[object, ...], Pack], repr=False)

    def of_shop(self, shop: "ShopRow", merchant: str, at: datetime) -> Rules:
        """The rules of a shop in the store; ``merchant`` is its merchant's slug, which names a folder."""
        layers = self._layers(merchant, shop.slug)
        decided = self._decided.of_shop((merchant, shop.slug), shop.profile, layers, at)
        rules = self._rules(shop.pack, shop.profile, at, shop.zone, layers, decided)
        # A shop's chats do not end: what makes checks fast is made before the first one.
        rules.pack.prepare()
        return rules

    def of_platform(self, platform: str, market: str, at: datetime, pack: str | None = None) -> Rules:
        """The rules for a conversation of a file: by ``pack`` when one is named, else by platform and market.

        Raises:
            BadConfiguration: the named pack does not exist.
        """
        named = f"{platform}.{market}".strip(".")
        if pack is None:
            pack = named if named in pack_names(self.folders) else GENERIC
        known = profile_names(self.folders)
        profile = next((name for name in (pack.partition("@")[0], named) if name in known), GENERIC)
        return self._rules(pack, profile, at, None, (), self._decided.of_platform(profile))

    @cached_property
    def _decided(self) -> Decisions:
        return Decisions(self.folders)

    def _rules(
        self, pack: str, profile: str, at: datetime, zone: str | None, layers: Sequence[Path], decided: Decided
    ) -> Rules:
        day = at.date()
        key = (pack, profile, day, zone, tuple(layers))
        if (found := self._known.get(key)) is None:
            self._begin(day)
            found = self._known[key] = self._load(pack, profile, day, zone, layers, decided)
        if not (found.playbooks is decided.playbooks and found.terms is decided.terms and found.voice is decided.voice):
            found = self._known[key] = replace(
                found, playbooks=decided.playbooks, terms=decided.terms, voice=decided.voice
            )
        return found

    def _begin(self, day: date) -> None:
        """When a new day begins, let go of what was in force before yesterday: a process lives for months."""
        before = day - timedelta(days=1)
        for known, place in ((self._known, 2), (self._packs, 1)):
            days: dict[tuple[object, ...], date] = {key: cast(date, key[place]) for key in tuple(known)}
            if days and day > max(days.values()):
                for key in (key for key, then in days.items() if then < before):
                    known.pop(key, None)

    def _load(
        self, pack: str, profile: str, day: date, zone: str | None, layers: Sequence[Path], decided: Decided
    ) -> Rules:
        numbers = load_profile(profile, self.folders, day)
        limit = numbers.limits.max_chars
        place = zone_of(numbers, zone, default=numbers.zones[0] if numbers.zones else COMMAND_ZONE)
        return Rules(
            pack=self._pack(pack, day, tuple(layers), {"message.max_chars": limit.whole} if limit else {}),
            playbooks=decided.playbooks,
            terms=decided.terms,
            profile=numbers,
            calendar=shop_calendar(numbers, self.folders, place),
            voice=decided.voice,
        )

    def _pack(self, name: str, day: date, layers: tuple[Path, ...], values: dict[str, int]) -> Pack:
        key = (name, day, layers, *values.items())
        if key not in self._packs:
            self._packs[key] = load_pack(
                name, (*self.folders, *layers), at=day, cache_dir=self.cache_dir, profile_values=values
            )
        return self._packs[key]

    def _layers(self, merchant: str, shop: str) -> tuple[Path, ...]:
        """The merchant's and the shop's own folders below each deployment folder, where they exist."""
        own = [folder / "merchants" / merchant for folder in self.folders]
        return tuple(path for folder in own for path in (folder, folder / "shops" / shop) if path.is_dir())
