"""An emulator as a program of its own, on this machine only; prints what a shop must be told to reach it."""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable

from copilot.sdk.testing.emulator import Emulator
from copilot.sdk.testing.serving import serve


def main(kind: type[Emulator], furnish: Callable[[Emulator], None] | None = None) -> int:
    """Run ``kind`` until it is interrupted; ``furnish`` puts the first shoppers in."""
    parser = argparse.ArgumentParser(description=f"Emulates {kind.title} on this machine.")
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1 (default: any free port)")
    parser.add_argument(
        "--deliver-to",
        default=f"http://127.0.0.1:8000/in/{kind.name}",
        metavar="URL",
        help="where deliveries go (default: %(default)s)",
    )
    asked = parser.parse_args()
    try:
        asyncio.run(_run(kind(), asked.port, asked.deliver_to, furnish))
    except OSError as error:
        sys.stderr.write(f"cannot listen on 127.0.0.1:{asked.port}: {error.strerror}; choose another --port\n")
        return 2
    return 0


async def _run(emulator: Emulator, port: int, deliver_to: str, furnish: Callable[[Emulator], None] | None) -> None:
    emulator.deliver_to(deliver_to)
    if furnish is not None:
        furnish(emulator)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(emulator.aclose)
        base = await stack.enter_async_context(serve(emulator.app, port))
        settings = emulator.settings(base)
        lines = [f"{emulator.title} (emulated): {base}/", f"shop id: {emulator.shop_id}", "settings of the shop:"]
        lines += [f"  {key}={value}" for key, value in settings.items()]
        sys.stdout.write("\n".join([*lines, ""]))
        sys.stdout.flush()
        await stop.wait()
