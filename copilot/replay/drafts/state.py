"""From where an interrupted flow replay goes on: a small file beside its outputs, written every few seconds."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from copilot.replay.drafts.rules import against_folder
from copilot.replay.drafts.totals import STATE
from copilot.replay.drafts.work import DraftSettings


@dataclass(frozen=True, slots=True)
class DraftState:
    """Batches that were ``done``, what they added up to, and how long the files were then; ``key`` is the run's."""

    key: str
    done: int
    sizes: dict[str, int]
    totals: dict[str, Any]

    @classmethod
    def read(cls, out: Path, key: str) -> Self | None:
        """The state in the folder ``out`` when it is of the run ``key`` and the files are still there; else null."""
        try:
            found = cls(**json.loads((out / STATE).read_bytes()))
            whole = all((out / name).stat().st_size >= size for name, size in found.sizes.items())
        except (OSError, ValueError, TypeError, AttributeError):
            return None
        return found if found.key == key and whole else None

    def save(self, out: Path) -> None:
        """Keep it in the folder ``out``."""
        new = out / f"{STATE}.new"
        new.write_text(json.dumps(asdict(self), ensure_ascii=True), encoding="ascii")
        os.replace(new, out / STATE)


def key_of(settings: DraftSettings, identity: Sequence[object]) -> str:
    """What must be the same for a run to go on: the settings, every file that decides a draft, and ``identity``."""
    digest = hashlib.sha256(repr((settings, list(identity))).encode("utf-8", "replace"))
    folders = [*settings.policies, *settings.prompts, *settings.against_layers]
    if settings.against is not None:
        folders.append(against_folder(settings.against))
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"\0{file.relative_to(folder)}\0".encode("utf-8", "replace"))
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    if settings.recorded is not None:
        digest.update(hashlib.sha256(settings.recorded.read_bytes()).digest())
    return digest.hexdigest()
