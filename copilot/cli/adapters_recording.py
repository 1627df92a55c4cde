"""Runs a recorder until somebody stops it: of deliveries, of looks, or of a connection."""

import errno
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
from pydantic import ValidationError

from copilot.channel.registry import installed
from copilot.cli.stopping import on_signals
from copilot.domain.clock import SystemClock
from copilot.domain.errors import BadInput
from copilot.sdk import Adapter, AdapterSettings, Connecting, Polling, Webhook
from copilot.sdk.testing.listening import Listener, Mode
from copilot.sdk.testing.recording import Recorder
from copilot.sdk.testing.redaction import Redactor
from copilot.sdk.testing.serving import serve


async def recording(
    name: str,
    folder: Path,
    port: int,
    forward: str,
    told: Callable[[Path | None], None],
    listening: Callable[[str], None],
    keep: Sequence[str] = (),
) -> None:
    """Record deliveries for the adapter ``name`` into ``folder``; ``keep`` are fields that hold protocol words.

    Raises:
        BadInput: there is no such adapter, its platform does not call us, or the port is taken.
    """
    adapter = _installed(name)
    if not isinstance(adapter, Webhook):
        raise BadInput(f"no adapter {name} takes deliveries", remedy="reply-copilot adapters list")
    async with httpx.AsyncClient(trust_env=False, timeout=10, follow_redirects=False) as http:
        recorder = Recorder(adapter, folder, forward, http, told, Redactor(keep=keep))
        try:
            with on_signals() as stopping:
                async with serve(recorder.app, port) as address:
                    listening(address)
                    await stopping.asked.wait()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise BadInput(f"port {port} is taken", remedy="choose another one: --port 8901") from None


async def listening(
    name: str,
    mode: Mode,
    shop: str,
    entered: Path,
    folder: Path,
    told: Callable[[Path | None], None],
    keep: Sequence[str] = (),
) -> None:
    """Ask the platform of ``shop`` by the adapter ``name`` and record what it answers into ``folder``.

    ``entered`` is a file with the shop's settings as JSON.

    Raises:
        BadInput: there is no such adapter, it has no such way in, or the settings are none of its.
        AdapterError: the platform could not be asked, or what it answered cannot be read.
    """
    adapter = _installed(name)
    if not isinstance(adapter, Polling if mode == "poll" else Connecting):
        raise BadInput(f"the adapter {name} has no {mode}", remedy="reply-copilot adapters list")
    settings, redactor = _settings(adapter, entered), Redactor(keep=keep)
    listener = Listener(adapter, mode, shop, settings, folder, SystemClock(), told, redactor=redactor)
    with on_signals() as stopping:
        await listener.run(stopping.asked)


def _installed(name: str) -> Adapter:
    adapter = installed([name]).get(name)
    if adapter is None:
        raise BadInput(f"no adapter {name} is installed", remedy="reply-copilot adapters list")
    return adapter


def _settings(adapter: Adapter, file: Path) -> AdapterSettings:
    """What a person entered into ``file``; its values are never repeated."""
    try:
        return adapter.settings.model_validate_json(file.read_bytes())
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from None
    except ValidationError as error:
        fields = sorted(
            {".".join(str(part) for part in one["loc"]) or "-" for one in error.errors(include_input=False)}
        )
        raise BadInput(f"{file}: not the settings of {adapter.name}: {', '.join(fields)}") from None
