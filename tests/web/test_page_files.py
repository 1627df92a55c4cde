"""The desk's page names every module it runs on, so that a browser fetches them together and not one behind another."""

import re
from pathlib import Path

from copilot.web.pages import FOLDER

_IMPORT = re.compile(r'^(?:import|export)\b[^;]*?"(\.[^"]+)";', re.MULTILINE)


def _reached(file: Path, known: set[Path]) -> set[Path]:
    if file not in known:
        known.add(file)
        for name in _IMPORT.findall(file.read_text("utf-8")):
            _reached((file.parent / name).resolve(), known)
    return known


def test_every_module_of_the_desk_is_fetched_at_once() -> None:
    page = (FOLDER / "desk.html").read_text("utf-8")
    named = set(re.findall(r'rel="modulepreload" href="/static/([^"]+)"', page))
    root = FOLDER.resolve()
    assert named == {str(file.relative_to(root)) for file in _reached(root / "app.js", set())}
    assert len(named) > 20
