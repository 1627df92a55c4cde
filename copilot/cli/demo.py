"""``demo``: the live desk over emulated platforms; with ``--print`` the sample conversations in the terminal."""

from typing import Annotated

import typer


def demo(
    host: Annotated[str | None, typer.Option(help="Address to listen on. 监听地址。")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on. 监听端口。")] = None,
    language: Annotated[
        str | None, typer.Option("--lang", help="Language of the desk: zh or en.\n\n工作台的语言:zh 或 en。")
    ] = None,
    pace: Annotated[
        float,
        typer.Option(min=0.1, max=100, help="How fast the shoppers write; 2 is twice as fast.\n\n买家说话的快慢。"),
    ] = 1.0,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.\n\n是否打开浏览器。")
    ] = True,
    printed: Annotated[
        bool,
        typer.Option(
            "--print", help="Only print the sample conversations with their drafts.\n\n只在终端显示示例会话和草稿。"
        ),
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", help="With --print: only conversations whose id holds this.\n\n与 --print 同用,按编号筛选。"
        ),
    ] = None,
) -> None:
    """Open a live desk on which shoppers of two emulated shops write in; nothing leaves this machine.

    打开实时工作台:两个模拟店铺的买家会来咨询。一切都在本机。
    """
    import asyncio

    from copilot.cli.demonstrating import show_live
    from copilot.cli.running import run_for_long

    if printed or only is not None:
        from copilot.cli.showing import show_golden

        raise typer.Exit(asyncio.run(show_golden(language, only)))
    overrides = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    run_for_long(show_live(overrides, language, pace=pace, browser=browser))
