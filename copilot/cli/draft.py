"""``draft``: conversations in, one JSON object per conversation out, in order; needs no server and no database."""

from pathlib import Path
from typing import Annotated

import typer


def draft(
    source: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="JSONL, one conversation per line. 每行一个会话。")
    ] = "-",
    pack: Annotated[
        str | None, typer.Option("--pack", help="Policy pack, for instance tiktok_shop.us. 规则包,例如 douyin.cn。")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="Zone of times without an offset. 没有时区的时间按此时区读。")
    ] = None,
    rejected: Annotated[
        Path | None, typer.Option("--rejected", help="File for lines that could not be read. 记录无法读取的行。")
    ] = None,
) -> None:
    """Draft a reply for each conversation. 为每个会话拟一条回复。

    Reads JSONL (docs/formats.md, "conversation") and prints one JSON object per conversation: a draft that passed the
    policy, or a reason code. COPILOT_MODEL names a model that words the drafts; without one they are composed.
    """
    import asyncio

    from copilot.cli.drafting import draft_all

    raise typer.Exit(asyncio.run(draft_all(source, pack=pack, timezone=timezone, rejected=rejected)))
