"""What testers prepare for each other is what pytest then finds."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest.assertion import rewrite

from tests import rewriting


def test_pytest_finds_what_was_kept(
    pytestconfig: pytest.Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    path = tmp_path / "test_sample.py"
    path.write_text("def check(a, b):\n    assert a == b\n", encoding="utf-8")

    assert rewriting.keep_rewritten(pytestconfig, path).is_file()

    monkeypatch.setattr(rewrite, "_rewrite_test", lambda *_: pytest.fail("rewritten a second time"))
    spec = importlib.util.spec_from_file_location("test_sample", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    rewrite.AssertionRewritingHook(pytestconfig).exec_module(module)
    with pytest.raises(AssertionError, match="assert 1 == 2"):
        module.check(1, 2)


def test_each_module_falls_to_one_tester(
    pytestconfig: pytest.Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    folder = tmp_path / "tests/part"
    folder.mkdir(parents=True)
    names = {f"test_{number}.py" for number in range(7)}
    for name in (*names, "conftest.py", "helper.py"):
        (folder / name).touch()
    shares: list[list[str]] = []
    monkeypatch.setattr(rewriting, "keep_rewritten", lambda _, path: shares[-1].append(path.name))

    for number in range(3):
        shares.append([])
        config: Any = SimpleNamespace(
            workerinput={"workerid": f"gw{number}", "workercount": 3}, getini=pytestconfig.getini
        )
        rewriting.rewrite_share(config, tmp_path)

    assert sorted(map(len, shares)) == [2, 2, 3]
    assert {name for share in shares for name in share} == names
