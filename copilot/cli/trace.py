"""``trace``: every step of one draft with its time, from the delivery to the send, without a word of anybody."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from copilot.cli.words import Language, language

if TYPE_CHECKING:
    from copilot.cli.tracing import Step, Trace
    from copilot.settings import Settings

_NARROWEST = 110
_HASH = re.compile(r"\b[0-9a-f]{40,}\b")
_HASH_SHOWN = 12
"""Enough of a hash for people; ``--json`` has all of it."""


def trace(
    draft: Annotated[str, typer.Argument(help="The draft's id or its beginning. 草稿编号或其开头。")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object. 输出一个 JSON 对象。")] = False,
) -> None:
    """Show every step of a draft with its time; never a text. 显示一条草稿的每个步骤和时间,不含任何文字内容。"""
    import asyncio

    from copilot import logs
    from copilot.cli.io import write_json
    from copilot.settings import load_settings

    settings = load_settings()
    logs.configure(settings.log_level)
    found = asyncio.run(_read(settings, draft))
    if as_json:
        write_json(found.as_json())
    else:
        _show(found, language())


async def _read(settings: "Settings", draft: str) -> "Trace":
    from copilot.cli.tracing import trace_of
    from copilot.flow.checkpoints import HOOKS
    from copilot.store.engine import Store

    async with await Store.open(settings, hooks=HOOKS) as store:
        return await trace_of(store, draft)


def _show(found: "Trace", lang: Language) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from copilot.cli.trace_words import NAMES, WORDS

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_NARROWEST)
    for line in _head(found, lang):
        console.print(line, markup=False, soft_wrap=True)
    if not found.steps:
        console.print(WORDS["nothing"][lang])
        return
    table = Table(box=None, pad_edge=False)
    for key, right in (("since", True), ("took", True), ("step", False), ("about", False)):
        table.add_column(
            WORDS[key][lang], justify="right" if right else "left", no_wrap=key != "about", overflow="fold"
        )
    start = found.steps[0].at
    for step in found.steps:
        name = NAMES.get(step.name, {}).get(lang, step.name)
        table.add_row(_since(start, step), _told(step.seconds), name, Text(_about(step.detail)))
    console.print(table)


def _head(found: "Trace", lang: Language) -> list[str]:
    from copilot.cli.trace_words import WORDS

    row = found.draft
    lines = [
        WORDS["head"][lang].format(draft=row.id, state=row.state, revision=row.revision, shop=found.shop),
        WORDS["made"][lang].format(conversation=row.conversation, flow=row.flow_version, trace=row.trace or "-"),
    ]
    if row.reason:
        lines.append(WORDS["reason"][lang].format(reason=row.reason))
    if row.deadline_at:
        lines.append(WORDS["deadline"][lang].format(at=_time(row.deadline_at)))
    if found.steps:
        lines.append(WORDS["began"][lang].format(at=_time(found.steps[0].at)))
    return lines


def _time(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="milliseconds")


def _since(start: datetime, step: "Step") -> str:
    return f"+{_told((step.at - start).total_seconds())}"


def _told(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _about(detail: dict[str, Any]) -> str:
    return "  ".join(f"{key}={_value(value)}" for key, value in detail.items() if value not in (None, [], {}))


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}:{_value(inner)}" for key, inner in cast("dict[str, object]", value).items())
    if isinstance(value, list):
        return ",".join(_value(inner) for inner in cast("list[object]", value))
    return _HASH.sub(lambda found: found[0][:_HASH_SHOWN], str(value))
