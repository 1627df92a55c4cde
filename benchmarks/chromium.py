"""The browser that is measured: the one that people use, or where there is none the one without a window."""

import shutil
from typing import Final

_NAMES: Final = ("chromium", "chromium-browser", "chromium-headless-shell")


def chromium() -> str:
    """Where it is.

    Raises:
        RuntimeError: there is none.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise RuntimeError("chromium is not installed: apt-get install chromium")
    return found
