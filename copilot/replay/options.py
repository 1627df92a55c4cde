"""What a replay is asked to do; travels to the workers as it is."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from copilot.domain.errors import BadConfiguration
from copilot.replay.mapping import RowMapping


@dataclass(frozen=True, slots=True)
class Side:
    """One version of the rules: a pack's name ("douyin.cn" or "douyin.cn@2026-11") and the policy folders to read."""

    pack: str
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """How to judge.

    ``side`` judges, ``against`` is compared with it. ``as_of`` judges every message by the pack in force on that day
    (null: on the message's own day). ``zone`` is an IANA name for days, weeks and times without an offset (null: the
    pack's profile, else times as they are written). ``shard`` (k, n) takes the k-th of n parts, k from 1.
    """

    side: Side
    against: Side | None = None
    cache_dir: Path | None = None
    as_of: date | None = None
    zone: str | None = None
    shard: tuple[int, int] | None = None
    masked: bool = True
    language: str = "zh"
    mapping: RowMapping = field(default_factory=RowMapping)

    def told(self) -> dict[str, Any]:
        """The options as the outputs tell them; no folder of this machine is among them."""
        return {
            "pack": self.side.pack,
            "against": self.against.pack if self.against is not None else None,
            "as_of": self.as_of.isoformat() if self.as_of is not None else None,
            "timezone": self.zone,
            "masked": self.masked,
            "language": self.language,
        }


def shard_of(text: str) -> tuple[int, int]:
    """``K/N`` as two numbers; ``BadConfiguration`` unless 1 ≤ K ≤ N."""
    left, slash, right = text.partition("/")
    if slash and left.isdecimal() and right.isdecimal() and 1 <= int(left) <= int(right):
        return int(left), int(right)
    raise BadConfiguration(f"--shard {text}: is no part of a whole", remedy="write K/N, for example 1/4")
