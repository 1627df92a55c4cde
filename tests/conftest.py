"""What every test gets: no network, no tracing, a frozen clock, commands as subprocesses without a network."""

import atexit
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from tests import guard

guard.install()

# Set as a user might have them: the package must force them off when it is imported.
TRACING = ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2")
os.environ.update(dict.fromkeys(TRACING, "true"))

# Whatever a test starts finds the shipped packs compiled; what it loads from folders of its own has other names there.
if "COPILOT_CACHE_DIR" not in os.environ:
    os.environ["COPILOT_CACHE_DIR"] = tempfile.mkdtemp(prefix="reply-copilot-tests-")
    atexit.register(shutil.rmtree, os.environ["COPILOT_CACHE_DIR"], ignore_errors=True)

import copilot  # noqa: E402
from copilot.domain.clock import FrozenClock  # noqa: E402

pytest_plugins = ["tests.fixtures_store"] if importlib.util.find_spec("tests.fixtures_store") else []

ROOT = Path(__file__).parent.parent

settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Importing our modules and tests must not have reached the network."""
    if guard.attempts:
        raise pytest.UsageError(f"importing the tests reached the network: {', '.join(guard.attempts)}")


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    guard.attempts.clear()
    yield
    attempts = list(guard.attempts)
    guard.attempts.clear()
    assert not attempts, f"the test reached the network: {attempts}"


@pytest.fixture
def clock() -> FrozenClock:
    """Stands at 10:00 on Sunday 22 November 2026 in Shanghai."""
    return FrozenClock(datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")))


Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def _runner(folder: Path) -> Cli:
    def run(*args: str, stdin: str | bytes = "", env: dict[str, str] | None = None, timeout: float = 60) -> object:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "tests.guard", *args],
            input=data,
            capture_output=True,
            cwd=folder,
            timeout=timeout,
            env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": "", "PYTHONPATH": str(ROOT), **(env or {})},
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run  # type: ignore[return-value]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Runs ``reply-copilot ARGS…`` in a process of its own, from a folder that is not the checkout.

    ``stdin`` is the text (or bytes) it reads; ``env`` adds variables. A network call makes it exit with 99.
    """
    return _runner(tmp_path)


@pytest.fixture(scope="module")
def module_cli(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """As ``cli``, for runs that a whole module looks at."""
    return _runner(tmp_path_factory.mktemp("cli"))


assert copilot.__version__
