"""An agent at the desk's page in Chromium: looks at who waits, decides with keys, remembers what they sent to whom."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.peak.sight import SEES, TAKE, WATCHING, Seen

LOGIN: Final = "bench"
PASSWORD: Final = "a password for one run"
_FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
_ROWS: Final = "conversation-list [role=option]"
_ACTS: Final = {"accept": 46, "onward": 20, "twice": 8, "edit": 12, "reject": 8, "own": 6}
_OPENS: Final = {"edit": "e", "own": "w"}
_WORDS: Final = {"edit": "Thank you, {name}.", "own": "Hello {name}, one moment please.", "careful": ""}
_REASONS: Final = 8
_LOOK: Final = 0.1
_OPENING: Final = 300
_LOOKS: Final = 40
"""So often, so many seconds apart, the agent looks whether typed words may be sent before they give up on them."""


@dataclass
class Agent:
    """A person with a page. ``decided`` are the texts they sent by the name that stood above the conversation then."""

    tab: Any
    chance: random.Random
    decided: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    done: Counter[str] = field(default_factory=Counter[str])
    told: list[str] = field(default_factory=list[str])
    painted: list[float] = field(default_factory=list[float])
    shown: list[float] = field(default_factory=list[float])
    whole: list[float] = field(default_factory=list[float])
    slow: list[float] = field(default_factory=list[float])
    stepped: list[float] = field(default_factory=list[float])
    complaints: list[str] = field(default_factory=list[str])

    async def work(self, until: float, pictures: dict[float, Path]) -> None:
        """Answer whoever waits until then by ``time.perf_counter``; ``pictures`` are taken at their times."""
        left = dict(sorted(pictures.items()))
        await self._press("j")
        while time.perf_counter() < until:
            for at in [at for at in left if at <= time.perf_counter()]:
                await self.tab.screenshot(path=left.pop(at))
            await self._once(await self.tab.evaluate(SEES))
            await self.take()

    async def take(self) -> None:
        """Fetch what the page kept: events by their ids, seconds from keys to paint and to the next conversation."""
        kept = await self.tab.evaluate(TAKE)
        self.told += kept["told"]
        self.painted += [number / 1000 for number in kept["painted"]]
        self.shown += [number / 1000 for number in kept["shown"]]
        self.whole += [number / 1000 for number in kept["whole"]]
        self.slow += [number / 1000 for number in kept["slow"]]
        self.stepped += [number / 1000 for number in kept["stepped"]]

    async def _once(self, seen: Seen) -> None:
        if seen["newer"]:
            await self._press("n")
            self.done["newer"] += 1
        elif seen["box"] is not None:
            await self._leave()
        elif seen["decidable"]:
            await asyncio.sleep(self.chance.uniform(0.4, 1.2))
            await self._decide()
        elif seen["blocked"]:
            await asyncio.sleep(self.chance.uniform(0.4, 1.2))
            await self._write("own")
        elif seen["ready"]:
            await self._go(seen)
        else:
            await asyncio.sleep(0.3)

    async def _go(self, seen: Seen) -> None:
        """To the next one with a draft; who is further away is clicked."""
        if seen["open"] and seen["open"] + 1 in seen["ready"]:
            await self._press("j")
        elif (others := [place for place in seen["ready"] if place != seen["open"]]) and self.chance.random() < 0.7:
            row = self.tab.locator(f'{_ROWS}[aria-posinset="{others[0]}"]')
            # The row may move while the hand is on its way: then somebody else is opened, as it happens to people.
            await row.dispatch_event("click")
        else:
            await self._press("j")
        await asyncio.sleep(0.5)

    async def _decide(self) -> None:
        (kind,) = self.chance.choices(list(_ACTS), list(_ACTS.values()))
        if not (seen := await self.tab.evaluate(SEES))["mine"]:
            await self._press("Enter")
            seen = await self.tab.evaluate(SEES)
        if not (seen["decidable"] and seen["mine"]) or seen["newer"]:
            return
        if kind == "reject":
            return await self._reject()
        if kind in _OPENS:
            return await self._write(kind)
        await self._press("Shift+Enter" if kind == "onward" else "Enter")
        if kind == "twice":
            await self._press("Enter")
        if (await self.tab.evaluate(SEES))["box"] is not None:
            # What weighs most is not sent by one key: it opens for a second look.
            return await self._write("careful")
        self.decided.setdefault(seen["buyer"], []).append(seen["text"])
        self.done[kind] += 1
        if kind != "onward":
            await self._press("j")

    async def _write(self, kind: str) -> None:
        """Words behind what stands in the box, then Ctrl+Enter; what the check does not let pass is left."""
        if kind in _OPENS:
            await self._press(_OPENS[kind])
        words = _WORDS[kind]
        seen = await self.tab.evaluate(SEES)
        if seen["box"] is None:
            return
        name = seen["buyer"]
        await self.tab.keyboard.type((" " if seen["box"] and words else "") + words.format(name=name))
        seen = await self._until(lambda seen: not seen["refused"])
        if seen["box"] is None or seen["refused"]:
            self.done["left"] += 1
            return await self._leave()
        self.decided.setdefault(seen["buyer"], []).append(seen["box"])
        await self._press("Control+Enter")
        self.done[kind] += 1
        if (await self._until(lambda seen: seen["box"] is None))["box"] is not None:
            await self._leave()

    async def _until(self, wanted: Callable[[Seen], bool]) -> Seen:
        """What is seen once it is as ``wanted``, or after a while in any case."""
        for _ in range(_LOOKS):
            if wanted(seen := await self.tab.evaluate(SEES)):
                return seen
            await asyncio.sleep(_LOOK)
        return await self.tab.evaluate(SEES)

    async def _reject(self) -> None:
        await self._press("r")
        for _ in range(self.chance.randrange(_REASONS)):
            await self._press("ArrowDown")
        await self._press("Enter")
        self.done["reject"] += 1

    async def _leave(self) -> None:
        await self._press("Escape")
        await asyncio.sleep(_LOOK)

    async def _press(self, key: str) -> None:
        await self.tab.keyboard.press(key)


@asynccontextmanager
async def at_the_desk(address: str, chromium: str, seed: int) -> AsyncGenerator[Agent]:
    """An agent who has signed in and whose page hears the stream."""
    # Only here: the browser's driver is a tool of the tests.
    from playwright.async_api import Error, async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS], env=dict(os.environ))
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
        tab = await context.new_page()
        agent = Agent(tab, random.Random(seed))

        def complain(error: Error) -> None:
            agent.complaints.append(str(error))

        tab.on("pageerror", complain)
        await tab.add_init_script(WATCHING)
        await tab.goto(address)
        await tab.locator("input[name=login]").fill(LOGIN)
        await tab.locator("input[name=password]").fill(PASSWORD)
        await tab.locator("#enter:not([disabled])").click()
        await tab.locator("draft-card").wait_for(state="attached")
        # The page lets nobody evaluate text, so it cannot be waited for inside of it.
        for _ in range(_OPENING):
            if await tab.evaluate("() => window.peak.open"):
                break
            await asyncio.sleep(_LOOK)
        else:
            raise RuntimeError("the page heard no event stream in half a minute")
        try:
            yield agent
        finally:
            await browser.close()
