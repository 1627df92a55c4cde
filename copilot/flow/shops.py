"""What rules a shop works under: pack, playbooks, terms, profile, voice, from folders in layers.

Owns the choice of files for a platform, market and shop; pack and profile are loaded once per combination and day,
what people decided (``decided``) is read again when its files change. Commands without a shop use the platform's own
files.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from copilot.clock import Profile, ShopCalendar, load_profile, profile_names
from copilot.clock.profiles import shop_calendar, zone_of
from copilot.domain.errors import BadConfiguration
from copilot.flow.decided import Decided, Decisions
from copilot.flow.publishing.files import Kind, require_whole
from copilot.flow.publishing.held import Held
from copilot.flow.publishing.shadow import Shadow
from copilot.flow.publishing.standing import Standing, folders, shadowed
from copilot.logs import get_logger
from copilot.model.composer import Voice
from copilot.model.prompts import Prompts
from copilot.playbook import Playbooks, Terms
from copilot.policy import Pack, load_pack, pack_names
from copilot.policy.preparing import Wanted
from copilot.sdk import Limits

if TYPE_CHECKING:
    # For commands without a database: the tables bring SQLAlchemy.
    from copilot.store.tables import ShopRow

log = get_logger(__name__)

GENERIC = "generic"
COMMAND_ZONE = "UTC"


def _no_limits(_: str) -> Limits:
    return Limits()


@dataclass(frozen=True)
class Rules:
    """Everything decided for a shop before any buyer writes.

    ``shadow`` is what is published and only watches, ``limits`` what the shop's adapter says that texts may be.
    """

    pack: Pack
    playbooks: Playbooks
    terms: Terms
    profile: Profile
    calendar: ShopCalendar
    voice: Voice
    shadow: Shadow | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's zone."""
        return self.calendar.zone

    @property
    def max_chars(self) -> int | None:
        """The limit for one message, the lower one of the profile's and the adapter's; None when neither has one."""
        limit = self.profile.limits.max_chars
        known = [one for one in (limit.whole if limit else None, self.limits.max_chars) if one is not None]
        return min(known, default=None)

    @property
    def own_limits(self) -> dict[str, int] | None:
        """What a check is told of limits beyond the pack's, which knows the profile's only; None: nothing."""
        most = self.max_chars
        return {"max_chars": most} if self.limits.max_chars is not None and most is not None else None

    def longest(self, language: str) -> int | None:
        """How many characters a reply that we write may have: the shop's length, within the platform's."""
        own = next((most for known, most in self.voice.max_chars.items() if known == language), None)
        return min((one for one in (own, self.max_chars) if one is not None), default=None)


@dataclass(frozen=True)
class Shops:
    """The rules of all shops, over the folders of a deployment; ``cache_dir`` keeps compiled packs.

    ``held`` is what is published, as far as this process has loaded it. ``limits_of`` gives an adapter's limits.
    """

    folders: Sequence[Path]
    prompts: Prompts
    cache_dir: Path | None = None
    held: Held = field(default_factory=Held, repr=False)
    limits_of: Callable[[str], Limits] = field(default=_no_limits, repr=False)
    _known: dict[tuple[object, ...], Rules] = field(default_factory=dict[tuple[object, ...], Rules], repr=False)
    # Shops with no files of their own share what is large and slow to read.
    _packs: dict[tuple[object, ...], Pack] = field(default_factory=dict[tuple[object, ...], Pack], repr=False)
    _ready: dict[tuple[object, ...], Pack] = field(default_factory=dict[tuple[object, ...], Pack], repr=False)

    def of_shop(self, shop: "ShopRow", merchant: str, at: datetime) -> Rules:
        """The rules of a shop in the store; ``merchant`` is its merchant's slug, which names a folder."""
        return self.under(self.held.of(shop.merchant, shop.id), shop, merchant, at)

    def loaded(self, shop: "ShopRow", merchant: str, at: datetime) -> bool:
        """Whether ``of_shop`` would answer without compiling a pack, which takes seconds."""
        layers = self.layers(self.held.of(shop.merchant, shop.id), Kind.RULES, merchant, shop.slug)
        return (shop.pack, shop.profile, at.date(), shop.zone, tuple(layers)) in self._known

    def under(self, standing: Standing, shop: "ShopRow", merchant: str, at: datetime) -> Rules:
        """The rules of a shop as ``standing`` would have them; asked before it is put into force.

        Raises:
            BadConfiguration: a file cannot be used.
        """
        layers = self.layers(standing, Kind.RULES, merchant, shop.slug)
        decided = self._decided.of_shop(
            (merchant, shop.slug), shop.profile, self.layers(standing, Kind.PLAYBOOKS, merchant, shop.slug), at
        )
        rules = self._rules(shop.pack, shop.profile, at, shop.zone, layers, decided)
        # A shop's chats do not end: what makes checks fast is made before the first one.
        rules.pack.prepare()
        rules = _obeying(rules, self.limits_of(shop.adapter))
        shadow = self._shadow(standing, shop, merchant, at)
        return rules if shadow is None else replace(rules, shadow=shadow)

    def playbooks_of(self, shop: "ShopRow", merchant: str, at: datetime) -> Playbooks:
        """The playbooks of a shop in the store, without its rules, which may take seconds to compile.

        Raises:
            BadConfiguration: a file cannot be used.
        """
        layers = self.layers(self.held.of(shop.merchant, shop.id), Kind.PLAYBOOKS, merchant, shop.slug)
        return self._decided.of_shop((merchant, shop.slug), shop.profile, layers, at).playbooks

    def proved(self, standing: Standing, shop: "ShopRow", merchant: str, at: datetime) -> Rules:
        """As ``under``, but nothing that held before makes up for what cannot be read now.

        Raises:
            BadConfiguration: a file of what would decide cannot be used.
        """
        self._decided.prove(shop.profile, self.layers(standing, Kind.PLAYBOOKS, merchant, shop.slug), at)
        return self.under(standing, shop, merchant, at)

    def pack_of(self, name: str, profile: str, layers: tuple[Path, ...], at: datetime) -> Pack:
        """The pack called ``name`` over the deployment's folders and ``layers``, ready to judge.

        Raises:
            BadConfiguration: there is none, or a file cannot be used.
        """
        key = (name, profile, at.date(), layers)
        # Asked by every draft while something is in shadow: the profile is read once.
        if (pack := self._ready.get(key)) is None:
            pack = self._pack(name, at.date(), layers, self._values(profile, at.date()))
            pack.prepare()
            self._ready[key] = pack
        return pack

    def layers(self, standing: Standing, kind: Kind, merchant: str, shop: str) -> tuple[Path, ...]:
        """The folders that hold for a shop above the deployment's own: what is published, else what lies there."""
        return folders(standing.deciding(kind), *self._own(merchant, shop))

    def read_platform(self, platform: str, market: str, at: datetime, pack: str) -> None:
        """Read what people decided for a pack's conversations, and its numbers, without the pack itself.

        Raises:
            BadConfiguration: a file cannot be used.
        """
        profile = self._profile_of(platform, market, pack)
        self._numbers(profile, at.date(), None)
        self._decided.of_platform(profile)

    def wanted_of_platform(self, platform: str, market: str, at: datetime, pack: str) -> Wanted:
        """The pack that ``of_platform`` loads.

        Raises:
            BadConfiguration: a file cannot be used.
        """
        profile = self._profile_of(platform, market, pack)
        return Wanted(pack, tuple(self.folders), at.date(), self._values(profile, at.date()))

    def wanted_of_shop(self, shop: "ShopRow", merchant: str, at: datetime) -> Wanted:
        """The pack that ``of_shop`` loads.

        Raises:
            BadConfiguration: a file cannot be used.
        """
        layers = self.layers(self.held.of(shop.merchant, shop.id), Kind.RULES, merchant, shop.slug)
        values = self._values(shop.profile, at.date())
        return Wanted(shop.pack, (*self.folders, *layers), at.date(), values, searched=True)

    def _shadow(self, standing: Standing, shop: "ShopRow", merchant: str, at: datetime) -> Shadow | None:
        """What watches; a version that cannot be loaded watches nothing and takes nothing away."""
        pack: Pack | None = None
        decided: Decided | None = None
        own = self._own(merchant, shop.slug)
        watching = [version for kind in Kind for version in standing.watching(kind) if version is not None]
        if not watching:
            return None
        try:
            if (levels := shadowed(standing.rules, standing.shadow_rules)) is not None:
                pack = self.pack_of(shop.pack, shop.profile, folders(levels, *own), at)
            if (levels := shadowed(standing.playbooks, standing.shadow_playbooks)) is not None:
                decided = self._decided.of_shop(
                    (merchant, "in shadow", shop.slug), shop.profile, folders(levels, *own), at
                )
        except BadConfiguration as error:
            if self.held.note_shadow(watching[0].id):
                log.error("shadow_broken", shop=str(shop.id), error=error)
            return None
        return Shadow(
            rules=tuple(one.id for one in standing.shadow_rules if one is not None),
            playbooks=tuple(one.id for one in standing.shadow_playbooks if one is not None),
            pack=pack,
            decided=decided,
        )

    def of_platform(self, platform: str, market: str, at: datetime, pack: str | None = None) -> Rules:
        """The rules for a conversation of a file: by ``pack`` when one is named, else by platform and market.

        Raises:
            BadConfiguration: the named pack does not exist.
        """
        named = f"{platform}.{market}".strip(".")
        if pack is None:
            pack = named if named in pack_names(self.folders) else GENERIC
        profile = self._profile_of(platform, market, pack)
        return self._rules(pack, profile, at, None, (), self._decided.of_platform(profile))

    def _profile_of(self, platform: str, market: str, pack: str) -> str:
        known, named = profile_names(self.folders), f"{platform}.{market}".strip(".")
        return next((name for name in (pack.partition("@")[0], named) if name in known), GENERIC)

    def _values(self, profile: str, day: date) -> dict[str, int]:
        """What a pack names of the profile's numbers."""
        limit = load_profile(profile, self.folders, day).limits.max_chars
        return {"message.max_chars": limit.whole} if limit else {}

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
        for known, place in ((self._known, 2), (self._packs, 1), (self._ready, 2)):
            days: dict[tuple[object, ...], date] = {key: cast(date, key[place]) for key in tuple(known)}
            if days and day > max(days.values()):
                for key in (key for key, then in days.items() if then < before):
                    known.pop(key, None)

    def _load(
        self, pack: str, profile: str, day: date, zone: str | None, layers: Sequence[Path], decided: Decided
    ) -> Rules:
        numbers, calendar = self._numbers(profile, day, zone)
        return Rules(
            pack=self._pack(pack, day, tuple(layers), self._values(profile, day)),
            playbooks=decided.playbooks,
            terms=decided.terms,
            profile=numbers,
            calendar=calendar,
            voice=decided.voice,
        )

    def _numbers(self, profile: str, day: date, zone: str | None) -> tuple[Profile, ShopCalendar]:
        numbers = load_profile(profile, self.folders, day)
        place = zone_of(numbers, zone, default=numbers.zones[0] if numbers.zones else COMMAND_ZONE)
        return numbers, shop_calendar(numbers, self.folders, place)

    def _pack(self, name: str, day: date, layers: tuple[Path, ...], values: dict[str, int]) -> Pack:
        key = (name, day, layers, *values.items())
        if key not in self._packs:
            for layer in layers:
                require_whole(layer)
            self._packs[key] = load_pack(
                name, (*self.folders, *layers), at=day, cache_dir=self.cache_dir, profile_values=values
            )
        return self._packs[key]

    def _own(self, merchant: str, shop: str) -> tuple[list[Path], list[Path]]:
        """The merchant's and the shop's own folders below each deployment folder, whether they exist or not."""
        own = [folder / "merchants" / merchant for folder in self.folders]
        return own, [folder / "shops" / shop for folder in own]


def _obeying(rules: Rules, limits: Limits) -> Rules:
    """``rules`` for a platform whose texts may be no more than ``limits``."""
    if limits == Limits():
        return rules
    voice = rules.voice if limits.emoji else rules.voice.model_copy(update={"emoji": "none"})
    return replace(rules, limits=limits, voice=voice)
