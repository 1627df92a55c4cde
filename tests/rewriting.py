"""Each tester rewrites its share of the test modules, so that none of them is rewritten once a tester.

pytest rewrites the asserts of a module when it imports it and keeps what comes of it. Testers that begin together on a
fresh checkout import the same module at the same time, and each of them did all of that work: half a minute of a core
for each.
"""

import sys
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, cast

import pytest
from _pytest.assertion import rewrite


def rewrite_share(config: pytest.Config, root: Path) -> None:
    """Rewrite and keep what falls to this tester of the modules below ``root``; without others it does nothing."""
    told = cast("dict[str, Any] | None", getattr(config, "workerinput", None))
    if told is None or sys.dont_write_bytecode:
        return
    modules = sorted(_modules(root, config.getini("testpaths"), config.getini("python_files")))
    for path in modules[int(told["workerid"].removeprefix("gw")) :: told["workercount"]]:
        keep_rewritten(config, path)


def _modules(root: Path, folders: Sequence[str], patterns: Sequence[str]) -> list[Path]:
    found = (path for folder in folders for path in (root / folder).rglob("*.py"))
    return [path for path in found if any(fnmatch(path.name, pattern) for pattern in patterns)]


def keep_rewritten(config: pytest.Config, path: Path) -> Path:
    """Where ``path`` lies rewritten, where pytest's import hook looks for it; rewritten now when it is not yet."""
    state = config.stash[rewrite.assertstate_key]
    folder = rewrite.get_cache_dir(path)
    kept = folder / (path.name[:-3] + rewrite.PYC_TAIL)
    # A folder that cannot be written costs time, as it does pytest.
    if rewrite.try_makedirs(folder) and rewrite._read_pyc(path, kept, state.trace) is None:  # pyright: ignore[reportPrivateUsage]
        digest, code = rewrite._rewrite_test(path, config)  # pyright: ignore[reportPrivateUsage]
        rewrite._write_pyc(state, code, digest, kept)  # pyright: ignore[reportPrivateUsage]
    return kept
