"""What the READMEs claim is what happens."""

import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest

from copilot import __version__
from copilot.cli.commands import COMMANDS
from tests.conftest import ROOT
from tests.tooling.readme import EXAMPLES, filled

PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in EXAMPLES}


@pytest.mark.parametrize("file", EXAMPLES)
def test_the_draft_example_is_what_draft_prints(file: str) -> None:
    language, name = EXAMPLES[file]
    assert PAGES[file] == filled(PAGES[file], language, name), "run: python -m tests.tooling.readme"


@cache
def _ran(line: str) -> "subprocess.CompletedProcess[str]":
    """Once for all READMEs: they show the same commands."""
    return subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("file", EXAMPLES)
def test_every_other_command_runs(file: str) -> None:
    blocks = "".join(re.findall(r"```sh\n(.*?)```", PAGES[file], re.DOTALL))
    lines = [line for line in blocks.splitlines() if "reply-copilot" in line and "tests/golden" not in line]
    assert lines
    for line in lines:
        done = _ran(line)
        assert (done.returncode, done.stdout.count("\n")) == (0, 1), (line, done.stderr)


@pytest.mark.parametrize("file", EXAMPLES)
def test_every_path_exists(file: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGES[file])
    shown = [
        path.split("<")[0].split("…")[0].split("*")[0]
        for path in re.findall(r"`((?:copilot|docs|policies|prompts|tests)/[^` ]+)`", PAGES[file])
    ]
    assert [path for path in links + shown if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("file", EXAMPLES)
def test_every_command_is_told(file: str) -> None:
    installed = [entry.name for entry in COMMANDS if entry.installed]
    assert [name for name in installed if f"`{name}" not in PAGES[file]] == []


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__


def _texts() -> Iterator[tuple[str, str]]:
    folders = "copilot prompts policies adapters tests docs benchmarks requirements .ci".split()
    for path in (*ROOT.glob("*"), *(path for folder in folders for path in (ROOT / folder).rglob("*"))):
        if path.is_file() and path.suffix not in (".npz", ".pyc"):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def test_no_file_names_an_index_or_a_machine() -> None:
    # Written in halves, so that this file does not name them either.
    banned = ["py" + "pi.org", "python" + "hosted", "--index-" + "url", "/" + "work/"]
    texts = dict(_texts())
    assert "requirements/dev.txt" in texts
    assert [f"{name}: {word}" for name, text in texts.items() for word in banned if word in text] == []


def test_quoted_shell_is_shell() -> None:
    for page in PAGES.values():
        for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL):
            assert all(shlex.split(line) for line in block.splitlines())
