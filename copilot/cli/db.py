"""``db``: prepare the database, copy the embedded one to a file and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.cli.words import language

if TYPE_CHECKING:
    from copilot.settings import Settings
    from copilot.store.embedded import EmbeddedPostgres
    from copilot.store.schema import SchemaState

app = typer.Typer(add_completion=False)

_DONE = {
    "en": "The schema is up to date: {parts}.",
    "zh": "数据库结构已是最新:{parts}。",
}
_WRITTEN = {
    "en": "{file} written ({size} bytes). It holds buyers' words and sealed credentials, not the key that opens them: "
    "keep {key} apart from it.",
    "zh": "已写入 {file}({size} 字节)。其中有买家的话和加密的凭证,但不含解密的密钥:请另外保存 {key}。",
}
_RESTORED = {
    "en": "The data of {file} is in place ({parts}). The shops' credentials need the key they were sealed with: {key}.",
    "zh": "已恢复 {file} 的数据({parts})。店铺凭证需要当时的密钥:{key}。",
}
_KEYS = "COPILOT_SECRET_KEYS"


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Prepare the database, back it up.

    准备和备份数据库。
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


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write. 要写入的文件。")]) -> None:
    """Copy the embedded database to a file; serve and worker may go on. 把内置数据库备份到文件,服务无需停止。"""
    from copilot import logs
    from copilot.settings import load_settings
    from copilot.store.embedded.backup import write_backup

    settings = load_settings()
    logs.configure(settings.log_level)
    with _embedded(settings) as server:
        size = write_backup(server, file)
    typer.echo(_WRITTEN[language()].format(file=file, size=size, key=_key(settings)))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that db backup wrote. db backup 写出的文件。")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the present data for good. 覆盖现有数据,不可恢复。")
    ] = False,
) -> None:
    """Put a backup in the place of the embedded database's data. 用备份恢复内置数据库。"""
    import asyncio

    from copilot import logs
    from copilot.settings import load_settings

    settings = load_settings()
    logs.configure(settings.log_level)
    parts = asyncio.run(_restore(settings, file, replace))
    typer.echo(_RESTORED[language()].format(file=file, parts=parts, key=_key(settings)))


def _embedded(settings: "Settings") -> "EmbeddedPostgres":
    """The embedded server; an external database is its administrator's to copy."""
    from copilot.domain.errors import BadConfiguration
    from copilot.store.embedded import EmbeddedPostgres

    if settings.database_url is not None:
        raise BadConfiguration(
            "DATABASE_URL names a database that this command does not copy",
            remedy="use that server's own pg_dump and pg_restore, or unset DATABASE_URL for the embedded database",
        )
    return EmbeddedPostgres.start(settings.data_dir)


def _key(settings: "Settings") -> str:
    from copilot.access.vault import KEY_FILE

    return _KEYS if settings.secret_keys is not None else str(settings.data_dir / KEY_FILE)


async def _restore(settings: "Settings", file: Path, replace: bool) -> str:
    from copilot.flow.checkpoints import HOOKS
    from copilot.store import roles
    from copilot.store.connect import connected
    from copilot.store.embedded.backup import read_backup
    from copilot.store.upgrade import upgrade
    from copilot.store.url import DatabaseUrl

    parts = ""

    async def before(url: str) -> None:
        async with connected(DatabaseUrl.parse(url)) as connection:
            await roles.ensure(connection)

    async def after(url: str) -> None:
        nonlocal parts
        parts = _versions(await upgrade(url, HOOKS))

    with _embedded(settings) as server:
        await read_backup(server, file, replace=replace, before=before, after=after)
    return parts


async def _upgrade(settings: "Settings") -> str:
    from copilot.flow.checkpoints import HOOKS
    from copilot.store.engine import resolve
    from copilot.store.upgrade import upgrade

    url, _, server = await resolve(settings)
    try:
        return _versions(await upgrade(url, HOOKS))
    finally:
        if server is not None:
            server.close()


def _versions(state: "SchemaState") -> str:
    return ", ".join(f"{part.name} {(part.found or '').partition('_')[0]}" for part in state.parts)
