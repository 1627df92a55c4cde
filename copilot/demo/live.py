"""Runs the demonstration: an empty database, emulated platforms, the real server and worker, shoppers who write.

Everything is on one port of this machine and in one process; the emulators speak their platforms' wire over it.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr
from starlette.routing import Mount

from copilot.access.principal import Language
from copilot.assets import policy_folders
from copilot.demo.database import empty_database
from copilot.demo.script import Script, cast_of, read_script
from copilot.demo.seed import Login, seed
from copilot.demo.stage import Play
from copilot.domain.clock import Clock, SystemClock
from copilot.domain.errors import BadConfiguration
from copilot.sdk.testing import Emulator
from copilot.settings import Settings

if TYPE_CHECKING:
    from copilot.web.parts import Parts

EMULATORS: Final = "copilot.emulators"
_LOGIN: Final = "demo"
_PASSWORD: Final = "try-the-desk"
"""Good for one machine: the database is empty at every start and nobody else can reach the address."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Invitation:
    """What the person who started it is told: where the desk is, how to enter, where to play a shopper."""

    desk: str
    login: Login
    shoppers: dict[str, str]


Serve = Callable[..., Awaitable[None]]
"""``copilot.cli.serving.serve_with``; handed in, because commands stand above the demonstration."""


async def run_demo(
    settings: Settings,
    serve: Serve,
    invite: Callable[[Invitation], None],
    *,
    language: Language,
    pace: float = 1.0,
    clock: Clock | None = None,
) -> None:
    """Run until told to stop; ``invite`` is called once the desk can be entered.

    Raises:
        BadConfiguration: an adapter of the script is not installed.
        OSError: the address is taken or not ours.
    """
    clock = clock or SystemClock()
    script = read_script()
    emulators = emulators_of(script, clock)
    login = Login(_LOGIN, _PASSWORD if settings.host in _LOOPBACK else secrets.token_urlsafe(12))
    folder = settings.data_dir / "demo"

    async def ready(address: str, parts: "Parts") -> None:
        accounts = parts.accounts
        folders = policy_folders(settings.policies_dir)
        await seed(
            parts.store, accounts.vault, accounts.adapters, script, emulators, address, login, language, folders, clock,
            parts.search.tokenizer,
        )  # fmt: skip
        pages = {stage.name: f"{address}/platforms/{stage.emulator}/" for stage in script.shops.values()}
        invite(Invitation(f"{address}/", login, pages))
        play, everybody = Play(emulators, clock, pace), cast_of(script, clock.now())
        play.enter(everybody)
        await play.run(everybody)

    async with empty_database(folder) as url:
        own = settings.model_copy(update={"data_dir": folder, "database_url": SecretStr(url)})
        mounts = [Mount(f"/platforms/{emulator.name}", emulator.app) for emulator in emulators.values()]
        try:
            await serve(own, worker=True, extra=mounts, on_ready=ready)
        finally:
            for emulator in emulators.values():
                await emulator.aclose()


def emulators_of(script: Script, clock: Clock) -> Mapping[str, Emulator]:
    """An emulator for each shop of the script, by the script's name of the shop."""
    known = {point.name: point for point in entry_points(group=EMULATORS)}
    missing = sorted({stage.emulator for stage in script.shops.values()} - known.keys())
    if missing:
        raise BadConfiguration(
            f"the demonstration needs the adapters {', '.join(missing)}",
            remedy="install them: pip install -e adapters/<name>, or run: make .venv",
        )
    return {key: known[stage.emulator].load()(clock=clock) for key, stage in script.shops.items()}
