"""The desk's page over 2,001 stored conversations: the list's answer, the first paint, a step to the next conversation.

Everything is what people run: ``serve`` as a process, a browser on loopback. It needs Chromium.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from benchmarks.chromium import chromium
from benchmarks.desk import Desk, running_desk
from benchmarks.desk_of_many import store_many
from benchmarks.measure import Row, summed
from copilot.access import people
from copilot.domain.clock import SystemClock
from copilot.store.tables import ShopRow

MANY = 2001
_LISTS = 40
_PAINTS = 20
_READ_UP = 2.0
"""Seconds after which a page has read what it reads behind its first rows: the conversations around the open one."""
_STEPS = 40
_PASSWORD = "a password for one run"
_ROW = "conversation-list [role=option]"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
# From the press to the next conversation's name above its messages, as the browser's own clock tells it.
_STEP = """() => new Promise((shown, failed) => {
  setTimeout(() => failed(new Error("the next conversation was not shown")), 10000);
  const head = document.querySelector("#buyer"), thread = document.querySelector("message-thread");
  const before = head.textContent, began = performance.now();
  const look = () => (!thread.hidden && head.textContent !== before
    ? requestAnimationFrame(() => shown(performance.now() - began)) : setTimeout(look, 1));
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true, cancelable: true}));
  look();
})"""
_PAINT = """(row) => new Promise((shown) => {
  const first = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  const told = () => (first() === undefined ? setTimeout(told, 1) : shown([first(), rows]));
  let rows = 0;
  const look = () => (document.querySelector(row)
    ? requestAnimationFrame(() => { rows = performance.now(); told(); }) : setTimeout(look, 1));
  look();
})"""


def page() -> Iterator[Row]:
    """A list of 2,001 conversations, as the server answers it and as a browser shows it."""
    browser = chromium()
    with tempfile.TemporaryDirectory(prefix="rc-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        lists, paints, rows, steps = asyncio.run(_measured(folder, browser))
    target = "p95 ≤ 100 ms"
    yield summed(f"list of {MANY}, a stretch of 100", lists, target)
    yield summed(f"page of {MANY}: first painted", paints, "p95 ≤ 300 ms")
    yield summed(f"page of {MANY}: first rows painted", rows, "p95 ≤ 300 ms")
    yield summed(f"page of {MANY}: J → next one shown", steps, target)


async def _measured(folder: Path, chromium: str) -> tuple[list[float], ...]:
    async with running_desk(folder, worker=False) as desk:
        async with desk.store.merchant(desk.merchant) as session:
            shop = (await session.scalars(select(ShopRow.id))).one()
        await store_many(desk.store, desk.merchant, shop, MANY)
        await people.add_person(desk.store, desk.merchant, "bench", "Bench", "agent", "zh", _PASSWORD, SystemClock())
        await desk.rules_loaded()
        lists = await _lists(desk)
        return lists, *await _shown(desk, chromium)


async def _lists(desk: Desk) -> list[float]:
    times: list[float] = []
    async with desk.client() as client:
        for number in range(_LISTS + 2):
            start = time.perf_counter()
            (await client.get("/api/conversations?list=open&limit=100")).raise_for_status()
            if number >= 2:
                times.append(time.perf_counter() - start)
    return times


async def _shown(desk: Desk, chromium: str) -> tuple[list[float], ...]:
    # Only here: the browser's driver is a tool of the tests.
    from playwright.async_api import async_playwright

    paints: list[float] = []
    rows: list[float] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS], env=dict(os.environ))
        tab = await browser.new_page(viewport={"width": 1280, "height": 800})
        await tab.goto(desk.address)
        await tab.locator("input[name=login]").fill("bench")
        await tab.locator("input[name=password]").fill(_PASSWORD)
        await tab.locator("form button").click()
        await tab.locator(_ROW).first.wait_for()
        for number in range(_PAINTS + 1):
            # Who opens the page has not opened it a blink before: what that one still reads is none of this one's time.
            await asyncio.sleep(_READ_UP)
            await tab.goto(f"{desk.address}/#", wait_until="commit")
            await tab.reload(wait_until="commit")
            painted, there = await tab.evaluate(_PAINT, _ROW)
            if number:
                paints.append(painted / 1000)
                rows.append(there / 1000)
        await tab.locator("message-thread").wait_for()
        await tab.locator("draft-card, message-thread").first.wait_for()
        # The first press goes into the conversation that opened by itself.
        await tab.keyboard.press("j")
        steps = [await tab.evaluate(_STEP) / 1000 for _ in range(_STEPS + 2)]
        await browser.close()
    return paints, rows, steps[2:]
