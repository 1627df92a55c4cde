"""How tests start Debian's Chromium: nothing of it reaches beyond this machine.

The one without a window does the same work on the page and draws no tabs and buttons around it, which took a third of
what the browser took.
"""

import os
import shutil
from typing import Any

import pytest

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

CHROMIUM = os.environ.get("COPILOT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
LAUNCH: dict[str, Any] = {
    "executable_path": CHROMIUM,
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}


def need_chromium() -> None:
    """Skip without a browser, but never where all tests must run."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must install chromium: see .ci/run")
        pytest.skip("no chromium on this machine: install it to run the page's tests")
