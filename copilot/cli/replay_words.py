"""What ``replay`` says at a terminal: the progress bar and the summary. Both go to standard error."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from copilot.cli.words import Language
from copilot.replay.totals import Totals

_TOP = 15
_WORDS = {
    "en": {
        "reading": "replaying",
        "rate": "messages/s",
        "messages": "{messages:,} messages, {conversations:,} conversations; {judged:,} judged, {rejected:,} rejected",
        "decisions": "pass {pass:,} · warn {warn:,} · block {block:,}",
        "rule": "rule",
        "findings": "findings",
        "more": "… and {n} more rules",
        "not_judged": "not judged: {rules}",
        "changes": "compared with {against}: {caught:,} newly caught, {released:,} newly released, {changed:,} changed",
        "partial": "interrupted: the report covers what was done; go on with --resume",
        "out": "written to {out}",
    },
    "zh": {
        "reading": "检查中",
        "rate": "条/秒",
        "messages": "{conversations:,} 个会话共 {messages:,} 条消息，检查了 {judged:,} 条，{rejected:,} 处无法读取",
        "decisions": "通过 {pass:,} · 提醒 {warn:,} · 拦截 {block:,}",
        "rule": "规则",
        "findings": "命中",
        "more": "……还有 {n} 条规则",
        "not_judged": "无法判断：{rules}",
        "changes": "与 {against} 相比：新增命中 {caught:,}，不再命中 {released:,}，有变化 {changed:,}",
        "partial": "已中断：报告只包含已完成的部分，用 --resume 接着检查",
        "out": "结果在 {out}",
    },
}


@contextmanager
def progress_bar(total: int, lang: Language) -> Generator[Callable[[int, int], None] | None]:
    """A bar over ``total`` bytes with messages per second and the time left; nothing where no terminal is."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    words = _WORDS[lang]
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[seen]:,} · {task.fields[rate]:,} " + words["rate"]),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    # Drawn when something was done, and by nobody else: a process with a thread cannot share its memory with others.
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        task = progress.add_task(words["reading"], total=max(total, 1), seen=0, rate=0)

        def update(done: int, seen: int) -> None:
            elapsed = progress.tasks[0].elapsed or 0.0
            progress.update(task, completed=done, seen=seen, rate=int(seen / elapsed) if elapsed > 0 else 0)
            progress.refresh()

        yield update


def print_summary(totals: Totals, out: Path, lang: Language) -> None:
    """The sums of a run and where its files are."""
    console, words = Console(stderr=True, highlight=False, soft_wrap=True), _WORDS[lang]
    decisions = {
        name: sum(group.decisions.get(name, 0) for group in totals.speakers.values())
        for name in ("pass", "warn", "block")
    }
    console.print(words["messages"].format(**_sums(totals)), markup=False)
    console.print(words["decisions"].format(**decisions), markup=False)
    if totals.rules:
        console.print(_rules(totals, words))
    if totals.not_judged:
        told = ", ".join(f"{rule} ({', '.join(sorted(why))})" for rule, why in sorted(totals.not_judged.items()))
        console.print(words["not_judged"].format(rules=told), markup=False)
    if totals.changes is not None:
        kinds = {
            kind: sum(counts.get(kind, 0) for counts in totals.changes.rules.values())
            for kind in ("caught", "released", "changed")
        }
        console.print(words["changes"].format(against=totals.run.get("against"), **kinds), markup=False)
    if totals.partial:
        console.print(words["partial"], markup=False)
    console.print(words["out"].format(out=out), markup=False)


def _sums(totals: Totals) -> dict[str, int]:
    return {
        "messages": sum(totals.messages.values()),
        "conversations": sum(archive.get("conversations", 0) for archive in totals.archives.values()),
        "judged": sum(group.messages for group in totals.speakers.values()),
        "rejected": sum(totals.rejected.values()),
    }


def _rules(totals: Totals, words: dict[str, str]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(words["rule"])
    for severity in ("block", "warn", "info"):
        table.add_column(severity, justify="right")
    ranked = sorted(totals.rules.items(), key=lambda item: (-_findings(item[1]), item[0]))
    for rule, counts in ranked[:_TOP]:
        table.add_row(rule, *(f"{counts[name]:,}" if name in counts else "" for name in ("block", "warn", "info")))
    if len(ranked) > _TOP:
        table.add_row(words["more"].format(n=len(ranked) - _TOP))
    return table


def _findings(counts: dict[str, int]) -> int:
    return sum(counts.get(severity, 0) for severity in ("block", "warn", "info"))
