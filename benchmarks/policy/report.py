"""Puts the figures of a run into a page: tables, ratios, a plain yes or no for each target, how to repeat it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.measure import Row, told
from benchmarks.policy.results import ENGINES, OURS, PEERS, Rate, Results
from benchmarks.policy.targets import Target, targets
from benchmarks.policy.timing import FIRST

_NONE = "–"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when: ``day`` as text, the machine's lines, seconds of a fixed piece of Python before and after.

    ``busy`` is the load of the machine when the run began (None: not told); ``command`` repeats the run.
    """

    day: str
    machine: tuple[str, ...]
    before: float
    after: float
    minutes: float
    command: str
    whole: bool
    busy: float | None = None


def page(results: Results, setting: Setting) -> str:
    """The page, as Markdown."""
    blocks = [
        "# The policy engine, measured",
        *_setting(results, setting),
        *_rates(results),
        *_ratios(results),
        *_details(results),
        *_rows(results),
        *_replay(results),
        *_targets(results),
        *_missing(results),
        f"## Again\n\n    {setting.command}\n\n`docs/benchmarks.md` says what is measured and how.",
    ]
    return "\n\n".join(blocks) + "\n"


def _setting(results: Results, setting: Setting) -> Iterator[str]:
    yield "Written by the run; every figure on this page is from it."
    if not setting.whole:
        yield "**Not the whole benchmark**: this run only shows that its parts work. Do not quote it."
    if setting.busy is not None and setting.busy > 0.5:
        yield f"**The machine was busy** (load {setting.busy:.1f}) when this run began. Do not quote it."
    versions = dict.fromkeys(rate.version for rate in results.rates.values())
    lines = [
        f"- {setting.day}, {setting.minutes:.0f} minutes",
        *(f"- {line}" for line in setting.machine),
        f"- {', '.join(versions) or 'no engine was measured'}",
        f"- a fixed piece of Python takes {told(setting.before)} before the run and {told(setting.after)} after it",
    ]
    yield "\n".join(lines)


def _rates(results: Results) -> Iterator[str]:
    yield (
        "## Messages a second on one core\n\n"
        "Every engine gets the same messages and the same terms, alone on one core; the median of several rounds. "
        "*list* is our engine with the terms, 500 of them without separators and by sound as well, every finding "
        "verified and placed in the original text. *terms* adds the shipped family `off_platform`: all its disguises, "
        "its contact finder. *everything* adds every other family. The peers look for the terms only."
    )
    yield _table(
        ["engine", *(f"{size:,} terms" for size in results.sizes)],
        (
            [engine.name, *(_number(results.per_second(engine.name, size)) for size in results.sizes)]
            for engine in ENGINES
        ),
    )


def _ratios(results: Results) -> Iterator[str]:
    yield "## How many times the peers\n\nOur messages a second divided by theirs."
    yield _table(
        ["", *(f"{size:,} terms" for size in results.sizes)],
        (
            [f"{ours.name} : {peer.name}", *(_ratio(results, ours.name, peer.name, size) for size in results.sizes)]
            for ours in OURS
            for peer in PEERS
        ),
    )


def _ratio(results: Results, ours: str, peer: str, size: int) -> str:
    mine, theirs = results.per_second(ours, size), results.per_second(peer, size)
    return f"{mine / theirs:,.1f} ×" if mine and theirs else _NONE


def _details(results: Results) -> Iterator[str]:
    yield (
        "### Behind these figures\n\n"
        "Slow engines get fewer messages: as many as fit into a round. *compile* reads and expands the rules (kept in "
        "a cache when packs are loaded by name); *ready* is what is left after that, with the first messages looked "
        "at, or the import and construction of a peer. *found* is how many of the first "
        f"{FIRST:,} messages hold a listed term in the engine's eyes."
    )
    yield _table(
        [
            "engine",
            "terms",
            "messages",
            "slowest – fastest round",
            "compile",
            "ready",
            "findings in 1,000",
            "found",
            "MB",
        ],
        (
            [name, f"{size:,}", *_detail(rate)]
            for engine in ENGINES
            for (name, size), rate in results.rates.items()
            if name == engine.name
        ),
    )


def _detail(rate: Rate) -> Iterator[str]:
    yield f"{rate.messages:,}"
    yield f"{_number(rate.slowest)} – {_number(rate.fastest)}"
    yield told(rate.compile_seconds)
    yield told(rate.open_seconds)
    yield _NONE if rate.findings is None else f"{rate.findings:.0f}"
    yield _NONE if rate.listed is None else f"{rate.listed}"
    yield _number(rate.memory)


def _rows(results: Results) -> Iterator[str]:
    if results.rows:
        yield "## One at a time, and cold starts"
        yield _table(["", "p50", "p99", "samples"], map(_row, results.rows))


def _row(row: Row) -> list[str]:
    return [row.what, told(row.p50), told(row.p99), f"{row.samples:,}"]


def _replay(results: Results) -> Iterator[str]:
    if not results.replays:
        return
    yield (
        f"## Replay of {results.replays[0].messages:,} messages on two cores\n\n"
        "From the start of the command to its end: reading JSONL, judging, masking, writing findings and report; 5 % "
        "of the messages have a personal-data candidate, and "
        f"{100 * results.replays[0].repeated:.0f} % repeat what the same side has said before. Memory is that of all "
        "processes together; a page that several share counts once."
    )
    yield _table(
        ["run", "seconds", "messages/s", "most MB, first half", "second half", "findings", "MB written"],
        (
            [
                str(number),
                f"{run.seconds:.1f}",
                _number(run.messages / run.seconds),
                _number(run.early),
                _number(run.late),
                f"{run.findings:,}",
                f"{run.written:.0f}",
            ]
            for number, run in enumerate(results.replays, 1)
        ),
    )


def _targets(results: Results) -> Iterator[str]:
    yield "## Targets\n\n*times* is how many times better than the target; below 1 it is missed."
    yield _table(["", "target", "measured", "times", "reached"], map(_target, targets(results)))


def _target(target: Target) -> list[str]:
    sign = "≥" if target.at_least else "≤"
    margin = _NONE if target.margin is None else f"{target.margin:.2f}"
    reached = {True: "yes", False: "**no**", None: "not measured"}[target.reached]
    return [
        target.what,
        f"{sign} {_value(target.bar, target.unit)}",
        _value(target.measured, target.unit),
        margin,
        reached,
    ]


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return _NONE
    if unit == "s":
        return told(value)
    return f"{value:,.2f} {unit}" if unit == "×" else f"{value:,.0f} {unit}"


def _missing(results: Results) -> Iterator[str]:
    if results.missing:
        lines = (f"- {name}: {why}" for name, why in results.missing.items())
        yield "## Not measured\n\n" + "\n".join(lines)


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:,.0f}"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
