"""The part of a flow replay that runs in each process: opened once by its settings, fed with batches.

Everything that crosses to another process is plain: paths, names, dictionaries, bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from copilot.domain.clock import SystemClock
from copilot.domain.conversation import Conversation
from copilot.flow.shops import Shops
from copilot.model.completion import Completer
from copilot.model.prompts import Prompts
from copilot.model.writer import Writer as ModelWriter
from copilot.replay.drafts.drafter import Drafter
from copilot.replay.drafts.fitting import Unfit, fitted
from copilot.replay.drafts.recorded import RecordedModel
from copilot.replay.drafts.rows import Place, Row, Writer
from copilot.replay.drafts.rules import Against, RulesInForce, against_layers, open_against
from copilot.replay.drafts.totals import DraftTotals


@dataclass(frozen=True)
class DraftSettings:
    """How to draft.

    ``policies`` and ``prompts`` are the folders of a deployment; ``pack`` overrides what platforms and markets choose;
    ``against`` names other playbooks ("playbooks@FOLDER"), or ``against_layers`` are all their folders; ``recorded`` is
    a file of a model's answers (null: composed drafts); ``as_of`` pins the rules to a day and is the time of
    conversations that carry none (null: those in force at each turn, and the day when the newest took effect). Times
    without an offset are in ``zone``, those of tables in ``row_zone`` and of the form ``row_times`` where given.
    """

    policies: tuple[Path, ...]
    prompts: tuple[Path, ...]
    cache_dir: Path | None = None
    pack: str | None = None
    against: str | None = None
    against_layers: tuple[Path, ...] = ()
    recorded: Path | None = None
    as_of: datetime | None = None
    masked: bool = True
    zone: str = "UTC"
    row_zone: str | None = None
    row_times: str | None = None

    @property
    def compares(self) -> bool:
        """Whether other playbooks are compared with."""
        return self.against is not None or bool(self.against_layers)


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation as it stands in an archive, with its place; ``rows``: it was put together from a table."""

    archive: str
    line: int
    value: dict[str, Any]
    rows: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch gave: lines for the two files, and its sums as JSON."""

    drafts: bytes
    offers: bytes
    totals: dict[str, Any]


class Drafting:
    """An open flow replay; ``BadConfiguration`` or ``BadInput`` when the settings cannot be used."""

    def __init__(self, settings: DraftSettings, model: Completer | None = None) -> None:
        """``model`` words the drafts instead of a recording, to make one."""
        clock = SystemClock()
        shops = Shops(settings.policies, Prompts(settings.prompts, settings.cache_dir), settings.cache_dir)
        against = _against(settings)
        in_force = RulesInForce(shops, settings.pack, against, settings.as_of)
        otherwise = settings.as_of or in_force.newest()
        # An unknown pack or a broken playbook is told before the first conversation.
        in_force.at("", "", otherwise)
        if model is None and settings.recorded is not None:
            model = RecordedModel.open(settings.recorded)
        writer = ModelWriter(model, shops.prompts, clock) if model is not None else None
        self._drafter = Drafter(in_force, clock, otherwise, writer)
        self._settings = settings
        self._against = against.name if against else ""
        self._named = model.name if model is not None else ""

    def __enter__(self) -> Self:
        """Ready to draft."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the flow."""
        self._drafter.__exit__(kind, error, trace)

    def batch(self, conversations: Sequence[Found]) -> Batch:
        """Draft ``conversations`` in order."""
        totals = DraftTotals(self._against, self._named)
        writer = Writer(totals, self._settings.masked)
        drafts: list[Row] = []
        offers: list[Row] = []
        for found in conversations:
            try:
                conversation = self._fitted(found)
            except Unfit as why:
                totals.unfit[str(why)] += 1
                continue
            new, changed = writer.rows(Place(found.archive, found.line), conversation, self._drafter)
            drafts += new
            offers += changed
        return Batch(_lines(drafts), _lines(offers), totals.as_json())

    def _fitted(self, found: Found) -> Conversation:
        own = self._settings
        zone = own.row_zone if found.rows and own.row_zone else own.zone
        platform, _, market = (own.pack or "").partition("@")[0].partition(".")
        return fitted(found.value, ZoneInfo(zone), platform, market, own.row_times if found.rows else None)


def _against(settings: DraftSettings) -> Against | None:
    if settings.against_layers:
        return against_layers(settings.against_layers)
    return open_against(settings.against, settings.policies) if settings.against else None


def _lines(rows: list[Row]) -> bytes:
    # Half of a surrogate pair has no UTF-8 form; what stands for it has.
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows).encode(
        "utf-8", "replace"
    )
