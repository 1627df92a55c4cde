"""Judges pieces: what every process of a replay does, and the only one when there is one."""

import gc
from typing import Any

import orjson

from copilot.clock.days import shop_zone
from copilot.policy import CheckContext, Origin, Speaker
from copilot.policy.privacy import RememberedFinds
from copilot.replay.archives import Archive
from copilot.replay.buyers import BuyerSample
from copilot.replay.counting import add_taken
from copilot.replay.judging import Judging
from copilot.replay.masking import Excerpts
from copilot.replay.options import Options
from copilot.replay.outcome import Outcome
from copilot.replay.packs import Packs
from copilot.replay.pieces import Damage, Items, Lines, Piece, Rows
from copilot.replay.remembering import Remembered
from copilot.replay.rows import RowMaker
from copilot.replay.said import Taken
from copilot.replay.samples import Floors
from copilot.replay.spreading import can_inherit
from copilot.replay.taking import Part, Taker
from copilot.replay.taking_rows import RowTaker
from copilot.replay.times import Times


class Worker:
    """Turns a piece into its outcome; the same piece gives the same outcome in every process."""

    def __init__(self, options: Options, archives: list[Archive]) -> None:
        """Loads the packs of both sides; raises as ``Packs`` does."""
        self._options, self._archives = options, archives
        finds = RememberedFinds()
        self._packs = Packs(options.side, options.cache_dir, options.as_of, finds)
        self._against = Packs(options.against, options.cache_dir, options.as_of, finds) if options.against else None
        self._catalogue: dict[str, dict[str, Any]] = {
            **(self._against.catalogue if self._against else {}),
            **self._packs.catalogue,
        }
        zone = shop_zone(options.zone) if options.zone is not None else None
        mapping = options.mapping
        row_zone = shop_zone(mapping.timezone) if mapping.timezone is not None else None
        part = Part(options.shard)
        row_times = Times(self._packs.on, zone, form=mapping.time_format, naive=row_zone)
        self._part = part
        self._taker = Taker(Times(self._packs.on, zone), part)
        self._row_taker = RowTaker(row_times, part, mapping)
        self._remembered, self._floors = Remembered(), Floors()
        self._excerpts = Excerpts(self._packs.market, options.masked, finds)
        self._buyers = BuyerSample(self._packs.market, options.masked)

    @property
    def hashes(self) -> list[list[str]]:
        """What the packs of both sides contain."""
        return [self._packs.hashes, self._against.hashes if self._against is not None else []]

    @property
    def rules(self) -> list[str]:
        """The ids of all rules that judge, whether they find something or not."""
        return sorted(self._packs.catalogue)

    def prepare(self) -> None:
        """Make what every piece needs, so that processes made from this one share it."""
        for packs in (self._packs, self._against):
            if packs is not None:
                packs.packs[-1].prepare([CheckContext(speaker=speaker, origin=Origin.ARCHIVE) for speaker in Speaker])

    def work(self, piece: Piece) -> Outcome:
        """Read and judge ``piece``."""
        # Thousands of small objects without cycles: the collector would only go through them again and again.
        collecting = gc.isenabled()
        gc.disable()
        try:
            return self._work(piece)
        finally:
            if collecting:
                gc.enable()

    def _work(self, piece: Piece) -> Outcome:
        archive = self._archives[piece.archive]
        taken = self._taker.taken = Taken()
        self._read(piece, archive)
        outcome = Outcome(edges=taken.edges)
        rows = RowMaker(archive.name, self._excerpts)
        judging = Judging(outcome.totals, rows, self._options.language, self._catalogue, self._remembered, self._floors)
        add_taken(outcome.totals, taken, [pack.name for pack in self._packs.packs])
        for (pack, by_buyer), said in taken.said.items():
            speaker = Speaker.BUYER if by_buyer else Speaker.AGENT
            verdicts = judging.group(self._packs.packs[pack], speaker, said)
            if self._against is not None:
                judging.compare(self._against, speaker, said, verdicts)
            if by_buyer:
                self._buyers.add(outcome.totals, archive.name, said)
        outcome.findings, outcome.changes = judging.close(self._against is not None)
        self._sums(outcome, taken, archive)
        return outcome

    def _read(self, piece: Piece, archive: Archive) -> None:
        content, taker = piece.content, self._taker
        if isinstance(content, Lines):
            for line, item in content.numbered(archive.path):
                taker.item(line, item)
        elif isinstance(content, Items):
            for line, item in zip(content.lines, content.items, strict=True):
                taker.item(line, item)
        elif isinstance(content, Rows):
            self._row_taker.rows(taker.taken, content, archive.name)
        else:
            self._damage(content)

    def _damage(self, damage: Damage) -> None:
        self._taker.taken.reject(damage.line, damage.kind, damage.why)

    def _sums(self, outcome: Outcome, taken: Taken, archive: Archive) -> None:
        totals = outcome.totals
        # A line that cannot be read belongs to no conversation: its place says which part of the whole tells it.
        rejected = [one for one in taken.rejected if one[1] >= 0 or self._part.tells(f"{archive.name}:{one[0]}")]
        for _, _, kind, _ in rejected:
            totals.rejected[kind] = totals.rejected.get(kind, 0) + 1
        outcome.rejected = b"".join(
            orjson.dumps(
                {"file": archive.name, "line": line, "index": index if index >= 0 else None, "kind": kind, "why": why},
                option=orjson.OPT_APPEND_NEWLINE,
            )
            for line, index, kind, why in sorted(rejected, key=lambda one: one[:2])
        )
        totals.archives[archive.name] = {
            "conversations": taken.conversations,
            "messages": sum(totals.messages.values()),
            "rejected": len(rejected),
        }


_opened: list[Worker] = []
"""The worker of a process; it lives as long as the process."""


def lend(worker: Worker) -> bool:
    """Make ``worker`` that of this process, and prepare it for copies of the process; false where none can be made."""
    _opened[:] = [worker]
    if not can_inherit():
        return False
    worker.prepare()
    return True


def open_worker(options: Options, archives: list[Archive]) -> None:
    """Make the worker of this process, unless it has inherited one."""
    if not _opened:
        _opened.append(Worker(options, archives))


def work(piece: Piece) -> Outcome:
    """Read and judge ``piece`` in a process that ``open_worker`` has begun."""
    return _opened[0].work(piece)
