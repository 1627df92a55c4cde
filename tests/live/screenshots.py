"""Takes the READMEs' pictures of the running demonstration: ``python -m tests.live.screenshots [FOLDER]``."""

import re
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.live.browser import LAUNCH

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
SIZE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
_DRAFTS = 6
_OPENED = {"zh": "小鹿要早睡", "en": "porchlight_22"}


def take(language: str, folder: Path) -> None:
    """``desk.<language>.png`` and ``phone.<language>.png`` of a demonstration, whose person is an agent."""
    command = [sys.executable, "-m", "copilot.cli.main", "demo", "--port", "0", "--no-open", "--lang", language]
    with subprocess.Popen([*command, "--pace", "8"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as demo:
        try:
            address, password = _invitation(demo)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(**LAUNCH)
                page = browser.new_page(viewport=SIZE, device_scale_factor=1.5, color_scheme="light")
                _sign_in(page, address, password)
                _desk(page, language).screenshot(path=folder / f"desk.{language}.png")
                phone = browser.new_page(
                    viewport=PHONE,
                    device_scale_factor=2,
                    color_scheme="light",
                    storage_state=page.context.storage_state(),
                )
                phone.goto(address)
                _desk(phone, language, waiting=1).screenshot(path=folder / f"phone.{language}.png")
                browser.close()
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


def _sign_in(page: Page, address: str, password: str) -> None:
    page.goto(address)
    page.locator("input[name=login]").fill("demo")
    page.locator("input[name=password]").fill(password)
    page.locator("form button").click()


def _desk(page: Page, language: str, waiting: int = _DRAFTS) -> Page:
    """The desk once several shoppers have a draft, with one of them open."""
    rows = page.locator("conversation-list [role=option]")
    rows.nth(waiting - 1).wait_for()
    rows.filter(has_text=_OPENED[language]).click()
    page.locator("draft-card").wait_for(state="visible")
    time.sleep(1.0)
    return page


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    target.mkdir(parents=True, exist_ok=True)
    for spoken in ("zh", "en"):
        take(spoken, target)
