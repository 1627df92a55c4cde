"""The work behind ``replay --draft``: drafts the archives once more, after they were judged, with a progress bar."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from copilot import assets, logs
from copilot.cli.words import Language
from copilot.domain.errors import BadConfiguration
from copilot.replay.drafts.reading import Reading
from copilot.replay.drafts.recorded import RecordingModel
from copilot.replay.drafts.rules import PREFIX
from copilot.replay.drafts.run import run
from copilot.replay.drafts.totals import SECTION, DraftTotals
from copilot.replay.drafts.work import Drafting, DraftSettings
from copilot.replay.options import Options
from copilot.replay.run import Job
from copilot.replay.totals import Totals
from copilot.settings import Settings, load_settings

GENERIC = "generic"
_WORDS: dict[Language, tuple[str, str]] = {"en": ("drafting", "turns"), "zh": ("拟稿中", "轮")}
_SUMS: dict[Language, str] = {
    "en": "{drafted:,} of {turns:,} buyer turns drafted; {changed:,} offers changed",
    "zh": "买家消息 {turns:,} 轮，拟稿 {drafted:,} 轮；方案有变化 {changed:,} 轮",
}


@dataclass(frozen=True, slots=True)
class DraftsAsked:
    """What the command was told about drafts: other ``playbooks``, a recording to use or to make."""

    playbooks: str | None = None
    recorded: Path | None = None
    record: Path | None = None


def drafts_asked(against: str | None, recorded: Path | None, record: Path | None) -> DraftsAsked:
    """What to draft with; ``against`` counts when it names playbooks. ``BadConfiguration`` for options that clash."""
    if recorded is not None and record is not None:
        raise BadConfiguration("--recorded and --record exclude each other", remedy="record first, then replay it")
    playbooks = against if against is not None and against.startswith(PREFIX) else None
    return DraftsAsked(playbooks, recorded, record)


def check_drafts(asked: DraftsAsked, options: Options) -> None:
    """Open what drafting needs and close it again, so that a broken file ends the run before it begins."""
    settings = load_settings()
    if asked.record is not None and settings.model is None:
        raise BadConfiguration("--record needs a model", remedy="set COPILOT_MODEL")
    with Drafting(_settings(asked, options, settings)):
        pass


def add_drafts(asked: DraftsAsked, options: Options, job: Job, totals: Totals, language: Language) -> None:
    """Draft every buyer turn of the archives of ``job``; the sums go into ``totals`` under ``drafts``."""
    settings = load_settings()
    logs.configure(settings.log_level)
    reading = Reading(job.archives, options.mapping, options.shard)
    total = sum(counts.get("conversations", 0) for counts in totals.archives.values())
    with _model(asked, settings) as model, drafting_bar(total, language) as progress:
        found = run(
            reading.conversations(),
            _settings(asked, options, settings),
            job.out,
            workers=job.workers,
            model=model,
            progress=progress,
            identity=reading.identity,
            resume=job.resume,
        )
    totals.extra[SECTION] = found.as_json()
    totals.run["partial"] = totals.partial or found.partial
    totals.run["playbooks"] = found.against or None
    _tell(found, language)


def _settings(asked: DraftsAsked, options: Options, settings: Settings) -> DraftSettings:
    as_of = datetime.combine(options.as_of, time(12), UTC) if options.as_of is not None else None
    return DraftSettings(
        policies=options.side.folders,
        prompts=assets.prompt_folders(settings.prompts_dir),
        cache_dir=settings.cache_dir,
        # Without a pack of its own each conversation's platform and market choose.
        pack=None if options.side.pack == GENERIC else options.side.pack,
        against=asked.playbooks,
        recorded=asked.recorded,
        as_of=as_of,
        masked=options.masked,
        zone=options.zone or "UTC",
        row_zone=options.mapping.timezone,
        row_times=options.mapping.time_format,
    )


@contextmanager
def _model(asked: DraftsAsked, settings: Settings) -> Generator[RecordingModel | None]:
    """The model that is to be recorded; None when none is."""
    if asked.record is None or settings.model is None:
        yield None
        return
    from copilot.domain.clock import SystemClock
    from copilot.model.fallbacks import open_models
    from copilot.model.gateway import warm

    warm()
    gateway = open_models(settings, SystemClock())
    with asked.record.open("a", encoding="utf-8") as file:
        yield RecordingModel(gateway, file)


@contextmanager
def drafting_bar(total: int, language: Language) -> Generator[Callable[[int, int], None] | None]:
    """A bar over conversations with turns per second and the time left; nothing where no terminal is."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    what, unit = _WORDS[language]
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[turns]:,} " + unit + " · {task.fields[rate]:,.1f}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total or None, turns=0, rate=0.0)

        def update(conversations: int, turns: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(task, completed=conversations, turns=turns, rate=turns / elapsed if elapsed > 0 else 0.0)

        yield update


def _tell(found: DraftTotals, language: Language) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    sums = {"drafted": found.drafted, "turns": found.turns, "changed": found.changed}
    console.print(_SUMS[language].format(**sums), markup=False)
