"""Runs the recorder until somebody stops it."""

import errno
from collections.abc import Callable
from pathlib import Path

import httpx

from copilot.channel.registry import installed
from copilot.cli.stopping import on_signals
from copilot.domain.errors import BadInput
from copilot.sdk import Webhook
from copilot.sdk.testing.recording import Recorder
from copilot.sdk.testing.serving import serve


async def recording(
    name: str,
    folder: Path,
    port: int,
    forward: str,
    told: Callable[[Path | None], None],
    listening: Callable[[str], None],
) -> None:
    """Record deliveries for the adapter ``name`` into ``folder``.

    Raises:
        BadInput: there is no such adapter, its platform does not call us, or the port is taken.
    """
    adapter = installed([name]).get(name)
    if not isinstance(adapter, Webhook):
        raise BadInput(f"no adapter {name} takes deliveries", remedy="reply-copilot adapters list")
    async with httpx.AsyncClient(trust_env=False, timeout=10, follow_redirects=False) as http:
        recorder = Recorder(adapter, folder, forward, http, told)
        try:
            with on_signals() as stopping:
                async with serve(recorder.app, port) as address:
                    listening(address)
                    await stopping.asked.wait()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise BadInput(f"port {port} is taken", remedy="choose another one: --port 8901") from None
