"""What people decided for shops: playbooks, terms and voice from folders in layers, read again when a file changes.

Owns when to look at the files, and the last good version: a file that cannot be read changes nothing for a shop that
worked before, and is told once. Rules and profiles are not looked after here; they change with a restart.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from copilot.domain.errors import BadConfiguration
from copilot.flow.publishing.files import require_whole
from copilot.logs import get_logger
from copilot.model.composer import Voice, load_voice
from copilot.playbook import Playbooks, Terms, load_playbooks, load_terms
from copilot.playbook.loader import FOLDER as PLAYBOOKS
from copilot.playbook.terms import FOLDER as TERMS

log = get_logger(__name__)

LOOK_EVERY: Final = timedelta(seconds=1)
"""How long files are taken to be as they were: a burst of drafts looks once."""
_VOICE: Final = "voice"

Stamp = tuple[tuple[str, int, int], ...]
"""Each file with its time of change in nanoseconds and its size."""


@dataclass(frozen=True)
class Decided:
    """What holds for a shop; ``stamp`` is the files' that it was read from."""

    playbooks: Playbooks
    terms: Terms
    voice: Voice
    stamp: Stamp = field(repr=False)


@dataclass
class Decisions:
    """What is decided, over the ``folders`` of a deployment, for one process."""

    folders: Sequence[Path]
    _looked: dict[tuple[Path, ...], tuple[datetime, Stamp]] = field(
        default_factory=dict[tuple[Path, ...], tuple[datetime, Stamp]], repr=False
    )
    # Shops with no files of their own share what is large and slow to read.
    _playbooks: dict[tuple[Path, ...], tuple[Stamp, Playbooks]] = field(
        default_factory=dict[tuple[Path, ...], tuple[Stamp, Playbooks]], repr=False
    )
    _shared: dict[tuple[str, tuple[Path, ...]], Decided] = field(
        default_factory=dict[tuple[str, tuple[Path, ...]], Decided], repr=False
    )
    _good: dict[tuple[str, ...], Decided] = field(default_factory=dict[tuple[str, ...], Decided], repr=False)
    _told: dict[tuple[str, ...], Stamp] = field(default_factory=dict[tuple[str, ...], Stamp], repr=False)

    def of_shop(self, shop: tuple[str, ...], profile: str, layers: tuple[Path, ...], at: datetime) -> Decided:
        """What holds at ``at`` for ``shop`` (merchant, slug) with its own folders ``layers``.

        Raises:
            BadConfiguration: a file cannot be used, and this process never had a version that could.
        """
        stamp = self._stamp(layers, at)
        who = (*shop, profile)
        try:
            found = self._good[who] = self._read(profile, layers, stamp)
        except BadConfiguration as error:
            kept = self._good.get(who)
            if kept is None:
                raise
            if self._told.get(who) != stamp:
                self._told[who] = stamp
                log.error("playbooks_kept", merchant=shop[0], shop=shop[-1], why=str(error))
            return kept
        if self._told.pop(who, None) is not None:
            log.info("playbooks_mended", merchant=shop[0], shop=shop[-1])
        return found

    def prove(self, profile: str, layers: tuple[Path, ...], at: datetime) -> None:
        """Read what would hold with ``layers``, whatever held before.

        Raises:
            BadConfiguration: a file cannot be used.
        """
        self._read(profile, layers, self._stamp(layers, at))

    def of_platform(self, profile: str) -> Decided:
        """What the folders themselves say; read once, for commands.

        Raises:
            BadConfiguration: a file cannot be used.
        """
        return self._shared.get((profile, ())) or self._read(profile, (), ())

    def _read(self, profile: str, layers: tuple[Path, ...], stamp: Stamp) -> Decided:
        key = (profile, layers)
        found = self._shared.get(key)
        if found is None or found.stamp != stamp:
            for layer in layers:
                require_whole(layer)
            places = (*self.folders, *layers)
            found = Decided(
                self._playbooks_of(layers, stamp), load_terms(profile, self.folders, layers), load_voice(places), stamp
            )
            self._shared[key] = found
        return found

    def _playbooks_of(self, layers: tuple[Path, ...], stamp: Stamp) -> Playbooks:
        known = self._playbooks.get(layers)
        if known is None or known[0] != stamp:
            known = self._playbooks[layers] = (stamp, load_playbooks(self.folders, layers))
        return known[1]

    def _stamp(self, layers: tuple[Path, ...], at: datetime) -> Stamp:
        looked = self._looked.get(layers)
        if looked is not None and abs(at - looked[0]) < LOOK_EVERY:
            return looked[1]
        stamp = tuple(sorted(_files((*self.folders, *layers))))
        self._looked[layers] = (at, stamp)
        return stamp


def _files(folders: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        for name in (PLAYBOOKS, TERMS, _VOICE):
            try:
                entries = list(os.scandir(folder / name))
            except (FileNotFoundError, NotADirectoryError):
                continue
            for entry in entries:
                try:
                    told = entry.stat()
                except FileNotFoundError:
                    # Gone between two looks: as if it had not been there.
                    continue
                yield entry.path, told.st_mtime_ns, told.st_size
