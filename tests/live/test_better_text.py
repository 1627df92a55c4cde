"""A model's better text in a real browser: the composed draft is there at once, and under a hand it stays."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from copilot.store.engine import Store
from tests.chromium import LAUNCH, need_chromium
from tests.forking import Starter
from tests.live.conftest import Desk, Server, _desk, _emulators, shopper  # pyright: ignore[reportPrivateUsage]
from tests.live.test_browser import _PATIENCE, _STILL, sign_in  # pyright: ignore[reportPrivateUsage]
from tests.live.test_replies import delivered_order, said
from tests.model.openai_server import OpenAIServer, serving

ASKS = "says delivered yesterday, nothing here, checked w/ neighbors"


@dataclass
class WithModel(Server):
    """A server whose model answers on loopback."""

    model_url: str = ""

    @property
    def env(self) -> dict[str, str]:
        return super().env | {
            "COPILOT_MODEL": "openai/held",
            "COPILOT_MODEL_BASE_URL": self.model_url,
            "OPENAI_API_KEY": "sk-none",
            "COPILOT_FORBID_MODEL_CALLS": "",
        }


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with serving() as running:
        yield running
        running.go.set()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page as wide as the desk is made for, in English; it lives in the loop of this test's own server."""
    need_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**LAUNCH)
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
        opened = await context.new_page()
        opened.set_default_timeout(_PATIENCE)
        yield opened
        await browser.close()


@pytest.fixture
async def desk(
    database_url: str, tmp_path: Path, store: Store, starter: Starter, model: OpenAIServer
) -> AsyncIterator[Desk]:
    server = WithModel(tmp_path, database_url, starter, model_url=model.url)
    try:
        await asyncio.to_thread(server.start)
        async with _desk(server, store, _emulators()[0]) as made:
            yield made
    finally:
        model.go.set()
        if server.process is not None and server.process.poll() is None:
            await asyncio.to_thread(server.stop)


async def loaded(desk: Desk, model: OpenAIServer) -> None:
    """Wait until the worker asks its model: loading it takes seconds, and drafts do not wait for that."""
    model.go.set()
    for number in range(40):
        who = shopper(desk.emulator, nickname=f"early-{number}")
        await desk.emulator.say(who, "how do I clean the lamp?")
        await asyncio.sleep(1.5)
        if model.bodies:
            break
    assert model.bodies, desk.server.said()
    model.go.clear()


async def again(model: OpenAIServer, before: int) -> None:
    """Wait until the model is asked once more than ``before``."""
    for _ in range(400):
        if len(model.bodies) > before:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody asked the model")


async def test_the_composed_draft_is_there_at_once_and_a_better_text_waits_for_the_hand(
    page: Page,
    desk: Desk,
    model: OpenAIServer,
) -> None:
    await loaded(desk, model)
    asked = len(model.bodies)
    who = shopper(desk.emulator, delivered_order(), nickname="porchlight")
    card, text = page.locator("draft-card"), page.locator("draft-card .dc-text")
    newer = page.locator("draft-card .dc-newer")
    await sign_in(page, desk)
    await desk.emulator.say(who, ASKS)
    await page.locator("conversation-list [role=option]", has_text="porchlight").click()

    # The model has been asked and has said nothing: the card holds the composed draft.
    await expect(card).to_contain_text("$34.99")
    composed = await text.inner_text()
    await again(model, asked)
    await card.focus()
    await asyncio.sleep(_STILL)

    model.go.set()
    await expect(newer).to_be_visible()
    assert await text.inner_text() == composed
    await page.keyboard.press("Enter")
    await asyncio.sleep(_STILL)
    assert said(desk, who) == [], "nothing is sent while a newer text waits"
    await page.keyboard.press("n")
    await expect(newer).to_have_count(0)
    await expect(text).not_to_have_text(composed)
    better = await text.inner_text()

    # With no hand on the card the better text simply stands there.
    model.go.clear()
    asked = len(model.bodies)
    other = shopper(desk.emulator, nickname="lampshade")
    await desk.emulator.say(other, "how do I clean the lamp?")
    await page.locator("conversation-list [role=option]", has_text="lampshade").click()
    await expect(text).not_to_have_text(better)
    await again(model, asked)
    await page.locator("#search").focus()
    first = await text.inner_text()
    model.go.set()
    await expect(text).not_to_have_text(first)
    await expect(newer).to_have_count(0)
