"""What two testers want at once is compiled by one of them."""

import threading
from pathlib import Path
from typing import Any

from copilot.policy.cache import cached
from tests.compiling import alone


def _wanted_by_three(folder: Path, home: Path) -> int:
    """How often it is compiled; each compiles until all want it, unless it must wait for another."""
    began, made = threading.Barrier(3), list[int]()

    def make() -> dict[str, Any]:
        made.append(1)
        if folder != home:
            began.wait(10)
        return {"rules": []}

    def want() -> None:
        if folder == home:
            began.wait(10)
        assert alone(cached, home)(folder, "pack-1", make) == {"rules": []}

    testers = [threading.Thread(target=want) for _ in range(3)]
    for tester in testers:
        tester.start()
    for tester in testers:
        tester.join()
    return len(made)


def test_what_three_want_at_once_is_compiled_once(tmp_path: Path) -> None:
    assert _wanted_by_three(tmp_path / "home", tmp_path / "home") == 1


def test_a_folder_of_a_tests_own_is_left_as_it_is(tmp_path: Path) -> None:
    assert _wanted_by_three(tmp_path / "other", tmp_path / "home") == 3
    assert not (tmp_path / "other/locks").exists()
