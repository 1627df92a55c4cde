"""``eval``: golden conversations worded by the user's own models, beside the composer. Needs no server, no database."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Lang(StrEnum):
    """A language of conversations."""

    ZH = "zh"
    EN = "en"


def eval(
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help="A model as in COPILOT_MODEL; may be given several times. 模型,可以写多个。"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for eval.html. 存放网页结果的文件夹。")] = None,
    language: Annotated[
        Lang | None, typer.Option("--language", help="Conversations in this language only. 只用这种语言的会话。")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many of each language. 每种语言最多多少个会话。")
    ] = None,
    budget: Annotated[
        str | None, typer.Option("--budget", help="US dollars that all of it may cost at most. 最多花多少美元。")
    ] = None,
    at_once: Annotated[
        int, typer.Option("--at-once", min=1, max=64, help="Conversations on their way at once. 同时进行的会话数。")
    ] = 4,
) -> None:
    """Word the golden conversations with models, beside the composer. 用标准会话评测模型,与模板并列。

    Prints one JSON object per conversation and writer (docs/formats.md, "eval line"); the table goes to standard error.
    Keys come from the provider's own variables, a local server from COPILOT_MODEL_BASE_URL. Without --model the models
    of COPILOT_MODEL are asked, and without those the composer stands alone.
    """
    import asyncio

    from copilot.cli.evaluating import Wanted, dollars, evaluate

    wanted = Wanted(tuple(model or ()), out, (language.value,) if language else None, limit, dollars(budget), at_once)
    raise typer.Exit(asyncio.run(evaluate(wanted)))
