"""What commands that change the store share: settings, an open store, and the lists they print."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from copilot.domain.clock import Clock
    from copilot.settings import Settings
    from copilot.store.engine import Store

T = TypeVar("T")

Merchant = Annotated[
    str | None, typer.Option(help="Slug; may be left out when there is one only. 商家短名称，仅有一个时可省略。")
]
"""The option by which a command learns whose rows it is about."""


def with_store(work: "Callable[[Store, Settings, Clock], Awaitable[T]]") -> T:
    """Run ``work`` on the store that the settings name; also beside a running ``serve`` on the same data folder.

    Raises:
        BadConfiguration: the settings cannot be used, or the database is not fit for work.
    """
    import asyncio

    from copilot import logs
    from copilot.settings import load_settings

    settings = load_settings()
    logs.configure("WARNING")
    return asyncio.run(_work(work, settings))


async def _work(work: "Callable[[Store, Settings, Clock], Awaitable[T]]", settings: "Settings") -> T:
    from copilot.domain.clock import SystemClock
    from copilot.flow.checkpoints import HOOKS
    from copilot.store.engine import Store

    async with await Store.open(settings, hooks=HOOKS) as store:
        return await work(store, settings, SystemClock())


def show(rows: Sequence[dict[str, object]]) -> None:
    """Print ``rows``, which have the same keys: a table for a person at a terminal, else a JSON object per line."""
    from copilot.cli.io import write_json

    if sys.stdout.isatty():
        _table(rows)
        return
    for row in rows:
        write_json(row)


def _table(rows: Sequence[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        # Text, not markup: names may hold brackets.
        table.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
    Console().print(table)


def one_line(prompt: str, *, secret: bool = False, again: bool = False) -> str:
    """A line from the person: asked for at a terminal (unseen when ``secret``, twice when ``again``), else read.

    Raises:
        BadInput: standard input ended.
    """
    from copilot.domain.errors import BadInput

    if sys.stdin.isatty():
        return typer.prompt(prompt, hide_input=secret, confirmation_prompt=again, err=True)
    line = sys.stdin.readline()
    if not line:
        raise BadInput(f"standard input ended before: {prompt}", remedy="give it one line")
    return line.rstrip("\r\n")
