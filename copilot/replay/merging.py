"""Puts the parts of a sharded replay together: the same bytes as one run over everything."""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from copilot.domain.errors import BadInput
from copilot.replay.drafts.totals import DRAFTS, OFFERS, SECTION, merged
from copilot.replay.folder import CHANGES, FINDINGS, REJECTED, read_totals
from copilot.replay.totals import Totals

_Placed = tuple[int, int, int, bytes]


def merge(parts: Sequence[Path], out: Path) -> Totals:
    """Merge the folders ``parts`` into ``out``; the caller writes totals and reports.

    Raises:
        BadInput: parts that are no parts of one whole, or one that is missing, twice there or interrupted.
    """
    totals = [read_totals(part) for part in parts]
    _check(parts, totals)
    if out.resolve() in {part.resolve() for part in parts}:
        raise BadInput(f"{out}: is one of the parts", remedy="give another folder to --out")
    whole = Totals()
    for one in totals:
        whole.merge(one)
    whole.run = {**totals[0].run, "shard": None}
    out.mkdir(parents=True, exist_ok=True)
    order = {name: at for at, name in enumerate(whole.archives)}
    for name in (FINDINGS, REJECTED, CHANGES):
        if name == CHANGES and whole.changes is None:
            (out / name).unlink(missing_ok=True)
            continue
        _merge_lines([part / name for part in parts], out / name, order)
    _merge_drafts(parts, totals, whole, out, order)
    return whole


def _merge_drafts(
    parts: Sequence[Path], totals: Sequence[Totals], whole: Totals, out: Path, order: dict[str, int]
) -> None:
    """Put the drafts of the parts together; a whole in which a part has none has none."""
    drafted = [one.extra[SECTION] for one in totals if SECTION in one.extra]
    for name in (DRAFTS, OFFERS):
        if len(drafted) == len(totals) and (name == DRAFTS or drafted[0].get("against")):
            _merge_lines([part / name for part in parts], out / name, order)
        else:
            (out / name).unlink(missing_ok=True)
    if len(drafted) == len(totals):
        whole.extra[SECTION] = merged(drafted)


def _check(parts: Sequence[Path], totals: Sequence[Totals]) -> None:
    seen: dict[int, Path] = {}
    first = totals[0].run
    for part, one in zip(parts, totals, strict=True):
        shard = one.run.get("shard")
        if not shard:
            raise BadInput(f"{part}: is a whole replay, not a part", remedy="name folders written with --shard")
        if one.partial:
            raise BadInput(f"{part}: was interrupted", remedy="finish it with --resume first")
        if {**one.run, "shard": shard[1]} != {**first, "shard": first["shard"][1]}:
            raise BadInput(f"{part}: was replayed with other options than {parts[0]}", remedy="replay it again")
        if list(one.archives) != list(totals[0].archives):
            raise BadInput(f"{part}: was replayed over other archives than {parts[0]}", remedy="replay it again")
        if shard[0] in seen:
            raise BadInput(f"{part}: is the same part as {seen[shard[0]]}", remedy="name every part once")
        seen[shard[0]] = part
    missing = [f"{k}/{first['shard'][1]}" for k in range(1, first["shard"][1] + 1) if k not in seen]
    if missing:
        raise BadInput(f"parts are missing: {', '.join(missing)}", remedy="replay them and name their folders")


def _merge_lines(sources: Sequence[Path], target: Path, order: dict[str, int]) -> None:
    with ExitStack() as stack:
        try:
            files = [stack.enter_context(source.open("rb")) for source in sources]
        except OSError as error:
            raise BadInput(f"{error.filename}: is missing or cannot be read", remedy="replay that part again") from None
        out = stack.enter_context(target.open("wb"))
        streams = [_placed(file, order) for file in files]
        # Findings of one message stand in one part and keep their order there.
        for *_, line in heapq.merge(*streams, key=lambda placed: placed[:3]):
            out.write(line)


def _placed(file: BinaryIO, order: dict[str, int]) -> Iterator[_Placed]:
    for line in file:
        try:
            row: Any = orjson.loads(line)
            name: str = row["archive"] if "archive" in row else row["file"]
            index = row["index"]
            yield order.get(name, -1), row["line"], -1 if index is None else index, line
        except (ValueError, KeyError, TypeError):
            raise BadInput(f"{file.name}: has been changed since the replay", remedy="replay that part again") from None
