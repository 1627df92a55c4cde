"""The next conversation is read before anybody asks for it: a step waits for nobody, and never shows what is over."""

import asyncio
from dataclasses import dataclass, field

from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, until

FIRST = "c-damaged"


async def next_row(page: Page) -> tuple[str, str]:
    """The id and the name of the row behind the open one."""
    row = page.locator("conversation-list [role=option][aria-selected=true] + [role=option]")
    return await row.get_attribute("data-key") or "", await row.locator(".row-name").inner_text()


async def read(page: Page, desk: Desk, conversation: str, times: int = 1) -> None:
    """Wait until the page has read the conversation so often."""
    path = f"/api/conversations/{conversation}"
    await until(page, lambda: sum(one == path for one, _ in desk.mock.requests) >= times, f"{conversation} was read")
    await page.wait_for_timeout(100)


@dataclass
class Held:
    """Requests for one conversation that get no answer until ``go`` is set."""

    asked: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def hold(self, route: Route) -> None:
        self.asked += 1
        await self.go.wait()
        await route.continue_()


async def test_a_step_shows_the_next_conversation_without_waiting_for_the_server(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, FIRST)
    conversation, name = await next_row(page)
    await read(page, desk, conversation)
    held = Held()
    await page.route(f"**/api/conversations/{conversation}", held.hold)
    await page.keyboard.press("j")
    await expect(page.locator("#buyer")).to_contain_text(name)
    await expect(page.locator("message-thread")).to_be_visible()
    await until(page, lambda: held.asked, "it is read again all the same")
    held.go.set()


async def test_what_was_read_before_something_happened_is_not_shown(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, FIRST)
    conversation, _ = await next_row(page)
    await read(page, desk, conversation)
    held = Held()
    await page.route(f"**/api/conversations/{conversation}", held.hold)
    desk.mock.buyer_says(conversation, "what happened since")
    await until(page, lambda: held.asked, "it is read again")
    await page.keyboard.press("j")
    await expect(page.locator("message-thread")).to_be_hidden()
    held.go.set()
    await expect(page.locator("message-thread")).to_contain_text("what happened since")
