"""``serve``: the HTTP process."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. 监听地址。")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on. 监听端口。")] = None,
) -> None:
    """Run the web server until SIGTERM or Ctrl-C. 运行网页服务,直到收到 SIGTERM 或 Ctrl-C。"""
    import asyncio

    from copilot import logs
    from copilot.cli.serving import serve_forever
    from copilot.settings import load_settings

    overrides = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    settings = load_settings(**overrides)
    logs.configure(settings.log_level)
    asyncio.run(serve_forever(settings))
