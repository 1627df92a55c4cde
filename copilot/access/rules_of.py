"""Which pack, profile and time zone a new shop works under, when nobody says otherwise.

It only chooses among the files that are there; the rules themselves are read by those who apply them.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from copilot.clock import load_profile, profile_names, shop_zone, zone_of
from copilot.domain.errors import BadInput
from copilot.policy import pack_names
from copilot.policy.load import choose_pack, open_folders

GENERIC = "generic"


@dataclass(frozen=True)
class Chosen:
    """The names of a shop's rules; ``zone`` is an IANA name."""

    pack: str
    profile: str
    zone: str


def choose(
    platform: str,
    market: str,
    folders: Sequence[Path],
    at: datetime,
    *,
    pack: str | None = None,
    profile: str | None = None,
    zone: str | None = None,
) -> Chosen:
    """What a shop of ``platform`` in ``market`` uses: what is named, else the files of both, else the generic ones.

    Raises:
        BadInput: a named pack or profile does not exist, or the zone is none the profile knows.
        BadConfiguration: the profile demands that the shop names its own zone.
    """
    packs, profiles = pack_names(folders), profile_names(folders)
    if pack is not None and "@" in pack:
        choose_pack(open_folders(folders).packs(), pack, None)
    named = f"{platform}.{market}".strip(".")
    pack = _known("pack", pack, packs) or (named if named in packs else GENERIC)
    profile = _known("profile", profile, profiles) or (named if named in profiles else GENERIC)
    numbers = load_profile(profile, folders, at)
    if zone is not None and numbers.zones and zone not in numbers.zones:
        raise BadInput(
            f"{zone} is not a time zone of {profile}", remedy=_near(zone, numbers.zones) or ", ".join(numbers.zones)
        )
    place = shop_zone(zone) if zone is not None else zone_of(numbers)
    return Chosen(pack, profile, place.key)


def only_market(platform: str, folders: Sequence[Path]) -> str:
    """The market of a platform that has rules for one only; empty for a platform without rules of its own.

    Raises:
        BadInput: there are several; the message names them.
    """
    names = {*pack_names(folders), *profile_names(folders)}
    markets = sorted(name.partition(".")[2] for name in names if name.startswith(f"{platform}."))
    if len(markets) > 1:
        raise BadInput(f"a shop of {platform} needs its market", remedy=f"name it with --market: {', '.join(markets)}")
    return markets[0] if markets else ""


def _known(what: str, name: str | None, names: Sequence[str]) -> str | None:
    if name is not None and name.partition("@")[0] not in names:
        raise BadInput(f"there is no {what} {name}", remedy=_near(name, names) or f"known: {', '.join(names)}")
    return name


def _near(name: str, names: Sequence[str]) -> str | None:
    close = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {close[0]}?" if close else None
