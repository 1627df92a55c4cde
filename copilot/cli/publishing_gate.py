"""The comparison with what is in force that a version must pass on archives: what it newly blocks, releases, offers.

It prints counts and masked samples, and returns numbers and refusals; it stores nothing.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot import assets
from copilot.cli.io import note
from copilot.cli.policy_costs import cost_lines
from copilot.cli.publishing_words import said
from copilot.cli.replay_words import progress_bar
from copilot.cli.words import language
from copilot.domain.errors import BadInput
from copilot.flow.publishing.checks import Target
from copilot.flow.publishing.files import Kind
from copilot.flow.shops import Shops
from copilot.replay.archives import Archive, Nothing, find_archives
from copilot.replay.options import Options, Side
from copilot.replay.packs import zone_for
from copilot.replay.run import Job, run
from copilot.replay.totals import Changes, Totals

if TYPE_CHECKING:
    from copilot.settings import Settings

_SHOWN = 3
_MARKS = {"caught": "+", "released": "-", "changed": "±"}
Gate = tuple[dict[str, Any], list[str]]
"""What was counted, by shop, and why it is refused."""


@dataclass(frozen=True)
class Limits:
    """How much may change; None: as much as it will."""

    newly_blocked: int = 0
    newly_released: int | None = None
    changed_offers: int | None = None


def compare_rules(
    shops: Shops, merchant: str, targets: Sequence[Target], archives: Sequence[Path], limits: Limits,
    settings: "Settings", at: datetime,
) -> Gate:  # fmt: skip
    """Judge every message by both versions of each shop's pack.

    Raises:
        BadInput: an archive is not there, or holds what cannot be read: a gate does not pass what it has not seen.
    """
    found, empty = _archives(archives)
    told: dict[str, Any] = {}
    refusals: list[str] = []
    known: dict[object, dict[str, Any]] = {}
    for target in targets:
        sides = tuple(
            Side(target.shop.pack, (*shops.folders, *shops.layers(standing, Kind.RULES, merchant, target.shop.slug)))
            for standing in (target.after, target.before)
        )
        if sides not in known:
            known[sides] = _judged(found, empty, sides[0], sides[1], settings, at, target.shop.slug)
        one = told[target.shop.slug] = known[sides]
        refusals += _refusals(one, limits)
    return told, list(dict.fromkeys(refusals))


def _judged(
    archives: list[Archive],
    empty: list[Nothing],
    now: Side,
    before: Side,
    settings: "Settings",
    at: datetime,
    shop: str,
) -> dict[str, Any]:
    zone = zone_for(None, now, at.date())
    options = Options(
        now,
        against=before,
        cache_dir=settings.cache_dir,
        as_of=at.date(),
        zone=zone.key if zone is not None else None,
        language=language(),
    )
    with tempfile.TemporaryDirectory(prefix="reply-copilot-") as out:
        job = Job(archives, empty, Path(out), workers=_cores())
        with progress_bar(sum(archive.size for archive in archives), language()) as progress:
            totals = run(job, options, progress)
    if totals.partial:
        raise KeyboardInterrupt
    return _told(totals, shop)


def _told(totals: Totals, shop: str) -> dict[str, Any]:
    messages, rejected = sum(totals.messages.values()), sum(totals.rejected.values())
    if rejected or not messages:
        raise BadInput(
            f"{rejected} lines or messages of the archives cannot be read, {messages} can",
            remedy="repair them (reply-copilot replay run names each), or leave that archive out",
        )
    changes = totals.changes or Changes()
    blocked = sum(number for move, number in changes.decisions.items() if move.endswith(">block"))
    released = sum(number for move, number in changes.decisions.items() if move.startswith("block>"))
    note(said("compared", shop=shop, messages=messages, against=said("in_force"), blocked=blocked, released=released))
    for rule, counts in sorted(changes.rules.items()):
        note(said("rule", rule=rule, **{name: counts.get(name, 0) for name in _MARKS}))
        for change, mark in _MARKS.items():
            samples = changes.samples.get(f"{rule}|{change}")
            for sample in samples.listed()[:_SHOWN] if samples is not None else ():
                note(said("sample", mark=mark, text=sample["excerpt"]))
    return {"messages": messages, "newly_blocked": blocked, "newly_released": released, "rules": changes.rules}


def _refusals(one: dict[str, Any], limits: Limits) -> list[str]:
    refusals: list[str] = []
    if one["newly_blocked"] > limits.newly_blocked:
        refusals.append(said("too_many", number=one["newly_blocked"], allowed=limits.newly_blocked))
    if limits.newly_released is not None and one["newly_released"] > limits.newly_released:
        refusals.append(said("too_free", number=one["newly_released"], allowed=limits.newly_released))
    return refusals


def compare_offers(
    shops: Shops, merchant: str, targets: Sequence[Target], archives: Sequence[Path], limits: Limits,
    settings: "Settings", at: datetime,
) -> Gate:  # fmt: skip
    """Draft every buyer turn by both versions of the playbooks, and tell what the change costs.

    Raises:
        BadInput: an archive is not there.
    """
    found, _ = _archives(archives)
    told: dict[str, Any] = {}
    refusals: list[str] = []
    known: dict[object, dict[str, Any]] = {}
    for target in targets:
        now, before = (
            (*shops.folders, *shops.layers(standing, Kind.PLAYBOOKS, merchant, target.shop.slug))
            for standing in (target.after, target.before)
        )
        key = (now, before, target.shop.pack)
        if key not in known:
            known[key] = _drafted(found, now, before, target.shop.pack, settings)
        one = told[target.shop.slug] = known[key]
        if limits.changed_offers is not None and one["changed"] > limits.changed_offers:
            refusals.append(said("too_other", number=one["changed"], allowed=limits.changed_offers))
    return told, list(dict.fromkeys(refusals))


def _drafted(
    archives: list[Archive], now: tuple[Path, ...], before: tuple[Path, ...], pack: str, settings: "Settings"
) -> dict[str, Any]:
    from copilot.cli.replay_drafts import drafting_bar
    from copilot.replay.drafts.reading import Reading
    from copilot.replay.drafts.run import run as draft
    from copilot.replay.drafts.work import DraftSettings
    from copilot.replay.mapping import RowMapping

    drafting = DraftSettings(
        policies=now,
        prompts=assets.prompt_folders(settings.prompts_dir),
        cache_dir=settings.cache_dir,
        pack=pack,
        against_layers=before,
    )
    conversations = Reading(archives, RowMapping()).conversations()
    with tempfile.TemporaryDirectory(prefix="reply-copilot-") as out, drafting_bar(0, language()) as progress:
        totals = draft(conversations, drafting, Path(out), workers=_cores(), progress=progress)
    for line in cost_lines(totals.as_json(), language()):
        note(line)
    return {"turns": totals.turns, "changed": totals.changed, "issues": dict(totals.changed_issues)}


def _archives(archives: Sequence[Path]) -> tuple[list[Archive], list[Nothing]]:
    found, empty = find_archives(list(archives))
    if empty:
        raise BadInput(f"{empty[0].name}: {empty[0].why}", remedy="leave it out")
    return found, empty


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
