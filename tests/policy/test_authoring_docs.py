"""docs/writing-rules: its files are the example's, its commands do what the page shows, its tables are complete."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from copilot.cli.main import main
from copilot.policy.load import open_folders
from copilot.policy.model import Matcher, View
from tests.conftest import ROOT

PAGES = {
    name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("writing-rules.md", "writing-rules.zh-CN.md")
}
EXAMPLE = ROOT / "docs/examples/my-shop"
_STEP = re.compile(r"<!-- (file: (?P<path>\S+)|run) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)


def steps(page: str) -> Iterator[tuple[str | None, str]]:
    """The files to write (path, text) and the sessions to run (null, text), in order."""
    return ((found["path"], found["text"]) for found in _STEP.finditer(page))


def test_both_pages_have_the_same_steps() -> None:
    english, chinese = (list(steps(page)) for page in PAGES.values())
    assert english == chinese


def test_the_files_of_the_page_are_those_of_the_example() -> None:
    shown = {path: text for path, text in steps(PAGES["writing-rules.md"]) if path is not None}
    there = {f"my-shop/{path.relative_to(EXAMPLE)}": path.read_text(encoding="utf-8") for path in EXAMPLE.rglob("*.*")
             if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    assert shown == there


def _session(text: str) -> Iterator[tuple[str, list[str]]]:
    for block in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *shown = block.splitlines()
        yield command, shown


def _run(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    if command.startswith("export "):
        name, _, value = command.removeprefix("export ").partition("=")
        monkeypatch.setenv(name, value)
        return 0
    piped = re.fullmatch(r"echo '(.*)' \| (.*) -", command)
    if piped:
        (folder / "in.txt").write_text(piped[1] + "\n", encoding="utf-8")
        command = f"{piped[2]} in.txt"
    program, *arguments = shlex.split(command)
    assert program == "reply-copilot"
    return main(arguments)


def _shows(line: str, output: str) -> bool:
    return re.search(".*".join(map(re.escape, line.split("…"))), output) is not None


def test_the_commands_of_the_page_do_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("COPILOT_POLICIES_DIR", raising=False)
    ran = 0
    for path, text in steps(PAGES["writing-rules.md"]):
        if path is not None:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            # The example's own schema line leads into our documents; the file that was begun has its own.
            (tmp_path / path).write_text(text, encoding="utf-8")
            continue
        for command, shown in _session(text):
            code = _run(command, tmp_path, monkeypatch)
            output = "".join(capfd.readouterr())
            assert code == 0, f"{command}\n{output}"
            assert [line for line in shown if not _shows(line, output)] == [], f"{command}\n{output}"
            ran += 1
    assert ran >= 6


@pytest.mark.parametrize("page", PAGES)
def test_every_matcher_view_and_family_is_told(page: str, folders: tuple[Path, ...]) -> None:
    text = PAGES[page]
    kinds = [get_args(member.model_fields["kind"].annotation)[0] for member in get_args(get_args(Matcher)[0])]
    assert [kind for kind in kinds if f"| `{kind}` |" not in text] == []
    assert [view for view in View if f"| `{view.value}` |" not in text] == []
    families = {sourced.rule.family for sourced in open_folders(folders).rules().values()}
    told = set(re.findall(r"`([a-z_]+)`", text.partition("## Families" if page.endswith("rules.md") else "## 类别")[2]))
    assert families - told == set()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", PAGES[page]):
        assert (ROOT / "docs" / target).exists(), target


def test_chinese_prose_has_full_width_punctuation() -> None:
    prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|<!--.*?-->", "", PAGES["writing-rules.zh-CN.md"], flags=re.DOTALL)
    wrong = [
        a + b + c for (a, b), (_, c) in pairwise(pairwise(prose)) if b in ",;:!?()" and ("\u4e00" <= a <= "\u9fff")
    ]
    assert wrong == []
