"""What is published for one shop: which version of each kind decides, and which only watches, at both levels.

Plain values, compared to tell whether anything changed; ``folders`` says in which order they are read.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.flow.publishing.files import Kind


@dataclass(frozen=True)
class Version:
    """A published version with its files in ``folder``; ``number`` is how people call it."""

    id: uuid.UUID
    number: int
    folder: Path


Levels = tuple[Version | None, Version | None]
"""The merchant's version and the shop's; None where none is published and the deployment's own folders hold."""

_NONE: Levels = (None, None)


@dataclass(frozen=True)
class Standing:
    """The published versions of a shop by kind and level."""

    rules: Levels = _NONE
    playbooks: Levels = _NONE
    shadow_rules: Levels = _NONE
    shadow_playbooks: Levels = _NONE

    def deciding(self, kind: Kind) -> Levels:
        """The versions in force."""
        return self.rules if kind is Kind.RULES else self.playbooks

    def watching(self, kind: Kind) -> Levels:
        """The versions in shadow."""
        return self.shadow_rules if kind is Kind.RULES else self.shadow_playbooks

    @property
    def without_shadow(self) -> "Standing":
        """The same, with nobody watching."""
        return Standing(self.rules, self.playbooks)


NOTHING = Standing()


def folders(levels: Levels, merchants: Sequence[Path], shops: Sequence[Path]) -> tuple[Path, ...]:
    """The merchant's and the shop's layers in the order in which they count.

    ``merchants`` and ``shops`` are the folders of the deployment for them, one of each per deployment folder; what is
    published stands in their place.
    """
    merchant, shop = levels
    if merchant is None and shop is None:
        return tuple(path for pair in zip(merchants, shops, strict=True) for path in pair if path.is_dir())
    own = [merchant.folder] if merchant is not None else [path for path in merchants if path.is_dir()]
    of_shop = [shop.folder] if shop is not None else [path for path in shops if path.is_dir()]
    return (*own, *of_shop)


def shadowed(deciding: Levels, watching: Levels) -> Levels | None:
    """The versions as they would be if those in shadow were in force; None when nobody watches."""
    if watching == _NONE:
        return None
    return watching[0] or deciding[0], watching[1] or deciding[1]
