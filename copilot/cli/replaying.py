"""The work behind ``replay``: opens what was asked for, runs it with a progress bar, writes reports, sums up."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from copilot import assets
from copilot.cli.errors import BAD, GATE_FAILED, INTERRUPTED, OK, complain
from copilot.cli.replay_words import print_summary, progress_bar
from copilot.cli.words import Language, language
from copilot.domain.clock import SystemClock
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.replay.archives import find_archives
from copilot.replay.drafts.totals import forget
from copilot.replay.folder import REJECTED, write_reports, write_totals
from copilot.replay.mapping import RowMapping, read_mapping
from copilot.replay.merging import merge
from copilot.replay.options import Options, Side, shard_of
from copilot.replay.packs import zone_for
from copilot.replay.run import Job, run
from copilot.replay.totals import Totals
from copilot.settings import load_settings

_SEVERITIES = ("info", "warn", "block")


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command as they were given."""

    archives: list[Path]
    out: Path
    pack: str
    against: str | None
    against_policies: Path | None
    as_of: str | None
    workers: int | None
    shard: str | None
    fail_on: str | None
    masked: bool
    resume: bool
    lang: str | None
    timezone: str | None
    mapping: Path | None
    draft: bool = False
    recorded: Path | None = None
    record: Path | None = None
    allow_rejects: int = 0


def replay_archives(asked: Asked) -> int:
    """Replay and write everything; returns the exit code."""
    archives, empty = find_archives(asked.archives)
    options = _options(asked)
    drafts = _drafts(asked, options)
    _check_out(asked.out)
    workers = asked.workers or _cores()
    job = Job(archives, empty, asked.out, workers=workers, resume=asked.resume, fail_on=asked.fail_on)
    for nothing in empty:
        complain(f"{nothing.name}: {nothing.why}")
    with progress_bar(sum(archive.size for archive in archives), language()) as progress:
        totals = run(job, options, progress)
    if drafts is None:
        forget(asked.out)
    elif not totals.partial:
        drafts(job, totals)
    return _finish(asked.out, totals, _language(options.language), asked.fail_on, asked.allow_rejects, workers)


def _cores() -> int:
    """The cores this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _drafts(asked: Asked, options: Options) -> Callable[[Job, Totals], None] | None:
    """What drafts the archives after they were judged; None when nothing is to be drafted."""
    if not (asked.draft or asked.recorded or asked.record or _names_playbooks(asked.against)):
        return None
    from copilot.cli.replay_drafts import add_drafts, check_drafts, drafts_asked

    wanted = drafts_asked(asked.against, asked.recorded, asked.record)
    check_drafts(wanted, options)

    def draft(job: Job, totals: Totals) -> None:
        add_drafts(wanted, options, job, totals, language())

    return draft


def _names_playbooks(against: str | None) -> bool:
    return against is not None and against.startswith("playbooks@")


def merge_parts(parts: list[Path], out: Path, *, fail_on: str | None, lang: str | None, allow_rejects: int = 0) -> int:
    """Merge the folders of a sharded replay; returns the exit code."""
    _check_out(out)
    totals = merge(parts, out)
    if fail_on is not None:
        totals.run["fail_on"] = fail_on
    if lang is not None:
        totals.run["language"] = lang
    return _finish(
        out, totals, _language(totals.run.get("language")), totals.run.get("fail_on"), allow_rejects, _cores()
    )


def _finish(
    out: Path, totals: Totals, lang: Language, fail_on: str | None, allow_rejects: int, workers: int = 1
) -> int:
    """Write what a run gave and say whether its gate holds; at most ``allow_rejects`` places may stay unread."""
    write_totals(out, totals)
    write_reports(out, totals, lang, fail_on, workers)
    print_summary(totals, out, language())
    if totals.partial:
        return INTERRUPTED
    if not sum(totals.messages.values()) and totals.rejected:
        return BAD
    if fail_on is None:
        return OK
    if _reached(totals, fail_on):
        return GATE_FAILED
    # A gate passes what was read, and an archive of which nothing was is not passed whatever is allowed.
    rejected = sum(totals.rejected.values())
    unread = any(told["rejected"] and not told["messages"] for told in totals.archives.values())
    if rejected <= allow_rejects and not unread:
        return OK
    complain(f"--fail-on {fail_on}: {rejected} lines or messages were not judged; see {out / REJECTED}")
    return BAD


def _reached(totals: Totals, fail_on: str) -> bool:
    gate = _SEVERITIES[_SEVERITIES.index(fail_on) :]
    return any(counts.get(severity) for counts in totals.rules.values() for severity in gate)


def _options(asked: Asked) -> Options:
    settings = load_settings()
    side = Side(asked.pack, assets.policy_folders(settings.policies_dir))
    today = SystemClock().now().date()
    as_of = _day(asked.as_of) if asked.as_of is not None else None
    zone: Any = zone_for(asked.timezone, side, as_of or today)
    return Options(
        side,
        against=_against(asked, side),
        cache_dir=settings.cache_dir,
        as_of=as_of,
        zone=zone.key if zone is not None else None,
        shard=shard_of(asked.shard) if asked.shard is not None else None,
        masked=asked.masked,
        language=asked.lang or language(),
        mapping=read_mapping(asked.mapping) if asked.mapping is not None else RowMapping(),
    )


def _against(asked: Asked, side: Side) -> Side | None:
    against = None if _names_playbooks(asked.against) else asked.against
    if against is None and asked.against_policies is None:
        return None
    folders = side.folders
    if asked.against_policies is not None:
        # The other version stands on its own: a folder with rules replaces all layers, one without is laid over them.
        if not asked.against_policies.is_dir():
            raise BadInput(f"{asked.against_policies}: is not a folder", remedy="name a folder of policies")
        folder = asked.against_policies.resolve()
        folders = (folder,) if (folder / "packs").is_dir() else (*side.folders[:1], folder)
    return Side(against or asked.pack, folders)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadConfiguration(f"--as-of {text}: is not a day", remedy="write it as 2026-11-28") from None


def _check_out(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out}: is a file", remedy="give a folder to --out")


def _language(name: str | None) -> Language:
    return "zh" if name == "zh" else "en"
