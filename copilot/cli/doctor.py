"""``doctor``: looks at this installation and says in plain words what is wrong and what to do about it.

It looks only: it creates no database and changes no schema. Values of secrets are never shown.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from copilot.cli.finding import Finding
from copilot.cli.words import Language, language

if TYPE_CHECKING:
    from copilot.settings import Settings
    from copilot.store.connect import Connection
    from copilot.store.engine import Store
    from copilot.store.url import DatabaseUrl

OLDEST_PYTHON = (3, 11)
_SILENT_SECONDS = 10.0
_SKEW_SECONDS = 60.0


def doctor(
    lang: Annotated[Literal["zh", "en"] | None, typer.Option(help="Language of the findings. 结果的语言。")] = None,
) -> None:
    """Say in plain words what is wrong here, a line each; exit 1 when something is.

    用大白话逐行说明哪里有问题;有问题时退出码为 1。
    """
    import asyncio

    from copilot import logs
    from copilot.settings import load_settings

    settings = load_settings()
    # What is broken is told in plain words; the same as a log line would only confuse.
    logs.configure("CRITICAL")
    if asyncio.run(_look(settings, lang or language())):
        raise typer.Exit(1)


async def _look(settings: "Settings", lang: Language) -> bool:
    """Print every finding as it is made; whether something is wrong."""
    from copilot.cli import doctor_live

    wrong = False
    for check in (python, distribution, data_folder, assets, model, doctor_live.secret_key, _adapters):
        for finding in check(settings):
            typer.echo(finding.line(lang))
            wrong = wrong or finding.level == "wrong"
    async for finding in database(settings):
        typer.echo(finding.line(lang))
        wrong = wrong or finding.level == "wrong"
    return wrong


def python(_: "Settings") -> list[Finding]:
    """The interpreter's version."""
    import sys

    version = ".".join(str(part) for part in sys.version_info[:3])
    return [Finding("ok" if sys.version_info >= OLDEST_PYTHON else "wrong", "python", (version,))]


def data_folder(settings: "Settings") -> list[Finding]:
    """Whether data can be written where it belongs, and where the embedded database really stands."""
    import os

    from copilot.store.embedded import data_place
    from copilot.store.embedded.account import SYSTEM_FOLDER

    folder = settings.data_dir
    nearest = next(part for part in (folder, *folder.parents) if part.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return [Finding("wrong", "data_folder_closed", (str(folder),))]
    found = [Finding("ok", "data_folder", (str(folder),))]
    # Asked without creating the system user: whoever is root and not yet set up has no embedded database either.
    if settings.database_url is None and os.getuid() == 0 and SYSTEM_FOLDER.exists():
        from copilot.store.embedded.account import server_account

        place = data_place(folder, server_account())
        if not place.is_relative_to(folder):
            found.append(Finding("note", "data_elsewhere", (str(place),)))
    return found


def assets(settings: "Settings") -> list[Finding]:
    """Whether prompts and policies are found."""
    from copilot import assets as finder

    looks: tuple[tuple[str, Callable[[Sequence[Path]], tuple[Path, ...]], tuple[Path, ...], str], ...] = (
        ("prompts", finder.prompt_folders, settings.prompts_dir, "*.j2"),
        ("policies", finder.policy_folders, settings.policies_dir, "*.yaml"),
    )
    return [_folders(name, find, folders, pattern) for name, find, folders, pattern in looks]


def _folders(
    name: str, find: Callable[[Sequence[Path]], tuple[Path, ...]], folders: tuple[Path, ...], pattern: str
) -> Finding:
    from copilot.domain.errors import BadConfiguration

    try:
        count = sum(1 for folder in find(folders) for _ in folder.rglob(pattern))
    except BadConfiguration as error:
        return Finding("wrong", "assets_missing", (name, str(error)))
    return Finding("ok" if count else "wrong", name if count else "assets_empty", (str(count) if count else name,))


def model(settings: "Settings") -> list[Finding]:
    """Whether a model is set; none is fine."""
    return [Finding("ok", "model", (settings.model,)) if settings.model else Finding("note", "model_unset")]


def _adapters(settings: "Settings") -> list[Finding]:
    from copilot.cli import doctor_live

    return doctor_live.adapters(only=settings.adapters)


def distribution(_: "Settings") -> list[Finding]:
    """Whether the module ``copilot`` is ours alone: another distribution of that name may be imported in our place."""
    from importlib.metadata import packages_distributions

    from copilot.assets import PROJECT

    strangers = sorted(set(packages_distributions().get("copilot", ())) - {PROJECT})
    return [Finding("wrong", "module_taken", (", ".join(strangers),))] if strangers else []


async def database(settings: "Settings") -> AsyncGenerator[Finding]:
    """The database: reachable, roles, schema, clock, worker; and the shops that it holds.

    Raises:
        DatabaseUnavailable: nobody answers.
    """
    from copilot.store.engine import resolve

    if settings.database_url is None and not _created(settings):
        yield Finding("note", "embedded_new")
        return
    url, _, server = await resolve(settings)
    try:
        async for finding in _inside(url, settings, embedded=server is not None):
            yield finding
    finally:
        if server is not None:
            server.close()


def _created(settings: "Settings") -> bool:
    import os

    from copilot.store.embedded import data_place
    from copilot.store.embedded.account import SYSTEM_FOLDER, server_account

    if os.getuid() == 0 and not SYSTEM_FOLDER.exists():
        return False
    return (data_place(settings.data_dir, server_account()) / "data").exists()


async def _inside(url: "DatabaseUrl", settings: "Settings", *, embedded: bool) -> AsyncGenerator[Finding]:
    from copilot.cli import doctor_access, doctor_live, doctor_published
    from copilot.domain.errors import DatabaseUnavailable
    from copilot.flow.checkpoints import HOOKS
    from copilot.store.connect import connected
    from copilot.store.engine import Store
    from copilot.store.schema import schema_state

    async with connected(url) as connection:
        yield Finding("ok", "embedded" if embedded else "reachable", (str(url),))
        yield await _version(connection)
        yield await _skew(connection)
        roles = await _roles(connection)
    state = await schema_state(url, HOOKS)
    if embedded and state.behind:
        yield Finding("note", "schema_at_start")
        return
    yield roles
    late = [f"{part.name} {_short(part.found)} < {_short(part.wanted)}" for part in state.parts if part.behind]
    parts = ", ".join(late or [f"{part.name} {_short(part.found)}" for part in state.parts])
    yield Finding("wrong" if late else "ok", "schema_behind" if late else "schema", (parts,))
    if late or roles.level == "wrong":
        return
    try:
        async with await Store.open(url, hooks=HOOKS) as store:
            yield await _worker(store)
            async for finding in doctor_live.shops(store, settings):
                yield finding
            async for finding in doctor_access.access(store):
                yield finding
            async for finding in doctor_published.published(store, settings):
                yield finding
    except DatabaseUnavailable as error:
        yield Finding("wrong", "role_mighty", (str(error),))


def _short(version: str | None) -> str:
    # The queue's versions are names of files that begin with a number.
    return (version or "-").partition("_")[0]


async def _version(connection: "Connection") -> Finding:
    version = connection.info.server_version
    shown = f"{version // 10000}.{version % 10000}"
    return Finding("ok" if version >= 160000 else "wrong", "postgres", (shown,))


async def _skew(connection: "Connection") -> Finding:
    from copilot.domain.clock import SystemClock

    row = await (await connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8")).fetchone()
    assert row is not None
    seconds = abs(float(str(row[0])) - SystemClock().now().timestamp())
    skewed = seconds > _SKEW_SECONDS
    return Finding("wrong" if skewed else "ok", "clock_skewed" if skewed else "clock", (f"{seconds:.0f}",))


async def _roles(connection: "Connection") -> Finding:
    from copilot.store.roles import missing

    statements = " ".join(f"{statement.as_string(connection)};" for statement in await missing(connection))
    return Finding("wrong", "roles_missing", (statements,)) if statements else Finding("ok", "roles")


async def _worker(store: "Store") -> Finding:
    from copilot.store.queue import heartbeat_age, waiting

    async with store.system() as session:
        age, jobs = await heartbeat_age(session), await waiting(session)
    if age is not None and age < _SILENT_SECONDS:
        return Finding("ok", "worker", (f"{age:.0f}",))
    return Finding("wrong", "worker_missing", (str(jobs),)) if jobs else Finding("note", "worker_none")
