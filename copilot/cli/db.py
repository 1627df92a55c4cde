"""``db``: prepare the database."""

import typer

from copilot.cli.words import language

app = typer.Typer(add_completion=False)

_DONE = {
    "en": "The schema is up to date: {parts}.",
    "zh": "数据库结构已是最新:{parts}。",
}


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Prepare the database.

    准备数据库。
    """


@app.command()
def upgrade() -> None:
    """Create the schema or bring it forward; does nothing when it is up to date.

    创建或升级数据库结构,已是最新时不做任何事。
    """
    import asyncio

    from copilot import logs
    from copilot.settings import load_settings

    settings = load_settings()
    logs.configure(settings.log_level)
    parts = asyncio.run(_upgrade(settings))
    typer.echo(_DONE[language()].format(parts=parts))


async def _upgrade(settings: object) -> str:
    from copilot.flow.checkpoints import HOOKS
    from copilot.settings import Settings
    from copilot.store.engine import resolve
    from copilot.store.upgrade import upgrade

    assert isinstance(settings, Settings)
    url, _, server = await resolve(settings)
    try:
        state = await upgrade(url, HOOKS)
    finally:
        if server is not None:
            server.close()
    return ", ".join(f"{part.name} {(part.found or '').partition('_')[0]}" for part in state.parts)
