"""The page's files: all that the desk runs on is fetched at once, and once a release."""

import re
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from copilot.web.page_files import FOLDER, PageFiles

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


def _asked(files: PageFiles, name: str, **headers: str) -> Response:
    return files.answer(name, Headers({key.replace("_", "-"): value for key, value in headers.items()}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "card").mkdir()
    (tmp_path / "desk.html").write_text('<link href="/static/a.css"><script src="/static/card/b.js"></script>')
    (tmp_path / "a.css").write_text("p {}")
    (tmp_path / "card/b.js").write_text('import "../c.js";')
    return tmp_path


def test_a_page_names_its_files_under_its_release_and_they_are_kept(folder: Path) -> None:
    files = PageFiles(folder)
    named = re.findall(r'"/static/([^"]+)"', files.page("desk.html"))
    assert [name.removeprefix(files.release) for name in named] == ["a.css", "card/b.js"]
    for name in named:
        answer = _asked(files, name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert _asked(files, named[0]).headers["content-type"] == "text/css; charset=utf-8"


def test_another_content_is_another_release(folder: Path) -> None:
    before = PageFiles(folder)
    assert PageFiles(folder).release == before.release
    (folder / "card/b.js").write_text("// now without it")
    after = PageFiles(folder)
    assert after.release != before.release
    # What the running one serves stays what it was: under one address there is one content.
    assert _asked(before, f"{before.release}card/b.js").body == b'import "../c.js";'


def test_what_is_asked_without_the_release_or_under_another_is_not_kept(folder: Path) -> None:
    files = PageFiles(folder)
    for name in ("a.css", "v-0123456789abcdef/a.css"):
        answer = _asked(files, name)
        assert (answer.body, answer.headers["cache-control"]) == (b"p {}", "no-cache")
        again = _asked(files, name, if_none_match=f'W/"x", {answer.headers["etag"]}')
        assert (again.status_code, again.body) == (304, b"")
    for name in ("../pages.py", "v-0123456789abcdef/../a.css", "card", "", f"{files.release}{files.release}a.css"):
        with pytest.raises(HTTPException) as refused:
            _asked(files, name)
        assert refused.value.status_code == 404
