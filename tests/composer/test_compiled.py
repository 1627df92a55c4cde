"""Templates are compiled once: what lies on disk serves the next process, and only if nobody else can have made it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.model.compiled import CompiledTemplates
from copilot.model.prompts import Prompts

NAME = "greeting.j2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / NAME).write_text("Hello {{ name }}", encoding="utf-8")
    return folder


@pytest.fixture
def again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[str, int]]:
    """The text as a new process writes it, and how many templates that process compiled."""

    def render() -> tuple[str, int]:
        monkeypatch.setattr(CompiledTemplates, "_codes", type(CompiledTemplates._codes)())
        prompts = Prompts([folder], tmp_path / "cache")
        compiled: list[str] = []
        compile = prompts._environment.compile
        monkeypatch.setattr(
            prompts._environment, "compile", lambda *given, **more: compiled.append("") or compile(*given, **more)
        )
        return prompts.render(NAME, {"name": "you"}).text, len(compiled)

    return render


def kept(tmp_path: Path) -> Path:
    (found,) = (path for path in (tmp_path / "cache").rglob("*") if path.is_file())
    return found


def test_the_next_process_compiles_nothing(again: Callable[[], tuple[str, int]]) -> None:
    assert [again(), again()] == [("Hello you", 1), ("Hello you", 0)]


def test_a_changed_template_is_compiled_anew(again: Callable[[], tuple[str, int]], folder: Path) -> None:
    again()
    (folder / NAME).write_text("Good morning {{ name }}", encoding="utf-8")
    assert [again(), again()] == [("Good morning you", 1), ("Good morning you", 0)]


@pytest.mark.parametrize(
    "damage", [lambda body: b"", lambda body: body[:-1], lambda body: body[:70], lambda body: b"x" * 200]
)
def test_a_damaged_file_costs_time_and_no_text(
    again: Callable[[], tuple[str, int]], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    again()
    path = kept(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    assert [again(), again()] == [("Hello you", 1), ("Hello you", 0)]


def test_what_others_may_write_is_not_run(again: Callable[[], tuple[str, int]], tmp_path: Path) -> None:
    again()
    kept(tmp_path).chmod(0o666)
    assert again() == ("Hello you", 1)


def test_a_folder_that_cannot_be_made_costs_time_only(again: Callable[[], tuple[str, int]], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    assert [again(), again()] == [("Hello you", 1), ("Hello you", 1)]


def test_another_grammar_of_ours_compiles_anew(
    again: Callable[[], tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    again()
    monkeypatch.setattr("copilot.model.compiled._release", lambda: "another")
    assert again() == ("Hello you", 1)
