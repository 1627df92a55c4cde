"""The work of ``eval``: opens the models, prints lines as they come, then the table and the page."""

import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from copilot import logs
from copilot.assets import policy_folders, prompt_folders
from copilot.cli.io import write_json
from copilot.cli.words import Language
from copilot.cli.words import language as spoken
from copilot.domain.clock import SystemClock
from copilot.domain.conversation import Conversation
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.model.fallbacks import open_each
from copilot.model.gateway import warm
from copilot.model.prompts import Prompts
from copilot.replay.evaluation.cases import LANGUAGES, golden
from copilot.replay.evaluation.judged import EvalLine
from copilot.replay.evaluation.page import heads, render, row
from copilot.replay.evaluation.running import Evaluation, Purse
from copilot.replay.evaluation.scores import scores
from copilot.replay.evaluation.words import words
from copilot.settings import Settings, load_settings, names_in

PAGE = "eval.html"


@dataclass(frozen=True)
class Wanted:
    """What is to be evaluated; ``models`` empty: those of the settings, ``languages`` None: all."""

    models: tuple[str, ...] = ()
    out: Path | None = None
    languages: tuple[str, ...] | None = None
    limit: int | None = None
    budget: Decimal | None = None
    at_once: int = 4


def dollars(told: str | None) -> Decimal | None:
    """An amount of US dollars as it was typed."""
    if told is None:
        return None
    try:
        amount = Decimal(told)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or amount <= 0:
        raise BadInput("--budget is no amount of US dollars", remedy="write a number such as 0.50")
    return amount


async def evaluate(wanted: Wanted) -> int:
    """Word every golden conversation with every model; returns the exit code."""
    settings = _with_models(load_settings(), wanted.models)
    logs.configure(settings.log_level)
    if wanted.out is not None:
        _prepare(wanted.out)
    chosen = _chosen(wanted)
    clock, purse, said = SystemClock(), Purse(wanted.budget), spoken()
    console, t = Console(stderr=True), words(said)
    async with AsyncExitStack() as stack:
        models = open_each(settings, clock)
        for model in models:
            stack.push_async_callback(model.aclose)
        if models:
            warm()
        shops = Shops(
            policy_folders(settings.policies_dir),
            Prompts(prompt_folders(settings.prompts_dir), settings.cache_dir),
            settings.cache_dir,
        )
        flow = MemoryFlow(shops, clock, model_seconds=settings.model_seconds)
        budget = t["no_budget"] if wanted.budget is None else f"{wanted.budget} USD"
        console.print(t["plan"].format(cases=len(chosen), models=len(models), at_once=wanted.at_once, budget=budget))
        evaluation = Evaluation(flow, models, clock, purse, wanted.at_once)
        lines = await _printed(evaluation, chosen, len(models) + 1, console, t)
    console.print(_table(lines, said))
    if models:
        console.print(t["total"].format(cost=f"{purse.spent:.4f}"))
    if wanted.out is not None:
        page = wanted.out / PAGE
        page.write_text(render(lines, {one.id: one for _, one in chosen}, said), encoding="utf-8")
        console.print(t["written"].format(path=page))
    return 0


def _with_models(settings: Settings, named: Sequence[str]) -> Settings:
    if not named:
        return settings
    names = [name for told in named for name in names_in(told)]
    if len(set(names)) != len(names):
        raise BadConfiguration("--model: a model is named twice", remedy="name each model once")
    return settings.model_copy(update={"model": ",".join(names)})


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"--out {folder}: {error.strerror}", remedy="name a folder that can be written") from None


def _chosen(wanted: Wanted) -> list[tuple[str, Conversation]]:
    return [
        one for language in wanted.languages or LANGUAGES for one in islice(golden((language,)), wanted.limit)
    ]  # fmt: skip


async def _printed(
    evaluation: Evaluation,
    chosen: Sequence[tuple[str, Conversation]],
    writers: int,
    console: Console,
    t: dict[str, str],
) -> list[EvalLine]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    lines: list[EvalLine] = []
    # A bar and lines on one terminal would overwrite each other.
    with Progress(*columns, console=console, disable=sys.stdout.isatty() or not console.is_terminal) as progress:
        task = progress.add_task(t["asking"], total=len(chosen) * writers)
        async for line in evaluation.lines(chosen):
            lines.append(line)
            write_json(line)
            progress.advance(task)
    return lines


def _table(lines: Sequence[EvalLine], language: Language) -> Table:
    """A column for each writer: there are more measures than writers."""
    told = [row(score, language) for score in scores(lines)]
    table = Table(title=words(language)["title"])
    table.add_column("")
    for one in told:
        table.add_column(one.name, justify="right", overflow="fold")
    for at, head in enumerate(heads(language)):
        table.add_row(head, *(one.cells[at] for one in told))
    return table
