"""Chromium and the mock server for the page; skipped where there is no browser, an error where CI must have one."""

import os
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.mock import Mock, make_mock_app

CHROMIUM = os.environ.get("COPILOT_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser lives in the loop that started it, so these tests share one."""
    for item in items:
        if item.path.parent == Path(__file__).parent and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass(frozen=True)
class Desk:
    """A running mock: its address and its state, which tests may change between requests."""

    url: str
    mock: Mock
    server: uvicorn.Server


@pytest.fixture(scope="session", autouse=True)
def _chromium_is_there() -> None:
    if CHROMIUM:
        return
    if os.environ.get("CI") == "true":
        pytest.fail("the browser tests need chromium (apt-get install chromium fonts-noto-cjk)")
    pytest.skip("chromium is not installed")


def start(mock: Mock, port: int = 0) -> tuple[Desk, threading.Thread]:
    """Serve ``mock`` from a thread of its own; ``port`` 0 takes any."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(make_mock_app(mock), log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the mock did not start"
        time.sleep(0.01)
    return Desk(f"http://127.0.0.1:{listener.getsockname()[1]}", mock, server), thread


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A fresh mock."""
    running, thread = start(Mock())
    yield running
    running.server.should_exit = True
    running.mock.hang_up()
    thread.join(5)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """An empty page; an exception on it, or something its content policy refused, fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    opened = await context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    await context.close()
    assert not wrong
