"""Chromium and the mock server for the page; skipped where there is no browser, an error where CI must have one.

One server, one browser and one tab serve all tests: tabs of their own would compile and lay out the page's files anew,
which takes longer than what is tested. What a test leaves behind goes before the next one.
"""

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.current import current
from tests.browser.mock import Mock, make_mock_app
from tests.chromium import LAUNCH, need_chromium

SIZE: Any = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser lives in the loop that started it, so these tests share one."""
    for item in items:
        if item.path.parent == Path(__file__).parent and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass
class Desk:
    """A running mock: its address and its state, which tests may change between requests."""

    url: str
    mock: Mock
    server: uvicorn.Server

    def begin(self, mock: Mock) -> None:
        """Be another mock from now on, at the same address: making its routes anew takes longer than many a test."""
        self.mock.hang_up()
        self.mock = mock


@pytest.fixture(scope="session", autouse=True)
def _chromium_is_there() -> None:
    need_chromium()


def start(mock: Mock, port: int = 0) -> tuple[Desk, threading.Thread]:
    """Serve ``mock`` from a thread of its own; ``port`` 0 takes any."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    app = make_mock_app(current(lambda: desk.mock))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    desk = Desk(f"http://127.0.0.1:{listener.getsockname()[1]}", mock, server)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the mock did not start"
        time.sleep(0.01)
    return desk, thread


def stop(running: Desk, thread: threading.Thread) -> None:
    """End a server that ``start`` began."""
    running.server.should_exit = True
    running.mock.hang_up()
    thread.join(5)


@pytest.fixture(scope="session")
def served() -> Iterator[Desk]:
    """The server of all tests."""
    running, thread = start(Mock())
    yield running
    stop(running, thread)


@pytest.fixture
def desk(served: Desk) -> Desk:
    """A fresh mock."""
    served.begin(Mock())
    return served


@pytest.fixture
def own_desk() -> Iterator[Desk]:
    """A fresh mock with a server of its own, which a test may stop."""
    running, thread = start(Mock())
    yield running
    stop(running, thread)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(**LAUNCH)
        yield opened
        await opened.close()


@dataclass
class Tab:
    """A tab and what went wrong in it: exceptions, and what its content policy refused."""

    page: Page
    wrong: list[str] = field(default_factory=list[str])

    async def clear(self, url: str) -> None:
        """Be as good as new for whoever comes next; ``url`` is where the page was looked at."""
        page = self.page
        for other in page.context.pages:
            if other is not page:
                await other.close()
        await page.unroute_all(behavior="ignoreErrors")
        if page.url.startswith(url):
            await page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        await page.goto("about:blank")
        await page.context.clear_permissions()
        await page.set_viewport_size(SIZE)
        await page.emulate_media(color_scheme="light")
        await page.mouse.move(0, 0)


@asynccontextmanager
async def _tab(browser: Browser) -> AsyncIterator[Tab]:
    context = await browser.new_context(viewport=SIZE, locale="zh-CN")
    tab = Tab(await context.new_page())
    tab.page.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.page.on("console", lambda said: tab.wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield tab
    await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    """The tab of all tests."""
    async with _tab(browser) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def page(tab: Tab, desk: Desk) -> AsyncIterator[Page]:
    """An empty page; an exception on it, or something its content policy refused, fails the test."""
    tab.wrong.clear()
    yield tab.page
    await tab.clear(desk.url)
    assert not tab.wrong


@pytest_asyncio.fixture(loop_scope="session")
async def own_page(browser: Browser) -> AsyncIterator[Page]:
    """A page in a tab of its own, which a test may close or change for good; else as ``page``."""
    async with _tab(browser) as opened:
        yield opened.page
    assert not opened.wrong
