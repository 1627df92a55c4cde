"""``serve``: the HTTP process."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from copilot.web.parts import Parts


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. 监听地址。")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on. 监听端口。")] = None,
    worker: Annotated[
        bool, typer.Option("--worker", help="Run the worker in this process too. 在本进程内同时运行后台任务。")
    ] = False,
) -> None:
    """Run the web server until SIGTERM or Ctrl-C. 运行网页服务,直到收到 SIGTERM 或 Ctrl-C。"""
    from copilot import logs
    from copilot.cli.importing import name_process
    from copilot.cli.io import note
    from copilot.cli.running import run_for_long
    from copilot.cli.serving import serve_with
    from copilot.cli.words import language
    from copilot.settings import load_settings

    overrides = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    settings = load_settings(**overrides)
    logs.configure(settings.log_level)
    name_process("serve")
    listening = {"en": "Listening on {address} (Ctrl-C ends it)", "zh": "已在 {address} 监听(按 Ctrl-C 结束)"}

    async def told(address: str, _: "Parts") -> None:
        note(listening[language()].format(address=address))

    run_for_long(serve_with(settings, worker=worker, on_ready=told))
