"""What people do on the page, in the words of the tests."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Desk

SETTLED = ".dc-accept[aria-disabled=false]"


@dataclass
class Held:
    """Requests that get no answer until ``go`` is set; ``asked`` is how many came."""

    asked: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def hold(self, route: Route) -> None:
        self.asked += 1
        await self.go.wait()
        await route.continue_()


async def open_desk(page: Page, desk: Desk, conversation: str | None = None) -> None:
    """The desk with one conversation open, its card settled and in focus."""
    await page.goto(f"{desk.url}/#{conversation}" if conversation else desk.url)
    await expect(page.locator("conversation-list [role=option]").first).to_be_visible()
    if conversation:
        await expect(page.locator("draft-card")).to_be_focused()
        if desk.mock.conversations[conversation]["card"]["state"] == "proposed":
            await expect(page.locator(SETTLED)).to_be_visible()
    # What happens before the page listens is told by no event.
    await until(page, lambda: desk.mock.listeners, "the page listens")


async def press_raw(page: Page, key: str, **more: Any) -> None:
    """A key press as the browser reports one while an input method composes, or while a key is held."""
    await page.evaluate(
        """([key, more]) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}))""",
        [key, more],
    )


async def until(page: Page, condition: Any, what: str) -> None:
    """Wait until ``condition()`` of the mock's state holds."""
    for _ in range(100):
        if condition():
            return
        await page.wait_for_timeout(30)
    raise AssertionError(f"never happened: {what}")
