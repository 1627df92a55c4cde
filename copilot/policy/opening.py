"""Opens a pack by its name: policy folders, the edition in force, the cache.

The only part that reads files on the way to a verdict; ``pack`` gets everything ready made.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from copilot.domain.errors import PolicyFileError
from copilot.policy.cache import cached
from copilot.policy.collector import paused
from copilot.policy.compile import cache_key, compile_pack
from copilot.policy.learned import load_learned
from copilot.policy.load import choose_pack, open_folders
from copilot.policy.pack import Pack


@paused()
def load_pack(
    name: str,
    folders: Sequence[Path],
    at: date | None = None,
    cache_dir: Path | None = None,
    profile_values: Mapping[str, int] | None = None,
) -> Pack:
    """The pack ``name`` in force on ``at`` (null: the newest).

    ``folders`` are policy roots, later ones override; ``cache_dir`` keeps compiled packs (null: no cache);
    ``profile_values`` resolves what a pack names symbolically ({"message.max_chars": 2000}). Raises
    ``BadConfiguration`` for an unknown pack, naming the known ones, and ``PolicyFileError`` with file:line.
    """
    opened = open_folders(folders)
    chosen, document = choose_pack(opened.packs(), name, at)
    full_name = f"{chosen.name}@{chosen.effective:%Y-%m}"
    key = cache_key(opened, chosen.edition)
    compiled = cached(cache_dir, f"pack-{key}", lambda: compile_pack(opened, chosen, document))
    limits = {
        limit: number
        for limit, value in chosen.limits.items()
        if (number := _limit_value(value, profile_values, f"{document.path}:{document.line(('limits', limit))}"))
        is not None
    }
    return Pack(
        full_name,
        compiled,
        limits=limits,
        domains=chosen.domains,
        market=chosen.market,
        everyday=opened.everyday,
        learned=load_learned(opened.folders),
        cache_dir=cache_dir,
    )


def _limit_value(value: str | int, profile_values: Mapping[str, int] | None, place: str) -> int | None:
    if isinstance(value, int):
        return value
    prefix, _, path = value.partition(".")
    if prefix != "profile" or not path:
        raise PolicyFileError(f"{place}: '{value}' is no limit", remedy="give a number or profile.<path>")
    return (profile_values or {}).get(path)
