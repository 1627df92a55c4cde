"""Takes the documents' pictures of the demonstration: ``python -m tests.live.screenshots [FOLDER [LANGUAGE…]]``."""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright

from copilot.settings import load_settings
from tests.chromium import LAUNCH
from tests.live.demo_store import LOGIN, PASSWORD, prepare
from tests.live.host import shown_by_a_tool

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
SIZE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
TOOL = {"width": 900, "height": 640}
_DRAFTS = {"zh": 6, "en": 4}
_SHOPS = {"zh": "青禾家居", "en": "Northbay Goods"}
_OPENED = {"zh": "小鹿要早睡", "en": "porchlight_22"}
_VOICE = {"brand.zh": "青禾家居", "brand.en": "Qinghe Home"}


def take(language: str, folder: Path) -> None:
    """``desk``, ``phone``, ``panel`` and ``admin`` ``.<language>.png`` of a demonstration, light as they are read."""
    with _demonstration(language) as (address, password, data_dir), shown_by_a_tool() as tool:
        merchant = asyncio.run(prepare(data_dir, language, tool))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**LAUNCH)
            page = browser.new_page(viewport=SIZE, device_scale_factor=1.5, color_scheme="light")
            _sign_in(page, address, "demo", password)
            _desk(page, language).screenshot(path=folder / f"desk.{language}.png")
            phone = browser.new_page(
                viewport=PHONE, device_scale_factor=2, color_scheme="light", storage_state=page.context.storage_state()
            )
            phone.goto(address)
            _desk(phone, language).screenshot(path=folder / f"phone.{language}.png")
            shown = page.evaluate("decodeURIComponent(location.hash.slice(1))")
            panel = _panel(browser, page, tool, f"{address}panel?merchant={merchant}", shown)
            panel.locator("#panel").screenshot(path=folder / f"panel.{language}.png")
            _voice(browser, address).screenshot(path=folder / f"admin.{language}.png")
            browser.close()


@contextmanager
def _demonstration(language: str) -> Iterator[tuple[str, str, Path]]:
    """One that nobody else looks at: its address, the agent's password, and the folder of its data."""
    command = [sys.executable, "-m", "copilot.cli.main", "demo", "--port", "0", "--no-open", "--lang", language]
    with tempfile.TemporaryDirectory(prefix="reply-copilot-") as place:
        Path(place).chmod(0o755)  # a server of root's runs as somebody else
        # Compiled rules are the same for every demonstration.
        env = {**os.environ, "COPILOT_DATA_DIR": place, "COPILOT_CACHE_DIR": str(load_settings().cache_dir)}
        demo = subprocess.Popen([*command, "--pace", "8"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        with demo:
            try:
                yield *_invitation(demo), Path(place)
            finally:
                demo.terminate()
                demo.wait(30)


def _invitation(demo: "subprocess.Popen[str]") -> tuple[str, str]:
    assert demo.stdout is not None
    address = ""
    for line in demo.stdout:
        if found := re.search(r"http://[\d.]+:\d+/(?=\s)", line):
            address = address or found[0]
        if found := re.search(r"(?:password|密码)\s+(\S+)", line):
            return address, found[1]
    raise SystemExit("the demonstration did not start")


def _sign_in(page: Page, address: str, login: str, password: str) -> None:
    page.goto(address)
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(password)
    page.locator("form button").click()


def _desk(page: Page, language: str) -> Page:
    """The desk once several shoppers of a shop have a draft, with one of them open."""
    rows = page.locator("conversation-list [role=option]")
    page.locator("#shops").get_by_role("button", name=_SHOPS[language]).click()
    rows.nth(_DRAFTS[language] - 1).wait_for()
    rows.filter(has_text=_OPENED[language]).click()
    # A machine that is too busy to look orders up in time shows a draft that asks for them: no picture of that.
    page.locator("order-panel .order").first.wait_for(state="attached")
    return _settled(page, page)


def _settled(page: Page, shown: Page | FrameLocator) -> Page:
    """``page`` once the card in ``shown`` is ready to be pressed and every picture there is drawn."""
    shown.locator(".dc-accept[aria-disabled=false]").wait_for()
    pictures = shown.locator("message-thread img")
    for number in range(pictures.count()):
        pictures.nth(number).evaluate("picture => picture.decode()")
    return page


def _panel(browser: Browser, desk: Page, tool: str, panel: str, conversation: str) -> Page:
    """Another chat tool with the panel in it, signed in by whoever sits at the desk, with that conversation."""
    page = browser.new_page(
        viewport=TOOL, device_scale_factor=1.5, color_scheme="light", storage_state=desk.context.storage_state()
    )
    page.goto(f"{tool}/?panel={panel}")
    frame = page.frame_locator("#panel")
    with page.expect_popup() as opening:
        frame.locator("#enter").click()
    closing = opening.value
    with closing.expect_event("close"):
        closing.locator("#enter:enabled").click()
    page.evaluate("id => open_chat(id)", conversation)
    return _settled(page, frame)


def _voice(browser: Browser, address: str) -> Page:
    """The administration page as an owner sees it, with a voice that is heard before it is saved."""
    page = browser.new_page(viewport=SIZE, device_scale_factor=1.5, color_scheme="light")
    _sign_in(page, address, LOGIN, PASSWORD)
    page.locator("#merchant:not(:empty)").wait_for()
    page.goto(f"{address}admin#voice")
    for name, words in _VOICE.items():
        page.locator(f"#voice-form [name='{name}']").fill(words)
    page.locator("#voice-listen").click()
    page.locator("#voice-heard").get_by_text(_VOICE["brand.zh"]).wait_for()
    page.evaluate("scrollTo(0, 0)")
    return page


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    target.mkdir(parents=True, exist_ok=True)
    for spoken in sys.argv[2:] or ("zh", "en"):
        take(spoken, target)
