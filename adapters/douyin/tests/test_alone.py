"""The emulated shop as a program of its own."""

import asyncio
import signal
import sys

import httpx
from copilot_adapter_douyin.adapter import DouyinAdapter

from copilot.domain.clock import SystemClock
from copilot.sdk import Account


async def test_it_runs_alone_and_what_it_prints_is_enough_to_reach_it() -> None:
    command = (sys.executable, "-m", "copilot_adapter_douyin.emulator")
    started = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    adapter, clock = DouyinAdapter(), SystemClock()
    try:
        assert started.stdout is not None
        printed = [(await asyncio.wait_for(started.stdout.readline(), 60)).decode().strip() for _ in range(10)]
        page, shop = (line.partition(": ")[2] for line in printed[:2])
        settings = adapter.settings.model_validate(dict(line.split("=", 1) for line in printed[3:]))
        async with httpx.AsyncClient(trust_env=False) as http:
            account = Account(shop, settings, http, clock)
            state = (await http.get(f"{page}shopper/state", params={"shopper": "xiaoman"})).json()
            found = await adapter.order(account, state["orders"][0]["id"])
        assert found is not None
        assert found.order.shipments[0].events
        started.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(started.wait(), 20) == 0
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()
