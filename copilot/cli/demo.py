"""``demo``: the shipped golden conversations drafted and shown as an agent would see them."""

from typing import Annotated

import typer


def demo(
    language: Annotated[str | None, typer.Option("--lang", help="Only zh or en.\n\n只看 zh 或 en。")] = None,
    only: Annotated[
        str | None, typer.Option("--only", help="Only conversations whose id holds this.\n\n只看编号含此文字的会话。")
    ] = None,
) -> None:
    """Draft the shipped sample conversations and show them as an agent would see them.

    给自带的示例会话拟稿,并按客服看到的样子显示。
    """
    import asyncio

    from copilot.cli.showing import show_golden

    raise typer.Exit(asyncio.run(show_golden(language, only)))
